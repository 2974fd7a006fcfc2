/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_tree.h"

#include <math.h>
#include <string.h>

#include "models/base/clock.h"

#define NODES_A_SHAKE 16
#define ROUNDS_A_SHAKE 4
#define PATIENCE_GAP 0.04
#define LEAST_PATIENCE 5.0
#define MOST_PATIENCE 25.0

typedef struct tree {
    cp_ctx *ctx;
    const cp_siting *s;
    const cp_siting_opts *opts;
    cp_site_best *best;
    cp_siting_result *result;
    cp_site_ascent walk; /* one for all nodes; prices come from the parent */
    double left;         /* least bound of a node that was not searched */
    double root_bound;
    double until_s; /* on the clock of cp_cpu_s() */
    cp_rng rng;
} tree;

static bool is_over(const tree *t)
{
    return cp_should_stop(t->ctx) || cp_cpu_s() >= t->until_s ||
           t->best->plan.cost <= t->opts->enough ||
           (t->opts->nodes > 0 && t->result->nodes >= t->opts->nodes);
}

/* The free site whose mean is farthest from whole; the likelier side in *open_first. */
static int32_t branch_on(const tree *t, const cp_site_node *node, bool *open_first)
{
    int32_t at = -1;
    double most = -1;
    for (int32_t k = 0; k < node->n_free; k++) {
        const int32_t j = node->free[k];
        const double share = t->walk.share[j];
        const double away = fmin(share, 1 - share);
        if (away <= most) continue;
        most = away;
        at = j;
        *open_first = share >= 0.5;
    }
    return at;
}

/* Steps of a node. Where the gap is a small part of the cost a bound that is nearly right is still
 * too low to close a node, so prices are driven further: 12 halvings of the step's length, each
 * after LEAST to MOST_PATIENCE steps that gain nothing. (n = 200, p = 40, gap 0.16 %: 2,700 nodes
 * of 290 steps, or more than 37,000 of 46; a gap of 3.4 %: as many nodes, so few steps are better.)
 */
static void steps_of(const tree *t, cp_site_ascent_opts *o)
{
    const double top = fmin(t->best->plan.cost, t->best->limit);
    const double gap = (top - t->root_bound) / fmax(top, 1e-9);
    const double patience =
        fmin(fmax(PATIENCE_GAP / fmax(gap, 1e-9), LEAST_PATIENCE), MOST_PATIENCE);
    *o = (cp_site_ascent_opts){.max_steps = (int32_t)(12 * patience),
                               .patience = (int32_t)patience,
                               .length = 0.5,
                               .cutoff = cp_site_cutoff(t->best),
                               .target = top,
                               .until_s = t->until_s};
}

/* Bound, fixing, bound again while fixing leaves out much. True: nothing is left to find below. */
static bool squeeze(tree *t, cp_site_node *node)
{
    cp_site_ascent_opts o;
    for (;;) {
        if (!cp_site_node_can_count(node)) return true;
        steps_of(t, &o);
        cp_site_ascent_run(t->ctx, node, &o, &t->walk);
        t->result->steps = t->walk.steps;
        cp_site_offer(t->s, t->walk.v.chosen, t->best);
        if (t->walk.bound >= cp_site_cutoff(t->best)) return true;
        const int32_t before = node->n_free;
        const int32_t fixed = cp_site_node_reduce(node, &t->walk.v, cp_site_cutoff(t->best));
        if (node->n_free == 0 || fixed * 5 < before || is_over(t)) return false;
    }
}

/* The local search goes on while the tree grows: a better plan cuts more than a node does. */
static void shake(tree *t)
{
    cp_site_improve(t->ctx, t->s, t->walk.v.chosen, ROUNDS_A_SHAKE, t->until_s, &t->rng, t->best);
}

static cp_status explore(tree *t, const cp_site_node *parent, int32_t site, cp_siting_duty duty);

/* Both children of a node, each from the node's prices. */
static cp_status children(tree *t, const cp_site_node *node)
{
    bool open_first = false;
    const int32_t site = branch_on(t, node, &open_first);
    const size_t bytes = (size_t)t->s->n_clients * sizeof(double);
    const size_t share_bytes = (size_t)t->s->n_sites * sizeof(double);
    const double bound = t->walk.bound;
    double *lambda = NULL, *share = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, lambda, t->s->n_clients);
    CP_NEW(t->ctx, t->ctx->scratch, share, t->s->n_sites);
    memcpy(lambda, t->walk.lambda, bytes);
    memcpy(share, t->walk.share, share_bytes);
    for (int32_t side = 0; side < 2; side++) {
        memcpy(t->walk.lambda, lambda, bytes);
        memcpy(t->walk.share, share, share_bytes);
        const bool open = (side == 0) == open_first;
        if (bound >= cp_site_cutoff(t->best)) break;
        if (is_over(t)) {
            t->left = fmin(t->left, bound);
            break;
        }
        CP_TRY(explore(t, node, site, open ? CP_SITING_OPEN : CP_SITING_SHUT));
    }
    return CP_OK;
}

static cp_status explore(tree *t, const cp_site_node *parent, int32_t site, cp_siting_duty duty)
{
    const cp_arena_mark mark = cp_arena_here(t->ctx->scratch);
    cp_site_node node, packed;
    CP_TRY(cp_site_node_copy(t->ctx, parent, &node));
    if (site >= 0) cp_site_node_fix(&node, site, duty);
    t->result->nodes++;
    if (t->result->nodes % NODES_A_SHAKE == 0) shake(t);
    const bool done = squeeze(t, &node) || !cp_site_node_can_count(&node);
    if (!done && node.n_free == 0) {
        cp_site_evaluate(&node, t->walk.lambda, &t->walk.v);
        cp_site_offer(t->s, t->walk.v.chosen, t->best);
    } else if (!done) {
        CP_TRY(cp_site_node_copy(t->ctx, &node, &packed));
        CP_TRY(children(t, &packed));
    }
    cp_arena_rewind(t->ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_site_tree(cp_ctx *ctx, const cp_site_node *root, const cp_site_ascent *prices,
                       const cp_site_tree_in *in, cp_site_best *best, cp_siting_result *result)
{
    tree t = {.ctx = ctx,
              .s = root->s,
              .opts = in->opts,
              .best = best,
              .result = result,
              .left = INFINITY,
              .root_bound = prices->bound,
              .until_s = in->until_s,
              .rng = cp_rng_new(ctx->seed, 1)};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(cp_site_ascent_new(ctx, ctx->scratch, root->s, &t.walk));
    t.walk.steps = result->steps;
    memcpy(t.walk.lambda, prices->lambda, (size_t)root->s->n_clients * sizeof(double));
    memcpy(t.walk.share, prices->share, (size_t)root->s->n_sites * sizeof(double));
    CP_TRY(explore(&t, root, -1, CP_SITING_FREE));
    result->bound = fmin(t.left, fmin(best->plan.cost, best->limit));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
