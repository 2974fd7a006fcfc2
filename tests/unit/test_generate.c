/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generator: same bytes from the same options, and a bank that looks like one. */
#include <math.h>
#include <string.h>

#include "models/net/fields.h"
#include "models/net/network_build.h"
#include "models/net/network_check.h"
#include "models/sample/generate.h"
#include "tests/check.h"

/* Holidays of one autumn and one Spring Festival, as the notices of 2025 and 2026 have them. */
static const struct {
    int32_t month, day, n;
    const char *name;
} feasts[] = {{10, 1, 7, "国庆节"}, {1, 1, 3, "元旦"}, {2, 15, 9, "春节"}, {5, 1, 5, "劳动节"}};

static cp_generate_opts options(cp_ctx *ctx, int32_t n_points)
{
    cp_generate_opts o = cp_generate_defaults();
    o.n_points = n_points;
    o.seed = 5;
    o.first_day = cp_day_of(2026, 11, 24);
    o.calendar = (cp_calendar){"CN", "", cp_day_of(2025, 1, 1), cp_day_of(2026, 12, 31), 96};
    cp_calendar_day *days = cp_alloc(ctx, ctx->run, 100, sizeof *days);
    for (int32_t year = 2025; year <= 2026; year++)
        for (int32_t f = 0; f < LEN(feasts); f++)
            for (int32_t k = 0; k < feasts[f].n; k++)
                days[o.n_days++] =
                    (cp_calendar_day){"CN", cp_day_of(year, feasts[f].month, feasts[f].day) + k,
                                      CP_DAY_OFF, feasts[f].name, -1};
    days[o.n_days++] = (cp_calendar_day){"CN", cp_day_of(2026, 10, 10), CP_DAY_WORK, "国庆节", -1};
    o.days = days;
    return o;
}

typedef struct bank {
    cp_ctx ctx;
    cp_generate_opts opts;
    cp_rows rows;
    cp_history_row *history;
    int64_t n;
} bank;

static void make(bank *b, int32_t n_points, bool roads)
{
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    b->opts = options(&b->ctx, n_points);
    b->opts.roads = roads;
    assert_ok(&b->ctx, cp_generate(&b->ctx, &b->opts, &b->rows, &b->history, &b->n));
}

static void the_same_options_give_the_same_bank(void **state)
{
    (void)state;
    bank a, b;
    make(&a, 60, true);
    make(&b, 60, true);
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const int32_t n = *cp_rows_count(&a.rows, entity);
        assert_int_equal(n, *cp_rows_count(&b.rows, entity));
        for (int32_t i = 0; i < n; i++)
            for (int32_t f = 0; f < entity->n_fields; f++) {
                const size_t at = (size_t)i * entity->row_size;
                assert_string_equal(cp_field_text(&a.ctx, a.ctx.scratch, &entity->fields[f],
                                                  (char *)*cp_rows_array(&a.rows, entity) + at),
                                    cp_field_text(&b.ctx, b.ctx.scratch, &entity->fields[f],
                                                  (char *)*cp_rows_array(&b.rows, entity) + at));
            }
    }
    assert_int_equal(a.n, b.n);
    for (int64_t i = 0; i < a.n; i++) {
        assert_int_equal(a.history[i].amount_minor, b.history[i].amount_minor);
        assert_int_equal(a.history[i].faults, b.history[i].faults);
        assert_string_equal(a.history[i].point_code, b.history[i].point_code);
    }
    cp_ctx_done(&a.ctx);
    cp_ctx_done(&b.ctx);
}

/* Where the history has memory of its own it can go, and all the rest is still there. */
static void the_history_can_go_before_the_rest(void **state)
{
    (void)state;
    bank a, b;
    cp_network *net = NULL;
    cp_day *day = NULL;
    make(&a, 30, false);
    assert_int_equal(cp_ctx_init(&b.ctx), CP_OK);
    b.opts = options(&b.ctx, 30);
    b.opts.history_in = cp_arena_new();
    assert_non_null(b.opts.history_in);
    assert_ok(&b.ctx, cp_generate(&b.ctx, &b.opts, &b.rows, &b.history, &b.n));
    assert_int_equal(a.n, b.n);
    for (int64_t i = 0; i < a.n; i++)
        assert_int_equal(a.history[i].amount_minor, b.history[i].amount_minor);
    assert_true(cp_arena_used(b.opts.history_in) >= (size_t)b.n * sizeof *b.history);
    cp_arena_free(b.opts.history_in);
    assert_ok(&b.ctx, cp_network_build(&b.ctx, &b.rows, b.opts.first_day, 0, &net, &day));
    for (int32_t i = 0; i < a.rows.n_point; i++)
        assert_string_equal(a.rows.point[i].code, b.rows.point[i].code);
    cp_ctx_done(&a.ctx);
    cp_ctx_done(&b.ctx);
}

