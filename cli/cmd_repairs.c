/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_repairs.c - cashplan repairs: what of the history is not taken as it was recorded, and why.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/quote.h"
#include "data/store/repair_store.h"
#include "models/net/network_build.h"

#define FAR_DAYS 200000 /* every day that an import takes */

typedef struct repairs_args {
    const char *point;
    bool csv;
    int32_t most;
} repairs_args;

static int read_args(cp_cli *cli, repairs_args *a)
{
    const cp_option options[] = {
        {"point", CP_OPT_TEXT, &a->point, "CODE", "every repair of this machine or branch", 0, 0},
        {"csv", CP_OPT_FLAG, &a->csv, NULL, "every repair of all machines, as CSV", 0, 0},
        {"worst", CP_OPT_INT, &a->most, "N", "machines told, those with most repairs first (20)", 1,
         1000000},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "repairs",
        "",
        "Say which days of the history forecasts do not take as they were recorded, why, and for\n"
        "what they take them, as the last import left it: days without a record or out of "
        "service,\n"
        "cash-outs, zeros of closed machines, outliers, days of the whole network, and the days "
        "on\n"
        "which a machine's level or week became another. The history itself is never changed.",
        options,
        0,
        0};
    return cp_args_read(cli, &usage);
}

static void print_rows(const cp_network *net, const cp_repairs *r, int32_t only)
{
    printf("point,flow,day,reason,raw_minor,repaired_minor,weight_ppm,level_ppm\n");
    for (int64_t i = 0; i < r->n; i++) {
        const cp_repair_row *row = &r->row[i];
        char day[16];
        if (only >= 0 && row->point != only) continue;
        cp_cli_quote_csv(stdout, net->points[row->point].code);
        printf(",%s,%s,%s,", row->flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit",
               cp_day_text(row->day, day), cp_repair_name(row->reason));
        if (row->raw_minor != CP_HISTORY_MISSING) printf("%" PRId64, row->raw_minor);
        printf(",%" PRId64 ",%d,", row->repaired_minor, (int)row->weight_ppm);
        if (row->level_ppm != 0) printf("%d", (int)row->level_ppm);
        putchar('\n');
    }
}

/* How often each reason came up at a point. */
typedef struct tally {
    int32_t point, n, by_reason[CP_N_REPAIRS];
} tally;

static int most_first(const void *a, const void *b)
{
    const tally *x = a, *y = b;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    return x->point < y->point ? -1 : x->point > y->point;
}

static cp_status count(cp_ctx *ctx, const cp_network *net, const cp_repairs *r, tally **out)
{
    CP_NEW(ctx, ctx->scratch, *out, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++)
        (*out)[p].point = p;
    for (int64_t i = 0; i < r->n; i++) {
        tally *t = &(*out)[r->row[i].point];
        t->n++;
        t->by_reason[r->row[i].reason]++;
    }
    qsort(*out, (size_t)net->n_points, sizeof **out, most_first);
    return CP_OK;
}

static void print_table(const cp_network *net, const tally *t, int32_t most)
{
    for (int32_t i = 0; i < net->n_points && i < most && t[i].n > 0; i++) {
        printf("%-16s %5d", net->points[t[i].point].code, (int)t[i].n);
        for (int32_t k = 1; k < CP_N_REPAIRS; k++)
            if (t[i].by_reason[k] > 0)
                printf("  %s %d", cp_repair_name((cp_repair)k), (int)t[i].by_reason[k]);
        putchar('\n');
    }
}

static void print_json(const cp_network *net, const tally *t, int32_t most)
{
    printf("{\"points\": [");
    for (int32_t i = 0; i < net->n_points && i < most && t[i].n > 0; i++) {
        printf("%s\n{\"point\": ", i > 0 ? "," : "");
        cp_cli_quote_json(stdout, net->points[t[i].point].code);
        printf(", \"repairs\": %d", (int)t[i].n);
        for (int32_t k = 1; k < CP_N_REPAIRS; k++)
            if (t[i].by_reason[k] > 0)
                printf(", \"%s\": %d", cp_repair_name((cp_repair)k), (int)t[i].by_reason[k]);
        printf("}");
    }
    printf("]}\n");
}

static cp_status load(cp_cli *cli, cp_db *db, cp_network **net, cp_repairs **repairs)
{
    cp_rows rows;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    CP_TRY(cp_network_load(&cli->ctx, db, &rows));
    CP_TRY(cp_history_span(&cli->ctx, db, &from, &to));
    if (from == CP_DAY_NONE)
        CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no history; import it first (cashplan import)");
    CP_TRY(cp_network_build(&cli->ctx, &rows, to + 1, 1, net, NULL));
    return cp_repairs_load(&cli->ctx, db, *net, -FAR_DAYS, 2 * FAR_DAYS, repairs);
}

static cp_status tell(cp_cli *cli, const repairs_args *a)
{
    cp_db *db = NULL;
    cp_network *net = NULL;
    cp_repairs *repairs = NULL;
    tally *t = NULL;
    int32_t only = -1;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = load(cli, db, &net, &repairs);
    cp_db_close(db);
    CP_TRY(st);
    if (a->point != NULL) CP_TRY(cp_cli_find_point(cli, net, a->point, &only));
    if (a->csv || only >= 0) {
        print_rows(net, repairs, only);
        return CP_OK;
    }
    CP_TRY(count(&cli->ctx, net, repairs, &t));
    (cli->json ? print_json : print_table)(net, t, a->most);
    return CP_OK;
}

int cp_cmd_repairs(cp_cli *cli)
{
    repairs_args a = {NULL, false, 20};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return tell(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}
