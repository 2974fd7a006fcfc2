/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_swap.h"

#include <math.h>
#include <string.h>

#define NONE (-1)

typedef struct seat {
    int32_t near, second; /* open sites, NONE = nobody */
    double near_cost, second_cost;
} seat;

typedef struct reach {
    int32_t client;
    double cost;
} reach;

struct cp_site_swap {
    const cp_siting *s;
    double apart;  /* cost of a client nobody reaches and that has no price of its own */
    int32_t limit; /* slots for open sites */
    uint8_t *open, *best;
    int32_t *slot;         /* [site] where its corrections stand; NONE = closed */
    int32_t *at;           /* [slot] site; NONE = unused */
    int32_t n_open, *list; /* open sites, any order */
    seat *seat;            /* [client] */
    double *gain;          /* [site] what clients save when it opens */
    double *loss;          /* [slot] what they lose when it closes */
    double *both;          /* [site * limit + slot] of the loss, what opening the site gives back */
    int32_t *first;        /* n_sites + 1: the clients of a site in `client`, any order */
    reach *client;
    double cost;
};

static double alone(const cp_site_swap *w, int32_t i)
{
    const double leave = w->s->leave == NULL ? INFINITY : w->s->leave[i];
    return isfinite(leave) ? leave : w->apart;
}

static double price_apart(const cp_siting *s)
{
    double sum = 1;
    for (int32_t j = 0; j < s->n_sites; j++)
        sum += s->fixed[j];
    for (int32_t i = 0; i < s->n_clients; i++)
        if (s->first[i + 1] > s->first[i]) sum += s->arc_cost[s->first[i + 1] - 1];
    return sum;
}

static cp_status lists_by_site(cp_ctx *ctx, cp_site_swap *w)
{
    const cp_siting *s = w->s;
    const int32_t all = s->first[s->n_clients];
    CP_NEW(ctx, ctx->scratch, w->first, s->n_sites + 2);
    CP_NEW(ctx, ctx->scratch, w->client, all);
    for (int32_t a = 0; a < all; a++)
        w->first[s->arc_site[a] + 2]++;
    for (int32_t j = 0; j < s->n_sites; j++)
        w->first[j + 2] += w->first[j + 1];
    for (int32_t i = 0; i < s->n_clients; i++)
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++)
            w->client[w->first[s->arc_site[a] + 1]++] = (reach){i, s->arc_cost[a]};
    return CP_OK;
}

static void sit_down(cp_site_swap *w, int32_t i)
{
    const cp_siting *s = w->s;
    const double nobody = alone(w, i);
    seat t = {NONE, NONE, nobody, nobody};
    for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < nobody; a++) {
        if (!w->open[s->arc_site[a]]) continue;
        if (t.near == NONE) {
            t.near = s->arc_site[a];
            t.near_cost = s->arc_cost[a];
        } else {
            t.second = s->arc_site[a];
            t.second_cost = s->arc_cost[a];
            break;
        }
    }
    w->seat[i] = t;
}

/* Adds (sign 1) or takes away (-1) what client i contributes to gain, loss and both. */
static void count_client(cp_site_swap *w, int32_t i, double sign)
{
    const cp_siting *s = w->s;
    const seat *t = &w->seat[i];
    const size_t limit = (size_t)w->limit;
    const int32_t slot = t->near == NONE ? NONE : w->slot[t->near];
    for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < t->second_cost; a++) {
        const int32_t j = s->arc_site[a];
        if (w->open[j]) continue;
        const double cost = s->arc_cost[a];
        if (cost < t->near_cost) w->gain[j] += sign * (t->near_cost - cost);
        if (slot != NONE)
            w->both[(size_t)j * limit + (size_t)slot] +=
                sign * (t->second_cost - fmax(cost, t->near_cost));
    }
    if (slot != NONE) w->loss[slot] += sign * (t->second_cost - t->near_cost);
    w->cost += sign * t->near_cost;
}

