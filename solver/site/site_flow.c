/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_flow.h"

#include <math.h>
#include <string.h>

#define NONE (-1)
#define DUST 1e-9 /* of a demand or capacity: less than this is nothing */

/* Open sites stand in slots 0 .. n_open - 1, and tables over them are kept by slot, so that all
 * loops run through memory in order. */
struct cp_site_flow {
    const cp_siting *s;
    double *unit;   /* [client * n_sites + slot] cost of a unit; INFINITY = out of reach */
    double *amount; /* [client * n_sites + slot] */
    double *left;   /* [client] demand without a place */
    double *way;    /* [a * n_sites + b] cheapest move of a unit from slot a to b */
    int32_t *mover; /* [a * n_sites + b] its client */
    int32_t *site, n_open;
    int32_t *slot;               /* [site], NONE = closed */
    double *room;                /* [slot] left */
    int32_t **guests, *n_guests; /* [slot] clients with an amount there */
    /* way(a, b) + price[a] - price[b] >= 0; price = top where there is room, and at most that
     * elsewhere: a unit of room at a full site is worth top - price. */
    double *price, top;
    double *dist;   /* [slot] path search: length with prices */
    uint8_t *done;  /* [slot] its length is final */
    int32_t *from;  /* [slot] before it on the path; NONE = the client itself */
    int32_t *first; /* n_sites + 1: clients of a site in `reach`, ascending */
    cp_site_reach *reach;
};

static size_t at(const cp_site_flow *f, int32_t row, int32_t slot)
{
    return (size_t)row * (size_t)f->s->n_sites + (size_t)slot;
}

static cp_status lists_by_site(cp_ctx *ctx, cp_site_flow *f)
{
    const cp_siting *s = f->s;
    const int32_t all = s->first[s->n_clients];
    CP_NEW(ctx, ctx->scratch, f->first, s->n_sites + 2);
    CP_NEW(ctx, ctx->scratch, f->reach, all);
    for (int32_t a = 0; a < all; a++)
        f->first[s->arc_site[a] + 2]++;
    for (int32_t j = 0; j < s->n_sites; j++)
        f->first[j + 2] += f->first[j + 1];
    for (int32_t i = 0; i < s->n_clients; i++)
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++)
            f->reach[f->first[s->arc_site[a] + 1]++] =
                (cp_site_reach){i, s->arc_cost[a] / s->demand[i]};
    return CP_OK;
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
    CP_NEW(ctx, ctx->scratch, f->left, n);
    CP_NEW(ctx, ctx->scratch, f->way, m * m);
    CP_NEW(ctx, ctx->scratch, f->mover, m * m);
    CP_NEW(ctx, ctx->scratch, f->site, m);
    CP_NEW(ctx, ctx->scratch, f->slot, m);
    CP_NEW(ctx, ctx->scratch, f->room, m);
    CP_NEW(ctx, ctx->scratch, f->guests, m);
    CP_NEW(ctx, ctx->scratch, f->n_guests, m);
    CP_NEW(ctx, ctx->scratch, f->price, m);
    CP_NEW(ctx, ctx->scratch, f->dist, m);
    CP_NEW(ctx, ctx->scratch, f->done, m);
    CP_NEW(ctx, ctx->scratch, f->from, m);
    for (size_t j = 0; j < m; j++) {
        f->slot[j] = NONE;
        CP_NEW(ctx, ctx->scratch, f->guests[j], n);
    }
    for (size_t i = 0; i < n; i++)
        f->left[i] = s->demand[i];
    CP_TRY(lists_by_site(ctx, f));
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

/* The ways from slot a with client i there too. */
static void come(cp_site_flow *f, int32_t i, int32_t a)
{
    const double *unit = &f->unit[at(f, i, 0)];
    double *way = &f->way[at(f, a, 0)];
    int32_t *mover = &f->mover[at(f, a, 0)];
    f->guests[a][f->n_guests[a]++] = i;
    for (int32_t b = 0; b < f->n_open; b++) {
        const double cost = unit[b] - unit[a];
        if (b == a || !is_cheaper(cost, i, way[b], mover[b])) continue;
        way[b] = cost;
        mover[b] = i;
    }
}

