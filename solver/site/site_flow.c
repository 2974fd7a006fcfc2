/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_flow.h"

#include <math.h>
#include <string.h>

#define NONE (-1)
#define DUST 1e-9 /* of a demand or capacity: less than this is nothing */

struct cp_site_flow {
    const cp_siting *s;
    double *unit;   /* [client * n_sites + site] cost of a unit; INFINITY = out of reach */
    double *amount; /* [client * n_sites + site] */
    double *room;   /* [site] left */
    double *left;   /* [client] demand without a place */
    double *way;    /* [a * n_sites + b] cheapest move of a unit from a to b */
    int32_t *mover; /* [a * n_sites + b] its client */
    int32_t *open, n_open;
    int32_t **guests, *n_guests; /* [site] clients with an amount there */
    /* Of open sites: way(a, b) + price[a] - price[b] >= 0; price = top where there is room, and at
     * most that elsewhere: a unit of room at a full site is worth top - price. */
    double *price, top;
    double *dist;  /* [site] path search: length with prices */
    uint8_t *done; /* [site] its length is final */
    int32_t *from; /* [site] before it on the path; NONE = the client itself */
};

static size_t at(const cp_site_flow *f, int32_t row, int32_t site)
{
    return (size_t)row * (size_t)f->s->n_sites + (size_t)site;
}

cp_status cp_site_flow_new(cp_ctx *ctx, const cp_siting *s, cp_site_flow **out)
{
    cp_site_flow *f = NULL;
    if (s->demand == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "a transportation needs demands and capacities");
    const size_t m = (size_t)s->n_sites, n = (size_t)s->n_clients;
    CP_NEW(ctx, ctx->scratch, f, 1);
    f->s = s;
    CP_NEW(ctx, ctx->scratch, f->unit, n * m);
    CP_NEW(ctx, ctx->scratch, f->amount, n * m);
    CP_NEW(ctx, ctx->scratch, f->room, m);
    CP_NEW(ctx, ctx->scratch, f->left, n);
    CP_NEW(ctx, ctx->scratch, f->way, m * m);
    CP_NEW(ctx, ctx->scratch, f->mover, m * m);
    CP_NEW(ctx, ctx->scratch, f->open, m);
    CP_NEW(ctx, ctx->scratch, f->guests, m);
    CP_NEW(ctx, ctx->scratch, f->n_guests, m);
    CP_NEW(ctx, ctx->scratch, f->price, m);
    CP_NEW(ctx, ctx->scratch, f->dist, m);
    CP_NEW(ctx, ctx->scratch, f->done, m);
    CP_NEW(ctx, ctx->scratch, f->from, m);
    for (size_t j = 0; j < m; j++)
        CP_NEW(ctx, ctx->scratch, f->guests[j], n);
    for (size_t k = 0; k < n * m; k++)
        f->unit[k] = INFINITY;
    for (int32_t i = 0; i < s->n_clients; i++) {
        f->left[i] = s->demand[i];
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++)
            f->unit[at(f, i, s->arc_site[a])] = s->arc_cost[a] / s->demand[i];
    }
    *out = f;
    return CP_OK;
}

static bool is_cheaper(double cost, int32_t client, double than, int32_t of)
{
    return cost < than || (cost == than && client < of);
}

/* The cheapest move of a unit from a to b. */
static void find_way(cp_site_flow *f, int32_t a, int32_t b)
{
    double least = INFINITY;
    int32_t mover = NONE;
    for (int32_t g = 0; g < f->n_guests[a] && b != a; g++) {
        const int32_t i = f->guests[a][g];
        const double cost = f->unit[at(f, i, b)] - f->unit[at(f, i, a)];
        if (!is_cheaper(cost, i, least, mover)) continue;
        least = cost;
        mover = i;
    }
    f->way[at(f, a, b)] = least;
    f->mover[at(f, a, b)] = mover;
}

