/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_relax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

cp_status cp_site_value_new(cp_ctx *ctx, cp_arena *arena, const cp_siting *s, cp_site_value *out)
{
    *out = (cp_site_value){.bound = -INFINITY};
    CP_NEW(ctx, arena, out->value, s->n_sites);
    CP_NEW(ctx, arena, out->chosen, s->n_sites);
    CP_NEW(ctx, arena, out->slack, s->n_clients);
    CP_NEW(ctx, arena, out->rank, s->n_sites);
    if (s->demand == NULL) return CP_OK;
    CP_NEW(ctx, arena, out->item, s->first[s->n_clients]);
    CP_NEW(ctx, arena, out->dear, s->n_sites);
    CP_NEW(ctx, arena, out->from, s->n_sites + 1);
    CP_NEW(ctx, arena, out->n_items, s->n_sites);
    for (int32_t a = 0; a < s->first[s->n_clients]; a++)
        out->from[s->arc_site[a] + 1]++;
    for (int32_t j = 0; j < s->n_sites; j++)
        out->from[j + 1] += out->from[j];
    return CP_OK;
}

static int ascending(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* How many sites it takes at least: those that must be open, then the largest, until all demand
 * that must be served has room. One more than there are when even all are too small. */
static int32_t least_by_room(const cp_site_node *node)
{
    const cp_siting *s = node->s;
    double open = 0;
    for (int32_t j = 0; j < s->n_sites; j++)
        if (node->duty[j] == CP_SITING_OPEN) open += s->capacity[j];
    for (int32_t k = 0; k < node->n_free; k++)
        node->rooms[k] = s->capacity[node->free[k]];
    qsort(node->rooms, (size_t)node->n_free, sizeof *node->rooms, ascending);
    int32_t n = node->n_open, k = node->n_free;
    while (open < node->need * (1 - 1e-12) && k > 0) {
        open += node->rooms[--k];
        n++;
    }
    return open < node->need * (1 - 1e-12) ? s->n_sites + 1 : n;
}

static void count_duties(cp_site_node *node)
{
    node->n_free = node->n_open = 0;
    for (int32_t j = 0; j < node->s->n_sites; j++) {
        if (node->duty[j] == CP_SITING_FREE) node->free[node->n_free++] = j;
        node->n_open += node->duty[j] == CP_SITING_OPEN;
    }
    node->least = node->s->least_open;
    if (node->s->demand == NULL) return;
    const int32_t by_room = least_by_room(node);
    if (by_room > node->least) node->least = by_room;
}

/* Pairs of sites that are not shut. */
static int32_t count_pairs(const cp_site_node *node)
{
    int32_t kept = 0;
    for (int32_t a = node->first[0]; a < node->first[node->s->n_clients]; a++)
        kept += node->duty[node->arc_site[a]] != CP_SITING_SHUT;
    return kept;
}

static cp_status make_pairs(cp_ctx *ctx, const cp_site_node *from, int32_t kept, cp_site_node *to)
{
    const int32_t n = from->s->n_clients;
    int32_t *first = NULL, *site = NULL;
    double *cost = NULL;
    CP_NEW(ctx, ctx->scratch, first, n + 1);
    CP_NEW(ctx, ctx->scratch, site, kept);
    CP_NEW(ctx, ctx->scratch, cost, kept);
    int32_t len = 0;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t a = from->first[i]; a < from->first[i + 1]; a++) {
            if (to->duty[from->arc_site[a]] == CP_SITING_SHUT) continue;
            site[len] = from->arc_site[a];
            cost[len++] = from->arc_cost[a];
            /* What is farther than a site with room that is open for sure never serves. */
            if (from->s->demand == NULL && to->duty[from->arc_site[a]] == CP_SITING_OPEN) break;
        }
        first[i + 1] = len;
    }
    to->first = first;
    to->arc_site = site;
    to->arc_cost = cost;
    return CP_OK;
}

