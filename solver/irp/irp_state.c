/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/irp/irp_state.h"

#include <math.h>
#include <string.h>

/* Old contents of the tours and points that were touched, each saved at its first change. */
struct cp_irp_undo {
    int32_t n_tours, n_points;
    int32_t *tour_id, *point_id;
    uint8_t *tour_saved, *point_saved;
    cp_irp_tour *tour;
    int32_t *seq, *leg_s; /* [slot * (cap + 2)] */

    cp_step *steps; /* [slot * n_days] */
    int32_t *n_steps;
    double *path_cost;
    double cost, tours_cost;
    int32_t n_out;
};

static size_t row_of(const cp_irp_tours *s)
{
    return (size_t)(s->cap + 2);
}

static cp_status undo_new(cp_ctx *ctx, const cp_irp_state *s, cp_irp_undo **out)
{
    const cp_irp_zone *z = s->z;
    const size_t tours = (size_t)s->tours->n_tours, points = (size_t)z->n_points;
    cp_irp_undo *u = NULL;
    CP_NEW(ctx, ctx->run, u, 1);
    CP_NEW(ctx, ctx->run, u->tour_id, tours);
    CP_NEW(ctx, ctx->run, u->point_id, points);
    CP_NEW(ctx, ctx->run, u->tour_saved, tours);
    CP_NEW(ctx, ctx->run, u->point_saved, points);
    CP_NEW(ctx, ctx->run, u->tour, tours);
    CP_NEW(ctx, ctx->run, u->seq, tours * row_of(s->tours));
    CP_NEW(ctx, ctx->run, u->leg_s, tours * row_of(s->tours));
    CP_NEW(ctx, ctx->run, u->steps, points * (size_t)z->ground.n_days);
    CP_NEW(ctx, ctx->run, u->n_steps, points);
    CP_NEW(ctx, ctx->run, u->path_cost, points);
    *out = u;
    return CP_OK;
}

cp_status cp_irp_state_new(cp_ctx *ctx, const cp_irp_zone *zone, uint64_t seed, cp_irp_state **out)
{
    const size_t days = (size_t)zone->ground.n_days, points = (size_t)zone->n_points;
    cp_irp_state *s = NULL;
    CP_NEW(ctx, ctx->run, s, 1);
    s->z = zone;
    s->look.blink = seed * 2 + 1; /* xorshift must not start at 0 */
    CP_TRY(cp_irp_tours_new(ctx, &zone->ground, &s->tours));
    CP_NEW(ctx, ctx->run, s->steps, points * days);
    CP_NEW(ctx, ctx->run, s->n_steps, points);
    CP_NEW(ctx, ctx->run, s->path_cost, points);
    CP_NEW(ctx, ctx->run, s->n_at, (size_t)zone->ground.n_sites * days);
    CP_NEW(ctx, ctx->run, s->node, days * CP_MAX_ALL_MODES);
    CP_NEW(ctx, ctx->run, s->rent, days);
    CP_NEW(ctx, ctx->run, s->place, days * CP_MAX_MODES);
    CP_NEW(ctx, ctx->run, s->work, days);
    CP_NEW(ctx, ctx->run, s->best, days);
    CP_NEW(ctx, ctx->run, s->next, days);
    CP_TRY(undo_new(ctx, s, &s->undo));
    for (size_t p = 0; p < points; p++) {
        s->n_steps[p] = -1;
        s->cost += zone->point[p].left_out;
    }
    s->n_out = zone->n_points;
    *out = s;
    return CP_OK;
}

double cp_irp_credit(const cp_irp_point *p, const cp_step *steps, int32_t n_steps)
{
    if (n_steps <= 0) return 0.0;
    const cp_step *last = &steps[n_steps - 1];
    const int32_t until = cp_step_until(p->arcs, last);
    return p->rent * (double)(until - p->arcs->n_days) / (double)(until - last->t);
}

double cp_irp_cost(const cp_irp_state *s)
{
    return s->cost + s->tours->cost;
}

/* ---- taking back ---------------------------------------------------------------------------- */

static void save_tour(cp_irp_state *s, int32_t tour)
{
    cp_irp_undo *u = s->undo;
    if (u->tour_saved[tour]) return;
    const size_t row = row_of(s->tours), used = (size_t)(s->tours->tour[tour].n + 2);
    const size_t slot = (size_t)u->n_tours++;
    u->tour_saved[tour] = 1;
    u->tour_id[slot] = tour;
    u->tour[slot] = s->tours->tour[tour];
    memcpy(u->seq + slot * row, s->tours->seq + (size_t)tour * row, used * sizeof *u->seq);
    memcpy(u->leg_s + slot * row, s->tours->leg_s + (size_t)tour * row, used * sizeof *u->leg_s);
}