static void another_seed_gives_another_bank(void **state)
{
    (void)state;
    bank a;
    make(&a, 40, false);
    cp_rows rows;
    cp_history_row *history = NULL;
    int64_t n = 0, differ = 0;
    a.opts.seed++;
    assert_ok(&a.ctx, cp_generate(&a.ctx, &a.opts, &rows, &history, &n));
    for (int64_t i = 0; i < n && i < a.n; i++)
        differ += history[i].amount_minor != a.history[i].amount_minor;
    assert_true(differ > a.n / 2);
    cp_ctx_done(&a.ctx);
}

static void every_size_can_be_built_and_planned(void **state)
{
    (void)state;
    static const int32_t sizes[] = {4, 7, 30, 240, 900};
    for (int32_t k = 0; k < LEN(sizes); k++) {
        bank b;
        make(&b, sizes[k], sizes[k] == 240);
        cp_network *net = NULL;
        cp_day *day = NULL;
        cp_issues *issues = NULL;
        assert_ok(&b.ctx, cp_network_build(&b.ctx, &b.rows, b.opts.first_day, 0, &net, &day));
        assert_ok(&b.ctx, cp_network_check(&b.ctx, net, &issues));
        for (int32_t i = 0; i < issues->n; i++)
            fail_msg("%d points: %s", (int)sizes[k], issues->list[i].text);
        assert_int_equal(issues->n_errors, 0);
        assert_int_equal(net->n_points, sizes[k]);
        assert_int_equal(net->travel.n_unreachable, 0);
        int32_t branches = 0, vaults = 0;
        for (int32_t p = 0; p < net->n_points; p++) {
            assert_int_equal(day[p], b.opts.first_day - 1);
            branches += net->points[p].kind == CP_POINT_BRANCH;
        }
        for (int32_t v = 0; v < net->n_vaults; v++)
            vaults += net->vaults[v].status == CP_VAULT_EXISTING;
        assert_int_equal(branches, sizes[k] / 4);
        assert_int_equal(vaults, sizes[k] < 600 ? 1 : 2);
        assert_int_equal(net->n_vaults, vaults + 4);
        cp_ctx_done(&b.ctx);
    }
}

static void limits_follow_the_asked_use(void **state)
{
    (void)state;
    bank b;
    make(&b, 240, false);
    cp_rows loose;
    cp_history_row *history = NULL;
    int64_t n = 0;
    cp_generate_opts o = b.opts;
    o.use_pct = 70;
    assert_ok(&b.ctx, cp_generate(&b.ctx, &o, &loose, &history, &n));
    const cp_vault *tight = &b.rows.vault[0], *wide = &loose.vault[0];
    const double want = 90.0 / 70;
    assert_true(fabs((double)wide->pack_cassettes_per_day / tight->pack_cassettes_per_day - want) <
                0.08);
    assert_true(fabs((double)wide->crew_min_per_day / tight->crew_min_per_day - want) < 0.05);
    assert_true(fabs((double)wide->out_minor_per_day / (double)tight->out_minor_per_day - want) <
                0.05);
    assert_true(loose.cassette_pool[0].spare > b.rows.cassette_pool[0].spare);
    assert_true(loose.n_car >= b.rows.n_car);
    /* The demand is the same bank's. */
    assert_int_equal(n, b.n);
    for (int64_t i = 0; i < n; i++)
        assert_int_equal(history[i].amount_minor, b.history[i].amount_minor);
    cp_ctx_done(&b.ctx);
}

/* Mean withdrawals of all points on the days that `pick` chooses. */
typedef bool pick_fn(cp_day day);

