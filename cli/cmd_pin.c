/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_pin.c - `cashplan pin add|list|remove`: wishes that every re-plan keeps. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/quote.h"
#include "data/store/pin_store.h"

/* The words of `pin add` as typed. */
typedef struct words {
    const char *point, *rule, *kind, *car, *reason, *code;
    cp_day day;
    int64_t amount;
} words;

/* One field of the pin from a word, by the rules of an import. */
static cp_status set_field(cp_cli *cli, const char *name, const char *text, cp_pin *pin)
{
    cp_ctx *ctx = &cli->ctx;
    const cp_entity *table = &cp_entities[CP_ENTITY_PIN];
    for (int32_t f = 0; f < table->n_fields; f++) {
        const char *why = NULL;
        if (strcmp(table->fields[f].name, name) != 0) continue;
        const cp_status st = cp_field_parse(ctx, ctx->run, &table->fields[f], text, pin, &why);
        if (st != CP_E_INPUT) return st;
        cli->misused = true;
        CP_FAIL(ctx, CP_E_INPUT, "pin: %s \"%s\" must be %s", name, text, why);
    }
    return CP_OK;
}

static cp_status make_pin(cp_cli *cli, const words *w, cp_pin *pin)
{
    CP_TRY(cp_row_defaults(&cli->ctx, cli->ctx.run, &cp_entities[CP_ENTITY_PIN], pin));
    CP_TRY(set_field(cli, "point_code", w->point, pin));
    CP_TRY(set_field(cli, "rule", w->rule, pin));
    CP_TRY(set_field(cli, "reason", w->reason, pin));
    if (w->kind != NULL) CP_TRY(set_field(cli, "kind", w->kind, pin));
    if (w->car != NULL) CP_TRY(set_field(cli, "car_code", w->car, pin));
    if (w->code != NULL) CP_TRY(set_field(cli, "code", w->code, pin));
    pin->day = w->day;
    pin->amount_minor = w->amount;
    return CP_OK;
}

static int add_pin(cp_cli *cli, const words *w)
{
    cp_pin pin = {0};
    cp_db *db = NULL;
    if (w->point == NULL || w->rule == NULL || w->reason == NULL || w->day == CP_DAY_NONE)
        return cp_cli_misuse(cli, "pin add: --point, --day, --rule and --reason are needed");
    cp_status st = make_pin(cli, w, &pin);
    if (st == CP_OK) st = cp_cli_open(cli, CP_DB_WRITE, &db);
    if (st == CP_OK) st = cp_pin_store_add(&cli->ctx, db, &pin);
    cp_db_close(db);
    if (st != CP_OK) return cp_cli_fail(cli);
    printf("%s\n", pin.code);
    return CP_EXIT_DONE;
}

static int remove_pin(cp_cli *cli)
{
    cp_db *db = NULL;
    if (cli->n_args < 2) return cp_cli_misuse(cli, "pin remove: the code is missing");
    cp_status st = cp_cli_open(cli, CP_DB_WRITE, &db);
    if (st == CP_OK) st = cp_pin_store_remove(&cli->ctx, db, cli->args[1]);
    cp_db_close(db);
    return st == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

/* As CSV: what is printed can be imported again as pin.csv (texts are quoted). */
static cp_status print_pins(cp_cli *cli, const cp_rows *rows)
{
    const cp_entity *table = &cp_entities[CP_ENTITY_PIN];
    for (int32_t f = 0; f < table->n_fields; f++)
        printf("%s%s", f > 0 ? "," : "", table->fields[f].name);
    printf("\n");
    for (int32_t i = 0; i < rows->n_pin; i++) {
        for (int32_t f = 0; f < table->n_fields; f++) {
            const char *text =
                cp_field_text(&cli->ctx, cli->ctx.run, &table->fields[f], &rows->pin[i]);
            if (text == NULL) return CP_E_NOMEM;
            if (f > 0) putchar(',');
            cp_cli_quote_csv(stdout, text);
        }
        printf("\n");
    }
    return CP_OK;
}

static int list_pins(cp_cli *cli)
{
    cp_db *db = NULL;
    cp_rows rows;
    cp_status st = cp_cli_open(cli, CP_DB_READ, &db);
    if (st == CP_OK) st = cp_network_load(&cli->ctx, db, &rows);
    cp_db_close(db);
    if (st == CP_OK) st = print_pins(cli, &rows);
    return st == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

int cp_cmd_pin(cp_cli *cli)
{
    words w = {.day = CP_DAY_NONE, .amount = -1};
    const cp_option options[] = {
        {"point", CP_OPT_TEXT, &w.point, "CODE", "machine or branch", 0, 0},
        {"day", CP_OPT_DAY, &w.day, "DAY", "the day it is about", 0, 0},
        {"rule", CP_OPT_TEXT, &w.rule, "RULE", "must or forbid", 0, 0},
        {"kind", CP_OPT_TEXT, &w.kind, "KIND", "any, swap, partial_swap, add or pickup (any)", 0,
         0},
        {"amount-minor", CP_OPT_INT64, &w.amount, "N", "value to load, minor units (free)", 0, 0},
        {"car", CP_OPT_TEXT, &w.car, "CODE", "car that must do it (any)", 0, 0},
        {"reason", CP_OPT_TEXT, &w.reason, "TEXT", "why", 0, 0},
        {"code", CP_OPT_TEXT, &w.code, "CODE", "code of the pin (next free)", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {"pin",
                            "add|list|remove [CODE]",
                            "Wishes that every plan keeps: a visit that must, or must not, happen "
                            "on a day.\nThe author (--by) and the reason are kept.",
                            options,
                            1,
                            2};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    if (strcmp(cli->args[0], "add") == 0 && cli->n_args == 1) return add_pin(cli, &w);
    if (strcmp(cli->args[0], "list") == 0 && cli->n_args == 1) return list_pins(cli);
    if (strcmp(cli->args[0], "remove") == 0) return remove_pin(cli);
    return cp_cli_misuse(cli, "pin: say add, list or remove CODE");
}
