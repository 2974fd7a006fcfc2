/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/refill_bank.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/fields.h"

#define HISTORY_DAYS 120

typedef struct maker {
    cp_ctx *ctx;
    cp_rows rows;
    cp_rng rng;
    const refill_bank_opts *opts;
    cp_day first_day;
} maker;

/* A row from "field=value" pairs separated by '|'; fields not named take their defaults. */
static cp_status put(maker *m, const char *entity_name, const char *text)
{
    const cp_entity *e = cp_entity_by_name(entity_name);
    void **array = cp_rows_array(&m->rows, e);
    int32_t *n = cp_rows_count(&m->rows, e);
    char *grown = NULL;
    CP_NEW(m->ctx, m->ctx->run, grown, (size_t)(*n + 1) * e->row_size);
    if (*n > 0) memcpy(grown, *array, (size_t)*n * e->row_size);
    void *row = grown + (size_t)*n * e->row_size;
    for (int32_t f = 0; f < e->n_fields; f++) {
        const cp_field *field = &e->fields[f];
        char key[64], value[128];
        const char *why = NULL, *at = text;
        snprintf(value, sizeof value, "%s", field->dflt ? field->dflt : "");
        snprintf(key, sizeof key, "%s=", field->name);
        while (at && strncmp(at, key, strlen(key)) != 0) {
            at = strchr(at, '|');
            if (at) at++;
        }
        if (at) {
            snprintf(value, sizeof value, "%s", at + strlen(key));
            value[strcspn(value, "|")] = '\0';
        }
        const cp_status st = cp_field_parse(m->ctx, m->ctx->run, field, value, row, &why);
        if (st != CP_OK)
            CP_FAIL(m->ctx, CP_E_INPUT, "%s.%s = \"%s\": %s", entity_name, field->name, value,
                    why ? why : "?");
    }
    *array = grown;
    (*n)++;
    return CP_OK;
}

#define PUT(m, entity, ...)                                                                        \
    CP_TRY(put((m), (entity), cp_strf((m)->ctx, (m)->ctx->run, __VA_ARGS__)))