/* ... and without. */
static void go(cp_site_flow *f, int32_t i, int32_t a)
{
    const int32_t *mover = &f->mover[at(f, a, 0)];
    int32_t *list = f->guests[a], k = 0;
    while (list[k] != i)
        k++;
    list[k] = list[--f->n_guests[a]];
    for (int32_t b = 0; b < f->n_open; b++)
        if (mover[b] == i) find_way(f, a, b);
}

/* Changes what client i has at a slot. */
static void shift(cp_site_flow *f, int32_t i, int32_t a, double by)
{
    double *amount = &f->amount[at(f, i, a)];
    const bool was = *amount > 0;
    *amount += by;
    if (*amount <= DUST * f->s->demand[i]) *amount = 0;
    f->room[a] -= by;
    if (was == (*amount > 0)) return;
    if (was)
        go(f, i, a);
    else
        come(f, i, a);
}

static bool has_room(const cp_site_flow *f, int32_t a)
{
    return f->room[a] > DUST * f->s->capacity[f->site[a]];
}

/* From first lengths in dist: shortest paths in ascending order, until slot `target` is reached or,
 * with NONE, one with room (Dijkstra; prices keep all steps above 0). Where it ended. */
static int32_t settle(cp_site_flow *f, int32_t target)
{
    int32_t a = NONE;
    double least = INFINITY;
    for (int32_t b = 0; b < f->n_open; b++) {
        f->from[b] = NONE;
        f->done[b] = 0;
        if (!(f->dist[b] < least)) continue;
        least = f->dist[b];
        a = b;
    }
    while (a != NONE && a != target && (target != NONE || !has_room(f, a))) {
        const double *way = &f->way[at(f, a, 0)];
        const double base = f->dist[a] + f->price[a];
        const int32_t last = a;
        f->done[a] = 1;
        a = NONE;
        least = INFINITY;
        for (int32_t b = 0; b < f->n_open; b++) {
            if (f->done[b]) continue;
            const double reach = base + way[b] - f->price[b];
            if (reach < f->dist[b]) {
                f->dist[b] = reach;
                f->from[b] = last;
            }
            if (!(f->dist[b] < least)) continue;
            least = f->dist[b];
            a = b;
        }
    }
    return a;
}

/* Prices that make the paths found tight, none raised by more than `most`. */
static void raise_prices(cp_site_flow *f, double most)
{
    for (int32_t b = 0; b < f->n_open; b++)
        f->price[b] += fmin(f->dist[b], most);
}

/* Moves up to `amount` units along the path that ends at `end` and begins at the slot before which
 * from is NONE; returns how many, and that slot. */
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

/* Where a unit of client i goes: a slot with room, from[] the chain to it. The nearest one while
 * that has room: no chain is cheaper, and prices stay as they are. */