cp_status cp_site_swap_new(cp_ctx *ctx, const cp_siting *s, cp_site_swap **out)
{
    cp_site_swap *w = NULL;
    CP_NEW(ctx, ctx->scratch, w, 1);
    w->s = s;
    w->apart = price_apart(s);
    /* More open sites than clients never pay, but the count may ask for them. */
    w->limit = s->n_clients < s->n_sites ? s->n_clients + 1 : s->n_sites;
    if (w->limit < s->least_open + 1) w->limit = s->least_open + 1;
    if (w->limit > s->n_sites) w->limit = s->n_sites;
    CP_NEW(ctx, ctx->scratch, w->open, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->best, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->slot, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->at, w->limit);
    CP_NEW(ctx, ctx->scratch, w->list, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->seat, s->n_clients);
    CP_NEW(ctx, ctx->scratch, w->gain, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->loss, w->limit);
    CP_NEW(ctx, ctx->scratch, w->both, (size_t)s->n_sites * (size_t)w->limit);
    CP_TRY(lists_by_site(ctx, w));
    for (int32_t j = 0; j < s->n_sites; j++)
        w->slot[j] = NONE;
    for (int32_t k = 0; k < w->limit; k++)
        w->at[k] = NONE;
    for (int32_t i = 0; i < s->n_clients; i++) {
        w->seat[i] = (seat){NONE, NONE, alone(w, i), alone(w, i)};
        count_client(w, i, 1);
    }
    *out = w;
    return CP_OK;
}

static bool is_touched(const cp_site_swap *w, int32_t i, int32_t site, double cost)
{
    const seat *t = &w->seat[i];
    return t->near == site || t->second == site || cost < t->second_cost;
}

static void put_slot(cp_site_swap *w, int32_t j, bool open)
{
    if (open) {
        int32_t k = 0;
        while (w->at[k] != NONE)
            k++;
        w->slot[j] = k;
        w->at[k] = j;
        w->list[w->n_open++] = j;
        return;
    }
    w->at[w->slot[j]] = NONE;
    w->loss[w->slot[j]] = 0;
    for (int32_t b = 0; b < w->s->n_sites; b++)
        w->both[(size_t)b * (size_t)w->limit + (size_t)w->slot[j]] = 0;
    w->slot[j] = NONE;
    for (int32_t k = 0; k < w->n_open; k++)
        if (w->list[k] == j) w->list[k] = w->list[--w->n_open];
}

/* Opens or closes one site. */
static void move(cp_site_swap *w, int32_t j, bool open)
{
    const cp_siting *s = w->s;
    const int32_t b = w->first[j], e = w->first[j + 1];
    int32_t n = 0;
    for (int32_t k = b; k < e; k++) {
        const reach at = w->client[k];
        if (!is_touched(w, at.client, j, open ? at.cost : INFINITY)) continue;
        count_client(w, at.client, -1);
        /* Those touched stand in front until they are counted again. */
        w->client[k] = w->client[b + n];
        w->client[b + n++] = at;
    }
    w->open[j] = open;
    w->gain[j] = 0;
    for (int32_t k = 0; k < w->limit; k++)
        w->both[(size_t)j * (size_t)w->limit + (size_t)k] = 0;
    put_slot(w, j, open);
    w->cost += open ? s->fixed[j] : -s->fixed[j];
    for (int32_t k = b; k < b + n; k++) {
        sit_down(w, w->client[k].client);
        count_client(w, w->client[k].client, 1);
    }
}

static int32_t duty_of(const cp_siting *s, int32_t j)
{
    return s->duty == NULL ? CP_SITING_FREE : s->duty[j];
}

typedef struct change {
    int32_t in, out; /* NONE = none */
    double delta;
} change;

static void best_exchange(const cp_site_swap *w, int32_t j, change *best)
{
    const cp_siting *s = w->s;
    const double *both = w->both + (size_t)j * (size_t)w->limit;
    const double gain = s->fixed[j] - w->gain[j];
    for (int32_t k = 0; k < w->n_open; k++) {
        const int32_t r = w->list[k], slot = w->slot[r];
        const double delta = gain + w->loss[slot] - s->fixed[r] - both[slot];
        if (delta < best->delta && duty_of(s, r) != CP_SITING_OPEN) *best = (change){j, r, delta};
    }
}

