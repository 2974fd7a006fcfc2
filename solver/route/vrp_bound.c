/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/route/vrp_cuts.h"

#define SMOOTH 0.7        /* weight of the best duals in those that are priced */
#define LOOSELY_EVERY 8   /* rounds between two cheap bounds */
#define EPS_SHARE 1e-7    /* of a usual cost: reduced costs below minus this are improving */
#define COLUMNS_MOST 6000 /* columns are weeded out above this many */
#define CUTS_A_ROUND 20
#define LEAST_GAIN 1e-4 /* of the bound: a round of cuts that gives less is the last but one */
#define BIG_STEPS 12    /* doublings of the price of leaving out what must be served */

typedef struct bound {
    cp_ctx *ctx;
    const cp_vrp *p;
    const cp_vrp_bound_opts *o;
    cp_relax *r;
    cp_vrp_master *m;
    cp_label_pool *pool;
    cp_node_set *ng;
    cp_duals center, sep; /* of the best bound since the last change of the relaxation; priced */
    int64_t center_bound, best_bound; /* ticks, INT64_MIN = none */
    int64_t top;                      /* ticks of the best solution known, INT64_MAX = none */
    int64_t eps;
    double cpu_end_s;
    bool stopped;
    cp_vrp_bound_result *out;
} bound;

cp_vrp_bound_opts cp_vrp_bound_defaults(void)
{
    const cp_vrp_bound_opts o = {.nodes_max = CP_RELAX_NODES,
                                 .labels_max = 3000000,
                                 .ng_first = 8,
                                 .ng_most = 20,
                                 .cut_rounds = 30,
                                 .tree_nodes = 2000};
    return o;
}

static bool enough(bound *b)
{
    if (cp_should_stop(b->ctx) || (b->cpu_end_s > 0 && cp_cpu_s() > b->cpu_end_s) ||
        (b->o->work > 0 && b->out->work >= b->o->work))
        b->stopped = true;
    return b->stopped;
}

/* Ticks as whole money: costs are whole, so what is above a minor unit costs the next. */
static cp_minor whole_minor(const bound *b, int64_t ticks)
{
    if (ticks <= 0) return 0;
    return (ticks + b->r->ticks - 1) / b->r->ticks;
}

static bool closed(const bound *b)
{
    return b->out->cost_minor < INT64_MAX && b->best_bound > INT64_MIN &&
           whole_minor(b, b->best_bound) >= b->out->cost_minor;
}

/* ---- pricing --------------------------------------------------------------------------------- */

/* Add the answer's routes that improve the master program; how many. */
static cp_status take_paths(bound *b, int32_t kind, const cp_label_answer *a, int32_t *taken)
{
    for (int32_t k = 0; k < a->n_paths; k++) {
        const cp_label_path *path = &a->paths[k];
        if (path->ticks == INT64_MAX) continue;
        CP_TRY(cp_vrp_master_add(b->m, kind, path->ticks, a->nodes + path->first,
                                 a->ways + path->first, path->n));
        if (cp_column_reduced(b->m, &b->m->columns[b->m->n_columns - 1], &b->m->duals) < -b->eps)
            (*taken)++;
        else
            b->m->n_nodes = b->m->columns[--b->m->n_columns].first;
    }
    return CP_OK;
}

/* Price all kinds under b->sep. *least[k] is the least reduced cost of a kind without its own dual,
 * or that dual; *proven = all are exact. */
static cp_status price(bound *b, cp_label_mode mode, int64_t *least, bool *proven, int32_t *taken)
{
    *proven = mode == CP_LABEL_EXACT;
    *taken = 0;
    bool whole = true;
    for (int32_t k = 0; k < b->p->n_vehicles; k++) {
        least[k] = 0;
        if (b->p->vehicles[k].count == 0) continue;
        cp_label_answer a;
        const cp_label_query q = {.kind = &b->r->kinds[k],
                                  .dual = b->sep.node,
                                  .ng = (const cp_node_set *)b->ng,
                                  .cuts = &b->sep.cuts,
                                  .mode = mode,
                                  .threshold = b->sep.kind[k],
                                  .work_max =
                                      b->o->work > 0 ? b->o->work - b->out->work : INT64_MAX,
                                  .labels_max = b->o->labels_max,
                                  .cpu_end_s = b->cpu_end_s};
        CP_TRY(cp_label_price(b->ctx, b->pool, &q, &a));
        b->out->work += a.work;
        least[k] = a.least;
        if (!a.proven) *proven = false;
        if (!a.complete) whole = false;
        CP_TRY(take_paths(b, k, &a, taken));
        if (enough(b) && !a.proven) return CP_OK;
    }
    if (mode == CP_LABEL_EXACT && !whole && *taken == 0) b->stopped = true;
    return CP_OK;
}