static int32_t place_for(cp_site_flow *f, int32_t i)
{
    const double *unit = &f->unit[at(f, i, 0)];
    int32_t nearest = NONE;
    double least = INFINITY;
    for (int32_t b = 0; b < f->n_open; b++) {
        f->dist[b] = unit[b] - f->price[b];
        if (!(unit[b] < least)) continue;
        least = unit[b];
        nearest = b;
    }
    if (nearest == NONE) return NONE;
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

/* A site without guests joins: no way to it is cheaper than prices say, and none leaves it. Its
 * slot. */
static int32_t join(cp_site_flow *f, int32_t site)
{
    const int32_t b = f->n_open++;
    f->slot[site] = b;
    f->site[b] = site;
    f->room[b] = f->s->capacity[site];
    f->n_guests[b] = 0;
    f->price[b] = f->top;
    for (int32_t i = 0; i < f->s->n_clients; i++) {
        f->unit[at(f, i, b)] = INFINITY;
        f->amount[at(f, i, b)] = 0;
    }
    for (int32_t k = f->first[site]; k < f->first[site + 1]; k++)
        f->unit[at(f, f->reach[k].client, b)] = f->reach[k].unit;
    for (int32_t a = 0; a < f->n_open; a++) {
        find_way(f, a, b);
        find_way(f, b, a);
        f->price[b] = fmin(f->price[b], f->way[at(f, a, b)] + f->price[a]);
    }
    return b;
}

void cp_site_flow_open(cp_site_flow *f, int32_t site)
{
    const int32_t b = join(f, site);
    /* Chains that begin at any other site and end here save what their length lacks to top. */
    while (has_room(f, b)) {
        for (int32_t a = 0; a < f->n_open; a++)
            f->dist[a] = f->top - f->price[a];
        const double enough = f->dist[b];
        f->dist[b] = INFINITY;
        const bool pays = settle(f, b) == b && f->dist[b] < enough - 1e-10;
        raise_prices(f, pays ? f->dist[b] : enough);
        if (!pays) f->price[b] = f->top;
        if (!pays) break;
        int32_t start = NONE;
        if (push(f, b, f->room[b], &start) <= 0) break;
    }
    insert_all(f);
}

/* The last slot becomes slot b. */
static void move_last(cp_site_flow *f, int32_t b)
{
    const int32_t last = --f->n_open;
    if (b == last) return;
    int32_t *list = f->guests[b];
    f->guests[b] = f->guests[last];
    f->guests[last] = list;
    f->n_guests[b] = f->n_guests[last];
    f->site[b] = f->site[last];
    f->slot[f->site[b]] = b;
    f->room[b] = f->room[last];
    f->price[b] = f->price[last];
    for (int32_t i = 0; i < f->s->n_clients; i++) {
        f->unit[at(f, i, b)] = f->unit[at(f, i, last)];
        f->amount[at(f, i, b)] = f->amount[at(f, i, last)];
    }
    for (int32_t a = 0; a < f->n_open; a++) {
        f->way[at(f, a, b)] = f->way[at(f, a, last)];
        f->mover[at(f, a, b)] = f->mover[at(f, a, last)];
        f->way[at(f, b, a)] = f->way[at(f, last, a)];
        f->mover[at(f, b, a)] = f->mover[at(f, last, a)];
    }
    f->way[at(f, b, b)] = INFINITY;
    f->mover[at(f, b, b)] = NONE;
}

void cp_site_flow_close(cp_site_flow *f, int32_t site)
{
    const int32_t b = f->slot[site];
    for (int32_t g = 0; g < f->n_guests[b]; g++) {
        const int32_t i = f->guests[b][g];
        f->left[i] += f->amount[at(f, i, b)];
    }
    f->slot[site] = NONE;
    move_last(f, b);
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
    for (int32_t a = 0; a < f->n_open; a++)
        for (int32_t g = 0; g < f->n_guests[a]; g++) {
            const int32_t i = f->guests[a][g];
            sum += f->unit[at(f, i, a)] * f->amount[at(f, i, a)];
        }
    return sum;
}

void cp_site_flow_shares(const cp_site_flow *f, double *share)
{
    const cp_siting *s = f->s;
    for (int32_t i = 0; i < s->n_clients; i++)
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++) {
            const int32_t slot = f->slot[s->arc_site[a]];
            share[a] = slot == NONE ? 0 : f->amount[at(f, i, slot)] / s->demand[i];
        }
}

void cp_site_flow_rates(const cp_site_flow *f, cp_site_rates *out)
{
    for (int32_t j = 0; j < f->s->n_sites; j++)
        out->rent[j] = f->slot[j] == NONE ? 0 : f->top - f->price[f->slot[j]];
    for (int32_t i = 0; i < f->s->n_clients; i++) {
        const double *unit = &f->unit[at(f, i, 0)];
        double pay = INFINITY, next = INFINITY;
        int32_t who = NONE;
        for (int32_t b = 0; b < f->n_open; b++) {
            const double cost = unit[b] + (f->top - f->price[b]);
            if (cost < pay) {
                next = pay;
                pay = cost;
                who = b;
            } else if (cost < next) {
                next = cost;
            }
        }
        out->pay[i] = pay;
        out->next[i] = next;
        out->who[i] = who == NONE ? NONE : f->site[who];
    }
}

int32_t cp_site_flow_reach(const cp_site_flow *f, int32_t site, const cp_site_reach **out)
{
    *out = &f->reach[f->first[site]];
    return f->first[site + 1] - f->first[site];
}