/* The ways from site a with client i there too. */
static void come(cp_site_flow *f, int32_t i, int32_t a)
{
    f->guests[a][f->n_guests[a]++] = i;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t b = f->open[k];
        const double cost = f->unit[at(f, i, b)] - f->unit[at(f, i, a)];
        if (b == a || !is_cheaper(cost, i, f->way[at(f, a, b)], f->mover[at(f, a, b)])) continue;
        f->way[at(f, a, b)] = cost;
        f->mover[at(f, a, b)] = i;
    }
}

/* ... and without. */
static void go(cp_site_flow *f, int32_t i, int32_t a)
{
    int32_t *list = f->guests[a], k = 0;
    while (list[k] != i)
        k++;
    list[k] = list[--f->n_guests[a]];
    for (k = 0; k < f->n_open; k++)
        if (f->mover[at(f, a, f->open[k])] == i) find_way(f, a, f->open[k]);
}

/* Changes what client i has at a site. */
static void shift(cp_site_flow *f, int32_t i, int32_t site, double by)
{
    double *amount = &f->amount[at(f, i, site)];
    const bool was = *amount > 0;
    *amount += by;
    if (*amount <= DUST * f->s->demand[i]) *amount = 0;
    f->room[site] -= by;
    if (was == (*amount > 0)) return;
    if (was)
        go(f, i, site);
    else
        come(f, i, site);
}

static bool has_room(const cp_site_flow *f, int32_t site)
{
    return f->room[site] > DUST * f->s->capacity[site];
}

/* From first lengths in dist: shortest paths in ascending order, until `target` is reached or,
 * with NONE, a site with room (Dijkstra; prices keep all steps above 0). Where it ended. */
static int32_t settle(cp_site_flow *f, int32_t target)
{
    for (int32_t k = 0; k < f->n_open; k++) {
        f->from[f->open[k]] = NONE;
        f->done[f->open[k]] = 0;
    }
    for (;;) {
        int32_t a = NONE;
        for (int32_t k = 0; k < f->n_open; k++) {
            const int32_t b = f->open[k];
            if (!f->done[b] && isfinite(f->dist[b]) && (a == NONE || f->dist[b] < f->dist[a]))
                a = b;
        }
        if (a == NONE || a == target || (target == NONE && has_room(f, a))) return a;
        f->done[a] = 1;
        const double base = f->dist[a] + f->price[a];
        for (int32_t k = 0; k < f->n_open; k++) {
            const int32_t b = f->open[k];
            const double reach = base + f->way[at(f, a, b)] - f->price[b];
            if (!(reach < f->dist[b]) || f->done[b]) continue;
            f->dist[b] = reach;
            f->from[b] = a;
        }
    }
}

/* Prices that make the paths found tight, none raised by more than `most`. */
static void raise_prices(cp_site_flow *f, double most)
{
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t b = f->open[k];
        f->price[b] += fmin(f->dist[b], most);
    }
}

/* Moves up to `amount` units along the path that ends at `end` and begins at the site before which
 * from is NONE; returns how many, and that site. */
static double push(cp_site_flow *f, int32_t end, double amount, int32_t *start)
{
    int32_t b = end;
    for (; f->from[b] != NONE; b = f->from[b]) {
        const int32_t a = f->from[b];
        amount = fmin(amount, f->amount[at(f, f->mover[at(f, a, b)], a)]);
    }
    *start = b;
    for (b = end; f->from[b] != NONE; b = f->from[b]) {
        const int32_t a = f->from[b], i = f->mover[at(f, a, b)];
        shift(f, i, a, -amount);
        shift(f, i, b, amount);
    }
    return amount;
}

/* Where a unit of client i goes: a site with room, from[] the chain to it. The nearest site while
 * that has room: no chain is cheaper, and prices stay as they are. */
