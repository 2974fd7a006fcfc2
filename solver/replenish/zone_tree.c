/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone_tree.h"

#include <math.h>
#include <string.h>

#include "solver/replenish/zone_lp.h"

#define CLOSE 2e-5    /* of the plan's cost: what is not worth another node */
#define WHOLE 1e-5    /* closer to a whole number than this counts as whole */
#define MOST_PROBED 8 /* branchings tried at a node */
#define RELIABLE 4    /* gains seen on either side that stand for a probe */
#define PATIENCE 6    /* probes in a row without a better one */
#define MOST_SWEEPS 4 /* re-plans of all points in a repair */
#define DIVE_EVERY 60 /* nodes from the start of a dive to that of the next */
#define DIVE_DEPTH 40
#define LEAST_GAIN 1e-6

typedef struct tree_node {
    int32_t parent;
    cp_visit_change change; /* against the parent */
    double part;            /* how far the LP of the parent was from it, 0..1 */
    double bound;
} tree_node;

/* What fixing one thing raised the bound by, for each unit the LP was away from it (pseudo-costs,
 * Achterberg, Koch, Martin 2005). */
typedef struct gains {
    double sum[2]; /* down, up */
    int32_t n[2];
} gains;

typedef struct candidate {
    cp_visit_change down;
    double part;  /* what of its upper side the LP makes */
    double score; /* product of both sides' gains */
} candidate;

typedef struct tree {
    cp_ctx *ctx;
    const cp_zone *z;
    const cp_tree_opts *opts;
    cp_zone_lp *lp;
    cp_visit_fix fix;
    tree_node *node;
    int32_t n_nodes, cap_nodes;
    int32_t *heap; /* open nodes, least bound first */
    int32_t n_open;
    int32_t next;      /* node of a dive, not in the heap; -1 */
    int32_t dive;      /* steps the dive may still go */
    int64_t next_dive; /* nodes done when the next one starts */
    double given_up;   /* least bound of the nodes that were not split */
    cp_refill_state *best, *trial;
    cp_visit_part *visit;
    candidate *candidate;
    int32_t n_candidates;
    gains *gains; /* zone point * n_days + t; after them by day */
    gains all[5]; /* by kind of change */
} tree;

/* ---- open nodes ------------------------------------------------------------------------------ */

static bool before(const tree *w, int32_t a, int32_t b)
{
    if (w->node[a].bound < w->node[b].bound) return true;
    if (w->node[b].bound < w->node[a].bound) return false;
    return a < b;
}

static cp_status grow(tree *w)
{
    tree_node *node = NULL;
    int32_t *heap = NULL;
    if (w->n_nodes < w->cap_nodes) return CP_OK;
    const int32_t cap = w->cap_nodes > 0 ? 2 * w->cap_nodes : 256;
    CP_NEW(w->ctx, w->ctx->run, node, cap);
    CP_NEW(w->ctx, w->ctx->run, heap, cap);
    if (w->n_nodes > 0) memcpy(node, w->node, (size_t)w->n_nodes * sizeof *node);
    if (w->n_open > 0) memcpy(heap, w->heap, (size_t)w->n_open * sizeof *heap);
    w->node = node;
    w->heap = heap;
    w->cap_nodes = cap;
    return CP_OK;
}

static cp_status add_node(tree *w, const tree_node *node)
{
    CP_TRY(grow(w));
    w->node[w->n_nodes++] = *node;
    return CP_OK;
}

