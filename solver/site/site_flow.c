/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_flow.h"

#include <math.h>
#include <string.h>

#define NONE (-1)
#define DUST 1e-9 /* of a demand or capacity: less than this is nothing */

/* Sites stand in slots while they are open, so that tables stay small. */
struct cp_site_flow {
    const cp_siting *s;
    double *unit;   /* [client * n_sites + site] cost of a unit; INFINITY = out of reach */
    double *amount; /* [client * n_sites + site] */
    double *room;   /* [site] left */
    double *left;   /* [client] demand without a place */
    double *way;    /* [a * n_sites + b] cheapest move of a unit from a to b */
    int32_t *mover; /* [a * n_sites + b] its client */
    uint8_t *stale; /* [a] the ways from a are to be found again */
    int32_t *open, n_open;
    int32_t **guests, *n_guests; /* [site] clients with an amount there */
    double *dist;                /* [site] path search */
    int32_t *from;               /* [site] before it on the path; NONE = the client itself */
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
    CP_NEW(ctx, ctx->scratch, f->stale, m);
    CP_NEW(ctx, ctx->scratch, f->open, m);
    CP_NEW(ctx, ctx->scratch, f->guests, m);
    CP_NEW(ctx, ctx->scratch, f->n_guests, m);
    CP_NEW(ctx, ctx->scratch, f->dist, m);
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

/* Changes what client i has at a site and keeps its list of guests. */
static void shift(cp_site_flow *f, int32_t i, int32_t site, double by)
{
    double *amount = &f->amount[at(f, i, site)];
    const bool was = *amount > 0;
    *amount += by;
    if (*amount <= DUST * f->s->demand[i]) *amount = 0;
    f->room[site] -= by;
    f->stale[site] = 1;
    if (was == (*amount > 0)) return;
    int32_t *list = f->guests[site];
    if (!was) {
        list[f->n_guests[site]++] = i;
        return;
    }
    int32_t k = 0;
    while (list[k] != i)
        k++;
    list[k] = list[--f->n_guests[site]];
}

static void refresh(cp_site_flow *f, int32_t a)
{
    if (!f->stale[a]) return;
    f->stale[a] = 0;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t b = f->open[k];
        double least = INFINITY;
        int32_t mover = NONE;
        for (int32_t g = 0; g < f->n_guests[a] && b != a; g++) {
            const int32_t i = f->guests[a][g];
            const double cost = f->unit[at(f, i, b)] - f->unit[at(f, i, a)];
            if (cost < least || (cost == least && i < mover)) {
                least = cost;
                mover = i;
            }
        }
        f->way[at(f, a, b)] = least;
        f->mover[at(f, a, b)] = mover;
    }
}

static bool has_room(const cp_site_flow *f, int32_t site)
{
    return f->room[site] > DUST * f->s->capacity[site];
}

/* Cheapest ways to every open site, given first distances in dist (Bellman, Ford, Moore). */
static void settle(cp_site_flow *f)
{
    for (int32_t k = 0; k < f->n_open; k++)
        refresh(f, f->open[k]);
    bool changed = true;
    for (int32_t pass = 0; pass < f->n_open && changed; pass++) {
        changed = false;
        for (int32_t k = 0; k < f->n_open; k++) {
            const int32_t a = f->open[k];
            if (!isfinite(f->dist[a])) continue;
            for (int32_t q = 0; q < f->n_open; q++) {
                const int32_t b = f->open[q];
                const double reach = f->dist[a] + f->way[at(f, a, b)];
                /* Rounding must not make circles; an infinite distance has no noise. */
                const double noise = isfinite(f->dist[b]) ? 1e-12 * (1 + fabs(f->dist[b])) : 0;
                if (!(reach < f->dist[b] - noise)) continue;
                f->dist[b] = reach;
                f->from[b] = a;
                changed = true;
            }
        }
    }
}

/* Moves up to `amount` units along the path that ends at `end` and begins at the site before which
 * from is NONE; returns how many, and that site. */
static double push(cp_site_flow *f, int32_t end, double amount, int32_t *start)
{
    int32_t steps = 0, b = end;
    for (; f->from[b] != NONE && steps <= f->n_open; b = f->from[b], steps++) {
        const int32_t a = f->from[b];
        amount = fmin(amount, f->amount[at(f, f->mover[at(f, a, b)], a)]);
    }
    *start = b;
    if (steps > f->n_open) return 0; /* rounding closed a circle: no path */
    for (b = end; f->from[b] != NONE; b = f->from[b]) {
        const int32_t a = f->from[b], i = f->mover[at(f, a, b)];
        shift(f, i, a, -amount);
        shift(f, i, b, amount);
    }
    return amount;
}

static int32_t cheapest_with_room(const cp_site_flow *f)
{
    int32_t best = NONE;
    for (int32_t k = 0; k < f->n_open; k++) {
        const int32_t b = f->open[k];
        if (isfinite(f->dist[b]) && has_room(f, b) && (best == NONE || f->dist[b] < f->dist[best]))
            best = b;
    }
    return best;
}

/* Places what is left of client i, chain by chain, as long as there is room within reach. */
static void insert(cp_site_flow *f, int32_t i)
{
    while (f->left[i] > DUST * f->s->demand[i]) {
        int32_t nearest = NONE;
        for (int32_t k = 0; k < f->n_open; k++) {
            const int32_t b = f->open[k];
            f->dist[b] = f->unit[at(f, i, b)];
            f->from[b] = NONE;
            if (nearest == NONE || f->dist[b] < f->dist[nearest]) nearest = b;
        }
        if (nearest == NONE) return;
        /* The flow is optimal, so no chain is cheaper than the nearest site while that has room. */
        if (!has_room(f, nearest)) settle(f);
        const int32_t end = cheapest_with_room(f);
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

void cp_site_flow_open(cp_site_flow *f, int32_t site)
{
    f->open[f->n_open++] = site;
    f->room[site] = f->s->capacity[site];
    for (int32_t k = 0; k < f->n_open; k++)
        f->stale[f->open[k]] = 1;
    /* Chains that begin at any other site and end here save what dist says. */
    while (has_room(f, site)) {
        for (int32_t k = 0; k < f->n_open; k++) {
            f->dist[f->open[k]] = f->open[k] == site ? INFINITY : 0;
            f->from[f->open[k]] = NONE;
        }
        settle(f);
        if (!(f->dist[site] < -1e-10)) break;
        int32_t start = NONE;
        if (push(f, site, f->room[site], &start) <= 0) break;
    }
    insert_all(f);
}

void cp_site_flow_close(cp_site_flow *f, int32_t site)
{
    while (f->n_guests[site] > 0) {
        const int32_t i = f->guests[site][0];
        const double amount = f->amount[at(f, i, site)];
        f->left[i] += amount;
        shift(f, i, site, -amount);
    }
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