static void save_point(cp_irp_state *s, int32_t point)
{
    cp_irp_undo *u = s->undo;
    if (u->point_saved[point]) return;
    const size_t days = (size_t)s->z->ground.n_days, slot = (size_t)u->n_points++;
    u->point_saved[point] = 1;
    u->point_id[slot] = point;
    u->n_steps[slot] = s->n_steps[point];
    u->path_cost[slot] = s->path_cost[point];
    memcpy(u->steps + slot * days, s->steps + (size_t)point * days, days * sizeof *u->steps);
}

void cp_irp_begin(cp_irp_state *s)
{
    cp_irp_undo *u = s->undo;
    for (int32_t i = 0; i < u->n_tours; i++)
        u->tour_saved[u->tour_id[i]] = 0;
    for (int32_t i = 0; i < u->n_points; i++)
        u->point_saved[u->point_id[i]] = 0;
    u->n_tours = u->n_points = 0;
    u->cost = s->cost;
    u->tours_cost = s->tours->cost;
    u->n_out = s->n_out;
}

static void count_point(cp_irp_state *s, int32_t point, int16_t by)
{
    const size_t days = (size_t)s->z->ground.n_days;
    int16_t *n_at = s->n_at + (size_t)s->z->point[point].site * days;
    const cp_step *steps = s->steps + (size_t)point * days;
    for (int32_t i = 0; i < s->n_steps[point]; i++)
        n_at[steps[i].t] = (int16_t)(n_at[steps[i].t] + by);
}

static void mark_tour(cp_irp_state *s, int32_t tour, int32_t mark)
{
    const cp_irp_ground *g = &s->z->ground;
    const int32_t *seq = s->tours->seq + (size_t)tour * row_of(s->tours);
    const int32_t t = tour / g->n_cars;
    for (int32_t k = 1; k <= s->tours->tour[tour].n; k++) {
        cp_irp_mark(s->tours, seq[k], t, mark);
        s->tours->pos[(size_t)seq[k] * (size_t)g->n_days + (size_t)t] = k;
    }
}

void cp_irp_take_back(cp_irp_state *s)
{
    const cp_irp_undo *u = s->undo;
    const size_t row = row_of(s->tours), days = (size_t)s->z->ground.n_days;
    for (int32_t i = 0; i < u->n_tours; i++)
        mark_tour(s, u->tour_id[i], -1);
    for (int32_t i = 0; i < u->n_tours; i++) {
        const size_t slot = (size_t)i, tour = (size_t)u->tour_id[i];
        const size_t used = (size_t)(u->tour[slot].n + 2);
        s->tours->tour[tour] = u->tour[slot];
        memcpy(s->tours->seq + tour * row, u->seq + slot * row, used * sizeof *u->seq);
        memcpy(s->tours->leg_s + tour * row, u->leg_s + slot * row, used * sizeof *u->leg_s);
    }
    for (int32_t i = 0; i < u->n_tours; i++)
        mark_tour(s, u->tour_id[i], u->tour_id[i]);
    for (int32_t i = 0; i < u->n_points; i++) {
        const size_t slot = (size_t)i, point = (size_t)u->point_id[i];
        count_point(s, u->point_id[i], -1);
        s->n_steps[point] = u->n_steps[slot];
        s->path_cost[point] = u->path_cost[slot];
        memcpy(s->steps + point * days, u->steps + slot * days, days * sizeof *u->steps);
        count_point(s, u->point_id[i], 1);
    }
    s->cost = u->cost;
    s->tours->cost = u->tours_cost;
    s->n_out = u->n_out;
    cp_irp_begin(s);
}

void cp_irp_copy(cp_irp_state *to, const cp_irp_state *from)
{
    const cp_irp_zone *z = to->z;
    const size_t days = (size_t)z->ground.n_days, points = (size_t)z->n_points;
    const size_t tours = (size_t)to->tours->n_tours, cells = tours * row_of(to->tours);
    const size_t visits = (size_t)z->ground.n_sites * days;
    memcpy(to->tours->tour, from->tours->tour, tours * sizeof *to->tours->tour);
    memcpy(to->tours->seq, from->tours->seq, cells * sizeof *to->tours->seq);
    memcpy(to->tours->leg_s, from->tours->leg_s, cells * sizeof *to->tours->leg_s);
    memcpy(to->tours->at, from->tours->at, visits * sizeof *to->tours->at);
    memcpy(to->tours->pos, from->tours->pos, visits * sizeof *to->tours->pos);
    memcpy(to->tours->days, from->tours->days, (size_t)z->ground.n_sites * sizeof *to->tours->days);
    to->tours->beyond = from->tours->beyond;
    to->tours->grace_s = from->tours->grace_s;
    to->tours->cost = from->tours->cost;
    memcpy(to->steps, from->steps, points * days * sizeof *to->steps);
    memcpy(to->n_steps, from->n_steps, points * sizeof *to->n_steps);
    memcpy(to->path_cost, from->path_cost, points * sizeof *to->path_cost);
    memcpy(to->n_at, from->n_at, visits * sizeof *to->n_at);
    to->cost = from->cost;
    to->n_out = from->n_out;
    cp_irp_begin(to);
}

