/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs of random plans against a slow recomputation that follows one path after the other. */
#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

static const char *const random_tariffs[] = {
    "hold_ppm_year",      "cash_out_ppm",    "emergency_minor",
    "sort_1000_minor",    "stop_value_ppm",  "stop_value_min_minor",
    "stop_machine_minor", "stop_site_minor", "pack_cassette_minor"};
static const int64_t random_amounts[] = {31000, 17000, 4321, 987, 13, 555, 801, 1203, 77};

/* Sums over the paths of one interval. */
typedef struct sums {
    __int128 held, lost, back_value;
    int64_t failed, back_notes;
} sums;

typedef struct slow {
    const cp_toy *toy;
    const cp_plan *plan;
    const cp_point *point;
    cp_point_paths paths;
    const cp_plan_visit *visit[32];
    int32_t n;
    sums sum[33]; /* 0 = the opening */
} slow;

/* One day, or one part of it, of one path. */
static void demand(const slow *s, int32_t day, int32_t w, int part, int64_t *stock, sums *sum,
                   bool *failed)
{
    const int64_t ppm = s->toy->net->settings.before_visit_ppm;
    for (int32_t k = 0; k < s->point->n_channels; k++) {
        const cp_channel *c = &s->toy->net->channels[s->point->first_channel + k];
        const int64_t at = ((int64_t)k * s->paths.n_days + day) * s->paths.n_paths + w;
        int64_t out = s->paths.out[at];
        int64_t in = s->paths.in[at];
        if (part == 1) out = out * ppm / 1000000, in = in * ppm / 1000000;
        if (part == 2) out -= out * ppm / 1000000, in -= in * ppm / 1000000;
        const int64_t unmet = out > stock[k] ? out - stock[k] : 0;
        stock[k] += in - (out - unmet);
        const int64_t refused = stock[k] > c->capacity_notes ? stock[k] - c->capacity_notes : 0;
        stock[k] -= refused;
        sum->lost += (__int128)(unmet + refused) * c->value_minor;
        *failed = *failed || unmet + refused > 0;
    }
}

static void visit_machine(const slow *s, const cp_plan_visit *v, int64_t *stock, sums *sum)
{
    for (int32_t k = 0; k < s->point->n_channels; k++) {
        const cp_channel *c = &s->toy->net->channels[s->point->first_channel + k];
        const cp_plan_load *load = &s->plan->loads[v->first_load + k];
        int64_t back = 0;
        if (c->role == CP_ROLE_DEPOSIT || v->kind == CP_VISIT_SWAP) {
            back = stock[k];
            stock[k] = c->role == CP_ROLE_DEPOSIT ? 0 : load->load_notes;
        } else if (v->kind == CP_VISIT_ADD && v->fixed_amount) {
            stock[k] += load->load_notes;
            if (stock[k] > c->capacity_notes) back = stock[k] - c->capacity_notes;
            stock[k] -= back;
        } else if (v->kind == CP_VISIT_ADD) {
            stock[k] = load->level_notes;
        }
        sum->back_notes += back;
        sum->back_value += (__int128)back * c->value_minor;
    }
}

static void end_of_plan(const slow *s, const cp_plan_visit *v, const int64_t *stock, sums *sum)
{
    for (int32_t k = 0; k < s->point->n_channels; k++) {
        const cp_channel *c = &s->toy->net->channels[s->point->first_channel + k];
        if (v->kind != CP_VISIT_SWAP && c->role != CP_ROLE_DEPOSIT) continue;
        sum->back_notes += stock[k];
        sum->back_value += (__int128)stock[k] * c->value_minor;
    }
}

static void follow_path(slow *s, int32_t w)
{
    int64_t stock[8];
    bool failed = false;
    int32_t i = 0; /* interval */
    const int32_t end = s->n > 0 ? s->visit[s->n - 1]->until : s->plan->n_days;
    for (int32_t k = 0; k < s->point->n_channels; k++)
        stock[k] = s->toy->net->channels[s->point->first_channel + k].balance_notes;
    for (int32_t d = 0; d <= end; d++) {
        const bool visited = i < s->n && s->visit[i]->t == d;
        if (d == end && s->n == 0) break;
        demand(s, d, w, visited || d == end ? 1 : 0, stock, &s->sum[i], &failed);
        if (visited) {
            s->sum[i].failed += failed;
            failed = false;
            visit_machine(s, s->visit[i], stock, &s->sum[i]);
            demand(s, d, w, 2, stock, &s->sum[++i], &failed);
        }
        for (int32_t k = 0; k < s->point->n_channels && d < end; k++)
            s->sum[i].held +=
                (__int128)stock[k] * s->toy->net->channels[s->point->first_channel + k].value_minor;
    }
    s->sum[i].failed += failed;
    if (s->n > 0) end_of_plan(s, s->visit[s->n - 1], stock, &s->sum[i]);
}

static cp_minor md(__int128 sum, int64_t rate, int64_t per)
{
    return (cp_minor)((2 * sum * rate + per) / (2 * (__int128)per));
}

static cp_minor greater(cp_minor a, cp_minor b)
{
    return a > b ? a : b;
}

