/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/irp/irp_tours.h"

#include <math.h>
#include <string.h>

static double tour_cost(const cp_irp_tours *s, int32_t tour, int32_t n, int64_t drive_s,
                        int64_t service_s, int64_t dist_m)
{
    const cp_irp_ground *g = s->g;
    if (n == 0) return 0.0;
    const int32_t car = tour % g->n_cars;
    const int64_t time = drive_s + service_s;
    double cost = g->car_day[tour] + (g->second[tour] + g->guide) * (double)time;
    cost += g->metre[tour] * (double)dist_m;
    if (time > g->shift_s[car]) cost += g->over[tour] * (double)(time - g->shift_s[car]);
    if (time > g->limit_s[car]) cost += s->beyond * (double)(time - g->limit_s[car]);
    return cost;
}

static int32_t *seq_of(const cp_irp_tours *s, int32_t tour)
{
    return s->seq + (size_t)tour * (size_t)(s->cap + 2);
}

static int32_t *legs_of(const cp_irp_tours *s, int32_t tour)
{
    return s->leg_s + (size_t)tour * (size_t)(s->cap + 2);
}

static int64_t metres(const cp_irp_ground *g, int32_t a, int32_t b)
{
    return g->out_m ? g->out_m[(size_t)a * (size_t)g->width + (size_t)b] : 0;
}

static int32_t seconds(const cp_irp_ground *g, int32_t a, int32_t b)
{
    return g->out_s[(size_t)a * (size_t)g->width + (size_t)b];
}

/* A tour can hold at most the sites whose service alone fills the longest day, and all of them. */
static int32_t most_stops(const cp_irp_ground *g)
{
    int32_t least_s = INT32_MAX, longest = 0;
    for (int32_t i = 0; i < g->n_sites; i++)
        if (g->site_s[i] < least_s) least_s = g->site_s[i];
    for (int32_t c = 0; c < g->n_cars; c++)
        if (g->limit_s[c] > longest) longest = g->limit_s[c];
    if (least_s <= 0) return g->n_sites;
    const int32_t most = longest / least_s + 1;
    return most < g->n_sites ? most : g->n_sites;
}

cp_status cp_irp_tours_new(cp_ctx *ctx, const cp_irp_ground *ground, cp_irp_tours **out)
{
    cp_irp_tours *s = NULL;
    CP_NEW(ctx, ctx->run, s, 1);
    s->g = ground;
    s->n_tours = ground->n_days * ground->n_cars;
    s->cap = most_stops(ground);
    const size_t cells = (size_t)s->n_tours * (size_t)(s->cap + 2);
    const size_t days = (size_t)ground->n_sites * (size_t)ground->n_days;
    CP_NEW(ctx, ctx->run, s->tour, s->n_tours);
    CP_NEW(ctx, ctx->run, s->seq, cells);
    CP_NEW(ctx, ctx->run, s->leg_s, cells);
    CP_NEW(ctx, ctx->run, s->at, days);
    CP_NEW(ctx, ctx->run, s->pos, days);
    CP_NEW(ctx, ctx->run, s->days, ground->n_sites);
    CP_NEW(ctx, ctx->run, s->detour, s->n_tours);
    CP_NEW(ctx, ctx->run, s->where, s->n_tours);
    for (size_t i = 0; i < days; i++)
        s->at[i] = -1;
    for (int32_t r = 0; r < s->n_tours; r++) {
        const int32_t base = ground->base[r % ground->n_cars];
        seq_of(s, r)[0] = base;
        seq_of(s, r)[1] = base;
    }
    *out = s;
    return CP_OK;
}

void cp_irp_mark(cp_irp_tours *tours, int32_t site, int32_t t, int32_t tour)
{
    const uint64_t bit = UINT64_C(1) << t;
    tours->at[(size_t)site * (size_t)tours->g->n_days + (size_t)t] = tour;
    tours->days[site] = tour < 0 ? tours->days[site] & ~bit : tours->days[site] | bit;
}

