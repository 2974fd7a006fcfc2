/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_label.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/route/vrp_complete.h"

#define CHUNK_BITS 15
#define CHUNK (1 << CHUNK_BITS)
#define CHUNKS_MAX 4096
#define BUCKETS 128
#define LOOSE_LEVELS 512 /* of bounds on completions where their quality is not all */
#define ASK_EVERY 4096   /* labels extended between two looks at the clock */

typedef struct label {
    int64_t cost;
    cp_node_set seen;
    uint64_t odd[CP_CUT_WORDS]; /* cuts of which one node was visited */
    int32_t parent;             /* -1 = the start */
    int32_t next_queue;         /* of the bucket, in order of making; -1 = last */
    int32_t next_same;          /* of node and bucket, by cost; -1 = last */
    int16_t node, way;
    bool dead; /* another is no worse */
} label;

typedef struct chunk {
    label *labels;
    int64_t *res;
} chunk;

/* Labels of one node in one bucket. */
typedef struct cell {
    int32_t first;
    int64_t least; /* cost of the first */
} cell;

struct cp_label_pool {
    cp_ctx *ctx;
    int32_t n_res_max, n_labels, n_chunks;
    chunk *chunks;
    cell *cells; /* node * BUCKETS + bucket */
    int32_t first_queue[BUCKETS], last_queue[BUCKETS];
    cp_complete complete;
    const cp_label_query *q;
    int64_t low, width; /* of buckets */
    int64_t work;
    bool cut_off;
    int32_t cut_bucket, cut_label; /* where; -1 = before any was extended */
    int32_t *best; /* per node: the label with which the cheapest route ends there, -1 */
    int64_t *best_cost;
    cp_label_path *paths;
    int32_t *nodes, *ways, cap_nodes;
};

static label *at(const cp_label_pool *pool, int32_t l)
{
    return &pool->chunks[l >> CHUNK_BITS].labels[l & (CHUNK - 1)];
}

static int64_t *res_at(const cp_label_pool *pool, int32_t l)
{
    return pool->chunks[l >> CHUNK_BITS].res + (size_t)(l & (CHUNK - 1)) * (size_t)pool->n_res_max;
}

cp_status cp_label_pool_new(cp_ctx *ctx, const cp_relax *r, cp_label_pool **out)
{
    cp_label_pool *pool = NULL;
    const int32_t n = r->p->n_nodes;
    CP_NEW(ctx, ctx->run, pool, 1);
    CP_NEW(ctx, ctx->run, pool->chunks, CHUNKS_MAX);
    CP_NEW(ctx, ctx->run, pool->cells, (size_t)(n + 1) * BUCKETS);
    CP_NEW(ctx, ctx->run, pool->best, n + 1);
    CP_NEW(ctx, ctx->run, pool->best_cost, n + 1);
    CP_NEW(ctx, ctx->run, pool->paths, n + 1);
    pool->ctx = ctx;
    pool->n_res_max = r->n_res_max;
    CP_TRY(cp_complete_new(ctx, r, &pool->complete));
    *out = pool;
    return CP_OK;
}

/* Room for one more label; *l = -1 where the limit is reached. */
static cp_status new_label(cp_label_pool *pool, int32_t *l)
{
    *l = -1;
    if (pool->n_labels == pool->n_chunks * CHUNK) {
        if (pool->n_chunks == CHUNKS_MAX) return CP_OK;
        chunk *c = &pool->chunks[pool->n_chunks];
        CP_NEW(pool->ctx, pool->ctx->run, c->labels, CHUNK);
        CP_NEW(pool->ctx, pool->ctx->run, c->res, (size_t)CHUNK * (size_t)pool->n_res_max);
        pool->n_chunks++;
    }
    if (pool->n_labels < pool->q->labels_max) *l = pool->n_labels;
    return CP_OK;
}

/* ---- dominance ------------------------------------------------------------------------------- */