/* Lagrange's bound (vrp_master.h). No more routes are driven than there are nodes. */
static int64_t lagrange(const bound *b, const int64_t *least)
{
    __int128 sum = 0;
    for (int32_t i = 0; i < b->p->n_nodes; i++)
        sum += b->sep.node[i] < b->r->out[i] ? b->sep.node[i] : b->r->out[i];
    for (int32_t c = 0; c < b->sep.cuts.n; c++)
        sum -= b->sep.cuts.penalty[c];
    for (int32_t k = 0; k < b->p->n_vehicles; k++) {
        const int32_t count = b->p->vehicles[k].count;
        const int64_t worst = least[k] < b->sep.kind[k] ? least[k] : b->sep.kind[k];
        sum += (__int128)worst * (count < b->p->n_nodes ? count : b->p->n_nodes);
    }
    const int64_t far = INT64_MAX / 2;
    return sum > far ? far : sum < -far ? -far : (int64_t)sum;
}

static void keep_bound(bound *b, const int64_t *least)
{
    const int64_t value = lagrange(b, least);
    if (value > b->best_bound) b->best_bound = value;
    if (b->center_bound != INT64_MIN && value <= b->center_bound) return;
    b->center_bound = value;
    cp_duals_copy(b->r, &b->sep, &b->center);
}

/* A cheap bound under smoothed duals, that there is one early and a centre for the next. */
static void price_loosely(bound *b, int64_t *least)
{
    cp_duals_mix(b->m, &b->m->duals, &b->center, b->center_bound != INT64_MIN ? SMOOTH : 0.0,
                 &b->sep);
    for (int32_t k = 0; k < b->p->n_vehicles; k++) {
        const cp_label_query q = {
            .kind = &b->r->kinds[k], .dual = b->sep.node, .ng = (const cp_node_set *)b->ng};
        least[k] = 0;
        if (b->p->vehicles[k].count > 0 && !cp_label_least(b->pool, &q, &least[k])) return;
    }
    keep_bound(b, least);
}

/* One round of pricing after the master was solved: heuristics first, then exactly under smoothed
 * duals, then under the master's own. *done = no route improves. */
static cp_status price_round(bound *b, int64_t *least, bool *done)
{
    bool proven = false;
    int32_t taken = 0;
    *done = false;
    if (b->out->n_rounds % LOOSELY_EVERY == 0 && b->out->status == CP_VRP_BOUND_NONE)
        price_loosely(b, least);
    for (int32_t mode = CP_LABEL_QUICK; mode < CP_LABEL_EXACT; mode++) {
        for (int32_t smooth = b->center_bound != INT64_MIN; smooth >= 0; smooth--) {
            cp_duals_mix(b->m, &b->m->duals, &b->center, smooth ? SMOOTH : 0.0, &b->sep);
            CP_TRY(price(b, (cp_label_mode)mode, least, &proven, &taken));
            if (taken > 0 || b->stopped) return CP_OK;
        }
    }
    for (int32_t smooth = b->center_bound != INT64_MIN; smooth >= 0; smooth--) {
        cp_duals_mix(b->m, &b->m->duals, &b->center, smooth ? SMOOTH : 0.0, &b->sep);
        CP_TRY(price(b, CP_LABEL_EXACT, least, &proven, &taken));
        if (proven) keep_bound(b, least);
        if (taken > 0 || b->stopped) return CP_OK;
    }
    *done = true;
    return CP_OK;
}

/* ---- solving the relaxation ------------------------------------------------------------------ */

