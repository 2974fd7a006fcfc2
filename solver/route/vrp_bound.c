/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/route/vrp_cuts.h"
#include "solver/route/vrp_enter.h"

#define LOOSE_ROUNDS 200 /* at most, in which duals are sought over the cheap relaxation */
#define LOOSE_END 1e-3   /* of the bound: the cheap relaxation is solved no closer */
/* First its resource goes in coarse steps, an eighth of the work a round, and it is solved no
 * closer than this: what is wanted are duals to go on from. */
#define COARSE_LEVELS 64
#define COARSE_END 1e-2
#define GUESSES_MOST 24 /* heuristic pricings between two that bound */
#define SETS_A_ROUND 20
#define SET_ROUNDS 25
#define SET_GAIN 3e-4 /* of the bound: a round of sets that gives less is the last */
#define SERIOUS 0.1   /* of what the master promised: a bound that rises so far widens the box */
#define WIDER 1.5
#define NARROWER 0.7
#define BOX_FREE 1e-6     /* less than this of `less` and `more` is none */
#define FIRST_BOX 0.1     /* of a usual dual */
#define NEW_BOX 0.02      /* of a usual dual: the box for a relaxation that was tightened */
#define FREE_BOX 3.0      /* a box that holds the solution back becomes so much wider */
#define EPS_SHARE 1e-7    /* of a usual cost: reduced costs below minus this are improving */
#define COLUMNS_MOST 6000 /* columns are weeded out above this many */
#define CUTS_A_ROUND 20
#define LEAST_GAIN 1e-4 /* of the bound: a round of cuts that gives less is the last but one */
#define BOX_MOST 1e6    /* usual costs: where so wide a box still holds, nothing is feasible */