static double mean_of(const bank *b, pick_fn *pick)
{
    double sum = 0;
    int32_t days = 0;
    for (cp_day d = b->opts.first_day - 400; d < b->opts.first_day; d++)
        days += pick(d);
    for (int64_t i = 0; i < b->n; i++)
        if (b->history[i].flow == CP_FLOW_WITHDRAWAL && pick(b->history[i].day))
            sum += (double)b->history[i].amount_minor;
    assert_true(days > 0);
    return sum / days;
}

static bool quiet_month(cp_day d)
{
    return d >= cp_day_of(2026, 6, 1) && d < cp_day_of(2026, 9, 1);
}
static bool monday(cp_day d)
{
    return quiet_month(d) && cp_weekday(d) == 0;
}
static bool sunday(cp_day d)
{
    return quiet_month(d) && cp_weekday(d) == 6;
}
static bool payday(cp_day d)
{
    int32_t y = 0, m = 0, day = 0;
    cp_day_split(d, &y, &m, &day);
    return quiet_month(d) && (day == 10 || day == 15) && cp_weekday(d) < 5;
}
static bool before_payday(cp_day d)
{
    return payday(d + 2) && cp_weekday(d) < 5;
}
static bool before_spring(cp_day d)
{
    return d >= cp_day_of(2026, 2, 9) && d < cp_day_of(2026, 2, 14);
}
static bool in_spring(cp_day d)
{
    return d >= cp_day_of(2026, 2, 16) && d < cp_day_of(2026, 2, 22);
}
static bool worked_saturday(cp_day d)
{
    return d == cp_day_of(2026, 10, 10);
}
static bool usual_saturday(cp_day d)
{
    return d == cp_day_of(2026, 10, 17) || d == cp_day_of(2026, 10, 24);
}

/* Withdrawals of a segment's machines on the days of [first, first + 3), a day. */
static double of_segment(const bank *b, const char *segment, cp_day first)
{
    double sum = 0;
    for (int64_t i = 0; i < b->n; i++) {
        const cp_history_row *h = &b->history[i];
        if (h->flow != CP_FLOW_WITHDRAWAL || h->day < first || h->day >= first + 3) continue;
        for (int32_t p = 0; p < b->rows.n_point; p++)
            if (strcmp(b->rows.point[p].code, h->point_code) == 0 &&
                strcmp(b->rows.point[p].segment, segment) == 0)
                sum += (double)h->amount_minor;
    }
    return sum / 3;
}

/* Each fair lifts malls and stations against the weekends before and after, and nobody else; the
 * plan's horizon has one too, so that its forecast can use what was learned. */
static void fairs_are_events_and_felt(void **state)
{
    (void)state;
    bank b;
    make(&b, 240, false);
    int32_t to_come = 0;
    assert_true(b.rows.n_event >= 4);
    for (int32_t e = 0; e < b.rows.n_event; e++) {
        const cp_event *v = &b.rows.event[e];
        assert_int_equal(v->last_day - v->first_day, 2);
        assert_int_equal(cp_weekday(v->first_day), 4);
        if (v->first_day >= b.opts.first_day) {
            to_come++;
            continue;
        }
        if (v->first_day - 7 < b.opts.first_day - b.opts.history_days) continue;
        const double fair = of_segment(&b, v->segment, v->first_day);
        const double usual = 0.5 * (of_segment(&b, v->segment, v->first_day - 7) +
                                    of_segment(&b, v->segment, v->first_day + 7));
        assert_true(fair > 1.15 * usual);
        assert_true(of_segment(&b, "office", v->first_day) <
                    1.15 * of_segment(&b, "office", v->first_day - 7));
    }
    assert_int_equal(to_come, 2);
    cp_ctx_done(&b.ctx);
}

static void demand_has_the_patterns_of_a_bank(void **state)
{
    (void)state;
    bank b;
    make(&b, 240, false);
    const double usual = mean_of(&b, quiet_month);
    assert_true(mean_of(&b, monday) > 1.03 * usual);
    assert_true(mean_of(&b, sunday) < 0.85 * usual);
    assert_true(mean_of(&b, payday) > 1.08 * mean_of(&b, before_payday));
    assert_true(mean_of(&b, before_spring) > 1.3 * usual);
    assert_true(mean_of(&b, in_spring) < 0.75 * usual);
    assert_true(mean_of(&b, worked_saturday) > 1.15 * mean_of(&b, usual_saturday));
    cp_ctx_done(&b.ctx);
}