static cp_status put_vault(maker *m)
{
    const int32_t n = m->opts->n_sites;
    const bool tight = m->opts->tight;
    PUT(m, "currency", "code=CNY|exponent=2");
    PUT(m, "denomination", "code=CNY100|currency_code=CNY|value_minor=10000");
    PUT(m, "denomination", "code=CNY50|currency_code=CNY|value_minor=5000");
    PUT(m, "cassette_model", "code=M|capacity_notes=2500|fill_ppm=800000|volume_cm3=11700");
    PUT(m, "vault",
        "code=V|name=V|lat_deg=31.2|lon_deg=121.4|status=existing|stops_per_day=%d|"
        "pack_cassettes_per_day=%d|pack_overtime_cassettes=%d|sort_notes_per_day=%d|"
        "sort_overtime_notes=%d|sort_outsource_notes=%d|out_minor_per_day=%lld|sort_lead_days=2",
        (int)(tight ? n / 4 + 1 : n), (int)(tight ? n + 4 : 10 * n), (int)(tight ? 6 : 0),
        (int)(tight ? n * 1200 : n * 100000), (int)(tight ? 20000 : 0),
        (int)(tight ? m->opts->outsource_notes : 0),
        (long long)(tight ? n * 10000000LL : n * 1000000000LL));
    PUT(m, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=%d", (int)(2 * n + 8));
    const struct {
        const char *item;
        int64_t amount;
    } tariffs[] = {{"hold_ppm_year", 35000},
                   {"stop_site_minor", 6000},
                   {"stop_machine_minor", 2500},
                   {"branch_fill_minor", 6500},
                   {"branch_value_ppm", 60},
                   {"pack_cassette_minor", 300},
                   {"sort_1000_minor", 900},
                   {"sort_overtime_1000_minor", 2700},
                   {"sort_outsource_1000_minor", m->opts->outsource_minor},
                   {"pack_overtime_minor", 900},
                   {"cash_out_ppm", 20000},
                   {"emergency_minor", 30000},
                   {"stop_value_ppm", 20},
                   {"stop_value_min_minor", 700}};
    for (size_t i = 0; i < sizeof tariffs / sizeof *tariffs; i++)
        PUT(m, "tariff", "item=%s|amount=%lld|valid_from=2020-01-01|valid_to=2030-12-31",
            tariffs[i].item, (long long)tariffs[i].amount);
    PUT(m, "setting", "key=n_paths|value=%d", (int)m->opts->n_paths);
    PUT(m, "setting", "key=before_visit_ppm|value=%d", (int)m->opts->before_ppm);
    return CP_OK;
}

/* Kinds by turn: dispenser, recycler, mixed with deposit bin, deposit only, branch. Of the
 * dispensers every third keeps a mix and may hold 50 in both slots, every third drains. */
static cp_status put_point(maker *m, int32_t site, int32_t k, int32_t serial)
{
    static const char *const rules[3] = {"rotate", "mix", "drain"};
    const int32_t kind = serial % 5;
    const char *code = cp_strf(m->ctx, m->ctx->run, "P%02d-%d", (int)site, (int)k);
    if (!code) return CP_E_NOMEM;
    PUT(m, "point",
        "code=%s|name=%s|site_code=S%02d|kind=%s|visit_kinds=%s|service_level_ppm=%d|"
        "service_days=1111111|dispense_rule=%s",
        code, code, (int)site, kind == 4 ? "branch" : "atm",
        kind == 4   ? "add"
        : kind == 1 ? "swap_add"
                    : "swap",
        kind == 3 ? 0 : 950000, rules[kind == 0 ? serial / 5 % 3 : 0]);
    static const char *const roles[5][3] = {{"dispense", "dispense", NULL},
                                            {"recycle", "dispense", NULL},
                                            {"dispense", "deposit", NULL},
                                            {"deposit", NULL, NULL},
                                            {"recycle", "recycle", NULL}};
    if (kind == 0 && serial / 5 % 3 == 1)
        PUT(m, "slot_option", "point_code=%s|slot=1|denomination_code=CNY50", code);
    for (int32_t s = 0; s < 3 && roles[kind][s]; s++) {
        const char *denom = kind == 2 ? "CNY100" : s == 0 ? "CNY100" : "CNY50";
        PUT(m, "cassette",
            "point_code=%s|slot=%d|cassette_model_code=%s|denomination_code=%s|role=%s|"
            "capacity_notes=%d|step_notes=100|share_ppm=-1",
            code, (int)s + 1, kind == 4 ? "" : "M", denom, roles[kind][s], kind == 4 ? 6000 : 2000);
        PUT(m, "balance", "point_code=%s|slot=%d|day=2026-06-30|notes=%d", code, (int)s + 1,
            (int)(300 + cp_rng_below(&m->rng, 1200)));
    }
    return CP_OK;
}

static cp_status put_sites(maker *m)
{
    int32_t serial = 0;
    for (int32_t i = 0; i < m->opts->n_sites; i++) {
        PUT(m, "site", "code=S%02d|name=S%02d|lat_deg=%.5f|lon_deg=%.5f|vault_code=V", (int)i,
            (int)i, 31.2 + 0.2 * cp_rng_unit(&m->rng), 121.4 + 0.2 * cp_rng_unit(&m->rng));
        const int32_t n = 1 + (int32_t)cp_rng_below(&m->rng, 3);
        for (int32_t k = 0; k < n; k++)
            CP_TRY(put_point(m, i, k, serial++));
    }
    return CP_OK;
}

static cp_status fill_history(maker *m, const cp_network *net, cp_history *h)
{
    for (int32_t p = 0; p < net->n_points; p++) {
        const double level = 1e6 * (2.0 + 6.0 * cp_rng_unit(&m->rng));
        for (int32_t f = 0; f < CP_N_FLOWS; f++)
            for (int32_t d = 0; d < h->n_days; d++) {
                const double week = 1.0 + 0.3 * sin(2.0 * 3.14159265 * (d % 7) / 7.0);
                const double y = level * week * exp(0.25 * cp_rng_normal(&m->rng));
                h->amount[((int64_t)f * h->n_points + p) * h->n_days + d] =
                    (cp_minor)(y * (f == CP_FLOW_DEPOSIT ? 0.6 : 1.0)) / 5000 * 5000;
            }
    }
    (void)m;
    return CP_OK;
}

cp_status refill_bank_make(cp_ctx *ctx, const refill_bank_opts *opts, refill_bank *out)
{
    maker m;
    memset(&m, 0, sizeof m);
    m.ctx = ctx;
    m.opts = opts;
    m.rng = cp_rng_new(opts->seed, 0);
    m.first_day = cp_day_of(2026, 7, 1);
    CP_TRY(put_vault(&m));
    CP_TRY(put_sites(&m));
    CP_TRY(cp_network_build(ctx, &m.rows, m.first_day, opts->n_days, &out->net, &out->balance_day));
    CP_TRY(cp_history_new(ctx, out->net, m.first_day - HISTORY_DAYS, HISTORY_DAYS, &out->history));
    CP_TRY(fill_history(&m, out->net, out->history));
    CP_TRY(cp_shares_make(ctx, out->net, out->history, &out->shares));
    const cp_forecast_opts fopts = cp_forecast_defaults();
    return cp_forecast_make(ctx, out->net, out->history, m.first_day,
                            opts->n_days + out->net->settings.longest_interval_days, &fopts,
                            &out->forecast);
}

void refill_bank_allow(refill_bank *bank)
{
    cp_point *points = bank->net->rows.point;
    for (int32_t p = 0; p < bank->net->n_points; p++) {
        if (points[p].kind != CP_POINT_ATM || points[p].n_mixes > 0) continue;
        points[p].on_site = true;
        if (p % 3 != 1) points[p].serviced_by = CP_BY_EITHER;
        if (p % 3 != 0 && (points[p].visit_kinds & CP_MAY_SWAP) != 0)
            points[p].visit_kinds |= CP_MAY_PARTIAL_SWAP;
    }
}

void refill_bank_unbalance(refill_bank *bank)
{
    const cp_network *net = bank->net;
    cp_channel *channels = NULL;
    memcpy(&channels, &net->channels, sizeof channels); /* ours to change here */
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t k = 0; k < net->points[p].n_channels; k++)
            channels[net->points[p].first_channel + k].balance_notes = k == p % 2 ? 60 : 1700;
}

cp_status refill_bank_stock(cp_ctx *ctx, refill_bank *bank, int32_t lead_days, const int64_t *notes)
{
    cp_network *net = bank->net;
    cp_rows *rows = &net->rows;
    if (rows->n_central_bank == 0) {
        CP_NEW(ctx, ctx->run, rows->central_bank, 1);
        CP_NEW(ctx, ctx->run, rows->vault_stock, net->n_denoms);
        rows->n_central_bank = 1;
        rows->vault[0].central_bank = 0;
    }
    rows->central_bank[0] = (cp_central_bank){.code = "B",
                                              .order_unit_notes = 1000,
                                              .lead_days = lead_days,
                                              .service_days = 127,
                                              .calendar = -1};
    for (int32_t d = 0; d < net->n_denoms; d++)
        rows->vault_stock[d] = (cp_vault_stock){.vault_code = "V",
                                                .denomination_code = net->denoms[d].code,
                                                .state = CP_NOTE_ATM_FIT,
                                                .day = net->first_day - 1,
                                                .notes = notes[d],
                                                .denomination = d};
    rows->n_vault_stock = net->n_denoms;
    return CP_OK;
}
