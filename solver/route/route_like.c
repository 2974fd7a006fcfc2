/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_like.h"

#include <string.h>

#define POINT_PPM (CP_LIKENESS_ONE / 100)

cp_status cp_like_begin(cp_ctx *ctx, const cp_route_day *day, const cp_route_like *like,
                        cp_like_rounds *out)
{
    *out = (cp_like_rounds){.day = day, .like = like};
    CP_NEW(ctx, ctx->scratch, out->each_ppm, like->n_window + 1);
    CP_NEW(ctx, ctx->scratch, out->share, like->n_window + 1);
    return CP_OK;
}

cp_status cp_like_measure(cp_ctx *ctx, cp_like_rounds *rounds, cp_route_result *r)
{
    const cp_route_like *like = rounds->like;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_drives own = {r->routes, r->n_routes, r->stops};
    cp_drive_day day;
    memset(&r->likeness, 0, sizeof r->likeness);
    r->likeness.t = rounds->day->t;
    r->likeness.vault = rounds->day->vault;
    memset(rounds->each_ppm, 0, (size_t)like->n_window * sizeof *rounds->each_ppm);
    CP_TRY(cp_drive_day_make(ctx, ctx->scratch, &own, rounds->day->vault, rounds->day->t, &day));
    if (day.n > 0 && like->n_window > 0)
        CP_TRY(cp_likeness_window(ctx, like->rule, &day, like->window, like->n_window, &r->likeness,
                                  rounds->each_ppm));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static int32_t above_ppm(const cp_likeness_rule *rule, int32_t likeness_ppm)
{
    const int32_t limit = rule->limit_pct * POINT_PPM;
    return likeness_ppm > limit ? likeness_ppm - limit : 0;
}

bool cp_like_wanted(const cp_like_rounds *rounds, const cp_route_result *r)
{
    const cp_likeness_rule *rule = rounds->like->rule;
    return rule->price_minor > 0 && above_ppm(rule, r->likeness.likeness_ppm) > 0;
}

bool cp_like_better(const cp_like_rounds *rounds, const cp_route_result *a,
                    const cp_route_result *b)
{
    const cp_likeness_rule *rule = rounds->like->rule;
    const cp_route_result *both[2] = {a, b};
    int64_t weight[2] = {0, 0};
    double value[2];
    for (int32_t k = 0; k < 2; k++) {
        for (int32_t i = 0; i < both[k]->n_unserved; i++)
            weight[k] += rounds->day->tasks[both[k]->unserved[i]].must
                             ? 1 + (int64_t)rounds->day->n_tasks
                             : 1;
        value[k] = (double)both[k]->cost_minor +
                   (double)rule->price_minor / POINT_PPM *
                       (double)above_ppm(rule, both[k]->likeness.likeness_ppm);
    }
    return weight[0] != weight[1] ? weight[0] < weight[1] : value[0] < value[1];
}

/* The routes measured last add their share to the days that they are too alike with. */
static void add_shares(cp_like_rounds *rounds)
{
    const cp_route_like *like = rounds->like;
    double sum = 0.0;
    for (int32_t d = 0; d < like->n_window; d++)
        sum += above_ppm(like->rule, rounds->each_ppm[d]);
    if (!(sum > 0.0)) rounds->none += 1.0;
    for (int32_t d = 0; d < like->n_window && sum > 0.0; d++)
        rounds->share[d] += above_ppm(like->rule, rounds->each_ppm[d]) / sum;
}

/* Prices of one day of the window, as the search counts: minor units a neighbour, a slot, a site.
 */
typedef struct day_price {
    const cp_drive_day *day;
    double neighbour, slot;
    double site; /* of the order, for a site that has one */
} day_price;

/* Node of a site: its task, the vault for the base; -1 = not visited today. */
static int32_t node_of(const cp_tasks_day *p, const int32_t *task_of, int32_t site)
{
    return site == CP_BASE_SITE ? p->n_tasks : task_of[site];
}

static void add_arc(cp_tasks_day *p, int32_t from, int32_t to, double price)
{
    const size_t n = (size_t)p->n_nodes;
    if (from < 0 || to < 0) return;
    p->arc_price[(size_t)from * n + (size_t)to] += price;
    /* Of open routes the base is a node of its own. */
    if (from == p->n_tasks) p->arc_price[(size_t)(from + 1) * n + (size_t)to] += price;
    if (to == p->n_tasks) p->arc_price[(size_t)from * n + (size_t)to + 1] += price;
}

static void price_arcs(cp_tasks_day *p, const int32_t *task_of, const day_price *d)
{
    for (int32_t k = 0; k < d->day->n; k++) {
        const cp_drive_stop *s = &d->day->stop[k];
        const int32_t node = task_of[s->site];
        if (node < 0) continue;
        add_arc(p, node_of(p, task_of, s->before), node, d->neighbour);
        add_arc(p, node, node_of(p, task_of, s->after), d->neighbour);
    }
}

/* Do both stops count, and on one car? Then the first of them, as tasks of today. */
static bool is_pair(const int32_t *task_of, const cp_drive_stop *a, const cp_drive_stop *b,
                    int32_t *first, int32_t *then)
{
    const bool in_order = a->place < b->place;
    *first = task_of[(in_order ? a : b)->site];
    *then = task_of[(in_order ? b : a)->site];
    return a->route == b->route && *first >= 0 && *then >= 0;
}

/* The order of a day weighs by the sites that have one, and each of its pairs is one of all. Pairs
 * that only today's cars would make are not known yet. */
static void price_pairs(cp_tasks_day *p, const int32_t *task_of, const day_price *d)
{
    const cp_drive_day *day = d->day;
    const size_t n = (size_t)p->n_tasks;
    int32_t n_pairs = 0, n_sites = 0, first = 0, then = 0;
    for (int32_t i = 0; i < day->n; i++) {
        bool paired = false;
        for (int32_t k = 0; k < day->n; k++) {
            if (k == i || !is_pair(task_of, &day->stop[i], &day->stop[k], &first, &then)) continue;
            paired = true;
            n_pairs += k > i;
        }
        n_sites += paired;
    }
    if (n_pairs == 0) return;
    const double price = d->site * n_sites / n_pairs;
    for (int32_t i = 0; i < day->n; i++)
        for (int32_t k = i + 1; k < day->n; k++) {
            if (!is_pair(task_of, &day->stop[i], &day->stop[k], &first, &then)) continue;
            p->pair_price[(size_t)first * n + (size_t)then] += price;
            p->pair_price[(size_t)then * n + (size_t)first] -= price;
        }
}

static const cp_drive_stop *stop_of(const cp_drive_day *day, int32_t site)
{
    int32_t lo = 0, hi = day->n;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (day->stop[mid].site < site)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < day->n && day->stop[lo].site == site ? &day->stop[lo] : NULL;
}

/* Minutes are seconds rounded up: minute m is second 60 (m - 1) + 1 to 60 m. */
static void price_slots(const cp_like_rounds *rounds, cp_tasks_day *p, const day_price *days)
{
    const int32_t slot_min = rounds->like->rule->slot_min;
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_tasks; i++) {
        p->first_slot[i] = n;
        for (int32_t d = 0; d < rounds->like->n_window; d++) {
            const cp_drive_stop *s =
                stop_of(days[d].day, rounds->day->tasks[p->tasks[i].index].site);
            if (s == NULL || !(days[d].slot > 0.0)) continue;
            p->slots[n++] = (cp_day_slot){60 * (s->arrive_min - slot_min - 1) + 1,
                                          60 * (s->arrive_min + slot_min), days[d].slot};
        }
    }
    p->first_slot[p->n_tasks] = n;
}