cp_status cp_site_node_root(cp_ctx *ctx, const cp_siting *s, cp_site_node *out)
{
    *out =
        (cp_site_node){.s = s, .first = s->first, .arc_site = s->arc_site, .arc_cost = s->arc_cost};
    CP_NEW(ctx, ctx->scratch, out->duty, s->n_sites);
    CP_NEW(ctx, ctx->scratch, out->free, s->n_sites);
    CP_NEW(ctx, ctx->scratch, out->rooms, s->n_sites);
    for (int32_t i = 0; i < s->n_clients && s->demand != NULL; i++)
        out->need += s->demand[i];
    if (s->duty != NULL) memcpy(out->duty, s->duty, (size_t)s->n_sites);
    count_duties(out);
    return CP_OK;
}

cp_status cp_site_node_copy(cp_ctx *ctx, const cp_site_node *node, cp_site_node *out)
{
    const size_t m = (size_t)node->s->n_sites;
    *out = *node;
    CP_NEW(ctx, ctx->scratch, out->duty, m);
    CP_NEW(ctx, ctx->scratch, out->free, node->n_free);
    memcpy(out->duty, node->duty, m);
    memcpy(out->free, node->free, (size_t)node->n_free * sizeof *node->free);
    const int32_t all = node->first[node->s->n_clients], kept = count_pairs(out);
    if (kept < all - all / 4) CP_TRY(make_pairs(ctx, node, kept, out));
    return CP_OK;
}

void cp_site_node_fix(cp_site_node *node, int32_t site, cp_siting_duty duty)
{
    node->duty[site] = (uint8_t)duty;
    count_duties(node);
}

bool cp_site_node_can_count(const cp_site_node *node)
{
    return node->n_open <= node->s->most_open && node->least <= node->s->most_open &&
           node->n_open + node->n_free >= node->least;
}

/* Chooses free sites: all that pay, but no fewer and no more than the count leaves. Ties at the
 * edge go to the site with the lower index. */
static double choose(const cp_site_node *node, cp_site_value *v)
{
    const int32_t least = node->least - node->n_open, most = node->s->most_open - node->n_open;
    int32_t paying = 0;
    for (int32_t k = 0; k < node->n_free; k++)
        paying += v->value[node->free[k]] < 0;
    int32_t take = paying > most ? most : paying;
    if (take < least) take = least;
    v->last_in = -INFINITY;
    v->first_out = INFINITY;
    double edge = 0, sum = 0;
    int32_t at_edge = 0;
    if (take != paying) {
        for (int32_t k = 0; k < node->n_free; k++)
            v->rank[k] = v->value[node->free[k]];
        qsort(v->rank, (size_t)node->n_free, sizeof *v->rank, ascending);
        edge = take > 0 ? v->rank[take - 1] : -INFINITY;
        for (int32_t k = take - 1; k >= 0 && v->rank[k] == edge; k--)
            at_edge++;
    }
    for (int32_t k = 0; k < node->n_free; k++) {
        const int32_t j = node->free[k];
        const double value = v->value[j];
        bool in = take == paying ? value < 0 : value < edge;
        if (take != paying && value == edge && at_edge > 0) {
            in = true;
            at_edge--;
        }
        v->chosen[j] = in;
        if (in) sum += value;
        if (in && value > v->last_in) v->last_in = value;
        if (!in && value < v->first_out) v->first_out = value;
    }
    /* One more or one less without an exchange, where the count allows it. */
    if (take < most) v->last_in = fmax(v->last_in, 0);
    if (take > least) v->first_out = fmin(v->first_out, 0);
    return sum;
}

/* Values of sites without capacities; returns the sum of prices. */
static double value_open(const cp_site_node *node, const double *lambda, cp_site_value *v)
{
    double sum = 0;
    for (int32_t i = 0; i < node->s->n_clients; i++) {
        const double price = lambda[i];
        const int32_t end = node->first[i + 1];
        sum += price;
        for (int32_t a = node->first[i]; a < end && node->arc_cost[a] < price; a++)
            v->value[node->arc_site[a]] += node->arc_cost[a] - price;
    }
    return sum;
}

static bool saves_more(const cp_site_item *p, const cp_site_item *q)
{
    return p->saves < q->saves || (p->saves == q->saves && p->client < q->client);
}