/* ---- out and in ----------------------------------------------------------------------------- */

static size_t visit_of(const cp_irp_state *s, int32_t site, int32_t t)
{
    return (size_t)site * (size_t)s->z->ground.n_days + (size_t)t;
}

void cp_irp_take_out(cp_irp_state *s, int32_t point)
{
    const cp_irp_point *p = &s->z->point[point];
    if (s->n_steps[point] < 0) return;
    save_point(s, point);
    const cp_step *steps = s->steps + (size_t)point * (size_t)s->z->ground.n_days;
    for (int32_t i = 0; i < s->n_steps[point]; i++) {
        const int32_t t = steps[i].t, service = p->service_s[steps[i].mode];
        const size_t v = visit_of(s, p->site, t);
        save_tour(s, s->tours->at[v]);
        if (--s->n_at[v] > 0) {
            cp_irp_more_service(s->tours, s->tours->at[v], -service);
            continue;
        }
        s->cost -= s->z->stop[v];
        cp_irp_remove(s->tours, p->site, t, service + s->z->ground.site_s[p->site]);
    }
    s->cost += p->left_out - s->path_cost[point];
    s->n_steps[point] = -1;
    s->n_out++;
}

/* Prices of a visit on every day by one way, and the places behind them. */
static void visit_prices(cp_irp_state *s, const cp_irp_point *p, int32_t mode)
{
    const int32_t n_days = s->z->ground.n_days, service = p->service_s[mode];
    const uint8_t *may = p->arcs->may_visit + mode * n_days;
    cp_irp_place *place = s->place + mode * n_days;
    double *node = s->node + mode * n_days;
    cp_irp_find(s->tours, p->site, service + s->z->ground.site_s[p->site], &s->look, place);
    for (int32_t t = 0; t < n_days; t++) {
        const size_t v = visit_of(s, p->site, t);
        if (!may[t])
            node[t] = INFINITY;
        else if (s->n_at[v] > 0)
            node[t] = cp_irp_service_price(s->tours, s->tours->at[v], service);
        else
            node[t] = place[t].tour < 0 ? INFINITY : place[t].price + s->z->stop[v];
    }
}

/* Put one visit where its price was found. */
static void make_visit(cp_irp_state *s, const cp_irp_point *p, const cp_step *step)
{
    const size_t v = visit_of(s, p->site, step->t);
    const int32_t service = p->service_s[step->mode];
    if (s->n_at[v]++ > 0) {
        save_tour(s, s->tours->at[v]);
        cp_irp_more_service(s->tours, s->tours->at[v], service);
        return;
    }
    const cp_irp_place *place = &s->place[step->mode * s->z->ground.n_days + step->t];
    save_tour(s, place->tour);
    cp_irp_insert(s->tours, p->site, step->t, service + s->z->ground.site_s[p->site], place);
    s->cost += s->z->stop[v];
}

/* Book the plan of a point whose visits have been made. */
static void note_steps(cp_irp_state *s, int32_t point, const cp_step *steps, int32_t n)
{
    const cp_irp_point *p = &s->z->point[point];
    cp_step *own = s->steps + (size_t)point * (size_t)s->z->ground.n_days;
    memcpy(own, steps, (size_t)n * sizeof *own);
    s->n_steps[point] = n;
    s->path_cost[point] = (double)cp_steps_cost(p->arcs, own, n) - cp_irp_credit(p, own, n);
    s->cost += s->path_cost[point] - p->left_out;
    s->n_out--;
}

/* The shortest path over days by the plain tables; *n is -1 when there is none. */
static void path_by_table(cp_irp_state *s, const cp_irp_point *p, cp_step *steps, int32_t *n)
{
    const int32_t n_days = s->z->ground.n_days;
    double *best = s->best;
    int32_t *next = s->next;
    double first = p->open[n_days];
    int32_t at = n_days;
    for (int32_t t = n_days - 1; t >= 0; t--) {
        const double *arc = p->arc + (size_t)t * (size_t)(n_days + 1);
        double least = arc[n_days];
        int32_t to = n_days;
        for (int32_t u = t + 1; u < n_days; u++)
            if (arc[u] + best[u] < least) {
                least = arc[u] + best[u];
                to = u;
            }
        best[t] = least + s->node[t];
        next[t] = to;
        if (p->open[t] + best[t] <= first) {
            first = p->open[t] + best[t];
            at = t;
        }
    }
    *n = isfinite(first) ? 0 : -1;
    for (; *n >= 0 && at < n_days; at = next[at])
        steps[(*n)++] = (cp_step){(int16_t)at, 0, 0, p->arc_of[at * (n_days + 1) + next[at]]};
}