/* Cost of the point without the site's stops. */
static cp_minor slow_cost(slow *s)
{
    const int64_t W = s->paths.n_paths;
    const int64_t *a = random_amounts;
    cp_minor cost = 0;
    for (int32_t i = 0; i <= s->n; i++) {
        const sums *u = &s->sum[i];
        const cp_plan_visit *v = i > 0 ? s->visit[i - 1] : NULL;
        const bool last = i == s->n && v != NULL;
        const int64_t num = last ? s->plan->n_days - v->t : 1;
        const int64_t den = last ? v->until - v->t : 1;
        cost += md(u->held, a[0] * num, 365000000 * W * den) +
                md(u->lost, a[1] * num, 1000000 * W * den) + md(u->failed, a[2] * num, W * den);
        if (s->n > 0)
            cost += md(u->back_notes, a[3] * num, 1000 * W * den) +
                    greater(md(u->back_value, a[4] * num, 1000000 * W * den), md(a[5], num, den));
        if (v == NULL) continue;
        cp_minor value = 0;
        int64_t cassettes = 0;
        for (int32_t k = 0; k < v->n_loads; k++) {
            const cp_plan_load *load = &s->plan->loads[v->first_load + k];
            const cp_channel *c = &s->toy->net->channels[load->channel];
            const bool level = v->kind == CP_VISIT_ADD && !v->fixed_amount;
            value += greater(0, level ? load->level_notes : load->load_notes) * c->value_minor;
            cassettes += v->kind == CP_VISIT_SWAP ? c->n_cassettes : 0;
        }
        cost += md(value, a[4] * num, 1000000 * den) + md(a[6], num, den) +
                md(cassettes * a[8], num, den);
    }
    return cost;
}

static cp_minor slow_stops(const slow *s)
{
    cp_minor cost = 0;
    for (int32_t i = 0; i < s->n; i++) {
        const cp_plan_visit *v = s->visit[i];
        const bool last = i + 1 == s->n;
        cost +=
            md(random_amounts[7], last ? s->plan->n_days - v->t : 1, last ? v->until - v->t : 1);
    }
    return cost;
}

static cp_toy *random_toy(cp_ctx *ctx, int32_t before_ppm)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=37");
    toy_put(toy, "setting", "key=before_visit_ppm|value=%d", (int)before_ppm);
    for (int32_t i = 0; i < LEN(random_tariffs); i++)
        toy_tariff(toy, random_tariffs[i], random_amounts[i]);
    static const char *const roles[] = {"dispense", "dispense", "deposit", "recycle"};
    for (int32_t p = 0; p < 4; p++) {
        toy_put(toy, "site", "code=S%d|lat_deg=31.1|lon_deg=121.%d", (int)p, (int)p + 1);
        toy_put(toy, "point", "code=P%d|site_code=S%d|kind=atm|visit_kinds=swap_add", (int)p,
                (int)p);
        for (int32_t k = 0; k < 4; k++)
            if (((15 - p) >> k & 1) != 0)
                toy_put(toy, "cassette",
                        "point_code=P%d|slot=%d|cassette_model_code=M|denomination_code=%s|"
                        "role=%s|balance_notes=%d",
                        (int)p, (int)k + 1, k == 1 ? "CNY10" : "CNY100", roles[k], 700);
    }
    toy_build(toy, 10);
    toy_noisy_forecast(toy, 4000000, 24, NULL);
    return toy;
}

static cp_plan *random_plan(cp_toy *toy, cp_rng *rng)
{
    toy_visit visits[40];
    static const char *const codes[] = {"P0", "P1", "P2", "P3"};
    int32_t n = 0;
    for (int32_t p = 0; p < 4; p++)
        for (int32_t t = (int32_t)cp_rng_below(rng, 5); t < 10;
             t += 1 + (int32_t)cp_rng_below(rng, 6)) {
            toy_visit *v = &visits[n++];
            memset(v, 0, sizeof *v);
            v->point = codes[p];
            v->t = t;
            v->kind = (cp_visit_kind)cp_rng_below(rng, 3);
            v->fixed_amount = v->kind == CP_VISIT_ADD && cp_rng_below(rng, 2) == 0;
            v->until = 10 + (int32_t)cp_rng_below(rng, 8);
            for (int32_t k = 0; k < 4; k++)
                v->notes[k] = 100 * cp_rng_below(rng, 21);
        }
    return toy_plan(toy, visits, n);
}

static void random_plans_cost_what_a_slow_count_says(void **state)
{
    (void)state;
    static const int32_t before[] = {0, 400000};
    for (int32_t b = 0; b < LEN(before); b++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = random_toy(&ctx, before[b]);
        cp_rng rng = cp_rng_new(11, (uint64_t)b);
        cp_minor seen = 0;
        for (int32_t round = 0; round < 60; round++) {
            const cp_plan *plan = random_plan(toy, &rng);
            cp_minor want = 0;
            for (int32_t p = 0; p < toy->net->n_points; p++) {
                slow s = {.toy = toy, .plan = plan, .point = &toy->net->points[p]};
                for (int32_t i = 0; i < plan->n_visits; i++)
                    if (plan->visits[i].point == p) s.visit[s.n++] = &plan->visits[i];
                assert_ok(&ctx, cp_point_paths_make(&ctx, ctx.run, toy->net, toy->forecast,
                                                    toy->shares, p, 37, toy->seed, &s.paths));
                for (int32_t w = 0; w < 37; w++)
                    follow_path(&s, w);
                want += slow_cost(&s) + slow_stops(&s);
            }
            cp_cost cost;
            assert_ok(&ctx, cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                         plan, &cost, NULL));
            assert_int_equal(cost.total_minor, want);
            seen += cost.item[CP_COST_CASH_OUT];
        }
        assert_true(seen > 0); /* the plans are short of cash now and then */
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_plans_cost_what_a_slow_count_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