static int32_t place_for(cp_site_flow *f, int32_t i)
{
    int32_t nearest = NONE;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t b = f->open[k];
        const double unit = f->unit[at(f, i, b)];
        f->dist[b] = unit - f->price[b];
        if (nearest == NONE || unit < f->unit[at(f, i, nearest)]) nearest = b;
    }
    if (nearest == NONE || !isfinite(f->unit[at(f, i, nearest)])) return NONE;
    f->from[nearest] = NONE;
    if (has_room(f, nearest)) return nearest;
    const int32_t end = settle(f, NONE);
    if (end == NONE) return NONE;
    const double raise = f->dist[end];
    raise_prices(f, raise);
    f->top += raise;
    return end;
}

/* Places what is left of client i, chain by chain, as long as there is room within reach. */
static void insert(cp_site_flow *f, int32_t i)
{
    while (f->left[i] > DUST * f->s->demand[i]) {
        const int32_t end = place_for(f, i);
        if (end == NONE) return;
        int32_t start = NONE;
        const double moved = push(f, end, fmin(f->left[i], f->room[end]), &start);
        if (moved <= 0) return;
        shift(f, i, start, moved);
        f->left[i] -= moved;
        if (f->left[i] <= DUST * f->s->demand[i]) f->left[i] = 0;
    }
}

static void insert_all(cp_site_flow *f)
{
    for (int32_t i = 0; i < f->s->n_clients; i++)
        if (f->left[i] > 0) insert(f, i);
}

/* A site without guests joins: no way to it is cheaper than prices say, and none leaves it. */
static void join(cp_site_flow *f, int32_t site)
{
    f->open[f->n_open++] = site;
    f->room[site] = f->s->capacity[site];
    f->price[site] = f->top;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t a = f->open[k];
        find_way(f, a, site);
        find_way(f, site, a);
        f->price[site] = fmin(f->price[site], f->way[at(f, a, site)] + f->price[a]);
    }
}

void cp_site_flow_open(cp_site_flow *f, int32_t site)
{
    join(f, site);
    /* Chains that begin at any other site and end here save what their length lacks to top. */
    while (has_room(f, site)) {
        for (int32_t k = 0; k < f->n_open; k++)
            f->dist[f->open[k]] = f->top - f->price[f->open[k]];
        f->dist[site] = INFINITY;
        const double enough = f->top - f->price[site];
        const bool pays = settle(f, site) == site && f->dist[site] < enough - 1e-10;
        raise_prices(f, pays ? f->dist[site] : enough);
        if (!pays) f->price[site] = f->top;
        if (!pays) break;
        int32_t start = NONE;
        if (push(f, site, f->room[site], &start) <= 0) break;
    }
    insert_all(f);
}

void cp_site_flow_close(cp_site_flow *f, int32_t site)
{
    for (int32_t g = 0; g < f->n_guests[site]; g++) {
        const int32_t i = f->guests[site][g];
        f->left[i] += f->amount[at(f, i, site)];
        f->amount[at(f, i, site)] = 0;
    }
    f->n_guests[site] = 0;
    int32_t k = 0;
    while (f->open[k] != site)
        k++;
    f->open[k] = f->open[--f->n_open];
    f->room[site] = 0;
    insert_all(f);
}

double cp_site_flow_missing(const cp_site_flow *f)
{
    double sum = 0;
    for (int32_t i = 0; i < f->s->n_clients; i++)
        sum += f->left[i];
    return sum;
}

double cp_site_flow_cost(const cp_site_flow *f)
{
    if (cp_site_flow_missing(f) > 0) return INFINITY;
    double sum = 0;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t j = f->open[k];
        for (int32_t g = 0; g < f->n_guests[j]; g++) {
            const int32_t i = f->guests[j][g];
            sum += f->unit[at(f, i, j)] * f->amount[at(f, i, j)];
        }
    }
    return sum;
}

void cp_site_flow_shares(const cp_site_flow *f, double *share)
{
    const cp_siting *s = f->s;
    for (int32_t i = 0; i < s->n_clients; i++)
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++)
            share[a] = f->amount[at(f, i, s->arc_site[a])] / s->demand[i];
}