/* Room for prices, cleared; kept in p from the first round on. */
static cp_status make_room(cp_ctx *ctx, int32_t n_window, cp_tasks_day *p)
{
    const size_t cells = (size_t)p->n_nodes * (size_t)p->n_nodes;
    if (p->arc_price == NULL) {
        CP_NEW(ctx, ctx->scratch, p->first_slot, p->n_tasks + 1);
        CP_NEW(ctx, ctx->scratch, p->slots, (size_t)p->n_tasks * (size_t)n_window + 1);
        CP_NEW(ctx, ctx->scratch, p->arc_price, cells);
        CP_NEW(ctx, ctx->scratch, p->pair_price, (size_t)p->n_tasks * (size_t)p->n_tasks + 1);
    }
    memset(p->pair_price, 0, (size_t)p->n_tasks * (size_t)p->n_tasks * sizeof *p->pair_price);
    memset(p->arc_price, 0, cells * sizeof *p->arc_price);
    return CP_OK;
}

cp_status cp_like_price(cp_ctx *ctx, cp_like_rounds *rounds, cp_tasks_day *p)
{
    const cp_route_like *like = rounds->like;
    const cp_likeness_rule *rule = like->rule;
    int32_t *task_of = NULL;
    day_price *days = NULL;
    double sum = 0.0;
    CP_TRY(make_room(ctx, like->n_window, p));
    add_shares(rounds);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_NEW(ctx, ctx->scratch, task_of, p->net->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, days, like->n_window + 1);
    memset(task_of, -1, (size_t)p->net->n_sites * sizeof *task_of);
    for (int32_t i = 0; i < p->n_tasks; i++)
        task_of[rounds->day->tasks[p->tasks[i].index].site] = i;
    for (int32_t d = 0; d < like->n_window; d++)
        sum += rounds->share[d];
    const double weights = (double)rule->arcs + rule->order + rule->slots;
    const double point = (double)rule->price_minor / (sum + rounds->none) * 100.0;
    for (int32_t d = 0; d < like->n_window; d++) {
        const double each = weights > 0 ? point * rounds->share[d] / weights / p->n_tasks : 0.0;
        days[d] = (day_price){&like->window[d], each * rule->arcs / 2.0, each * rule->slots,
                              each * rule->order};
        price_arcs(p, task_of, &days[d]);
        if (days[d].site > 0.0) price_pairs(p, task_of, &days[d]);
    }
    price_slots(rounds, p, days);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
