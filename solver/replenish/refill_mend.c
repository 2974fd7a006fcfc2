/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_mend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_TIMES 8  /* what relief counts in the first round, times its price */
#define TIMES_MORE 4   /* ... and in each after it, of rows still broken */
#define MOVES_A_ROW 40 /* of those that free a wanted row, and of those that fill it */
#define OTHER_MOVES 80 /* of the rest */
#define MOST_MOVES 320
#define BEAM 150    /* exchanges kept at each depth */
#define DEPTH 8     /* sites in one exchange */
#define IDLE 0.2    /* of the worst idle row: idle enough to be looked at */
#define GAIN 2e-6   /* of the total: a round that gains less is the last one */
#define FORCED 1e12 /* minor units: what is never paid for a visit */
#define MOST_PRICE (INT64_MAX / 1000000000)

/* A site takes another plan. */
typedef struct move {
    int32_t site, plan;
    double loss;      /* cost at the prices of the limits, beside its own plan */
    cp_minor cost;    /* ... and without them */
    int32_t first, n; /* what it changes: in mend.change */
} move;

typedef struct use_change {
    int32_t row;
    int64_t amount;
} use_change;

/* Moves made together: those of `parent` and one more. */
typedef struct exchange {
    cp_minor cost; /* beside the plan at hand, rows and all */
    uint64_t key;  /* of the set of its moves, whatever their order */
    int32_t parent, move;
} exchange;

typedef struct mend {
    cp_ctx *ctx;
    cp_refill_state *s;
    const cp_zone *z;
    const cp_mend_opts *opts;
    cp_zone raised;   /* the zone, but for its rows */
    cp_zone_row *row; /* ... copies of which relief counts more */
    bool *wanted;     /* by row: broken, or dear and partly idle */
    int64_t *use;     /* by row: of the plan at hand, then of an exchange */
    cp_minor *paid;   /* by row: cost of that use */
    int64_t *delta;   /* by row, of one move */
    cp_site_plan *plan;
    move *weighed; /* by plan; site -1: not yet, or no longer */
    int32_t n_plans, cap_plans;
    bool *turned; /* zone point * n_days + t: there is a plan for it */
    move *list, *chosen;
    int32_t n_list, n_chosen;
    int32_t *n_free, *n_fill; /* by row: chosen moves that take from it, that add to it */
    use_change *change;
    int32_t n_changes;
    exchange *tree; /* all levels one after the other; 0 = nothing moved */
    int32_t n_tree;
    double *visit_price, *division; /* of one site */
    cp_site_plan own;
    int64_t done;
} mend;

/* ---- rows --------------------------------------------------------------------------------------
 */

static int64_t over_of(const cp_zone_row *row, int64_t use)
{
    const int64_t most = row->cap + row->extra_cap + row->second_cap;
    return use > most ? use - most : 0;
}

cp_minor cp_refill_relief(const cp_refill_state *s)
{
    cp_minor sum = 0;
    for (int32_t r = 0; r < s->z->n_rows; r++)
        sum += over_of(&s->z->row[r], s->use[r]) * s->z->row[r].relief_minor;
    return sum;
}

static bool is_broken(const mend *w, int32_t r)
{
    return over_of(&w->row[r], w->use[r]) > 0;
}

static void read_use(mend *w)
{
    memcpy(w->use, w->s->use, (size_t)w->z->n_rows * sizeof *w->use);
}

/* Relief of broken rows counts `times` more than before. */
static bool raise_broken(mend *w, int64_t times)
{
    bool any = false;
    for (int32_t r = 0; r < w->z->n_rows; r++) {
        if (!is_broken(w, r)) continue;
        any = true;
        if (w->row[r].relief_minor < MOST_PRICE / times) w->row[r].relief_minor *= times;
    }
    return any;
}

/* What is left of a limit, at its price. */
static double idle_worth(const mend *w, int32_t r)
{
    const double left = cp_zone_row_hull(&w->row[r]).cap - (double)w->use[r];
    return left > 0.0 ? w->opts->row_price[r] * left : 0.0;
}

/* Broken rows; if there are none, those whose idle part is worth most. */
static void want_rows(mend *w, bool broken)
{
    double most = 1.0;
    for (int32_t r = 0; r < w->z->n_rows; r++)
        most = fmax(most, idle_worth(w, r));
    for (int32_t r = 0; r < w->z->n_rows; r++)
        w->wanted[r] = broken ? is_broken(w, r) : idle_worth(w, r) >= IDLE * most;
}