static void exchange(cp_site_item *item, int32_t a, int32_t b)
{
    const cp_site_item x = item[a];
    item[a] = item[b];
    item[b] = x;
}

/* Puts the middle one of three items of lo..hi where it belongs in descending order of saving,
 * those that save more before it; its place. */
static int32_t split_items(cp_site_item *item, int32_t lo, int32_t hi)
{
    const int32_t mid = lo + (hi - lo) / 2;
    if (saves_more(&item[mid], &item[lo])) exchange(item, mid, lo);
    if (saves_more(&item[hi], &item[lo])) exchange(item, hi, lo);
    if (saves_more(&item[mid], &item[hi])) exchange(item, mid, hi);
    int32_t at = lo;
    for (int32_t k = lo; k < hi; k++)
        if (saves_more(&item[k], &item[hi])) exchange(item, k, at++);
    exchange(item, at, hi);
    return at;
}

static int cheapest_room(const void *a, const void *b)
{
    const cp_site_ratio *p = a, *q = b;
    if (p->ratio != q->ratio) return p->ratio < q->ratio ? -1 : 1;
    return (p->room > q->room) - (p->room < q->room);
}

/* Brings the best units of a site to the front, until they fill `room` or more; how many items that
 * takes. They need no order among each other, so the items are parted and not sorted (Balas, Zemel,
 * Operations Research 28, 1980). */
static int32_t part_items(const cp_siting *s, cp_site_item *item, int32_t n, double room)
{
    int32_t lo = 0, hi = n - 1;
    while (lo < hi) {
        const int32_t at = split_items(item, lo, hi);
        double before = 0;
        for (int32_t k = lo; k < at; k++)
            before += s->demand[item[k].client];
        if (before >= room) {
            hi = at - 1;
            continue;
        }
        room -= before + s->demand[item[at].client];
        if (room <= 0) return at + 1;
        lo = at + 1;
    }
    return lo + 1;
}

/* The continuous knapsack of one site: the best units first until the room is full. */
static void fill(const cp_siting *s, int32_t j, cp_site_value *v)
{
    cp_site_item *item = &v->item[v->from[j]];
    double want = 0;
    for (int32_t k = 0; k < v->n_items[j]; k++)
        want += s->demand[item[k].client];
    const bool full = want > s->capacity[j];
    if (full) v->n_items[j] = part_items(s, item, v->n_items[j], s->capacity[j]);
    double room = s->capacity[j];
    cp_site_item *last = NULL;
    for (int32_t k = 0; k < v->n_items[j]; k++)
        if (full && (last == NULL || saves_more(last, &item[k]))) last = &item[k];
    for (int32_t k = 0; k < v->n_items[j]; k++) {
        const double demand = s->demand[item[k].client];
        item[k].part = 1;
        if (&item[k] == last) continue;
        room -= demand;
        v->value[j] += item[k].saves * demand;
    }
    if (last == NULL) return;
    const double demand = s->demand[last->client], take = fmin(fmax(room, 0), demand);
    last->part = take / demand;
    v->value[j] += last->saves * take;
}

static double value_roomy(const cp_site_node *node, const double *lambda, cp_site_value *v)
{
    const cp_siting *s = node->s;
    double sum = 0;
    memset(v->n_items, 0, (size_t)s->n_sites * sizeof *v->n_items);
    for (int32_t i = 0; i < s->n_clients; i++) {
        const double price = lambda[i];
        const int32_t end = node->first[i + 1];
        sum += price;
        for (int32_t a = node->first[i]; a < end && node->arc_cost[a] < price; a++) {
            const int32_t j = node->arc_site[a];
            v->item[v->from[j] + v->n_items[j]++] =
                (cp_site_item){i, (node->arc_cost[a] - price) / s->demand[i], 0};
        }
    }
    for (int32_t j = 0; j < s->n_sites; j++)
        if (node->duty[j] != CP_SITING_SHUT) fill(s, j, v);
    return sum;
}

/* The price of a unit of room at which just enough of it opens: sites in ascending order of what
 * opening them costs a unit, until all demand has room. 0 when what pays by itself is enough. */