/* What the first label may have to pay for cuts that the second has not begun. */
static int64_t odd_penalty(const cp_label_cuts *cuts, const label *a, const label *b)
{
    int64_t sum = 0;
    for (int32_t w = 0; w < CP_CUT_WORDS; w++)
        for (uint64_t m = a->odd[w] & ~b->odd[w]; m != 0; m &= m - 1)
            sum += cuts->penalty[64 * w + __builtin_ctzll(m)];
    return sum;
}

/* Is label b needless beside a, whose cost is no more? */
static bool dominates(const cp_label_pool *pool, const label *a, const int64_t *ra, const label *b,
                      const int64_t *rb)
{
    const cp_label_query *q = pool->q;
    if (q->mode == CP_LABEL_QUICK) return true; /* its bucket is no later */
    if (q->mode == CP_LABEL_EXACT)
        for (int32_t w = 0; w < CP_RELAX_WORDS; w++)
            if ((a->seen[w] & ~b->seen[w]) != 0) return false;
    const int64_t behind = cp_relax_behind(q->kind, ra, rb);
    if (a->cost + behind > b->cost) return false;
    return q->mode != CP_LABEL_EXACT || q->cuts->n == 0 ||
           a->cost + behind + odd_penalty(q->cuts, a, b) <= b->cost;
}

static int32_t bucket_of(const cp_label_pool *pool, const int64_t *res)
{
    const int64_t b = (res[pool->q->kind->key] - pool->low) / pool->width;
    return b < 0 ? 0 : b >= BUCKETS ? BUCKETS - 1 : (int32_t)b;
}

static bool dominated_below(const cp_label_pool *pool, const label *b, const int64_t *res,
                            int32_t bucket)
{
    const cell *cells = &pool->cells[b->node * BUCKETS];
    for (int32_t k = 0; k < bucket; k++) {
        if (cells[k].least > b->cost) continue;
        if (pool->q->mode == CP_LABEL_QUICK) return true;
        for (int32_t l = cells[k].first; l >= 0; l = at(pool, l)->next_same) {
            const label *a = at(pool, l);
            if (a->cost > b->cost) break;
            if (dominates(pool, a, res_at(pool, l), b, res)) return true;
        }
    }
    return false;
}

/* Put the label, the next of the pool, among those of its node and bucket unless one of them makes
 * it needless; those that it makes needless are taken out. */
static bool enter_cell(cp_label_pool *pool, int32_t l, int32_t bucket)
{
    label *b = at(pool, l);
    const int64_t *res = res_at(pool, l);
    cell *c = &pool->cells[b->node * BUCKETS + bucket];
    int32_t *link = &c->first;
    while (*link >= 0 && at(pool, *link)->cost <= b->cost) {
        if (dominates(pool, at(pool, *link), res_at(pool, *link), b, res)) return false;
        link = &at(pool, *link)->next_same;
    }
    b->next_same = *link;
    *link = l;
    link = &b->next_same;
    while (*link >= 0) {
        label *a = at(pool, *link);
        if (dominates(pool, b, res, a, res_at(pool, *link))) {
            a->dead = true;
            *link = a->next_same;
        } else {
            link = &a->next_same;
        }
    }
    c->least = at(pool, c->first)->cost;
    return true;
}

static void enqueue(cp_label_pool *pool, int32_t l, int32_t bucket)
{
    at(pool, l)->next_queue = -1;
    if (pool->last_queue[bucket] >= 0)
        at(pool, pool->last_queue[bucket])->next_queue = l;
    else
        pool->first_queue[bucket] = l;
    pool->last_queue[bucket] = l;
}

/* ---- extension ------------------------------------------------------------------------------- */

/* The cuts' part of a visit: forget what the node's memory does not hold, pay second visits. */
static void visit_cuts(const cp_label_cuts *cuts, label *b)
{
    for (int32_t w = 0; w < CP_CUT_WORDS; w++) {
        b->odd[w] &= cuts->memory[b->node][w];
        for (uint64_t m = b->odd[w] & cuts->of[b->node][w]; m != 0; m &= m - 1)
            b->cost += cuts->penalty[64 * w + __builtin_ctzll(m)];
        b->odd[w] ^= cuts->of[b->node][w];
    }
}