/* ---- plans to move to ---------------------------------------------------------------------------
 */

typedef struct adder {
    int64_t *to;
    int64_t sign;
} adder;

static void add_use(void *user, int32_t row, int64_t amount)
{
    const adder *a = user;
    a->to[row] += a->sign * amount;
}

/* What the plan changes beside the site's own stands in w->delta then. */
static move weigh(mend *w, int32_t at)
{
    const cp_site_plan *plan = &w->plan[at];
    move m = {.site = plan->site, .plan = at};
    memset(w->delta, 0, (size_t)w->z->n_rows * sizeof *w->delta);
    cp_refill_site_plan(w->s, plan->site, &w->own);
    adder a = {w->delta, -1};
    cp_site_plan_uses(w->z, &w->own, add_use, &a);
    a.sign = 1;
    cp_site_plan_uses(w->z, plan, add_use, &a);
    m.cost = plan->cost - w->own.cost;
    m.loss = (double)m.cost;
    for (int32_t r = 0; r < w->z->n_rows; r++)
        m.loss += w->opts->row_price[r] * (double)w->delta[r];
    return m;
}

static cp_status reserve_plan(mend *w)
{
    cp_site_plan *plan = NULL;
    move *weighed = NULL, *list = NULL;
    if (w->n_plans < w->cap_plans) return CP_OK;
    const int32_t cap = 2 * w->cap_plans + 4 * w->z->n_points + 64;
    CP_NEW(w->ctx, w->ctx->scratch, plan, cap);
    CP_NEW(w->ctx, w->ctx->scratch, weighed, cap);
    CP_NEW(w->ctx, w->ctx->scratch, list, cap);
    if (w->n_plans > 0) {
        memcpy(plan, w->plan, (size_t)w->n_plans * sizeof *plan);
        memcpy(weighed, w->weighed, (size_t)w->n_plans * sizeof *weighed);
    }
    w->plan = plan;
    w->weighed = weighed;
    w->list = list;
    w->cap_plans = cap;
    return CP_OK;
}

static cp_status add_plan(mend *w, const cp_site_plan *plan)
{
    CP_TRY(reserve_plan(w));
    w->weighed[w->n_plans].site = -1;
    w->plan[w->n_plans++] = *plan;
    return CP_OK;
}

static bool has_day(const cp_step *steps, int32_t n, int32_t t)
{
    for (int32_t i = 0; i < n; i++)
        if (steps[i].t == t) return true;
    return false;
}

/* The site's best plan in which its k-th machine is visited on t, if it is not now, or in which
 * none of its machines is. Kept only if there is such a plan. */
static cp_status turn(mend *w, int32_t site, int32_t k, int32_t t)
{
    const cp_zone *z = w->z;
    const int32_t first = z->first_point[site], n = z->first_point[site + 1] - first;
    const cp_step *steps = w->s->steps + (size_t)(first + k) * (size_t)z->n_days;
    const bool there = has_day(steps, w->s->n_steps[first + k], t);
    const cp_arena_mark mark = cp_arena_here(w->ctx->run);
    double reduced = 0.0, bound = 0.0;
    cp_site_plan plan = {0};
    for (int32_t i = 0; i < n * z->n_days; i++) {
        w->division[i] = 1.0 / n;
        w->visit_price[i] = there && i % z->n_days == t ? FORCED : 0.0;
    }
    if (!there) w->visit_price[k * z->n_days + t] = -FORCED;
    const cp_site_effort plain = {1, 0};
    const cp_site_ask ask = {.zone = z,
                             .site = site,
                             .row_price = w->opts->row_price,
                             .effort = &plain,
                             .n_efforts = 1,
                             .visit_price = w->visit_price};
    CP_TRY(cp_site_price(w->ctx, &ask, w->division, &plan, &reduced, &bound));
    w->done++;
    w->turned[(size_t)(first + k) * (size_t)z->n_days + (size_t)t] = true;
    const bool now = has_day(plan.steps + plan.first[k], plan.first[k + 1] - plan.first[k], t);
    if (now != there) return add_plan(w, &plan);
    cp_arena_rewind(w->ctx->run, mark);
    return CP_OK;
}

