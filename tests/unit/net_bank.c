/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_bank.h"

#include <stdio.h>
#include <string.h>

#include "models/net/network_build.h"
#include "tests/check.h"

void *bank_add(cp_ctx *ctx, cp_rows *rows, cp_entity_id id, int32_t n)
{
    const cp_entity *entity = &cp_entities[id];
    const int32_t had = *cp_rows_count(rows, entity);
    char *array = cp_alloc(ctx, ctx->run, (size_t)(had + n), entity->row_size);
    assert_non_null(array);
    if (had > 0) memcpy(array, *cp_rows_array(rows, entity), (size_t)had * entity->row_size);
    for (int32_t i = had; i < had + n; i++)
        assert_ok(ctx,
                  cp_row_defaults(ctx, ctx->run, entity, array + (size_t)i * entity->row_size));
    *cp_rows_array(rows, entity) = array;
    *cp_rows_count(rows, entity) = had + n;
    return array + (size_t)had * entity->row_size;
}

void bank_set(cp_ctx *ctx, void *row, cp_entity_id id, const char *field, const char *text)
{
    const cp_entity *entity = &cp_entities[id];
    for (int32_t f = 0; f < entity->n_fields; f++) {
        if (strcmp(entity->fields[f].name, field) != 0) continue;
        const char *why = NULL;
        if (cp_field_parse(ctx, ctx->run, &entity->fields[f], text, row, &why) != CP_OK)
            fail_msg("%s.%s: '%s' must be %s", entity->name, field, text, why);
        return;
    }
    fail_msg("%s has no field %s", entity->name, field);
}

/* Adds rows from a table of texts: the first line names the columns, NULL ends it. */
static void fill(cp_ctx *ctx, cp_rows *rows, cp_entity_id id, const char *const *lines)
{
    char names[200], values[200];
    for (int32_t i = 1; lines[i] != NULL; i++) {
        void *row = bank_add(ctx, rows, id, 1);
        snprintf(names, sizeof names, "%s", lines[0]);
        snprintf(values, sizeof values, "%s", lines[i]);
        char *n_at = names, *v_at = values;
        while (n_at != NULL && v_at != NULL) {
            char *name = strsep(&n_at, " "), *value = strsep(&v_at, " ");
            bank_set(ctx, row, id, name, value);
        }
    }
}

void bank_rows(cp_ctx *ctx, cp_rows *rows)
{
    static const char *const money[] = {"code", "CNY", NULL};
    static const char *const notes[] = {"code currency_code value_minor", "CNY100 CNY 10000",
                                        "CNY50 CNY 5000", NULL};
    static const char *const boxes[] = {"code capacity_notes", "D 2500", "R 2200", NULL};
    static const char *const calendars[] = {"code covered_from covered_to",
                                            "CN 2025-01-01 2026-12-31", NULL};
    static const char *const days[] = {"calendar_code day kind name", "CN 2026-11-30 off feast",
                                       "CN 2026-11-28 work feast", "CN 2026-12-10 payday wages",
                                       NULL};
    static const char *const vaults[] = {"code lat_deg lon_deg calendar_code",
                                         "V-2 30.90 117.70 CN", "V-1 30.80 117.60 CN", NULL};
    static const char *const carriers[] = {"code", "K", NULL};
    static const char *const cars[] = {"code carrier_code vault_code insured_minor",
                                       "C-3 K V-1 2000000000", "C-2 K V-2 2000000000",
                                       "C-1 K V-1 2000000000", NULL};
    static const char *const sites[] = {"code lat_deg lon_deg vault_code",
                                        "S-5 30.81 117.61 V-1",
                                        "S-1 30.82 117.58 V-1",
                                        "S-3 30.79 117.63 V-1",
                                        "S-2 30.91 117.71 V-2",
                                        "S-4 30.88 117.69 V-2",
                                        NULL};
    static const char *const points[] = {
        "code site_code kind visit_kinds calendar_code works_holidays",
        "B-1 S-3 branch add CN 0",
        "A-4 S-1 atm swap CN 1",
        "A-1 S-3 atm swap CN 1",
        "A-2 S-2 atm swap CN 1",
        "A-3 S-3 atm swap_add CN 0",
        "B-2 S-4 branch add CN 1",
        "A-5 S-5 atm swap CN 1",
        NULL};
    static const char *const slots[] = {
        "point_code slot cassette_model_code denomination_code role",
        "A-1 3 D CNY50 dispense",
        "A-1 1 D CNY100 dispense",
        "A-1 2 D CNY100 dispense",
        "A-2 1 R CNY100 recycle",
        "A-2 2 R CNY100 deposit",
        "A-3 1 D CNY100 dispense",
        "A-4 1 R CNY100 deposit",
        "A-5 1 D CNY100 dispense",
        NULL};
    static const char *const tills[] = {"point_code slot denomination_code role capacity_notes",
                                        "B-2 1 CNY100 recycle 30000", "B-1 1 CNY100 recycle 40000",
                                        "B-1 2 CNY50 recycle 20000", NULL};
    static const char *const balances[] = {"point_code day slot notes", "A-1 2026-11-23 1 700",
                                           "A-1 2026-11-22 1 900",      "A-1 2026-11-20 2 1500",
                                           "A-1 2026-11-24 1 5",        NULL};
    static const char *const tariffs[] = {"item valid_from amount",
                                          "hold_ppm_year 2025-01-01 25000",
                                          "cash_out_ppm 2025-01-01 6000", NULL};
    memset(rows, 0, sizeof *rows);
    fill(ctx, rows, CP_ENTITY_CURRENCY, money);
    fill(ctx, rows, CP_ENTITY_DENOMINATION, notes);
    fill(ctx, rows, CP_ENTITY_CASSETTE_MODEL, boxes);
    fill(ctx, rows, CP_ENTITY_CALENDAR, calendars);
    fill(ctx, rows, CP_ENTITY_CALENDAR_DAY, days);
    fill(ctx, rows, CP_ENTITY_VAULT, vaults);
    fill(ctx, rows, CP_ENTITY_CARRIER, carriers);
    fill(ctx, rows, CP_ENTITY_CAR, cars);
    fill(ctx, rows, CP_ENTITY_SITE, sites);
    fill(ctx, rows, CP_ENTITY_POINT, points);
    fill(ctx, rows, CP_ENTITY_CASSETTE, slots);
    fill(ctx, rows, CP_ENTITY_CASSETTE, tills);
    fill(ctx, rows, CP_ENTITY_BALANCE, balances);
    fill(ctx, rows, CP_ENTITY_TARIFF, tariffs);
}

cp_network *bank_build(cp_ctx *ctx, cp_rows *rows)
{
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build(ctx, rows, BANK_DAY, 0, &net, NULL));
    return net;
}