static void push(tree *w, int32_t id)
{
    int32_t i = w->n_open++;
    for (; i > 0 && before(w, id, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = id;
}

static int32_t pop(tree *w)
{
    const int32_t top = w->heap[0], last = w->heap[--w->n_open];
    int32_t i = 0;
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child >= w->n_open) break;
        if (child + 1 < w->n_open && before(w, w->heap[child + 1], w->heap[child])) child++;
        if (!before(w, w->heap[child], last)) break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    w->heap[i] = last;
    return top;
}

static void load_fix(tree *w, int32_t id)
{
    cp_visit_fix_clear(&w->fix, w->z);
    for (; w->node[id].parent >= 0; id = w->node[id].parent)
        cp_visit_change_apply(&w->fix, w->z, &w->node[id].change);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void copy_plan(cp_refill_state *to, const cp_refill_state *from)
{
    const size_t days = (size_t)from->z->n_days;
    for (int32_t p = 0; p < from->z->n_points; p++)
        cp_refill_take_out(to, p);
    for (int32_t p = 0; p < from->z->n_points; p++)
        cp_refill_put_in(to, p, from->steps + (size_t)p * days, from->n_steps[p]);
}

/* The heaviest plan of every site, then every point anew against the others while that helps. */
static cp_status repair(tree *w)
{
    const cp_zone *z = w->z;
    cp_refill_state *s = w->trial;
    for (int32_t p = 0; p < z->n_points; p++)
        cp_refill_take_out(s, p);
    for (int32_t i = 0; i < z->n_sites; i++) {
        const cp_site_plan *plan = cp_zone_lp_heaviest(w->lp, i);
        for (int32_t p = z->first_point[i]; p < z->first_point[i + 1]; p++) {
            const int32_t k = p - z->first_point[i];
            const size_t at = (size_t)p * (size_t)z->n_days;
            if (plan)
                cp_refill_put_in(s, p, plan->steps + plan->first[k],
                                 plan->first[k + 1] - plan->first[k]);
            else
                cp_refill_put_in(s, p, w->best->steps + at, w->best->n_steps[p]);
        }
    }
    for (int32_t i = 0; i < MOST_SWEEPS; i++) {
        const cp_minor was = s->total;
        for (int32_t p = 0; p < z->n_points; p++)
            CP_TRY(cp_refill_improve_point(w->ctx, s, p));
        if (s->total >= was) break;
    }
    if (s->total < w->best->total) copy_plan(w->best, s);
    return CP_OK;
}

/* A bound that leaves nothing worth looking for. */
static double cutoff(const tree *w)
{
    const double cost = (double)w->best->total;
    return cost - fmax(1.0, fmax(CLOSE, w->opts->stop_gap) * cost);
}

/* ---- branching ------------------------------------------------------------------------------- */

static gains *gains_of(const tree *w, const cp_visit_change *c)
{
    const int32_t n_days = w->z->n_days;
    return &w->gains[(c->kind == CP_CHANGE_DAY ? w->z->n_points : c->point) * n_days + c->t];
}

static void learn(tree *w, const cp_visit_change *c, double part, double gain)
{
    gains *own = gains_of(w, c), *all = &w->all[c->kind];
    if (part <= WHOLE) return;
    own->sum[c->up] += gain / part;
    own->n[c->up]++;
    all->sum[c->up] += gain / part;
    all->n[c->up]++;
}

/* The gain expected of one side. */
static double expected(const tree *w, const cp_visit_change *down, bool up, double part)
{
    const gains *own = gains_of(w, down), *all = &w->all[down->kind];
    if (own->n[up] > 0) return part * own->sum[up] / own->n[up];
    return all->n[up] > 0 ? part * all->sum[up] / all->n[up] : part;
}

static double both(double low, double high)
{
    return fmax(low, LEAST_GAIN) * fmax(high, LEAST_GAIN);
}

/* Keep the candidates that promise most. part: what of the upper side the LP makes. */
static void offer(tree *w, const cp_visit_change *down, double part)
{
    candidate c = {*down, part, 0.0};
    int32_t i = w->n_candidates;
    if (part <= WHOLE || part >= 1.0 - WHOLE) return;
    c.score = both(expected(w, down, false, part), expected(w, down, true, 1.0 - part));
    if (i == MOST_PROBED) {
        if (w->candidate[i - 1].score >= c.score) return;
        i--;
    } else
        w->n_candidates++;
    for (; i > 0 && w->candidate[i - 1].score < c.score; i--)
        w->candidate[i] = w->candidate[i - 1];
    w->candidate[i] = c;
}

static void offer_visits(tree *w, int32_t t)
{
    double sum = 0.0;
    for (int32_t p = 0; p < w->z->n_points; p++) {
        const double made = w->visit[(size_t)p * (size_t)w->z->n_days + (size_t)t].made;
        const cp_visit_change visit = {CP_CHANGE_VISIT, p, t, 0, false, 0};
        sum += made;
        offer(w, &visit, made);
    }
    const cp_visit_change day = {CP_CHANGE_DAY, 0, t, (int64_t)floor(sum), false, 0};
    offer(w, &day, sum - floor(sum));
}

/* Visits that are made whole, but by several modes or with several loads. */
static void offer_ways(tree *w, int32_t p, int32_t t)
{
    const cp_visit_part *v = &w->visit[(size_t)p * (size_t)w->z->n_days + (size_t)t];
    const cp_visit_change mode = {CP_CHANGE_MODE, p, t, v->mode, false, 0};
    if (v->made <= WHOLE) return;
    offer(w, &mode, v->by_mode / v->made);
    if (v->out_min >= v->out_max) return;
    cp_minor split = (cp_minor)floor(v->out / v->made);
    if (split < v->out_min) split = v->out_min;
    if (split >= v->out_max) split = v->out_max - 1;
    const cp_visit_change out = {CP_CHANGE_OUT, p, t, split, false, 0};
    offer(w, &out, (v->out / v->made - (double)v->out_min) / (double)(v->out_max - v->out_min));
}

/* Loads that are worth as much as each other, but of other notes, where those are scarce. */
static void offer_notes(tree *w, int32_t p, int32_t t)
{
    for (int32_t k = 0; k < w->z->arcs[p]->n_channels; k++) {
        cp_note_range range = {0, 0};
        double mean = 0.0;
        if (!cp_zone_lp_notes(w->lp, p, t, k, &range, &mean) || range.least >= range.most) continue;
        int64_t split = (int64_t)floor(mean);
        if (split < range.least) split = range.least;
        if (split >= range.most) split = range.most - 1;
        const cp_visit_change notes = {CP_CHANGE_NOTES, p, t, split, false, k};
        offer(w, &notes, (mean - (double)range.least) / (double)(range.most - range.least));
    }
}

static void list_candidates(tree *w)
{
    w->n_candidates = 0;
    for (int32_t t = 0; t < w->z->n_days; t++)
        offer_visits(w, t);
    if (w->n_candidates > 0) return;
    for (int32_t t = 0; t < w->z->n_days; t++)
        for (int32_t p = 0; p < w->z->n_points; p++)
            offer_ways(w, p, t);
    for (int32_t t = 0; w->n_candidates == 0 && t < w->z->n_stock_days; t++)
        for (int32_t p = 0; p < w->z->n_points; p++)
            offer_notes(w, p, t);
}

static cp_visit_change other_side(const cp_visit_change *down)
{
    cp_visit_change up = *down;
    up.up = true;
    return up;
}

/* Solve both sides of a candidate for a while. */
static cp_status probe(tree *w, double lp_value, candidate *c)
{
    const double room = fmax(cutoff(w) - lp_value, 1.0);
    const cp_visit_change up = other_side(&c->down);
    double low = 0.0, high = 0.0;
    CP_TRY(cp_zone_lp_probe(w->lp, &w->fix, &c->down, &low));
    CP_TRY(cp_zone_lp_probe(w->lp, &w->fix, &up, &high));
    low = fmin(fmax(low - lp_value, 0.0), room);
    high = fmin(fmax(high - lp_value, 0.0), room);
    learn(w, &c->down, c->part, low);
    learn(w, &up, 1.0 - c->part, high);
    c->score = both(low, high);
    return CP_OK;
}

/* The branching whose two sides both rise most; false when nothing is left to branch on. */
static cp_status choose(tree *w, double lp_value, candidate *best, bool *found)
{
    int32_t in_vain = 0;
    list_candidates(w);
    *found = w->n_candidates > 0;
    for (int32_t i = 0; i < w->n_candidates && in_vain < PATIENCE; i++) {
        candidate *c = &w->candidate[i];
        const gains *seen = gains_of(w, &c->down);
        if (seen->n[0] < RELIABLE || seen->n[1] < RELIABLE) CP_TRY(probe(w, lp_value, c));
        in_vain++;
        if (i > 0 && c->score <= best->score) continue;
        *best = *c;
        in_vain = 0;
    }
    return CP_OK;
}

/* ---- the search ------------------------------------------------------------------------------ */

static void give_up(tree *w, double bound)
{
    if (bound < w->given_up) w->given_up = bound;
}

/* Both sides are open now; in a dive the one the LP is nearer to comes next. */
static cp_status split(tree *w, const tree_node *low, const tree_node *high)
{
    const int32_t id = w->n_nodes;
    const int32_t nearer = low->part <= high->part ? id : id + 1;
    CP_TRY(add_node(w, low));
    CP_TRY(add_node(w, high));
    for (int32_t child = id; child < id + 2; child++)
        if (w->dive > 0 && child == nearer)
            w->next = child;
        else
            push(w, child);
    return CP_OK;
}

static cp_status visit_node(tree *w, int32_t id)
{
    cp_zone_node node = {0.0, 0.0, false};
    candidate c = {{CP_CHANGE_DAY, 0, 0, 0, false, 0}, 0.0, 0.0};
    bool found = false;
    const tree_node own = w->node[id];
    load_fix(w, id);
    CP_TRY(cp_zone_lp_solve(w->lp, &w->fix, cutoff(w), &node));
    const double bound = fmax(own.bound, node.bound);
    if (own.parent >= 0) learn(w, &own.change, own.part, fmin(bound, cutoff(w)) - own.bound);
    if (node.ok && node.bound < cutoff(w)) {
        CP_TRY(repair(w));
        cp_zone_lp_visits(w->lp, w->visit);
        if (bound < cutoff(w)) CP_TRY(choose(w, node.lp, &c, &found));
    }
    if (!found) {
        give_up(w, bound);
        return CP_OK;
    }
    const tree_node low = {id, c.down, c.part, bound};
    const tree_node high = {id, other_side(&c.down), 1.0 - c.part, bound};
    return split(w, &low, &high);
}

static cp_status new_tree(tree *w)
{
    const size_t cells = (size_t)w->z->n_points * (size_t)w->z->n_days;
    const tree_node root = {-1, {CP_CHANGE_DAY, 0, 0, 0, false, 0}, 0.0, -INFINITY};
    CP_TRY(cp_visit_fix_new(w->ctx, w->z, &w->fix));
    CP_NEW(w->ctx, w->ctx->run, w->visit, cells);
    CP_NEW(w->ctx, w->ctx->run, w->candidate, MOST_PROBED);
    CP_NEW(w->ctx, w->ctx->run, w->gains, cells + (size_t)w->z->n_days);
    CP_TRY(cp_refill_state_new(w->ctx, w->z, &w->trial));
    CP_TRY(add_node(w, &root));
    push(w, 0);
    return CP_OK;
}

/* The next of a dive, or the node with the least bound; -1 when nothing is left to gain. */
static int32_t next_node(tree *w, int64_t done)
{
    const int32_t dived = w->next;
    w->next = -1;
    if (dived >= 0) {
        w->dive--;
        return dived;
    }
    if (w->n_open == 0 || w->node[w->heap[0]].bound >= cutoff(w)) return -1;
    const bool again = done >= w->next_dive;
    w->dive = again ? DIVE_DEPTH : 0;
    if (again) w->next_dive = done + DIVE_EVERY;
    return pop(w);
}

static cp_status run(tree *w, double *bound, int64_t *done)
{
    CP_TRY(cp_zone_lp_new(w->ctx, w->z, w->opts->master, w->best, 4.0 * (double)w->best->total,
                          &w->lp));
    CP_TRY(new_tree(w));
    while (*done < w->opts->nodes && !cp_should_stop(w->ctx)) {
        const int32_t id = next_node(w, *done);
        if (id < 0) break;
        CP_TRY(visit_node(w, id));
        (*done)++;
        cp_progress(w->ctx, "replenishment: proof", *done, w->opts->nodes);
    }
    if (w->next >= 0) push(w, w->next);
    double proved = fmin(w->given_up, (double)w->best->total);
    if (w->n_open > 0) proved = fmin(proved, w->node[w->heap[0]].bound);
    if (proved > *bound) *bound = proved;
    cp_log(&w->ctx->log, CP_LOG_DEBUG, "vault %s: %lld nodes, %d open, %lld pricings, bound %.0f",
           w->z->net->vaults[w->z->vault].code, (long long)*done, (int)w->n_open,
           (long long)cp_zone_lp_rounds(w->lp), *bound);
    return CP_OK;
}

cp_status cp_zone_tree(cp_ctx *ctx, const cp_zone *zone, const cp_tree_opts *opts,
                       cp_refill_state *best, double *bound, int64_t *done)
{
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    tree w;
    *done = 0;
    if (zone->n_points == 0) return CP_OK;
    memset(&w, 0, sizeof w);
    w.ctx = ctx;
    w.z = zone;
    w.opts = opts;
    w.best = best;
    w.given_up = INFINITY;
    w.next = -1;
    const cp_status st = run(&w, bound, done);
    cp_zone_lp_free(w.lp);
    if (st == CP_OK) cp_arena_rewind(ctx->run, mark);
    return st;
}