static cp_status turn_sites(mend *w, int32_t t)
{
    const cp_zone *z = w->z;
    for (int32_t i = 0; i < z->n_sites; i++)
        for (int32_t p = z->first_point[i]; p < z->first_point[i + 1]; p++)
            if (!w->turned[(size_t)p * (size_t)z->n_days + (size_t)t])
                CP_TRY(turn(w, i, p - z->first_point[i], t));
    return CP_OK;
}

/* Do visits on day t use the row? */
static bool uses_on(const mend *w, const cp_zone_row *row, int32_t t)
{
    if (row->kind == CP_LIMIT_POOL) return t <= row->t && row->t < t + w->z->lead_days;
    return row->kind == CP_LIMIT_VAULT_STOCK ? t <= row->t : t == row->t;
}

/* On the days on which visits use wanted rows. */
static cp_status turn_days(mend *w)
{
    for (int32_t t = 0; t < w->z->n_days; t++) {
        bool wanted = false;
        for (int32_t r = 0; r < w->z->n_rows && !wanted; r++)
            wanted = w->wanted[r] && uses_on(w, &w->row[r], t);
        if (wanted) CP_TRY(turn_sites(w, t));
    }
    return CP_OK;
}

static bool uses_broken(const mend *w)
{
    for (int32_t r = 0; r < w->z->n_rows; r++)
        if (w->delta[r] != 0 && is_broken(w, r)) return true;
    return false;
}

/* The machine's best plan against what the others leave of the limits, broken ones at their raised
 * price, as a plan of its site. */
static cp_status spare(mend *w, int32_t site, int32_t p)
{
    const cp_zone *z = w->z;
    const int32_t n = z->first_point[site + 1] - z->first_point[site];
    const int32_t first = w->own.first[p - z->first_point[site]];
    const int32_t n_own = w->own.first[p - z->first_point[site] + 1] - first;
    cp_site_plan plan = {.site = site};
    CP_NEW(w->ctx, w->ctx->run, plan.first, n + 1);
    CP_NEW(w->ctx, w->ctx->run, plan.steps, n * z->n_days);
    cp_refill_take_out(w->s, p);
    CP_TRY(cp_refill_replan(w->ctx, w->s, p));
    w->done++;
    cp_refill_site_plan(w->s, site, &plan);
    cp_refill_take_out(w->s, p);
    cp_refill_put_in(w->s, p, w->own.steps + first, n_own);
    return add_plan(w, &plan);
}

static cp_status spare_sites(mend *w)
{
    const cp_zone *z = w->z;
    for (int32_t i = 0; i < z->n_sites; i++) {
        adder a = {w->delta, 1};
        memset(w->delta, 0, (size_t)z->n_rows * sizeof *w->delta);
        cp_refill_site_plan(w->s, i, &w->own);
        cp_site_plan_uses(z, &w->own, add_use, &a);
        if (!uses_broken(w)) continue;
        for (int32_t p = z->first_point[i]; p < z->first_point[i + 1]; p++)
            CP_TRY(spare(w, i, p));
    }
    return CP_OK;
}

/* ---- which moves -------------------------------------------------------------------------------
 */

static int by_loss(const void *a, const void *b)
{
    const move *x = a, *y = b;
    if (x->loss != y->loss) return x->loss < y->loss ? -1 : 1;
    if (x->site != y->site) return x->site < y->site ? -1 : 1;
    return x->plan < y->plan ? -1 : x->plan > y->plan;
}

/* All moves that change anything, those that lose least first. */
static void list_moves(mend *w)
{
    w->n_list = 0;
    for (int32_t i = 0; i < w->n_plans; i++) {
        if (w->weighed[i].site < 0) {
            bool any = false;
            w->weighed[i] = weigh(w, i);
            for (int32_t r = 0; r < w->z->n_rows && !any; r++)
                any = w->delta[r] != 0;
            w->weighed[i].n = any || w->weighed[i].cost != 0;
        }
        if (w->weighed[i].n > 0) w->list[w->n_list++] = w->weighed[i];
    }
    qsort(w->list, (size_t)w->n_list, sizeof *w->list, by_loss);
}

/* Keep a move with its changes, which stand in w->delta. */
static void choose(mend *w, const move *m)
{
    move *to = &w->chosen[w->n_chosen++];
    *to = *m;
    to->first = w->n_changes;
    for (int32_t r = 0; r < w->z->n_rows; r++)
        if (w->delta[r] != 0) w->change[w->n_changes++] = (use_change){r, w->delta[r]};
    to->n = w->n_changes - to->first;
}

