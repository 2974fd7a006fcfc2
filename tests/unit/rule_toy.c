/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/rule_toy.h"

#include <math.h>
#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"

#define MOST_LOADS 64

cp_toy *rule_toy_make(cp_ctx *ctx, const rule_bank *bank)
{
    cp_toy *toy = toy_new(ctx);
    static const struct {
        const char *item;
        int64_t amount;
    } tariffs[] = {{"hold_ppm_year", 900000},    {"stop_machine_minor", 2500},
                   {"pack_cassette_minor", 300}, {"sort_1000_minor", 9000},
                   {"cash_out_ppm", 20000},      {"emergency_minor", 30000},
                   {"stop_value_ppm", 20},       {"stop_value_min_minor", 700}};
    for (int32_t i = 0; i < LEN(tariffs); i++)
        toy_tariff(toy, tariffs[i].item, tariffs[i].amount);
    toy_put(toy, "setting", "key=n_paths|value=8");
    toy_put(toy, "setting", "key=longest_interval_days|value=3");
    for (int32_t i = 0; i < 3 && bank->setting[i]; i++)
        toy_put(toy, "setting", "%s", bank->setting[i]);
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|%s", bank->point);
    for (int32_t i = 0; i < 3 && bank->cassette[i]; i++)
        toy_put(toy, "cassette", "point_code=A|slot=%d|%s%s", (int)i + 1,
                strstr(bank->point, "branch") ? "" : "cassette_model_code=M|", bank->cassette[i]);
    for (int32_t i = 0; i < 4 && bank->row[i]; i++) {
        char entity[32];
        const size_t n = strcspn(bank->row[i], ":");
        assert_true(n < sizeof entity);
        memcpy(entity, bank->row[i], n);
        entity[n] = '\0';
        toy_put(toy, entity, "%s", bank->row[i] + n + 1);
    }
    toy_build(toy, RULE_DAYS);
    cp_history *history = NULL;
    toy_noisy_forecast(toy, bank->level, RULE_DAYS + 3 + 1, &history);
    assert_ok(ctx, cp_shares_make(ctx, toy->net, history, &toy->shares));
    return toy;
}

cp_minor rule_toy_cost(cp_toy *toy, cp_plan *plan)
{
    cp_cost cost;
    assert_ok(toy->ctx,
              cp_plan_fill_limits(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
    assert_ok(toy->ctx, cp_plan_cost(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                     plan, &cost, NULL));
    return cost.refill_minor;
}

static const cp_violation *first_violation(cp_toy *toy, const cp_plan *plan)
{
    cp_verdict *verdict = NULL;
    assert_ok(toy->ctx, cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                      plan, &verdict));
    return verdict->accepted ? NULL : &verdict->violations[0];
}

void rule_toy_judge(cp_toy *toy, cp_plan *plan)
{
    toy->net->rows.vault[0].sort_notes_per_day = 1; /* so that every note above is declared */
    (void)rule_toy_cost(toy, plan);
    toy_routes(toy, plan);
    const cp_violation *wrong = first_violation(toy, plan);
    if (wrong) fail_msg("refused (%s): %s", wrong->rule, wrong->text);
    for (int32_t i = 0; i < plan->n_limits; i++) {
        cp_plan_limit *limit = &plan->limits[i];
        if (limit->relief == 0) continue;
        limit->relief--;
        if (limit->kind == CP_LIMIT_SERVICE_LEVEL && limit->t >= 0)
            for (int32_t v = 0; v < plan->n_visits; v++)
                plan->visits[v].relief = plan->visits[v].relief && plan->visits[v].t != limit->t;
        if (first_violation(toy, plan) == NULL)
            fail_msg("%s of day %d is accepted with one less declared",
                     cp_limit_kind_name(limit->kind), (int)limit->t);
        limit->relief++;
        if (limit->kind == CP_LIMIT_SERVICE_LEVEL && limit->t >= 0) (void)rule_toy_cost(toy, plan);
    }
    toy->net->rows.vault[0].sort_notes_per_day = 0;
}

/* ---- every plan --------------------------------------------------------------------------- */

typedef struct load_list {
    int64_t load[MOST_LOADS][4];
    int32_t n;
} load_list;

typedef struct trial {
    cp_toy *toy;
    toy_visit visits[RULE_DAYS];
    int32_t n, n_tried;
    cp_minor best;
    load_list levels[CP_MIXES_MAX]; /* of stock, by mix */
    load_list amounts;              /* to add */
} trial;

/* Every load by channel in whole steps: of stock, or of what a branch is brought or gives. */
static void list_loads(const cp_network *net, int32_t mix, bool amounts, load_list *list)
{
    const cp_point *p = &net->points[0];
    int64_t(*out)[4] = list->load;
    int32_t n = 1;
    memset(out[0], 0, sizeof out[0]);
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &cp_mix_channels(net, 0, mix)[k];
        if (c->role == CP_ROLE_DEPOSIT) continue;
        const int64_t most = c->load_most_notes / c->step_notes;
        const bool gives = amounts && p->kind == CP_POINT_BRANCH;
        const int64_t least = gives     ? -most
                              : amounts ? 0
                                        : (c->min_load_notes + c->step_notes - 1) / c->step_notes;
        const int32_t before = n;
        for (int64_t load = least + 1; load <= most; load++)
            for (int32_t i = 0; i < before; i++) {
                assert_true(n < MOST_LOADS);
                memcpy(out[n], out[i], sizeof out[n]);
                out[n++][k] = load * c->step_notes;
            }
        for (int32_t i = 0; i < before; i++)
            out[i][k] = least * c->step_notes;
    }
    list->n = n;
}

