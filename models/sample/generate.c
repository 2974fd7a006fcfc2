/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/sample/generate.h"

#include <string.h>

#include "models/sample/town.h"

#define HISTORY_MAX 3660

cp_generate_opts cp_generate_defaults(void)
{
    cp_generate_opts o;
    memset(&o, 0, sizeof o);
    o.n_points = 240;
    o.n_candidates = 4;
    o.history_days = 400;
    o.use_pct = 90;
    o.horizon_days = 14;
    o.longest_interval_days = 14;
    o.seed = 1;
    return o;
}

cp_status cp_town_rows(cp_town *town, cp_entity_id id, int32_t n)
{
    const cp_entity *entity = &cp_entities[id];
    char *rows = cp_alloc(town->ctx, town->ctx->run, (size_t)n, entity->row_size);
    if (rows == NULL) return CP_E_NOMEM;
    for (int32_t i = 0; i < n; i++)
        CP_TRY(cp_row_defaults(town->ctx, town->ctx->run, entity,
                               rows + (size_t)i * entity->row_size));
    *cp_rows_array(town->rows, entity) = rows;
    *cp_rows_count(town->rows, entity) = n;
    return CP_OK;
}

cp_rng cp_town_rng(const cp_town *town, const char *purpose, int32_t index)
{
    return cp_rng_new(town->o->seed, cp_hash_text((uint64_t)index, purpose));
}

static cp_status notes_and_boxes(cp_town *t)
{
    static const struct {
        const char *code;
        cp_minor value;
    } notes[] = {{"CNY10", 1000}, {"CNY100", 10000}, {"CNY20", 2000}, {"CNY50", 5000}};
    static const struct {
        const char *code;
        int32_t capacity, fill_ppm, volume;
    } boxes[] = {{"D-2500", 2500, 800000, 11712}, {"R-2200", 2200, 820000, 12600}};
    CP_TRY(cp_town_rows(t, CP_ENTITY_CURRENCY, 1));
    t->rows->currency[0].code = "CNY";
    CP_TRY(cp_town_rows(t, CP_ENTITY_DENOMINATION, 4));
    for (int32_t i = 0; i < 4; i++) {
        t->rows->denomination[i].code = notes[i].code;
        t->rows->denomination[i].currency_code = "CNY";
        t->rows->denomination[i].value_minor = notes[i].value;
    }
    CP_TRY(cp_town_rows(t, CP_ENTITY_CASSETTE_MODEL, 2));
    for (int32_t i = 0; i < 2; i++) {
        t->rows->cassette_model[i].code = boxes[i].code;
        t->rows->cassette_model[i].capacity_notes = boxes[i].capacity;
        t->rows->cassette_model[i].fill_ppm = boxes[i].fill_ppm;
        t->rows->cassette_model[i].volume_cm3 = boxes[i].volume;
    }
    return CP_OK;
}

/* Invented amounts in fen and ppm, in the order of their items; no source gives those of a bank. */
static cp_status prices(cp_town *t)
{
    static const struct {
        cp_tariff_item item;
        const char *carrier;
        int64_t amount;
        bool old; /* the price before this year */
    } list[] = {
        {CP_TARIFF_HOLD_PPM_YEAR, "", 27000, true},
        {CP_TARIFF_HOLD_PPM_YEAR, "", 24000, false},
        {CP_TARIFF_STOP_SITE_MINOR, "", 6500, true},
        {CP_TARIFF_STOP_SITE_MINOR, "", 7000, false},
        {CP_TARIFF_STOP_MACHINE_MINOR, "", 3000, false},
        {CP_TARIFF_CAR_DAY_MINOR, "", 62000, false},
        {CP_TARIFF_CAR_DAY_MINOR, "K-2", 88000, false},
        {CP_TARIFF_KM_MINOR, "", 260, false},
        {CP_TARIFF_HOUR_MINOR, "", 9000, false},
        {CP_TARIFF_OVERTIME_HOUR_MINOR, "", 15000, false},
        {CP_TARIFF_PACK_CASSETTE_MINOR, "", 300, false},
        {CP_TARIFF_PACK_OVERTIME_MINOR, "", 500, false},
        {CP_TARIFF_SORT_1000_MINOR, "", 600, false},
        {CP_TARIFF_SORT_OVERTIME_1000_MINOR, "", 1000, false},
        {CP_TARIFF_CASH_OUT_PPM, "", 6000, false},
        {CP_TARIFF_EMERGENCY_MINOR, "", 60000, false},
        {CP_TARIFF_ORDER_ACCESS_MINOR, "", 20000, false},
        {CP_TARIFF_ORDER_BUNDLE_MINOR, "", 150, false},
        {CP_TARIFF_RELIEF_PPM, "", 3000000, false},
        {CP_TARIFF_BRANCH_FILL_MINOR, "", 6000, false},
        {CP_TARIFF_BRANCH_VALUE_PPM, "", 40, false},
    };
    const int32_t n = (int32_t)(sizeof list / sizeof list[0]);
    int32_t year = 0, month = 0, day = 0;
    cp_day_split(t->o->first_day, &year, &month, &day);
    CP_TRY(cp_town_rows(t, CP_ENTITY_TARIFF, n));
    for (int32_t i = 0; i < n; i++) {
        cp_tariff *row = &t->rows->tariff[i];
        row->item = list[i].item;
        row->carrier_code = list[i].carrier;
        row->amount = list[i].amount;
        row->valid_from = list[i].old ? cp_day_of(year - 5, 1, 1) : cp_day_of(year, 1, 1);
        row->valid_to = list[i].old ? cp_day_of(year - 1, 12, 31) : cp_day_of(year + 1, 12, 31);
    }
    return CP_OK;
}