/* Is there room for a move, whose changes stand in w->delta, among those like it? */
static bool has_room(mend *w, int32_t *n_other)
{
    bool touches = false, room = false;
    for (int32_t r = 0; r < w->z->n_rows; r++) {
        if (!w->wanted[r] || w->delta[r] == 0) continue;
        int32_t *n = w->delta[r] < 0 ? &w->n_free[r] : &w->n_fill[r];
        touches = true;
        room = room || *n < MOVES_A_ROW;
        (*n)++;
    }
    return touches ? room : (*n_other)++ < OTHER_MOVES;
}

static void choose_moves(mend *w)
{
    int32_t n_other = 0;
    memset(w->n_free, 0, (size_t)w->z->n_rows * sizeof *w->n_free);
    memset(w->n_fill, 0, (size_t)w->z->n_rows * sizeof *w->n_fill);
    list_moves(w);
    w->n_chosen = w->n_changes = 0;
    for (int32_t i = 0; i < w->n_list && w->n_chosen < MOST_MOVES; i++) {
        (void)weigh(w, w->list[i].plan);
        if (has_room(w, &n_other)) choose(w, &w->list[i]);
    }
}

/* ---- putting them together
 * ----------------------------------------------------------------------- */

static uint64_t key_of(int32_t m)
{
    uint64_t x = (uint64_t)(m + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static bool is_better(const exchange *a, const exchange *b)
{
    return a->cost != b->cost ? a->cost < b->cost : a->key < b->key;
}

static bool moves_site(const mend *w, int32_t at, int32_t site)
{
    for (; at > 0; at = w->tree[at].parent)
        if (w->chosen[w->tree[at].move].site == site) return true;
    return false;
}

/* The uses of the plan at hand with an exchange made. */
static void load(mend *w, int32_t at)
{
    read_use(w);
    for (; at > 0; at = w->tree[at].parent) {
        const move *m = &w->chosen[w->tree[at].move];
        for (int32_t i = m->first; i < m->first + m->n; i++)
            w->use[w->change[i].row] += w->change[i].amount;
    }
    for (int32_t r = 0; r < w->z->n_rows; r++)
        w->paid[r] = cp_zone_row_cost(&w->row[r], w->use[r]);
}

static cp_minor cost_of(const mend *w, const move *m)
{
    cp_minor cost = m->cost;
    for (int32_t i = m->first; i < m->first + m->n; i++) {
        const use_change *c = &w->change[i];
        cost += cp_zone_row_cost(&w->row[c->row], w->use[c->row] + c->amount) - w->paid[c->row];
    }
    return cost;
}

/* Into the sorted level that begins at `first`, which keeps the best; each set of moves once. */
static void offer(mend *w, int32_t first, const exchange *e)
{
    const int32_t end = first + BEAM;
    if (w->n_tree == end && !is_better(e, &w->tree[end - 1])) return;
    int32_t at = w->n_tree;
    while (at > first && is_better(e, &w->tree[at - 1]))
        at--;
    if (at > first && w->tree[at - 1].key == e->key && w->tree[at - 1].cost == e->cost) return;
    if (w->n_tree < end) w->n_tree++;
    memmove(w->tree + at + 1, w->tree + at, (size_t)(w->n_tree - 1 - at) * sizeof *w->tree);
    w->tree[at] = *e;
}

static void extend(mend *w, int32_t at, int32_t first)
{
    load(w, at);
    for (int32_t i = 0; i < w->n_chosen; i++) {
        const move *m = &w->chosen[i];
        if (moves_site(w, at, m->site)) continue;
        const exchange e = {w->tree[at].cost + cost_of(w, m), w->tree[at].key ^ key_of(i), at, i};
        offer(w, first, &e);
    }
}

/* The best exchange; 0 = none is better than nothing. */
static int32_t search(mend *w)
{
    int32_t from = 0, best = 0;
    w->tree[0] = (exchange){0, 0, -1, -1};
    w->n_tree = 1;
    for (int32_t depth = 0; depth < DEPTH; depth++) {
        const int32_t first = w->n_tree;
        for (int32_t at = from; at < first; at++)
            extend(w, at, first);
        if (w->n_tree == first) break;
        if (w->tree[first].cost < w->tree[best].cost) best = first;
        from = first;
    }
    read_use(w);
    return best;
}

/* The site has another plan: what was known of its moves holds no longer. */
static void forget(mend *w, int32_t site)
{
    const size_t days = (size_t)w->z->n_days;
    const int32_t first = w->z->first_point[site], end = w->z->first_point[site + 1];
    memset(w->turned + (size_t)first * days, 0, (size_t)(end - first) * days);
    for (int32_t i = 0; i < w->n_plans; i++)
        if (w->plan[i].site == site) w->weighed[i].site = -1;
}

static void make(mend *w, int32_t at)
{
    const cp_zone *z = w->z;
    for (; at > 0; at = w->tree[at].parent) {
        const cp_site_plan *plan = &w->plan[w->chosen[w->tree[at].move].plan];
        const int32_t first = z->first_point[plan->site];
        const int32_t n = z->first_point[plan->site + 1] - first;
        for (int32_t k = 0; k < n; k++)
            cp_refill_take_out(w->s, first + k);
        for (int32_t k = 0; k < n; k++)
            cp_refill_put_in(w->s, first + k, plan->steps + plan->first[k],
                             plan->first[k + 1] - plan->first[k]);
        forget(w, plan->site);
    }
    read_use(w);
}

/* ---- all ---------------------------------------------------------------------------------------
 */

static cp_status new_site(mend *w)
{
    const cp_zone *z = w->z;
    int32_t most = 1;
    for (int32_t i = 0; i < z->n_sites; i++)
        if (z->first_point[i + 1] - z->first_point[i] > most)
            most = z->first_point[i + 1] - z->first_point[i];
    CP_NEW(w->ctx, w->ctx->scratch, w->visit_price, most * z->n_days);
    CP_NEW(w->ctx, w->ctx->scratch, w->division, most * z->n_days);
    CP_NEW(w->ctx, w->ctx->scratch, w->own.first, most + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->own.steps, most * z->n_days + 1);
    return CP_OK;
}

static cp_status new_mend(mend *w)
{
    const cp_zone *z = w->z;
    const size_t n = (size_t)z->n_rows + 1;
    CP_NEW(w->ctx, w->ctx->scratch, w->row, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->wanted, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->use, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->paid, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->delta, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->n_free, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->n_fill, n);
    CP_NEW(w->ctx, w->ctx->scratch, w->turned, (size_t)z->n_points * (size_t)z->n_days);
    CP_NEW(w->ctx, w->ctx->scratch, w->chosen, MOST_MOVES);
    CP_NEW(w->ctx, w->ctx->scratch, w->change, MOST_MOVES * n);
    CP_NEW(w->ctx, w->ctx->scratch, w->tree, 1 + (DEPTH + 1) * BEAM);
    CP_TRY(new_site(w));
    memcpy(w->row, z->row, (size_t)z->n_rows * sizeof *w->row);
    for (int32_t c = 0; w->opts->master && c < w->opts->master->n_columns; c++)
        CP_TRY(add_plan(w, &w->opts->master->column[c]));
    return CP_OK;
}

static cp_status run(mend *w)
{
    bool broken = true;
    read_use(w);
    for (int32_t round = 0; round < w->opts->rounds; round++) {
        if (broken) broken = raise_broken(w, round == 0 ? FIRST_TIMES : TIMES_MORE);
        cp_refill_recount(w->s);
        if (broken ? cp_user_stopped(w->ctx) : cp_should_stop(w->ctx)) break;
        want_rows(w, broken);
        CP_TRY(turn_days(w));
        if (broken) CP_TRY(spare_sites(w));
        choose_moves(w);
        const int32_t best = search(w);
        const double gain = -(double)w->tree[best].cost;
        make(w, best);
        if (!broken && gain < GAIN * (double)w->s->total) break;
    }
    return CP_OK;
}

cp_status cp_refill_mend(cp_ctx *ctx, cp_refill_state *s, const cp_mend_opts *opts, int64_t *done)
{
    const cp_arena_mark scratch = cp_arena_here(ctx->scratch), mark = cp_arena_here(ctx->run);
    mend w = {.ctx = ctx, .s = s, .z = s->z, .opts = opts};
    if (s->z->n_points == 0 || s->z->n_rows == 0) return CP_OK;
    CP_TRY(new_mend(&w));
    w.raised = *w.z;
    w.raised.row = w.row;
    s->z = &w.raised;
    const cp_status st = run(&w);
    s->z = w.z;
    cp_refill_recount(s);
    CP_TRY(st);
    *done += w.done;
    cp_arena_rewind(ctx->scratch, scratch);
    cp_arena_rewind(ctx->run, mark);
    return CP_OK;
}