/* No more inside after a visit than is insured; amounts: on what may be there at the most. */
static bool insured(const trial *x, const toy_visit *v)
{
    const cp_network *net = x->toy->net;
    const cp_point *p = &net->points[0];
    cp_minor value = 0;
    for (int32_t k = 0; k < p->n_channels; k++)
        value += v->notes[k] * net->channels[p->first_channel + k].value_minor;
    return p->insured_minor == 0 || v->kind == CP_VISIT_PICKUP || value <= p->insured_minor;
}

static void try_plan(trial *x)
{
    cp_ctx *ctx = x->toy->ctx;
    const cp_arena_mark run = cp_arena_here(ctx->run), scratch = cp_arena_here(ctx->scratch);
    cp_plan *plan = toy_plan(x->toy, x->visits, x->n);
    const cp_minor cost = rule_toy_cost(x->toy, plan);
    x->n_tried++;
    if (cost < x->best) x->best = cost;
    cp_arena_rewind(ctx->run, run);
    cp_arena_rewind(ctx->scratch, scratch);
}

static int32_t longest(const trial *x)
{
    const cp_point *p = &x->toy->net->points[0];
    const int32_t most = x->toy->net->settings.longest_interval_days;
    return p->max_interval_days > 0 && p->max_interval_days < most ? p->max_interval_days : most;
}

static void go_on(trial *x, int32_t t);

/* The visit stands: it is the last one, or others follow. */
static void after_visit(trial *x, int32_t t)
{
    toy_visit *v = &x->visits[x->n - 1];
    for (int32_t until = RULE_DAYS; until <= t + longest(x); until++) {
        v->until = until;
        try_plan(x);
    }
    go_on(x, t);
}

static const char *const with_mix[CP_MIXES_MAX] = {"A",   "A#b", "A#c", "A#d", "A#e", "A#f",
                                                   "A#g", "A#h", "A#i", "A#j", "A#k", "A#l",
                                                   "A#m", "A#n", "A#o", "A#p"};

static int32_t mix_of(const char *who)
{
    return who[1] == '#' ? who[2] - 'a' : 0;
}

static void visit_on(trial *x, int32_t t, const char *who, cp_visit_kind kind)
{
    toy_visit *v = &x->visits[x->n++];
    *v = (toy_visit){.point = who, .t = t, .kind = kind};
    v->fixed_amount = kind == CP_VISIT_ADD && x->n == 1;
    const load_list *list = v->fixed_amount ? &x->amounts : &x->levels[mix_of(who)];
    for (int32_t i = 0; i < list->n; i++) {
        memcpy(v->notes, list->load[i], sizeof v->notes);
        if (insured(x, v)) after_visit(x, t);
        if (kind == CP_VISIT_PICKUP) break;
    }
    x->n--;
}

/* A visit that exchanges some of the cash channels: every set of them, every load. */
static void partial_on(trial *x, int32_t t)
{
    const cp_network *net = x->toy->net;
    const int32_t n = net->points[0].n_channels;
    toy_visit *v = &x->visits[x->n++];
    for (int32_t set = 1; set < (1 << n); set++) {
        int32_t n_cash = 0, n_kept = 0, n_bins = 0;
        for (int32_t k = 0; k < n; k++) {
            const bool bin = net->channels[k].role == CP_ROLE_DEPOSIT;
            n_bins += bin && (set >> k & 1) == 0;
            n_cash += !bin;
            n_kept += !bin && (set >> k & 1) == 0;
        }
        if (n_kept == 0 || n_kept == n_cash || n_bins > 0) continue;
        for (int32_t i = 0; i < x->levels[0].n; i++) {
            bool first = true; /* of those that differ in kept channels alone */
            *v = (toy_visit){.point = "A", .t = t, .kind = CP_VISIT_PARTIAL_SWAP};
            memcpy(v->notes, x->levels[0].load[i], sizeof v->notes);
            for (int32_t k = 0; k < n; k++) {
                if (set >> k & 1) continue;
                first = first && v->notes[k] == x->levels[0].load[0][k];
                v->notes[k] = -1;
            }
            if (first) after_visit(x, t);
        }
    }
    x->n--;
}

static bool deposits_only(const cp_network *net)
{
    for (int32_t k = 0; k < net->n_channels; k++)
        if (net->channels[k].role != CP_ROLE_DEPOSIT) return false;
    return true;
}

/* At most one partial swap comes between visits that leave nothing of before, or before the first.
 */