cp_status cp_town_bank(cp_town *t)
{
    CP_TRY(notes_and_boxes(t));
    CP_TRY(prices(t));
    CP_TRY(cp_town_rows(t, CP_ENTITY_CARRIER, 2));
    t->rows->carrier[0] = (cp_carrier){"K-1", "江州银行押运队", CP_CARRIER_OWN};
    t->rows->carrier[1] = (cp_carrier){"K-2", "安达押运公司", CP_CARRIER_THIRD_PARTY};
    CP_TRY(cp_town_rows(t, CP_ENTITY_SETTING, 4));
    t->rows->setting[0].key = "horizon_days";
    TOWN_TEXT(t, t->rows->setting[0].value, "%d", (int)t->o->horizon_days);
    t->rows->setting[1].key = "longest_interval_days";
    TOWN_TEXT(t, t->rows->setting[1].value, "%d", (int)t->o->longest_interval_days);
    t->rows->setting[2] = (cp_setting_row){"service_level_ppm", "990000"};
    t->rows->setting[3] = (cp_setting_row){"bank_name", "江州银行"};
    return CP_OK;
}

static cp_status refuse(cp_ctx *ctx, const char *option, int32_t value, int32_t lo, int32_t hi)
{
    if (value >= lo && value <= hi) return CP_OK;
    CP_FAIL(ctx, CP_E_INPUT, "generate: %s is %d; must be %d to %d", option, (int)value, (int)lo,
            (int)hi);
}

static cp_status check_opts(cp_ctx *ctx, const cp_generate_opts *o)
{
    CP_TRY(refuse(ctx, "points", o->n_points, 4, 1000000));
    CP_TRY(refuse(ctx, "vaults", o->n_vaults, 0, o->n_points / 4));
    CP_TRY(refuse(ctx, "candidates", o->n_candidates, 0, 10000));
    CP_TRY(refuse(ctx, "history days", o->history_days, 14, HISTORY_MAX));
    CP_TRY(refuse(ctx, "use", o->use_pct, 30, 100));
    CP_TRY(refuse(ctx, "horizon", o->horizon_days, 1, 60));
    CP_TRY(refuse(ctx, "longest interval", o->longest_interval_days, 1, 60));
    const cp_day from = o->first_day - o->history_days;
    const cp_day to = o->first_day + o->horizon_days + o->longest_interval_days - 1;
    char a[16], b[16], c[16], d[16];
    if (o->calendar.covered_from > from || o->calendar.covered_to < to)
        CP_FAIL(ctx, CP_E_INPUT,
                "generate: calendar %s covers %s to %s; the history and a plan from this day need "
                "%s to %s",
                o->calendar.code, cp_day_text(o->calendar.covered_from, a),
                cp_day_text(o->calendar.covered_to, b), cp_day_text(from, c), cp_day_text(to, d));
    return CP_OK;
}

cp_status cp_generate(cp_ctx *ctx, const cp_generate_opts *opts, cp_rows *rows,
                      cp_history_row **history, int64_t *n_history)
{
    CP_TRY(check_opts(ctx, opts));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    memset(rows, 0, sizeof *rows);
    cp_town *t = NULL;
    CP_NEW(ctx, ctx->scratch, t, 1);
    t->ctx = ctx;
    t->o = opts;
    t->rows = rows;
    t->history_start = opts->first_day - opts->history_days;
    CP_TRY(cp_town_bank(t));
    CP_TRY(cp_town_days(t));
    CP_TRY(cp_town_places(t));
    CP_TRY(cp_town_tills(t));
    CP_TRY(cp_town_history(t, history, n_history));
    CP_TRY(cp_town_limits(t));
    if (opts->roads) CP_TRY(cp_town_roads(t));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