typedef struct bound {
    cp_ctx *ctx;
    const cp_vrp *p;
    const cp_vrp_bound_opts *o;
    cp_relax *r;
    cp_vrp_master *m;
    cp_label_pool *pool;
    cp_node_set *ng;
    cp_duals center;    /* duals of the best bound, or a guess before there is one */
    int64_t best_bound; /* ticks, INT64_MIN = none */
    int64_t radius;     /* of the box round them */
    int32_t levels;     /* of the cheap relaxation now, 0 = the finest */
    int32_t guesses;    /* pricings since the last that bounds */
    int64_t *least;     /* by kind, of the last pricing */
    int64_t top;        /* ticks of the best solution known, INT64_MAX = none */
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

/* How a round prices: the three modes of labels, or the cheap relaxation. */
typedef enum price_mode {
    PRICE_QUICK = CP_LABEL_QUICK,
    PRICE_PLAIN = CP_LABEL_PLAIN,
    PRICE_EXACT = CP_LABEL_EXACT,
    PRICE_LOOSE
} price_mode;

/* Price all kinds under the master's duals. b->least[k] is the least reduced cost of a kind without
 * its own dual, or that dual; *proven = no route of any kind has less. */
static cp_status price(bound *b, price_mode mode, bool *proven, int32_t *taken)
{
    const cp_duals *d = &b->m->duals;
    bool whole = true;
    *proven = mode >= PRICE_EXACT;
    *taken = 0;
    for (int32_t k = 0; k < b->p->n_vehicles; k++) {
        b->least[k] = 0;
        if (b->p->vehicles[k].count == 0) continue;
        cp_label_answer a;
        const cp_label_query q = {
            .kind = &b->r->kinds[k],
            .dual = d->node,
            .enter = d->n_sets > 0 ? d->enter : NULL,
            .ng = (const cp_node_set *)b->ng,
            .cuts = &d->cuts,
            .mode = mode == PRICE_LOOSE ? CP_LABEL_EXACT : (cp_label_mode)mode,
            .threshold = d->kind[k],
            .work_max = b->o->work > 0 ? b->o->work - b->out->work : INT64_MAX,
            .labels_max = b->o->labels_max,
            .cpu_end_s = b->cpu_end_s,
            .levels = b->levels};
        if (mode == PRICE_LOOSE)
            CP_TRY(cp_label_loosely(b->ctx, b->pool, &q, &a));
        else
            CP_TRY(cp_label_price(b->ctx, b->pool, &q, &a));
        b->out->work += a.work;
        b->least[k] = a.least;
        if (!a.proven) *proven = false;
        if (!a.complete) whole = false;
        CP_TRY(take_paths(b, k, &a, taken));
        if (enough(b) && !a.proven) return CP_OK;
    }
    if (mode == PRICE_EXACT && !whole && *taken == 0) b->stopped = true;
    return CP_OK;
}

/* Lagrange's bound (vrp_master.h). No more routes are driven than there are nodes. */
static int64_t lagrange(const bound *b)
{
    const cp_duals *d = &b->m->duals;
    __int128 sum = 0;
    for (int32_t i = 0; i < b->p->n_nodes; i++)
        sum += d->node[i] < b->r->out[i] ? d->node[i] : b->r->out[i];
    for (int32_t c = 0; c < d->cuts.n; c++)
        sum -= d->cuts.penalty[c];
    for (int32_t k = 0; k < d->n_sets; k++)
        sum += (__int128)d->set[k] * b->m->sets[k].need;
    for (int32_t k = 0; k < b->p->n_vehicles; k++) {
        const int32_t count = b->p->vehicles[k].count;
        const int64_t worst = b->least[k] < d->kind[k] ? b->least[k] : d->kind[k];
        sum += (__int128)worst * (count < b->p->n_nodes ? count : b->p->n_nodes);
    }
    const int64_t far = INT64_MAX / 2;
    return sum > far ? far : sum < -far ? -far : (int64_t)sum;
}

/* Another size of the box, round the centre. */
static cp_status resize_box(bound *b, double factor)
{
    const double most = fmin(BOX_MOST * (double)b->r->large, 0x1p56);
    b->radius = (int64_t)fmin((double)b->radius * factor, most) + b->eps;
    return cp_vrp_master_box(b->m, &b->center, b->radius);
}

static bool box_is_widest(const bound *b)
{
    return (double)b->radius >= fmin(BOX_MOST * (double)b->r->large, 0x1p56);
}

/* After a proven pricing: the box moves to better duals, and becomes wider where the master's value
 * was to be trusted, narrower where it was not. */
static cp_status move_box(bound *b)
{
    const int64_t value = lagrange(b);
    const double promised = b->m->objective - (double)b->best_bound;
    const bool better = b->best_bound == INT64_MIN || value > b->best_bound;
    double factor = better ? 1.0 : NARROWER;
    if (b->best_bound == INT64_MIN || (double)(value - b->best_bound) >= SERIOUS * promised)
        factor = b->m->boxed > BOX_FREE ? WIDER : 1.0;
    if (better) {
        b->best_bound = value;
        cp_duals_copy(b->r, &b->m->duals, &b->center);
    }
    return resize_box(b, factor);
}

/* One round of pricing after the master was solved: heuristics first, exact only where they find
 * nothing. *done = no route improves. */
static cp_status price_round(bound *b, bool loose, bool *done)
{
    bool proven = false;
    int32_t taken = 0;
    const bool guess = !loose && b->guesses < GUESSES_MOST;
    *done = false;
    for (int32_t mode = !guess ? PRICE_EXACT : PRICE_QUICK; mode < PRICE_EXACT; mode++) {
        CP_TRY(price(b, (price_mode)mode, &proven, &taken));
        b->guesses++;
        if (taken > 0 || b->stopped) return CP_OK;
    }
    b->guesses = 0;
    CP_TRY(price(b, loose ? PRICE_LOOSE : PRICE_EXACT, &proven, &taken));
    if (proven) CP_TRY(move_box(b));
    *done = taken == 0 && !b->stopped;
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

/* The master's value is as good as proven, inside its box. */
static bool met(const bound *b, bool loose)
{
    const double value = b->m->objective, best = (double)b->best_bound;
    if (b->best_bound == INT64_MIN) return false;
    if (value - best <= (double)b->eps * b->p->n_nodes) return true;
    if (loose) return value - best <= (b->levels > 0 ? COARSE_END : LOOSE_END) * fabs(best);
    return whole_minor(b, b->best_bound) >= ceil(value / (double)b->r->ticks - 1e-6);
}

/* Column generation until nothing improves; loose: over the cheap relaxation, for its duals. */
static cp_status solve_relaxation(bound *b, bool loose, bool *done)
{
    *done = false;
    for (int32_t round = 0; !enough(b) && !closed(b) && (!loose || round < LOOSE_ROUNDS); round++) {
        bool solved = false, none = false;
        CP_TRY(weed(b));
        CP_TRY(cp_vrp_master_solve(b->m, &solved));
        if (!solved) {
            b->stopped = true;
            return CP_OK;
        }
        b->out->n_rounds++;
        none = met(b, loose);
        if (!none) CP_TRY(price_round(b, loose, &none));
        cp_progress(b->ctx, "bound", b->out->n_rounds, 0);
        if (!none) continue;
        *done = b->m->boxed < BOX_FREE;
        if (*done || box_is_widest(b)) return CP_OK;
        CP_TRY(resize_box(b, FREE_BOX));
    }
    return CP_OK;
}

/* Routes of the cheap relaxation that are none of the exact one. */
static cp_status drop_loose(bound *b)
{
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    bool *keep = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, keep, b->m->n_columns + 1);
    for (int32_t c = 0; c < b->m->n_columns; c++) {
        cp_column *q = &b->m->columns[c];
        if (!cp_ng_allows(b->m, q, (const cp_node_set *)b->ng)) continue;
        q->ticks = cp_relax_route(&b->r->kinds[q->kind], b->m->nodes + q->first,
                                  b->m->ways + q->first, q->n);
        keep[c] = q->ticks != INT64_MAX;
    }
    cp_vrp_master_keep(b->m, keep);
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

/* A relaxation that was changed a little moves the duals a little. */
static cp_status narrow_box(bound *b)
{
    const double most = (double)b->best_bound * NEW_BOX / b->p->n_nodes;
    if (most <= 0.0 || (double)b->radius <= most) return CP_OK;
    return resize_box(b, most / (double)b->radius);
}

/* What is next after the relaxation was solved: longer memories, else cuts. *more = something. */
static cp_status tighten(bound *b, bool *more)
{
    int32_t n_cuts = 0;
    CP_TRY(cp_ng_grow(b->m, b->o->ng_most, b->ng, more));
    if (!*more) CP_TRY(cp_enter_find(b->m, SETS_A_ROUND, &n_cuts));
    if (n_cuts > 0) *more = true;
    if (!*more && b->o->cut_rounds > 0) {
        CP_TRY(cp_cuts_find(b->m, CUTS_A_ROUND, &n_cuts));
        *more = n_cuts > 0;
    }
    b->out->n_cuts = b->m->n_cuts;
    CP_TRY(narrow_box(b));
    return cp_vrp_master_box(b->m, &b->center, b->radius);
}

/* Routes that coarse steps of time let through. */
static cp_status drop_impossible(bound *b)
{
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    bool *keep = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, keep, b->m->n_columns + 1);
    for (int32_t c = 0; c < b->m->n_columns; c++) {
        const cp_column *q = &b->m->columns[c];
        keep[c] = cp_relax_route(&b->r->kinds[q->kind], b->m->nodes + q->first,
                                 b->m->ways + q->first, q->n) != INT64_MAX;
    }
    cp_vrp_master_keep(b->m, keep);
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

/* The cheap relaxation, with sets that must be entered. */
static cp_status solve_loosely(bound *b)
{
    bool coarse = false;
    b->levels = COARSE_LEVELS;
    CP_TRY(solve_relaxation(b, true, &coarse));
    b->levels = 0;
    CP_TRY(drop_impossible(b));
    if (b->best_bound > 0) CP_TRY(narrow_box(b));
    for (int32_t round = 0; round <= SET_ROUNDS; round++) {
        const int64_t before = b->best_bound;
        bool done = false;
        int32_t n_sets = 0;
        CP_TRY(solve_relaxation(b, true, &done));
        const double gain = (double)b->best_bound - (double)before;
        if (b->stopped || closed(b) || (round > 2 && gain < SET_GAIN * fabs((double)before)))
            return CP_OK;
        CP_TRY(cp_enter_find(b->m, SETS_A_ROUND, &n_sets));
        if (n_sets == 0) return CP_OK;
        CP_TRY(narrow_box(b));
        CP_TRY(cp_vrp_master_box(b->m, &b->center, b->radius));
    }
    return CP_OK;
}

static cp_status improve_bound(bound *b)
{
    int32_t poor = 0;
    bool done = false, more = false;
    CP_TRY(solve_loosely(b));
    CP_TRY(drop_loose(b));
    if (b->best_bound > 0) CP_TRY(narrow_box(b));
    for (int32_t round = 0; !closed(b); round++) {
        const int64_t before = b->best_bound;
        CP_TRY(solve_relaxation(b, false, &done));
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

/* Duals to begin with: what a node costs in the best solution known, at most all it usually does.
 */
static void guess_duals(bound *b)
{
    const int32_t n = b->p->n_nodes > 0 ? b->p->n_nodes : 1;
    int64_t mean = b->r->large;
    if (b->out->cost_minor < INT64_MAX / b->r->ticks && b->out->cost_minor * b->r->ticks / n < mean)
        mean = b->out->cost_minor * b->r->ticks / n;
    for (int32_t i = 0; i < b->p->n_nodes; i++)
        b->center.node[i] = mean < b->r->out[i] ? mean : b->r->out[i];
    b->radius = (int64_t)(FIRST_BOX * (double)mean) + b->eps;
}

static cp_status set_up(bound *b, const cp_vrp_solution *incumbent)
{
    CP_NEW(b->ctx, b->ctx->run, b->ng, b->p->n_nodes + 1);
    CP_NEW(b->ctx, b->ctx->run, b->least, b->p->n_vehicles + 1);
    CP_TRY(cp_duals_new(b->ctx, b->r, &b->center));
    CP_TRY(cp_label_pool_new(b->ctx, b->r, &b->pool));
    CP_TRY(cp_vrp_master_new(b->ctx, b->r, &b->m));
    cp_ng_first(b->r, b->o->ng_first, b->ng);
    b->best_bound = INT64_MIN;
    b->eps = 1 + (int64_t)((double)b->r->large * EPS_SHARE);
    CP_TRY(add_incumbent(b, incumbent));
    cp_enter_routes(b->m);
    guess_duals(b);
    CP_TRY(cp_vrp_master_box(b->m, &b->center, b->radius));
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