/* Can a route below the threshold come of the label? */
static bool promising(const cp_label_pool *pool, const label *b, const int64_t *res, int32_t from)
{
    const cp_label_query *q = pool->q;
    if (!pool->complete.usable) return true;
    const int32_t before = from < q->kind->n && cp_in_set(b->seen, from) ? from : -1;
    return b->cost + cp_complete_least(&pool->complete, b->node, res[q->kind->key], before) <
           q->threshold;
}

static cp_status extend_to(cp_label_pool *pool, int32_t from_label, int32_t way, int32_t to)
{
    const cp_label_query *q = pool->q;
    const cp_relax_kind *k = q->kind;
    const label *a = from_label < 0 ? NULL : at(pool, from_label);
    if (a != NULL && cp_in_set(a->seen, to)) return CP_OK;
    int32_t l = -1;
    pool->work++;
    CP_TRY(new_label(pool, &l));
    if (l < 0) {
        pool->cut_off = true;
        return CP_OK;
    }
    label *b = at(pool, l);
    int64_t *res = res_at(pool, l);
    const int32_t from = a == NULL ? k->start : a->node;
    memset(b, 0, sizeof(*b));
    b->cost = (a == NULL ? k->fixed_ticks : a->cost) - cp_label_gain(q, way >= 0 ? k->n : from, to);
    if (!cp_relax_step(k, a == NULL ? k->begin : res_at(pool, from_label), from, way, to, res,
                       &b->cost))
        return CP_OK;
    b->node = (int16_t)to;
    b->way = (int16_t)way;
    b->parent = from_label;
    for (int32_t w = 0; a != NULL && w < CP_RELAX_WORDS; w++)
        b->seen[w] = a->seen[w] & q->ng[to][w];
    cp_set_add(b->seen, to);
    if (q->cuts->n > 0) {
        if (a != NULL) memcpy(b->odd, a->odd, sizeof(b->odd));
        visit_cuts(q->cuts, b);
    }
    if (!promising(pool, b, res, from)) return CP_OK;
    const int32_t bucket = bucket_of(pool, res);
    if (dominated_below(pool, b, res, bucket) || !enter_cell(pool, l, bucket)) return CP_OK;
    enqueue(pool, l, bucket);
    pool->n_labels++;
    return CP_OK;
}

/* Remember the route that ends with the label where it is the cheapest to end at its node. */
static void end_route(cp_label_pool *pool, int32_t l)
{
    const cp_relax_kind *k = pool->q->kind;
    const label *a = at(pool, l);
    int64_t after[CP_N_RES], cost = a->cost;
    if (!cp_relax_step(k, res_at(pool, l), a->node, -1, k->end, after, &cost)) return;
    if (cost >= pool->best_cost[a->node]) return;
    pool->best_cost[a->node] = cost;
    pool->best[a->node] = l;
}

static cp_status extend(cp_label_pool *pool, int32_t l)
{
    const cp_relax_kind *k = pool->q->kind;
    const int32_t i = l < 0 ? k->n : at(pool, l)->node;
    if (l >= 0) end_route(pool, l);
    for (int32_t e = k->first_next[i]; e < k->first_next[i + 1]; e++)
        CP_TRY(extend_to(pool, l, -1, k->next[e]));
    if (l < 0 || k->at[CP_RES_TRIPS] < 0) return CP_OK;
    for (int32_t way = 0; way < k->n_reload; way++)
        for (int32_t j = 0; j < k->n; j++)
            if (k->serves[j] && j != i) CP_TRY(extend_to(pool, l, way, j));
    return CP_OK;
}

/* ---- answers --------------------------------------------------------------------------------- */

