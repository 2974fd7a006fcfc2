/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/forecast_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/quote.h"
#include "models/base/outfile.h"

#define SHOWN_DAYS 7 /* of the totals in the summary */

static const char *flow_name(cp_flow flow)
{
    return flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit";
}

static bool wanted(const cp_forecast_row *row, const char *only)
{
    return only == NULL || strcmp(row->point_code, only) == 0;
}

static void csv_day(FILE *out, const cp_forecast_row *row, cp_day day, const cp_forecast_cell *c)
{
    char text[16];
    cp_cli_quote_csv(out, row->point_code);
    fprintf(out, ",%s,%s,%d,%" PRId64, flow_name(row->flow), cp_day_text(day, text),
            (int)row->from_segment, c->mean_minor);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        fprintf(out, ",%" PRId64, c->quantile_minor[k]);
    fprintf(out, ",%.0f,%.5g,%.5g,%.5g,%.5g,%" PRId64 "\n", c->level_minor, c->week, c->calendar,
            c->event, c->rest, c->override_minor);
}

void cp_forecast_csv(FILE *out, const cp_forecast_record *r, const char *only)
{
    fprintf(out, "point,flow,day,new,mean_minor");
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        fprintf(out, ",q%d_minor", (int)cp_quantile_pct[k]);
    fprintf(out, ",level_minor,week,calendar,event,rest,override_minor\n");
    for (int32_t i = 0; i < r->n_rows; i++)
        for (int32_t d = 0; wanted(&r->row[i], only) && d < r->n_days; d++)
            csv_day(out, &r->row[i], r->first_day + d, &r->cell[(int64_t)i * r->n_days + d]);
}

/* A score that is not known is an empty cell. */
static void csv_score(FILE *out, double score)
{
    fputc(',', out);
    if (isfinite(score)) fprintf(out, "%.4f", score);
}

void cp_forecast_models_csv(FILE *out, const cp_forecast_record *r)
{
    fprintf(out, "point,flow,model,weight,score,combined_score,origins\n");
    for (int32_t i = 0; i < r->n_rows; i++)
        for (int32_t k = 0; k < r->row[i].n_singles; k++) {
            const cp_forecast_row *row = &r->row[i];
            cp_cli_quote_csv(out, row->point_code);
            fprintf(out, ",%s,%s,%.4f", flow_name(row->flow), row->single[k].name,
                    row->single[k].weight);
            csv_score(out, row->single[k].score);
            csv_score(out, row->score);
            fprintf(out, ",%d\n", (int)row->n_origins);
        }
}

static void json_score(FILE *out, const char *key, double score)
{
    if (isfinite(score))
        fprintf(out, ", \"%s\": %.4f", key, score);
    else
        fprintf(out, ", \"%s\": null", key);
}

static void json_day(FILE *out, const cp_forecast_row *row, cp_day day, const cp_forecast_cell *c)
{
    char text[16];
    fprintf(out, "{\"point\": ");
    cp_cli_quote_json(out, row->point_code);
    fprintf(out,
            ", \"flow\": \"%s\", \"day\": \"%s\", \"new\": %s, \"mean_minor\": %" PRId64
            ", \"quantiles_minor\": [",
            flow_name(row->flow), cp_day_text(day, text), row->from_segment ? "true" : "false",
            c->mean_minor);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        fprintf(out, "%s%" PRId64, k == 0 ? "" : ",", c->quantile_minor[k]);
    fprintf(out,
            "], \"level_minor\": %.0f, \"week\": %.5g, \"calendar\": %.5g, \"event\": %.5g, "
            "\"rest\": %.5g, \"override_minor\": %" PRId64 "}",
            c->level_minor, c->week, c->calendar, c->event, c->rest, c->override_minor);
}

static void json_row(FILE *out, const cp_forecast_row *row)
{
    fprintf(out, "{\"point\": ");
    cp_cli_quote_json(out, row->point_code);
    fprintf(out, ", \"flow\": \"%s\", \"origins\": %d", flow_name(row->flow), (int)row->n_origins);
    json_score(out, "score", row->score);
    fprintf(out, ", \"models\": [");
    for (int32_t k = 0; k < row->n_singles; k++) {
        fprintf(out, "%s{\"model\": \"%s\", \"weight\": %.4f", k == 0 ? "" : ", ",
                row->single[k].name, row->single[k].weight);
        json_score(out, "score", row->single[k].score);
        fputc('}', out);
    }
    fprintf(out, "]}");
}