/* The cheapest plan under s->node; *n = -1 when there is none. */
static cp_status path_of(cp_ctx *ctx, cp_irp_state *s, const cp_irp_point *p, int32_t *n)
{
    if (p->arc != NULL) {
        path_by_table(s, p, s->work, n);
        return CP_OK;
    }
    const cp_point_prices prices = {s->node, s->rent, NULL, NULL, NULL, NULL};
    const int32_t n_days = s->z->ground.n_days;
    double cost = 0.0;
    /* The rent is paid at the share of the interval and given back whole: the credit is left. */
    for (int32_t t = 0; t < n_days; t++)
        s->rent[t] = p->rent;
    for (int32_t i = 0; i < p->arcs->n_modes * n_days; i++)
        s->node[i] -= p->rent;
    CP_TRY(cp_point_price(ctx, p->arcs, &prices, &cost, s->work, n));
    if (!isfinite(cost)) *n = -1;
    return CP_OK;
}

/* Fills by the branch and partial swaps are not among the choices here (irp_solve.h). */
static void forbid_others(cp_irp_state *s, const cp_arcs *a)
{
    for (int32_t i = cp_center_modes(a) * a->n_days; i < a->n_all_modes * a->n_days; i++)
        s->node[i] = INFINITY;
}

static cp_status price_path(cp_ctx *ctx, cp_irp_state *s, const cp_irp_point *p, int32_t *n)
{
    const int32_t n_center = cp_center_modes(p->arcs);
    for (int32_t m = 0; m < n_center; m++)
        visit_prices(s, p, m);
    forbid_others(s, p->arcs);
    return path_of(ctx, s, p, n);
}

cp_status cp_irp_put_in(cp_ctx *ctx, cp_irp_state *s, int32_t point, uint32_t skip_ppm)
{
    const cp_irp_point *p = &s->z->point[point];
    int32_t n = 0;
    s->look.skip_ppm = skip_ppm;
    s->look.everywhere = false;
    CP_TRY(price_path(ctx, s, p, &n));
    if (n < 0) {
        s->look.everywhere = true;
        CP_TRY(price_path(ctx, s, p, &n));
        if (n < 0) return CP_OK;
    }
    save_point(s, point);
    for (int32_t i = 0; i < n; i++)
        make_visit(s, p, &s->work[i]);
    note_steps(s, point, s->work, n);
    return CP_OK;
}

/* ---- a start from known routes -------------------------------------------------------------- */

void cp_irp_lay(cp_irp_state *s, int32_t t, int32_t car, int32_t site)
{
    const int32_t tour = t * s->z->ground.n_cars + car;
    const cp_irp_place last = {tour, s->tours->tour[tour].n, 0.0};
    if (s->tours->at[visit_of(s, site, t)] >= 0 || last.pos >= s->tours->cap) return;
    cp_irp_insert(s->tours, site, t, 0, &last);
}

static void visit_laid(cp_irp_state *s, const cp_irp_point *p, const cp_step *step)
{
    const size_t v = visit_of(s, p->site, step->t);
    int32_t service = p->service_s[step->mode];
    if (s->n_at[v]++ == 0) {
        service += s->z->ground.site_s[p->site];
        s->cost += s->z->stop[v];
    }
    cp_irp_more_service(s->tours, s->tours->at[v], service);
}

cp_status cp_irp_put_on_laid(cp_ctx *ctx, cp_irp_state *s, int32_t point)
{
    const cp_irp_point *p = &s->z->point[point];
    const int32_t n_days = s->z->ground.n_days;
    const int32_t n_center = cp_center_modes(p->arcs);
    forbid_others(s, p->arcs);
    for (int32_t m = 0; m < n_center; m++)
        for (int32_t t = 0; t < n_days; t++) {
            const int32_t at = m * n_days + t;
            const bool laid = s->tours->at[visit_of(s, p->site, t)] >= 0;
            s->node[at] = laid && p->arcs->may_visit[at] ? 0.0 : INFINITY;
        }
    int32_t n = 0;
    CP_TRY(path_of(ctx, s, p, &n));
    for (int32_t i = 0; i < n; i++)
        visit_laid(s, p, &s->work[i]);
    if (n >= 0) note_steps(s, point, s->work, n);
    return CP_OK;
}

void cp_irp_clear_laid(cp_irp_state *s)
{
    const cp_irp_ground *g = &s->z->ground;
    for (int32_t i = 0; i < g->n_sites; i++)
        for (int32_t t = 0; t < g->n_days; t++) {
            const size_t v = visit_of(s, i, t);
            if (s->tours->at[v] >= 0 && s->n_at[v] == 0) cp_irp_remove(s->tours, i, t, 0);
        }
}