/* Day-to-day noise of one machine is correlated, its level moves, and it is not smooth. */
static void noise_is_neither_absent_nor_wild(void **state)
{
    (void)state;
    bank b;
    make(&b, 240, false);
    double wild = 0, calm = 0;
    int32_t machines = 0;
    for (int64_t i = 0; i < b.n;) {
        int64_t end = i;
        double sum = 0, sq = 0;
        int32_t n = 0;
        while (end < b.n && strcmp(b.history[end].point_code, b.history[i].point_code) == 0) {
            const cp_history_row *h = &b.history[end++];
            if (h->flow != CP_FLOW_WITHDRAWAL || h->faults != 0 || !quiet_month(h->day)) continue;
            if (h->denomination_code[0] != '\0') continue;
            sum += (double)h->amount_minor;
            sq += (double)h->amount_minor * (double)h->amount_minor;
            n++;
        }
        i = end;
        if (n < 60) continue;
        const double cv = sqrt(sq / n - sum / n * (sum / n)) / (sum / n);
        machines++;
        wild += cv > 0.6;
        calm += cv < 0.12;
    }
    assert_true(machines > 150);
    assert_true(wild < 0.03 * machines);
    assert_true(calm < 0.03 * machines);
    cp_ctx_done(&b.ctx);
}

static void history_carries_faults_and_splits(void **state)
{
    (void)state;
    bank b;
    make(&b, 240, false);
    int64_t rows = 0, cash_out = 0, out_of_service = 0, split = 0;
    for (int64_t i = 0; i < b.n; i++) {
        assert_true(b.history[i].amount_minor >= 0);
        assert_true(b.history[i].amount_minor % 1000 == 0);
        assert_true(b.history[i].day >= b.opts.first_day - 400);
        assert_true(b.history[i].day < b.opts.first_day);
        if (b.history[i].flow != CP_FLOW_WITHDRAWAL) continue;
        rows++;
        cash_out += (b.history[i].faults & CP_FAULT_CASH_OUT) != 0;
        out_of_service += (b.history[i].faults & CP_FAULT_OUT_OF_SERVICE) != 0;
        split += b.history[i].denomination_code[0] != '\0';
    }
    assert_true(cash_out * 1000 > rows && cash_out * 25 < rows);
    assert_true(out_of_service * 1000 > rows && out_of_service * 50 < rows);
    assert_true(split * 50 > rows && split * 4 < rows);
    cp_ctx_done(&b.ctx);
}

static void bad_options_are_refused_by_name(void **state)
{
    (void)state;
    bank b;
    make(&b, 40, false);
    struct {
        const char *words;
        cp_generate_opts o;
    } cases[] = {{"points is 3", b.opts},
                 {"use is 120", b.opts},
                 {"history days is 5", b.opts},
                 {"calendar CN covers 2025-01-01 to 2026-12-31", b.opts},
                 {"need 2025-10-20 to 2027-01-02", b.opts}};
    cases[0].o.n_points = 3;
    cases[1].o.use_pct = 120;
    cases[2].o.history_days = 5;
    cases[3].o.first_day = cp_day_of(2026, 12, 25);
    cases[4].o.horizon_days = 26;
    for (int32_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(cp_generate(&b.ctx, &cases[i].o, &b.rows, &b.history, &b.n), CP_E_INPUT);
        if (strstr(b.ctx.error.text, cases[i].words) == NULL) fail_msg("%s", b.ctx.error.text);
        cp_error_clear(&b.ctx);
    }
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_options_give_the_same_bank),
        cmocka_unit_test(the_history_can_go_before_the_rest),
        cmocka_unit_test(another_seed_gives_another_bank),
        cmocka_unit_test(every_size_can_be_built_and_planned),
        cmocka_unit_test(limits_follow_the_asked_use),
        cmocka_unit_test(demand_has_the_patterns_of_a_bank),
        cmocka_unit_test(fairs_are_events_and_felt),
        cmocka_unit_test(noise_is_neither_absent_nor_wild),
        cmocka_unit_test(history_carries_faults_and_splits),
        cmocka_unit_test(bad_options_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