static double room_price(const cp_site_node *node, cp_site_value *v)
{
    const cp_siting *s = node->s;
    double open = 0;
    int32_t n = 0;
    for (int32_t j = 0; j < s->n_sites; j++) {
        if (node->duty[j] == CP_SITING_SHUT) continue;
        if (node->duty[j] == CP_SITING_OPEN || v->value[j] < 0)
            open += s->capacity[j];
        else if (s->capacity[j] > 0)
            v->dear[n++] = (cp_site_ratio){v->value[j] / s->capacity[j], s->capacity[j]};
    }
    if (open >= node->need) return 0;
    qsort(v->dear, (size_t)n, sizeof *v->dear, cheapest_room);
    for (int32_t k = 0; k < n; k++) {
        open += v->dear[k].room;
        if (open >= node->need) return v->dear[k].ratio;
    }
    return 0;
}

static void slack_open(const cp_site_node *node, const double *lambda, cp_site_value *v)
{
    for (int32_t i = 0; i < node->s->n_clients; i++) {
        const double price = lambda[i];
        const int32_t end = node->first[i + 1];
        int32_t used = 0;
        for (int32_t a = node->first[i]; a < end && node->arc_cost[a] < price; a++)
            used += v->chosen[node->arc_site[a]];
        v->slack[i] = 1.0 - used;
    }
}

static void slack_roomy(const cp_site_node *node, cp_site_value *v)
{
    const cp_siting *s = node->s;
    for (int32_t i = 0; i < s->n_clients; i++)
        v->slack[i] = 1;
    for (int32_t j = 0; j < s->n_sites; j++)
        for (int32_t k = 0; k < v->n_items[j] && v->chosen[j]; k++) {
            const cp_site_item *item = &v->item[v->from[j] + k];
            v->slack[item->client] -= item->part;
        }
}

/* The bound with sites chosen at a price for room, which goes off (or, below 0, back on) the
 * values.
 */
static double take_sites(const cp_site_node *node, double prices, double room, cp_site_value *v)
{
    const cp_siting *s = node->s;
    double sum = prices + fmax(room, 0) * node->need;
    for (int32_t j = 0; j < s->n_sites && (room > 0 || room < 0); j++)
        v->value[j] -= room * s->capacity[j];
    for (int32_t j = 0; j < s->n_sites; j++)
        if (node->duty[j] == CP_SITING_OPEN) sum += v->value[j];
    v->bound = sum + choose(node, v);
    return v->bound;
}

void cp_site_evaluate(const cp_site_node *node, const double *lambda, cp_site_value *v)
{
    const cp_siting *s = node->s;
    for (int32_t j = 0; j < s->n_sites; j++) {
        v->value[j] = s->fixed[j];
        v->chosen[j] = node->duty[j] == CP_SITING_OPEN;
    }
    const double sum =
        s->demand == NULL ? value_open(node, lambda, v) : value_roomy(node, lambda, v);
    const double price = s->demand == NULL ? 0 : room_price(node, v);
    v->bound = take_sites(node, sum, 0, v);
    if (price > 0) {
        /* The count of sites may say more about room than a price for it does. */
        const double counted = v->bound;
        if (take_sites(node, sum, price, v) < counted) (void)take_sites(node, sum, -price, v);
    }
    if (s->demand == NULL)
        slack_open(node, lambda, v);
    else
        slack_roomy(node, v);
}

int32_t cp_site_node_reduce(cp_site_node *node, const cp_site_value *v, double cutoff)
{
    int32_t n = 0;
    for (int32_t k = 0; k < node->n_free; k++) {
        const int32_t j = node->free[k];
        const double value = v->value[j];
        /* Opening j pushes out the worst that is in, shutting j takes in the best that is out. */
        const double other =
            v->chosen[j] ? v->bound - value + v->first_out : v->bound + value - v->last_in;
        if (other < cutoff) continue;
        node->duty[j] = v->chosen[j] ? CP_SITING_OPEN : CP_SITING_SHUT;
        n++;
    }
    if (n > 0) count_duties(node);
    return n;
}