/* Forget routes whose reduced cost is large. */
static cp_status weed(bound *b)
{
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    bool *keep = NULL;
    int64_t *sorted = NULL;
    const int32_t n = b->m->n_columns;
    if (n < COLUMNS_MOST) return CP_OK;
    CP_NEW(b->ctx, b->ctx->scratch, keep, n);
    CP_NEW(b->ctx, b->ctx->scratch, sorted, n);
    int64_t limit = b->r->large / 64;
    for (int32_t kept = n; kept > COLUMNS_MOST / 2 && limit > b->eps; limit /= 2) {
        kept = 0;
        for (int32_t c = 0; c < n; c++) {
            sorted[c] = cp_column_reduced(b->m, &b->m->columns[c], &b->m->duals);
            keep[c] = sorted[c] <= limit;
            kept += keep[c];
        }
    }
    cp_vrp_master_keep(b->m, keep);
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

/* The master's value is as good as proven. */
static bool met(const bound *b)
{
    return b->center_bound != INT64_MIN && b->m->left_out < 1e-6 &&
           whole_minor(b, b->center_bound) >= ceil(b->m->objective / (double)b->r->ticks - 1e-6);
}

/* Column generation until nothing improves. */
static cp_status solve_relaxation(bound *b, int64_t *least, bool *done)
{
    int32_t big_steps = 0;
    *done = false;
    while (!enough(b) && !closed(b)) {
        bool solved = false, none = false;
        CP_TRY(weed(b));
        CP_TRY(cp_vrp_master_solve(b->m, &solved));
        if (!solved) {
            b->stopped = true;
            return CP_OK;
        }
        b->out->n_rounds++;
        if (met(b)) {
            *done = true;
            return CP_OK;
        }
        CP_TRY(price_round(b, least, &none));
        cp_progress(b->ctx, "bound", b->out->n_rounds, 0);
        if (!none) continue;
        if (b->m->left_out > 1e-6 && big_steps++ < BIG_STEPS) {
            cp_vrp_master_price(b->m, 2 * b->m->big);
            continue;
        }
        *done = true;
        return CP_OK;
    }
    return CP_OK;
}

/* What is next after the relaxation was solved: longer memories, else cuts. *more = something. */
static cp_status tighten(bound *b, bool *more)
{
    int32_t n_cuts = 0;
    CP_TRY(cp_ng_grow(b->m, b->o->ng_most, b->ng, more));
    if (!*more && b->o->cut_rounds > 0) {
        CP_TRY(cp_cuts_find(b->m, CUTS_A_ROUND, &n_cuts));
        *more = n_cuts > 0;
    }
    b->out->n_cuts = b->m->n_cuts;
    return CP_OK;
}

static cp_status improve_bound(bound *b)
{
    int64_t *least = NULL;
    CP_NEW(b->ctx, b->ctx->run, least, b->p->n_vehicles + 1);
    int32_t poor = 0;
    for (int32_t round = 0; !closed(b); round++) {
        const int64_t before = b->best_bound;
        bool done = false, more = false;
        CP_TRY(solve_relaxation(b, least, &done));
        if (!done) break;
        b->out->status = CP_VRP_BOUND_SOLVED;
        const double gain = (double)(b->best_bound - before);
        poor = round > 0 && gain < LEAST_GAIN * (double)b->best_bound ? poor + 1 : 0;
        if (poor >= 4 || round > b->o->cut_rounds + 20) break;
        CP_TRY(tighten(b, &more));
        if (!more) break;
    }
    return CP_OK;
}

/* ---- solutions ------------------------------------------------------------------------------- */

/* Costs of the incumbent, and its routes as columns where they need no break. */
static cp_status add_incumbent(bound *b, const cp_vrp_solution *s)
{
    cp_vrp_report report;
    if (s == NULL) return CP_OK;
    CP_TRY(cp_vrp_check(b->ctx, b->p, s, &report));
    if (report.feasible) b->out->cost_minor = report.cost.total;
    for (int32_t k = 0; k < s->n_routes; k++) {
        const cp_vrp_route *q = &s->routes[k];
        int32_t nodes[CP_RELAX_NODES], ways[CP_RELAX_NODES], n = 0, way = -1;
        bool plain = report.feasible && q->n <= CP_RELAX_NODES;
        for (int32_t i = 0; plain && i < q->n; i++) {
            const int32_t item = s->items[q->first + i];
            if (cp_vrp_is_node(item)) {
                nodes[n] = item;
                ways[n++] = way;
                way = -1;
            } else if (cp_vrp_is_reload(item)) {
                const cp_vrp_vehicle *v = &b->p->vehicles[q->vehicle];
                for (way = v->n_reload_depots - 1; way >= 0; way--)
                    if (v->reload_depots[way] == cp_vrp_depot_of(item)) break;
            }
        }
        if (!plain || n == 0) continue;
        const int64_t ticks = cp_relax_route(&b->r->kinds[q->vehicle], nodes, ways, n);
        if (ticks != INT64_MAX) CP_TRY(cp_vrp_master_add(b->m, q->vehicle, ticks, nodes, ways, n));
    }
    return CP_OK;
}

static cp_status write_routes(bound *b, const int32_t *chosen, int32_t n, cp_vrp_solution *s)
{
    int32_t n_items = 0;
    for (int32_t k = 0; k < n; k++)
        n_items += 2 * b->m->columns[chosen[k]].n;
    CP_NEW(b->ctx, b->ctx->run, s->routes, n + 1);
    CP_NEW(b->ctx, b->ctx->run, s->items, n_items + 1);
    for (int32_t k = 0; k < n; k++) {
        const cp_column *c = &b->m->columns[chosen[k]];
        cp_vrp_route *q = &s->routes[s->n_routes++];
        *q = (cp_vrp_route){c->kind, s->n_items, 0};
        for (int32_t i = 0; i < c->n; i++) {
            const int32_t way = b->m->ways[c->first + i];
            if (way >= 0)
                s->items[s->n_items++] = cp_vrp_reload(b->p->vehicles[c->kind].reload_depots[way]);
            s->items[s->n_items++] = b->m->nodes[c->first + i];
        }
        q->n = s->n_items - q->first;
    }
    return CP_OK;
}

/* A better solution out of the routes found, if the referee agrees. */
static cp_status find_solution(bound *b)
{
    int32_t *chosen = NULL, n = 0;
    cp_vrp_solution s = {0};
    cp_vrp_report report;
    const int64_t top = b->out->cost_minor;
    const int64_t below = top < INT64_MAX / b->r->ticks ? top * b->r->ticks : INT64_MAX / 4;
    const double left = b->cpu_end_s > 0 ? fmax(1.0, b->cpu_end_s - cp_cpu_s()) : 0.0;
    CP_TRY(cp_vrp_master_choose(b->m, below, b->o->tree_nodes, left, &chosen, &n));
    if (n < 0) return CP_OK;
    CP_TRY(write_routes(b, chosen, n, &s));
    CP_TRY(cp_vrp_check(b->ctx, b->p, &s, &report));
    if (!report.feasible || report.cost.total >= top) return CP_OK;
    b->out->better = true;
    b->out->solution = s;
    b->out->cost_minor = report.cost.total;
    return CP_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static cp_status set_up(bound *b, const cp_vrp_solution *incumbent)
{
    CP_NEW(b->ctx, b->ctx->run, b->ng, b->p->n_nodes + 1);
    CP_TRY(cp_duals_new(b->ctx, b->r, &b->center));
    CP_TRY(cp_duals_new(b->ctx, b->r, &b->sep));
    CP_TRY(cp_label_pool_new(b->ctx, b->r, &b->pool));
    CP_TRY(cp_vrp_master_new(b->ctx, b->r, &b->m));
    cp_ng_first(b->r, b->o->ng_first, b->ng);
    b->center_bound = b->best_bound = INT64_MIN;
    b->eps = 1 + (int64_t)((double)b->r->large * EPS_SHARE);
    CP_TRY(add_incumbent(b, incumbent));
    for (int32_t v = 0; v < b->p->n_vehicles; v++) {
        for (int32_t i = 0; i < b->p->n_nodes; i++) {
            const int64_t ticks = cp_relax_route(&b->r->kinds[v], &i, NULL, 1);
            if (ticks != INT64_MAX) CP_TRY(cp_vrp_master_add(b->m, v, ticks, &i, NULL, 1));
        }
    }
    return CP_OK;
}

static cp_status run(bound *b, const cp_vrp_solution *incumbent)
{
    CP_TRY(set_up(b, incumbent));
    CP_TRY(improve_bound(b));
    if (!closed(b) && b->o->tree_nodes > 0 && !cp_should_stop(b->ctx)) CP_TRY(find_solution(b));
    cp_vrp_bound_result *out = b->out;
    out->n_columns = b->m->n_columns;
    if (b->best_bound == INT64_MIN) return CP_OK;
    if (out->status == CP_VRP_BOUND_NONE) out->status = CP_VRP_BOUND_STOPPED;
    out->bound_minor = whole_minor(b, b->best_bound);
    out->proven = out->bound_minor >= out->cost_minor;
    return CP_OK;
}

cp_status cp_vrp_bound(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_solution *incumbent,
                       const cp_vrp_bound_opts *opts, cp_vrp_bound_result *out)
{
    cp_vrp_bound_result result = {.cost_minor = INT64_MAX};
    bound b = {.ctx = ctx, .p = p, .o = opts, .out = &result};
    if (opts->cpu_limit_s > 0) b.cpu_end_s = cp_cpu_s() + opts->cpu_limit_s;
    if (p->n_nodes <= opts->nodes_max && p->n_pairs == 0) CP_TRY(cp_relax_build(ctx, p, &b.r));
    if (b.r != NULL) {
        const cp_status st = run(&b, incumbent);
        cp_vrp_master_free(b.m);
        if (st != CP_OK) return st;
    }
    *out = result;
    return CP_OK;
}