static uint64_t next_blink(uint64_t *state)
{
    *state ^= *state << 13; /* xorshift64 (Marsaglia 2003): fast, and enough to overlook places */
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Price of giving `tour` one stop more with this detour; infinite when the day gets too long. */
static double stop_price(const cp_irp_tours *s, int32_t site, int32_t tour, int32_t detour_s,
                         int32_t pos, int32_t service_s)
{
    const cp_irp_ground *g = s->g;
    const cp_irp_tour *v = &s->tour[tour];
    const int64_t drive = (int64_t)v->drive_s + detour_s;
    const int64_t service = (int64_t)v->service_s + service_s;
    if (v->n >= s->cap) return INFINITY;
    if (drive + service > g->limit_s[tour % g->n_cars] + s->grace_s) return INFINITY;
    int64_t dist = v->dist_m;
    if (g->out_m) {
        const int32_t a = seq_of(s, tour)[pos], b = seq_of(s, tour)[pos + 1];
        dist += metres(g, a, site) + metres(g, site, b) - metres(g, a, b);
    }
    return tour_cost(s, tour, v->n + 1, drive, service, dist) - v->cost;
}

static void offer(cp_irp_tours *s, int32_t tour, int32_t pos, int32_t detour_s)
{
    if (detour_s >= s->detour[tour]) return;
    s->detour[tour] = detour_s;
    s->where[tour] = pos;
}

/* Detours beside the nearest sites, wherever and whenever these are visited. */
static void look_near(cp_irp_tours *s, int32_t site, const int32_t *from, const int32_t *to)
{
    const cp_irp_ground *g = s->g;
    const int32_t *near = g->near + (size_t)site * (size_t)g->n_near;
    for (int32_t k = 0; k < g->n_near; k++) {
        const size_t row = (size_t)near[k] * (size_t)g->n_days;
        for (uint64_t left = s->days[near[k]]; left != 0; left &= left - 1) {
            const size_t v = row + (size_t)__builtin_ctzll(left);
            const int32_t tour = s->at[v], i = s->pos[v];
            const int32_t *seq = seq_of(s, tour) + i, *leg = legs_of(s, tour) + i;
            offer(s, tour, i - 1, to[seq[-1]] + from[near[k]] - leg[-1]);
            offer(s, tour, i, to[near[k]] + from[seq[1]] - leg[0]);
        }
    }
}

static void look_along(cp_irp_tours *s, int32_t tour, const int32_t *from, const int32_t *to)
{
    const int32_t *seq = seq_of(s, tour), *leg = legs_of(s, tour);
    for (int32_t k = 0; k <= s->tour[tour].n; k++)
        offer(s, tour, k, to[seq[k]] + from[seq[k + 1]] - leg[k]);
}

void cp_irp_find(cp_irp_tours *tours, int32_t site, int32_t service_s, cp_irp_look *look,
                 cp_irp_place *place)
{
    const cp_irp_ground *g = tours->g;
    const int32_t *from = g->out_s + (size_t)site * (size_t)g->width;
    const int32_t *to = g->back_s + (size_t)site * (size_t)g->width;
    for (int32_t r = 0; r < tours->n_tours; r++) {
        tours->detour[r] = INT32_MAX;
        if (look->everywhere || tours->tour[r].n == 0) look_along(tours, r, from, to);
    }
    if (!look->everywhere) look_near(tours, site, from, to);
    for (int32_t t = 0; t < g->n_days; t++) {
        place[t] = (cp_irp_place){-1, 0, INFINITY};
        for (int32_t r = t * g->n_cars; r < (t + 1) * g->n_cars; r++) {
            if (tours->detour[r] == INT32_MAX) continue;
            if (look->skip_ppm > 0 && next_blink(&look->blink) % 1000000 < look->skip_ppm) continue;
            const double price =
                stop_price(tours, site, r, tours->detour[r], tours->where[r], service_s);
            if (price < place[t].price) place[t] = (cp_irp_place){r, tours->where[r], price};
        }
    }
}

static void reprice(cp_irp_tours *s, int32_t tour)
{
    cp_irp_tour *v = &s->tour[tour];
    const double cost = tour_cost(s, tour, v->n, v->drive_s, v->service_s, v->dist_m);
    s->cost += cost - v->cost;
    v->cost = cost;
}

/* Positions of the stops from index k on, after a change before them. */
static void number(cp_irp_tours *s, int32_t tour, int32_t k)
{
    const int32_t *seq = seq_of(s, tour), t = tour / s->g->n_cars;
    for (; k <= s->tour[tour].n; k++)
        s->pos[(size_t)seq[k] * (size_t)s->g->n_days + (size_t)t] = k;
}

void cp_irp_insert(cp_irp_tours *tours, int32_t site, int32_t t, int32_t service_s,
                   const cp_irp_place *place)
{
    const cp_irp_ground *g = tours->g;
    int32_t *seq = seq_of(tours, place->tour), *leg = legs_of(tours, place->tour);
    cp_irp_tour *v = &tours->tour[place->tour];
    const int32_t k = place->pos, a = seq[k], b = seq[k + 1];
    const int32_t in = seconds(g, a, site), on = seconds(g, site, b);
    v->drive_s += in + on - leg[k];
    v->dist_m += metres(g, a, site) + metres(g, site, b) - metres(g, a, b);
    memmove(seq + k + 2, seq + k + 1, (size_t)(v->n + 1 - k) * sizeof *seq);
    memmove(leg + k + 1, leg + k, (size_t)(v->n + 1 - k) * sizeof *leg);
    seq[k + 1] = site;
    leg[k] = in;
    leg[k + 1] = on;
    v->n++;
    v->service_s += service_s;
    number(tours, place->tour, k + 1);
    cp_irp_mark(tours, site, t, place->tour);
    reprice(tours, place->tour);
}

void cp_irp_remove(cp_irp_tours *tours, int32_t site, int32_t t, int32_t service_s)
{
    const cp_irp_ground *g = tours->g;
    const int32_t tour = tours->at[(size_t)site * (size_t)g->n_days + (size_t)t];
    int32_t *seq = seq_of(tours, tour), *leg = legs_of(tours, tour);
    cp_irp_tour *v = &tours->tour[tour];
    const int32_t k = tours->pos[(size_t)site * (size_t)g->n_days + (size_t)t] - 1;
    const int32_t a = seq[k], b = seq[k + 2];
    /* The last stop of a closed tour leaves an empty one: vault to vault is no drive. */
    const int32_t joined = v->n == 1 ? 0 : seconds(g, a, b);
    v->drive_s += joined - leg[k] - leg[k + 1];
    v->dist_m += (v->n == 1 ? 0 : metres(g, a, b)) - metres(g, a, site) - metres(g, site, b);
    memmove(seq + k + 1, seq + k + 2, (size_t)(v->n - k) * sizeof *seq);
    memmove(leg + k + 1, leg + k + 2, (size_t)(v->n - k) * sizeof *leg);
    leg[k] = joined;
    v->n--;
    v->service_s -= service_s;
    number(tours, tour, k + 1);
    cp_irp_mark(tours, site, t, -1);
    reprice(tours, tour);
}

void cp_irp_more_service(cp_irp_tours *tours, int32_t tour, int32_t service_s)
{
    tours->tour[tour].service_s += service_s;
    reprice(tours, tour);
}

double cp_irp_service_price(const cp_irp_tours *tours, int32_t tour, int32_t service_s)
{
    const cp_irp_ground *g = tours->g;
    const cp_irp_tour *v = &tours->tour[tour];
    const int64_t service = (int64_t)v->service_s + service_s;
    if (v->drive_s + service > g->limit_s[tour % g->n_cars] + tours->grace_s) return INFINITY;
    return tour_cost(tours, tour, v->n, v->drive_s, service, v->dist_m) - v->cost;
}

void cp_irp_set_beyond(cp_irp_tours *tours, double beyond, int32_t grace_s)
{
    tours->beyond = beyond;
    tours->grace_s = grace_s;
    for (int32_t r = 0; r < tours->n_tours; r++)
        reprice(tours, r);
}