/* The best single move; count tells how many more sites must open (above 0) or close (below). */
static change best_change(const cp_site_swap *w, int32_t count, double least)
{
    const cp_siting *s = w->s;
    change best = {NONE, NONE, least};
    for (int32_t k = 0; k < w->n_open && count <= 0; k++) {
        const int32_t r = w->list[k];
        const double delta = w->loss[w->slot[r]] - s->fixed[r];
        if (delta < best.delta && (count < 0 || w->n_open > s->least_open) &&
            duty_of(s, r) != CP_SITING_OPEN)
            best = (change){NONE, r, delta};
    }
    for (int32_t j = 0; j < s->n_sites && count >= 0; j++) {
        if (w->open[j] || duty_of(s, j) == CP_SITING_SHUT) continue;
        const double delta = s->fixed[j] - w->gain[j];
        const bool room = count > 0 || (w->n_open < s->most_open && w->n_open + 1 < w->limit);
        if (room && delta < best.delta) best = (change){j, NONE, delta};
        if (count == 0) best_exchange(w, j, &best);
    }
    return best;
}

static void apply(cp_site_swap *w, const change *c)
{
    if (c->in != NONE) move(w, c->in, true);
    if (c->out != NONE) move(w, c->out, false);
}

static void mend_count(cp_site_swap *w)
{
    const cp_siting *s = w->s;
    for (;;) {
        const int32_t count = w->n_open < s->least_open ? 1 : w->n_open > s->most_open ? -1 : 0;
        if (count == 0) return;
        const change c = best_change(w, count, INFINITY);
        if (c.in == NONE && c.out == NONE) return;
        apply(w, &c);
    }
}

void cp_site_swap_set(cp_site_swap *w, const uint8_t *open)
{
    const cp_siting *s = w->s;
    for (int32_t j = 0; j < s->n_sites; j++)
        if (w->open[j] && (!open[j] || duty_of(s, j) == CP_SITING_SHUT)) move(w, j, false);
    for (int32_t j = 0; j < s->n_sites; j++) {
        const int32_t duty = duty_of(s, j);
        const bool want = duty == CP_SITING_OPEN || (open[j] && duty != CP_SITING_SHUT);
        if (want && !w->open[j] && w->n_open + 1 < w->limit) move(w, j, true);
    }
    mend_count(w);
}

int64_t cp_site_swap_descend(cp_site_swap *w)
{
    int64_t n = 0;
    for (;;) {
        const change c = best_change(w, 0, -1e-9 * (1 + fabs(w->cost)));
        if (c.in == NONE && c.out == NONE) return n;
        apply(w, &c);
        n++;
    }
}

/* A random exchange where some client lives: its vault closes, one of its next sites opens. */
static void push(cp_site_swap *w, cp_rng *rng)
{
    const cp_siting *s = w->s;
    const int32_t i = (int32_t)cp_rng_below(rng, (uint32_t)s->n_clients);
    const int32_t len = s->first[i + 1] - s->first[i], out = w->seat[i].near;
    if (len == 0) return;
    const int32_t span = len < 8 ? len : 8 + len / 8;
    const int32_t in =
        s->arc_site[s->first[i] + (int32_t)cp_rng_below(rng, (uint32_t)(span < len ? span : len))];
    if (w->open[in] || w->n_open + 1 >= w->limit) return;
    move(w, in, true);
    if (out != NONE && duty_of(s, out) != CP_SITING_OPEN) move(w, out, false);
}

static void back_to(cp_site_swap *w, const uint8_t *open)
{
    for (int32_t j = 0; j < w->s->n_sites; j++)
        if (w->open[j] && !open[j]) move(w, j, false);
    for (int32_t j = 0; j < w->s->n_sites; j++)
        if (!w->open[j] && open[j]) move(w, j, true);
}

void cp_site_swap_shake(const cp_ctx *ctx, cp_site_swap *w, cp_rng *rng, int32_t rounds)
{
    if (w->s->n_clients == 0) return;
    const size_t m = (size_t)w->s->n_sites;
    memcpy(w->best, w->open, m);
    double best = w->cost;
    for (int32_t k = 0; k < rounds && !cp_should_stop(ctx); k++) {
        const uint32_t pushes = 1 + cp_rng_below(rng, 4);
        for (uint32_t p = 0; p < pushes; p++)
            push(w, rng);
        mend_count(w);
        (void)cp_site_swap_descend(w);
        if (w->cost <= best + 1e-9 * fabs(best)) {
            best = w->cost;
            memcpy(w->best, w->open, m);
        } else {
            back_to(w, w->best);
        }
    }
}

double cp_site_swap_cost(const cp_site_swap *w)
{
    return w->cost;
}

const uint8_t *cp_site_swap_open(const cp_site_swap *w)
{
    return w->open;
}
