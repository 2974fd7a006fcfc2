/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_ruin.h"

#include <math.h>

/* Share of strings of which one more stop is kept in the middle (beta of the paper). */
#define KEEP_MORE 0.01
/* With a mixed fleet, share of ruins that take whole routes, and how many nodes these hold. Large
 * vehicles once full lose a string and get it back; only as a whole they give way to small ones. */
#define WHOLE_RATE 0.05
#define WHOLE_NODES 40
/* Share of ruins round a node left out, while there is one that must be served. */
#define ROUND_OUT 0.3

cp_ruin_opts cp_ruin_defaults(void)
{
    const cp_ruin_opts o = {10, 10, 0.5, 0.01, 30};
    return o;
}

cp_status cp_ruin_new(cp_ctx *ctx, const cp_dense *d, const cp_ruin_opts *opts, cp_ruin *out)
{
    *out = (cp_ruin){.opts = *opts, .until_blink = 1, .new_share = 1};
    CP_NEW(ctx, ctx->scratch, out->keys, d->n);
    return CP_OK;
}

static void put_out(cp_state *s, int32_t x)
{
    s->out[s->n_out++] = x;
    s->cost += s->d->nodes[x].out;
}

/* Remove the stops from a to b. Where ways do not keep the triangle inequality, not even by a
 * rounding, what remains may be late: then the stop behind the gap goes too. */
static void take(cp_state *s, int32_t a, int32_t b)
{
    const int32_t route = s->stops[a].route, end = s->d->n + route;
    for (;;) {
        const int32_t before = s->stops[a].prev, after = s->stops[b].next;
        for (int32_t x = a; x != after; x = s->stops[x].next)
            put_out(s, x);
        cp_state_cut(s, a, b);
        if (s->rings[route].size == 0 || cp_state_joined(s, route, before, after)) return;
        a = b = after == end ? before : after;
    }
}

/* The first stop of a chain of `length` stops that holds x, drawn among all there are. */
static int32_t chain_start(cp_state *s, int32_t x, int32_t length)
{
    const int32_t n = s->d->n;
    int32_t back = 0, ahead = 0;
    for (int32_t y = s->stops[x].prev; y < n && back < length - 1; y = s->stops[y].prev)
        back++;
    for (int32_t y = s->stops[x].next; y < n && ahead < length - 1; y = s->stops[y].next)
        ahead++;
    const int32_t least = length - 1 - ahead > 0 ? length - 1 - ahead : 0;
    int32_t step = least + (int32_t)cp_rng_below(&s->rng, (uint32_t)(back - least + 1));
    while (step-- > 0)
        x = s->stops[x].prev;
    return x;
}

/* The stop so many places on, at most the last of the route. */
static int32_t ahead_of(const cp_state *s, int32_t x, int32_t steps)
{
    while (steps-- > 0 && s->stops[x].next < s->d->n)
        x = s->stops[x].next;
    return x;
}

/* Remove a string of `length` stops round x; at times it is longer and its middle stays. */
static void take_string(const cp_ruin *r, cp_state *s, int32_t x, int32_t length)
{
    const int32_t size = s->rings[s->stops[x].route].size;
    int32_t kept = 0;
    if (length > 1 && length < size && cp_rng_unit(&s->rng) < r->opts.split_rate) {
        kept = 1;
        while (length + kept < size && cp_rng_unit(&s->rng) < KEEP_MORE)
            kept++;
    }
    const int32_t first = chain_start(s, x, length + kept);
    if (kept == 0) {
        take(s, first, ahead_of(s, first, length - 1));
        return;
    }
    const int32_t head = 1 + (int32_t)cp_rng_below(&s->rng, (uint32_t)(length - 1));
    const int32_t second = ahead_of(s, first, head + kept);
    take(s, second, ahead_of(s, second, length - head - 1));
    /* late stops taken out besides may have reached back to here */
    if (s->stops[first].route >= 0) take(s, first, ahead_of(s, first, head - 1));
}

/* Remove the routes nearest to a random node. */
static void ruin_whole(cp_state *s)
{
    const cp_dense *d = s->d;
    int32_t left = 1 + (int32_t)cp_rng_below(&s->rng, WHOLE_NODES);
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)d->n);
    const cp_near *near = d->near + (size_t)seed * (size_t)d->n_near;
    for (int32_t k = -1; k < d->n_near && left > 0; k++) {
        const int32_t x = k < 0 ? seed : near[k].node;
        const int32_t route = s->stops[x].route, end = d->n + route;
        if (route < 0 || s->rings[route].size > WHOLE_NODES) continue;
        cp_state_touch(s, route);
        left -= s->rings[route].size;
        take(s, s->stops[end].next, s->stops[end].prev);
    }
}

/* Where to ruin: anywhere, and often round one that is left out although it must be served,
 * because nothing far from it can make room for it. */
static int32_t draw_seed(cp_state *s)
{
    const cp_dense *d = s->d;
    if (s->n_out > 0 && cp_rng_unit(&s->rng) < ROUND_OUT) {
        const int32_t x = s->out[cp_rng_below(&s->rng, (uint32_t)s->n_out)];
        if (d->nodes[x].out == d->big) return x;
    }
    return (int32_t)cp_rng_below(&s->rng, (uint32_t)d->n);
}

void cp_ruin_strings(cp_ruin *r, cp_state *s)
{
    const cp_dense *d = s->d;
    const int32_t served = d->n - s->n_out;
    if (served == 0) return;
    if (d->mixed && cp_rng_unit(&s->rng) < WHOLE_RATE) {
        ruin_whole(s);
        return;
    }
    const double mean_size = (double)served / s->n_used;
    const double longest = r->opts.longest < mean_size ? r->opts.longest : mean_size;
    const double most = 4 * r->opts.mean_removed / (1 + longest) - 1;
    int32_t strings = (int32_t)(1 + most * cp_rng_unit(&s->rng));
    const int32_t seed = draw_seed(s);
    const cp_near *near = d->near + (size_t)seed * (size_t)d->n_near;
    for (int32_t k = -1; k < d->n_near && strings > 0; k++) {
        const int32_t x = k < 0 ? seed : near[k].node;
        const int32_t route = s->stops[x].route;
        if (route < 0 || s->rings[route].seen == s->now) continue;
        cp_state_touch(s, route);
        const double size = s->rings[route].size;
        const double limit = size < longest ? size : longest;
        take_string(r, s, x, (int32_t)(1 + limit * cp_rng_unit(&s->rng)));
        strings--;
    }
}