void cp_forecast_json(FILE *out, const cp_forecast_record *r, const char *only)
{
    bool first = true;
    fprintf(out,
            "{\"forecast_id\": %" PRId64 ", \"fitted_by\": %" PRId64
            ", \"repaired_values\": %d, \"points\": [",
            r->forecast_id, r->fitted_by, (int)r->n_repaired);
    for (int32_t i = 0; i < r->n_rows; i++) {
        if (!wanted(&r->row[i], only)) continue;
        fprintf(out, "%s\n", first ? "" : ",");
        json_row(out, &r->row[i]);
        first = false;
    }
    first = true;
    fprintf(out, "], \"forecast\": [");
    for (int32_t i = 0; i < r->n_rows; i++)
        for (int32_t d = 0; wanted(&r->row[i], only) && d < r->n_days; d++) {
            fprintf(out, "%s\n", first ? "" : ",");
            json_day(out, &r->row[i], r->first_day + d, &r->cell[(int64_t)i * r->n_days + d]);
            first = false;
        }
    fprintf(out, "]}\n");
}

/* Sums of one flow over all points. */
static void print_flow(const cp_forecast_record *r, cp_flow flow, int32_t exponent)
{
    int32_t n = 0, n_new = 0, n_scored = 0;
    double score = 0;
    char day[16], text[40];
    for (int32_t i = 0; i < r->n_rows; i++) {
        const cp_forecast_row *row = &r->row[i];
        if (row->flow != flow) continue;
        n++;
        n_new += row->from_segment;
        if (!isfinite(row->score)) continue;
        score += row->score;
        n_scored++;
    }
    if (n == 0) return;
    printf("%ss: %d machines and branches, %d of them new", flow_name(flow), (int)n, (int)n_new);
    if (n_scored > 0) printf("; error in the past %.3f of \"as last week\"", score / n_scored);
    putchar('\n');
    for (int32_t d = 0; d < r->n_days && d < SHOWN_DAYS; d++) {
        cp_minor sum = 0, over = 0;
        for (int32_t i = 0; i < r->n_rows; i++) {
            const cp_forecast_cell *c = &r->cell[(int64_t)i * r->n_days + d];
            if (r->row[i].flow != flow) continue;
            sum += c->mean_minor;
            over += c->override_minor;
        }
        printf("  %s %18s", cp_day_text(r->first_day + d, day), cp_minor_text(sum, exponent, text));
        if (over != 0) printf("   of it overrides %s", cp_minor_text(over, exponent, text));
        putchar('\n');
    }
}

void cp_forecast_print(const cp_forecast_record *r, int32_t exponent)
{
    char first[16], last[16];
    if (r->forecast_id > 0) printf("forecast %" PRId64 ", ", r->forecast_id);
    printf("%s to %s", cp_day_text(r->first_day, first),
           cp_day_text(r->first_day + r->n_days - 1, last));
    if (r->history_to != CP_DAY_NONE)
        printf(", from the history up to %s", cp_day_text(r->history_to, last));
    if (r->fitted_by > 0) printf(", fitted values of forecast %" PRId64, r->fitted_by);
    printf("; %d censored or missing values repaired\n", (int)r->n_repaired);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        print_flow(r, (cp_flow)flow, exponent);
}

static cp_status write_file(cp_ctx *ctx, const cp_forecast_record *record, const char *path,
                            bool models)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    if (models)
        cp_forecast_models_csv(out.file, record);
    else
        cp_forecast_csv(out.file, record, NULL);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_forecast_write(cp_ctx *ctx, const cp_forecast_record *record, const char *path)
{
    const size_t n = strlen(path);
    if (n > 4 && strcmp(path + n - 4, ".csv") == 0) return write_file(ctx, record, path, false);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        CP_FAIL(ctx, CP_E_IO, "folder %s cannot be made: %s", path, strerror(errno));
    const char *days = cp_strf(ctx, ctx->run, "%s/forecast.csv", path);
    const char *models = cp_strf(ctx, ctx->run, "%s/models.csv", path);
    if (days == NULL || models == NULL) return CP_E_NOMEM;
    CP_TRY(write_file(ctx, record, days, false));
    return write_file(ctx, record, models, true);
}