static bool may_part(const trial *x)
{
    const toy_visit *v = x->n > 0 ? &x->visits[x->n - 1] : NULL;
    return v == NULL ||
           (v->kind != CP_VISIT_PARTIAL_SWAP && v->kind != CP_VISIT_PICKUP && !v->fixed_amount);
}

/* Every next visit after day t (-1: the opening). */
static void go_on(trial *x, int32_t t)
{
    const cp_network *net = x->toy->net;
    const cp_point *p = &net->points[0];
    const int32_t due = t >= 0                     ? t + longest(x)
                        : p->max_interval_days > 0 ? p->max_interval_days - p->days_since_visit
                                                   : RULE_DAYS;
    for (int32_t s = t + 1; s < RULE_DAYS && s <= due; s++) {
        if (!cp_point_serviceable(net, 0, net->first_day + s)) continue;
        const cp_visit_kind add = deposits_only(net) ? CP_VISIT_PICKUP : CP_VISIT_ADD;
        for (int32_t m = 0; (p->visit_kinds & CP_MAY_SWAP) && m < cp_mix_count(net, 0); m++)
            visit_on(x, s, with_mix[m], CP_VISIT_SWAP);
        if (p->visit_kinds & CP_MAY_ADD) visit_on(x, s, "A", add);
        if (p->serviced_by == CP_BY_EITHER) visit_on(x, s, "A*", add);
        if ((p->visit_kinds & CP_MAY_PARTIAL_SWAP) && may_part(x)) partial_on(x, s);
    }
}

cp_minor rule_toy_best(cp_toy *toy, int32_t *n_tried)
{
    const cp_point *p = &toy->net->points[0];
    trial x;
    memset(&x, 0, sizeof x);
    x.toy = toy;
    x.best = INT64_MAX;
    for (int32_t m = 0; m < cp_mix_count(toy->net, 0); m++)
        list_loads(toy->net, m, false, &x.levels[m]);
    list_loads(toy->net, 0, true, &x.amounts);
    if (p->max_interval_days == 0 || p->max_interval_days - p->days_since_visit >= RULE_DAYS)
        try_plan(&x);
    go_on(&x, -1);
    if (n_tried) *n_tried = x.n_tried;
    return x.best;
}

/* ---- the search --------------------------------------------------------------------------- */

static cp_plan *assemble(cp_toy *toy, const cp_arcs *a, const cp_step *steps, int32_t n)
{
    toy_visit visits[RULE_DAYS];
    memset(visits, 0, sizeof visits);
    for (int32_t i = 0; i < n; i++) {
        const cp_level *level = cp_step_level(a, &steps[i]);
        visits[i].point = a->mode[steps[i].mode].by_branch ? "A*" : with_mix[level->mix];
        visits[i].t = steps[i].t;
        visits[i].kind = a->mode[steps[i].mode].kind;
        visits[i].fixed_amount = cp_step_is_first(a, &steps[i]) && visits[i].kind == CP_VISIT_ADD;
        visits[i].until = cp_step_until(a, &steps[i]);
        memcpy(visits[i].notes, level->notes, (size_t)a->n_channels * sizeof *level->notes);
        for (int32_t k = 0; visits[i].kind == CP_VISIT_PARTIAL_SWAP && k < a->n_channels; k++)
            if (!(a->mode[steps[i].mode].swapped >> k & 1)) visits[i].notes[k] = -1;
    }
    return toy_plan(toy, visits, n);
}

cp_minor rule_toy_search(cp_toy *toy, cp_plan **plan)
{
    const cp_arc_input in = {toy->net, toy->forecast, toy->shares, toy->seed, NULL};
    double node[CP_MAX_ALL_MODES * RULE_DAYS] = {0}, stop[RULE_DAYS] = {0}, cost = 0;
    const cp_point_prices prices = {node, stop, NULL, NULL, NULL, NULL};
    cp_step steps[RULE_DAYS];
    int32_t n = 0;
    cp_arcs *a = NULL;
    a = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *a);
    assert_non_null(a);
    const cp_network *net = toy->net;
    const int32_t vault = net->sites[0].vault;
    for (int32_t t = 0; t < RULE_DAYS; t++)
        stop[t] = (double)cp_tariff_get(net, CP_TARIFF_STOP_SITE_MINOR, net->first_day + t, vault,
                                        -1, 0, -1);
    assert_ok(toy->ctx, cp_arcs_build(toy->ctx, &in, 0, a));
    assert_ok(toy->ctx, cp_point_price(toy->ctx, a, &prices, &cost, steps, &n));
    assert_true(isfinite(cost));
    cp_minor exact = cp_steps_cost(a, steps, n);
    for (int32_t i = 0; i < n; i++) {
        int64_t num = 0, den = 1;
        cp_step_share(a, &steps[i], &num, &den);
        exact += cp_mul_div((int64_t)stop[steps[i].t], num, den);
    }
    assert_true(fabs((double)exact - cost) <= 0.5); /* a stop charged in part is rounded */
    *plan = assemble(toy, a, steps, n);
    return exact;
}