static int by_reduced(const void *a, const void *b)
{
    const cp_label_path *x = a, *y = b;
    if (x->reduced != y->reduced) return x->reduced < y->reduced ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static int32_t length_of(const cp_label_pool *pool, int32_t l)
{
    int32_t n = 0;
    for (; l >= 0; l = at(pool, l)->parent)
        n++;
    return n;
}

static cp_status reserve_nodes(cp_label_pool *pool, int32_t n)
{
    if (n <= pool->cap_nodes) return CP_OK;
    CP_NEW(pool->ctx, pool->ctx->run, pool->nodes, 2 * n);
    CP_NEW(pool->ctx, pool->ctx->run, pool->ways, 2 * n);
    pool->cap_nodes = 2 * n;
    return CP_OK;
}

static cp_status write_paths(cp_label_pool *pool, cp_label_answer *out)
{
    const cp_relax_kind *k = pool->q->kind;
    int32_t total = 0, n = 0;
    for (int32_t i = 0; i < k->n; i++)
        if (pool->best[i] >= 0) total += length_of(pool, pool->best[i]);
    CP_TRY(reserve_nodes(pool, total));
    for (int32_t i = 0; i < k->n; i++) {
        if (pool->best[i] < 0) continue;
        cp_label_path *path = &pool->paths[out->n_paths++];
        path->first = n;
        path->n = length_of(pool, pool->best[i]);
        path->reduced = pool->best_cost[i];
        n += path->n;
        int32_t to = n;
        for (int32_t l = pool->best[i]; l >= 0; l = at(pool, l)->parent) {
            pool->nodes[--to] = at(pool, l)->node;
            pool->ways[to] = at(pool, l)->way;
        }
        path->ticks =
            cp_relax_route(k, pool->nodes + path->first, pool->ways + path->first, path->n);
        if (path->reduced < out->least) out->least = path->reduced;
    }
    qsort(pool->paths, (size_t)out->n_paths, sizeof(*pool->paths), by_reduced);
    out->paths = pool->paths;
    out->nodes = pool->nodes;
    out->ways = pool->ways;
    return CP_OK;
}

/* ---- the search ------------------------------------------------------------------------------ */

static void clear(cp_label_pool *pool, const cp_label_query *q)
{
    const cp_relax_kind *k = q->kind;
    pool->q = q;
    pool->n_labels = 0;
    pool->work = 0;
    pool->cut_off = false;
    pool->cut_label = -1;
    for (int32_t i = 0; i < k->n * BUCKETS; i++)
        pool->cells[i] = (cell){-1, INT64_MAX};
    for (int32_t b = 0; b < BUCKETS; b++)
        pool->first_queue[b] = pool->last_queue[b] = -1;
    for (int32_t i = 0; i < k->n; i++) {
        pool->best[i] = -1;
        pool->best_cost[i] = q->threshold;
    }
    pool->complete.usable = false;
    if (q->mode != CP_LABEL_QUICK)
        cp_complete_fill(&pool->complete, q,
                         q->mode == CP_LABEL_EXACT ? CP_COMPLETE_LEVELS : LOOSE_LEVELS);
    int64_t high = k->limit[k->key];
    if (k->key == k->at[CP_RES_TIME]) {
        int64_t last = 0;
        for (int32_t i = 0; i < k->n; i++)
            if (k->serves[i] && k->points[i].close_s + k->p->nodes[i].service_s > last)
                last = k->points[i].close_s + k->p->nodes[i].service_s;
        if (last < high) high = last;
    }
    pool->low = k->begin[k->key];
    pool->width = high > pool->low ? (high - pool->low) / BUCKETS + 1 : 1;
}

static bool enough(const cp_label_pool *pool)
{
    const cp_label_query *q = pool->q;
    return cp_should_stop(pool->ctx) || (q->cpu_end_s > 0 && cp_cpu_s() > q->cpu_end_s);
}

static cp_status search(cp_label_pool *pool)
{
    int32_t asked = 0;
    CP_TRY(extend(pool, -1));
    if (pool->cut_off) return CP_OK;
    for (int32_t b = 0; b < BUCKETS; b++) {
        for (int32_t l = pool->first_queue[b]; l >= 0; l = at(pool, l)->next_queue) {
            if (at(pool, l)->dead) continue;
            CP_TRY(extend(pool, l));
            if (pool->work >= pool->q->work_max) pool->cut_off = true;
            if (++asked % ASK_EVERY == 0 && enough(pool)) pool->cut_off = true;
            if (!pool->cut_off) continue;
            pool->cut_bucket = b;
            pool->cut_label = l;
            return CP_OK;
        }
    }
    return CP_OK;
}

#define LOOSE_SHARE 64  /* steps of the dynamic program that take the time of a label */
#define LOOSE_LONGEST 4 /* times the nodes: a longer path with cycles is not looked at */

cp_status cp_label_loosely(cp_ctx *ctx, cp_label_pool *pool, const cp_label_query *q,
                           cp_label_answer *out)
{
    const cp_relax_kind *k = q->kind;
    pool->ctx = ctx;
    *out = (cp_label_answer){.least = q->threshold};
    cp_complete_fill(&pool->complete, q, q->levels > 0 ? q->levels : LOOSE_LEVELS);
    if (!pool->complete.usable) return CP_OK;
    const int64_t least = cp_complete_whole(&pool->complete, q);
    if (least < out->least) out->least = least;
    out->proven = out->complete = true;
    out->work = (int64_t)pool->complete.n_levels * k->first_next[k->n + 1] / LOOSE_SHARE + 1;
    CP_TRY(reserve_nodes(pool, LOOSE_LONGEST * k->n * k->n));
    int32_t n = 0;
    for (int32_t i = 0; i < k->n; i++) {
        cp_label_path *path = &pool->paths[out->n_paths];
        path->first = n;
        if (!k->serves[i]) continue;
        path->n = cp_complete_path(&pool->complete, q, i, pool->nodes + n, pool->ways + n,
                                   LOOSE_LONGEST * k->n, &path->ticks);
        path->reduced = path->ticks;
        for (int32_t s = n; s < n + path->n; s++)
            path->reduced -= cp_label_gain(q,
                                           s == n               ? k->start
                                           : pool->ways[s] >= 0 ? k->n
                                                                : pool->nodes[s - 1],
                                           pool->nodes[s]);
        if (path->n == 0 || path->reduced >= q->threshold) continue;
        n += path->n;
        out->n_paths++;
    }
    qsort(pool->paths, (size_t)out->n_paths, sizeof(*pool->paths), by_reduced);
    out->paths = pool->paths;
    out->nodes = pool->nodes;
    out->ways = pool->ways;
    return CP_OK;
}

/* What any route costs at least after the search was cut off at label `l` of a bucket: none of the
 * labels from there on was extended. */
static int64_t least_of_rest(const cp_label_pool *pool, int32_t bucket, int32_t l)
{
    const cp_label_query *q = pool->q;
    int64_t least = CP_COMPLETE_NONE;
    for (; bucket < BUCKETS; bucket++, l = bucket < BUCKETS ? pool->first_queue[bucket] : -1)
        for (; l >= 0; l = at(pool, l)->next_queue) {
            const label *a = at(pool, l);
            const int64_t rest =
                cp_complete_least(&pool->complete, a->node, res_at(pool, l)[q->kind->key], -1);
            if (!a->dead && a->cost + rest < least) least = a->cost + rest;
        }
    return least;
}

cp_status cp_label_price(cp_ctx *ctx, cp_label_pool *pool, const cp_label_query *q,
                         cp_label_answer *out)
{
    pool->ctx = ctx;
    clear(pool, q);
    *out = (cp_label_answer){.least = q->threshold};
    const cp_status st = search(pool);
    if (st != CP_OK) return st;
    out->complete = !pool->cut_off;
    out->work = pool->work;
    CP_TRY(write_paths(pool, out));
    out->proven = q->mode == CP_LABEL_EXACT && out->complete;
    if (q->mode != CP_LABEL_EXACT || out->complete || !pool->complete.usable) return CP_OK;
    const int64_t least = pool->cut_label < 0
                              ? cp_complete_whole(&pool->complete, q)
                              : least_of_rest(pool, pool->cut_bucket, pool->cut_label);
    if (least < out->least) out->least = least;
    out->proven = true;
    return CP_OK;
}
