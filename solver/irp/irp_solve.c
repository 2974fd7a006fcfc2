/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/irp/irp_solve.h"

#include <math.h>
#include <stdlib.h>

#include "solver/irp/irp_zone.h"

#define ROUNDS_PER_POINT 200
#define BLINK_PPM 10000 /* Christiaens, Vanden Berghe: one place in a hundred is overlooked */
#define PHASES 50
#define SOFT_SHARE 0.6 /* of the work with time beyond the limit at a price */
#define GRACE_S 3600
#define SOFT_FIRST                                                                                 \
    4.0 /* price of a second beyond the limit, as a multiple of a paid one: at first, */
#define SOFT_LAST 400.0   /* at the end of that share of the work, */
#define HARD 1e5          /* and after it */
#define RESCUE_ROUNDS 200 /* for each point left out at the end */
#define TIME_CHECK 64     /* rounds between looks at the clock */

cp_irp_opts cp_irp_defaults(void)
{
    return (cp_irp_opts){0, 0.0, 1, 16, 1.0, 0.001, 0.3, 1.0, 1.0};
}

typedef struct pulled {
    uint32_t rank; /* order of putting back */
    int32_t point;
} pulled;

typedef struct search {
    cp_ctx *ctx;
    const cp_irp_zone *z;
    const cp_irp_opts *opts;
    cp_irp_state *now, *best;
    cp_rng rng;
    pulled *out; /* points taken out in this round, and all that were out before */
    int32_t n_out;
    double stop_price, second_price; /* of a mean car-day: by stop, by second */
    double deadline_s;
} search;

/* ---- ruin ----------------------------------------------------------------------------------- */

static void pull(search *s, int32_t point)
{
    if (s->now->n_steps[point] < 0) return;
    cp_irp_take_out(s->now, point);
    s->out[s->n_out++].point = point;
}

static void pull_site(search *s, int32_t site, int32_t most)
{
    for (int32_t p = s->z->first_point[site]; p < s->z->first_point[site + 1]; p++)
        if (s->n_out < most) pull(s, p);
}

/* Points round a random one, a few left standing so that the hole has an inside. */
static void ruin_near(search *s, int32_t most)
{
    const cp_irp_zone *z = s->z;
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)z->n_points);
    const int32_t site = z->point[seed].site;
    const uint32_t skip = cp_rng_below(&s->rng, 2) ? 4 : 16; /* of 16 kept: all, or one in four */
    pull(s, seed);
    for (int32_t k = 0; k < z->ground.n_near && s->n_out < most; k++)
        if (cp_rng_below(&s->rng, 16) < skip)
            pull_site(s, z->ground.near[(size_t)site * (size_t)z->ground.n_near + (size_t)k], most);
}

/* A piece of one tour: what stands together on one day. */
static void ruin_string(search *s, int32_t most)
{
    const cp_irp_tours *v = s->now->tours;
    const int32_t n_days = s->z->ground.n_days;
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)s->z->n_points);
    if (s->now->n_steps[seed] <= 0) return;
    const int32_t pick = (int32_t)cp_rng_below(&s->rng, (uint32_t)s->now->n_steps[seed]);
    const int32_t t = s->now->steps[(size_t)seed * (size_t)n_days + (size_t)pick].t;
    const int32_t site = s->z->point[seed].site;
    const int32_t tour = v->at[(size_t)site * (size_t)n_days + (size_t)t];
    const int32_t *seq = v->seq + (size_t)tour * (size_t)(v->cap + 2);
    const int32_t k = v->pos[(size_t)site * (size_t)n_days + (size_t)t];
    const int32_t length = most < v->tour[tour].n ? most : v->tour[tour].n;
    int32_t from = k - (int32_t)cp_rng_below(&s->rng, (uint32_t)length);
    if (from < 1) from = 1;
    if (from + length - 1 > v->tour[tour].n) from = v->tour[tour].n - length + 1;
    /* Taking out shortens the tour: the piece always begins at `from`. */
    for (int32_t i = 0; i < length && from <= v->tour[tour].n; i++) {
        const int32_t before = v->tour[tour].n;
        pull_site(s, seq[from], s->z->n_points);
        if (v->tour[tour].n == before) return;
    }
}

static void pull_rest(search *s)
{
    for (int32_t p = 0; p < s->z->n_points; p++)
        if (s->now->n_steps[p] < 0) s->out[s->n_out++].point = p;
}

static void ruin(search *s)
{
    const int32_t most = 1 + (int32_t)cp_rng_below(&s->rng, (uint32_t)s->opts->most_removed);
    s->n_out = 0;
    if (s->now->n_out > 0) /* those left out get a chance in every round */
        pull_rest(s);
    if (cp_rng_below(&s->rng, 10) < 6)
        ruin_near(s, s->n_out + most);
    else
        ruin_string(s, most);
}

/* ---- recreate ------------------------------------------------------------------------------- */

/* Last day on which the point may open: those with little time first. */
static uint32_t urgency(const cp_irp_point *p)
{
    uint32_t last = 0;
    for (int32_t t = 0; t <= p->arcs->n_days; t++)
        if (p->arcs->may_open[t]) last = (uint32_t)t;
    return last;
}

static int by_rank(const void *a, const void *b)
{
    const pulled *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return x->point < y->point ? -1 : x->point > y->point;
}

static void set_order(search *s)
{
    const uint32_t rule = cp_rng_below(&s->rng, 4);
    for (int32_t i = 0; i < s->n_out; i++) {
        pulled *p = &s->out[i];
        p->rank = cp_rng_below(&s->rng, 1 << 16);
        if (rule == 0) p->rank += urgency(&s->z->point[p->point]) << 16;
        if (rule == 1) p->rank = (uint32_t)i; /* nearest to the middle first */
        if (rule == 2) p->rank = (uint32_t)(s->n_out - i);
    }
    qsort(s->out, (size_t)s->n_out, sizeof *s->out, by_rank);
}

static cp_status recreate(search *s)
{
    set_order(s);
    for (int32_t i = 0; i < s->n_out; i++)
        CP_TRY(cp_irp_put_in(s->ctx, s->now, s->out[i].point, BLINK_PPM));
    return CP_OK;
}

static bool out_of_time(const search *s)
{
    return cp_should_stop(s->ctx) || (s->deadline_s > 0.0 && cp_now_s() > s->deadline_s);
}

/* Price and grace of time beyond a car's limit at a share of the work done: dearer from phase to
 * phase, and at last not allowed. Full days could else not exchange stops. */
static double tighten(search *s, double done)
{
    const bool hard = done >= SOFT_SHARE;
    const double times = hard ? HARD : SOFT_FIRST * pow(SOFT_LAST / SOFT_FIRST, done / SOFT_SHARE);
    cp_irp_set_beyond(s->now->tours, times * s->second_price, hard ? 0 : GRACE_S);
    cp_irp_set_beyond(s->best->tours, s->now->tours->beyond, s->now->tours->grace_s);
    return cp_irp_cost(s->best);
}

static cp_status anneal(search *s, double start, int64_t work, cp_irp_result *out)
{
    const double warm = start * s->stop_price, cold = s->opts->cold * s->stop_price;
    const int64_t phase = work / PHASES > 0 ? work / PHASES : 1;
    double best = 0.0;
    for (int64_t i = 0; i < work; i++) {
        if (i % phase == 0) best = tighten(s, (double)i / (double)work);
        if (i % TIME_CHECK == 0 && out_of_time(s)) {
            out->stopped_by_time = true;
            return CP_OK;
        }
        const double heat = warm * pow(cold / warm, (double)i / (double)work);
        const double before = cp_irp_cost(s->now);
        cp_irp_begin(s->now);
        ruin(s);
        CP_TRY(recreate(s));
        const double after = cp_irp_cost(s->now);
        out->work_done++;
        if (after >= before - heat * log(1.0 - cp_rng_unit(&s->rng))) {
            cp_irp_take_back(s->now);
            continue;
        }
        if (after < best - 1e-6) {
            best = after;
            cp_irp_copy(s->best, s->now);
        }
    }
    return CP_OK;
}

/* True when a point of the site may not be visited first on any later day than t. */
static bool due_on(const search *s, int32_t site, int32_t t)
{
    for (int32_t p = s->z->first_point[site]; p < s->z->first_point[site + 1]; p++)
        if (urgency(&s->z->point[p]) <= (uint32_t)t) return true;
    return false;
}

/* The stop whose loss shortens a tour most, of those that can wait; its points lose all their
 * visits. */
static void cut_tour(search *s, int32_t tour)
{
    cp_irp_tours *v = s->now->tours;
    const cp_irp_ground *g = v->g;
    const int32_t *seq = v->seq + (size_t)tour * (size_t)(v->cap + 2);
    const int32_t *leg = v->leg_s + (size_t)tour * (size_t)(v->cap + 2);
    int32_t best = 1, most = INT32_MIN;
    for (int32_t k = 1; k <= v->tour[tour].n; k++) {
        const size_t joined = (size_t)seq[k - 1] * (size_t)g->width + (size_t)seq[k + 1];
        int32_t saved = leg[k - 1] + leg[k] - g->out_s[joined];
        if (due_on(s, seq[k], tour / g->n_cars)) saved -= CP_IRP_NO_WAY_S;
        if (saved <= most) continue;
        most = saved;
        best = k;
    }
    pull_site(s, seq[best], s->z->n_points);
}

/* Room for points left out: neighbours leave with one of them, and it is put back first. */
static cp_status rescue(search *s)
{
    const cp_irp_ground *g = &s->z->ground;
    const int32_t rounds = RESCUE_ROUNDS * s->now->n_out;
    for (int32_t i = 0; i < rounds && s->now->n_out > 0; i++) {
        const double before = cp_irp_cost(s->now);
        cp_irp_begin(s->now);
        s->n_out = 0;
        pull_rest(s);
        const int32_t k = (int32_t)cp_rng_below(&s->rng, (uint32_t)s->n_out);
        const int32_t site = s->z->point[s->out[k].point].site;
        s->out[0].point = s->out[k].point;
        s->n_out = 1;
        const int32_t most =
            2 + (int32_t)cp_rng_below(&s->rng, 2 * (uint32_t)s->opts->most_removed);
        for (int32_t j = 0; j < g->n_near && s->n_out < most; j++)
            if (cp_rng_below(&s->rng, 2) == 0)
                pull_site(s, g->near[(size_t)site * (size_t)g->n_near + (size_t)j], most);
        for (int32_t j = 0; j < s->n_out; j++)
            CP_TRY(cp_irp_put_in(s->ctx, s->now, s->out[j].point, BLINK_PPM));
        if (cp_irp_cost(s->now) >= before) cp_irp_take_back(s->now);
    }
    return CP_OK;
}

/* The best plan with every tour inside its limit; what had to leave is put back where it fits. */
static cp_status keep_limits(search *s)
{
    const cp_irp_ground *g = &s->z->ground;
    cp_irp_copy(s->now, s->best);
    s->n_out = 0;
    for (int32_t r = 0; r < s->now->tours->n_tours; r++)
        while (cp_irp_tour_s(&s->now->tours->tour[r]) > g->limit_s[r % g->n_cars])
            cut_tour(s, r);
    s->n_out = 0;
    pull_rest(s);
    for (int32_t i = 0; i < s->n_out; i++)
        CP_TRY(cp_irp_put_in(s->ctx, s->now, s->out[i].point, 0));
    CP_TRY(rescue(s));
    cp_irp_copy(s->best, s->now);
    return CP_OK;
}

/* ---- start and result ----------------------------------------------------------------------- */

/* The visits of known routes, where they still are plans. */
static cp_status lay_start(search *s, const cp_irp_input *in)
{
    const cp_irp_zone *z = s->z;
    int32_t *site_of = NULL, *car_of = NULL;
    CP_NEW(s->ctx, s->ctx->run, site_of, in->net->n_sites);
    CP_NEW(s->ctx, s->ctx->run, car_of, in->net->n_cars);
    for (int32_t i = 0; i < z->ground.n_sites; i++)
        site_of[z->site[i]] = i + 1;
    for (int32_t c = 0; c < z->ground.n_cars; c++)
        car_of[z->car[c]] = c + 1;
    for (int32_t r = 0; r < in->n_start; r++) {
        const cp_irp_route *route = &in->start[r];
        if (route->t < 0 || route->t >= z->ground.n_days || car_of[route->car] == 0) continue;
        for (int32_t k = 0; k < route->n_sites; k++)
            if (site_of[route->sites[k]] > 0)
                cp_irp_lay(s->now, route->t, car_of[route->car] - 1, site_of[route->sites[k]] - 1);
    }
    for (int32_t p = 0; p < z->n_points; p++)
        CP_TRY(cp_irp_put_on_laid(s->ctx, s->now, p));
    cp_irp_clear_laid(s->now);
    return CP_OK;
}

/* Points without a plan, the urgent ones first. */
static cp_status put_rest(search *s)
{
    s->n_out = 0;
    pull_rest(s);
    for (int32_t i = 0; i < s->n_out; i++)
        s->out[i].rank =
            cp_rng_below(&s->rng, 1 << 16) + (urgency(&s->z->point[s->out[i].point]) << 16);
    qsort(s->out, (size_t)s->n_out, sizeof *s->out, by_rank);
    for (int32_t i = 0; i < s->n_out; i++)
        CP_TRY(cp_irp_put_in(s->ctx, s->now, s->out[i].point, 0));
    return CP_OK;
}

/* Scale of prices: a mean car-day by its stops and by its seconds. */
static void set_scale(search *s)
{
    const cp_irp_ground *g = &s->z->ground;
    double shift = 0.0;
    for (int32_t c = 0; c < g->n_cars; c++)
        shift += (double)g->limit_s[c] / g->n_cars;
    s->stop_price = cp_irp_stop_price(s->z);
    s->second_price = s->z->car_day / (shift > 1.0 ? shift : 1.0);
}

static cp_status search_new(cp_ctx *ctx, const cp_irp_zone *z, const cp_irp_opts *opts, search *s)
{
    *s = (search){ctx, z, opts, NULL, NULL, cp_rng_new(opts->seed, 1), NULL, 0, 0.0, 0.0, 0.0};
    CP_TRY(cp_irp_state_new(ctx, z, opts->seed, &s->now));
    CP_TRY(cp_irp_state_new(ctx, z, opts->seed, &s->best));
    CP_NEW(ctx, ctx->run, s->out, z->n_points);
    set_scale(s);
    s->deadline_s = opts->time_limit_s > 0.0 ? cp_now_s() + opts->time_limit_s : 0.0;
    return CP_OK;
}

static cp_status read_points(cp_ctx *ctx, const cp_irp_state *s, cp_irp_result *out)
{
    const cp_irp_zone *z = s->z;
    const size_t days = (size_t)z->ground.n_days;
    int32_t *point = NULL, *first = NULL, n = 0;
    uint8_t *left = NULL;
    cp_step *steps = NULL;
    for (int32_t p = 0; p < z->n_points; p++)
        n += s->n_steps[p] > 0 ? s->n_steps[p] : 0;
    CP_NEW(ctx, ctx->run, point, z->n_points);
    CP_NEW(ctx, ctx->run, first, z->n_points + 1);
    CP_NEW(ctx, ctx->run, left, z->n_points);
    CP_NEW(ctx, ctx->run, steps, n);
    for (int32_t p = 0; p < z->n_points; p++) {
        point[p] = z->point[p].point;
        left[p] = s->n_steps[p] < 0;
        first[p + 1] = first[p];
        for (int32_t i = 0; i < s->n_steps[p]; i++)
            steps[first[p + 1]++] = s->steps[(size_t)p * days + (size_t)i];
    }
    out->n_points = z->n_points;
    out->point = point;
    out->first = first;
    out->steps = steps;
    out->left_out = left;
    out->n_left_out = s->n_out;
    return CP_OK;
}

static cp_status read_routes(cp_ctx *ctx, const cp_irp_state *s, cp_irp_result *out)
{
    const cp_irp_tours *v = s->tours;
    const cp_irp_ground *g = &s->z->ground;
    double guide = 0.0;
    CP_NEW(ctx, ctx->run, out->routes, v->n_tours);
    for (int32_t r = 0; r < v->n_tours; r++) {
        const cp_irp_tour *tour = &v->tour[r];
        if (tour->n == 0) continue;
        int32_t *sites = NULL;
        CP_NEW(ctx, ctx->run, sites, tour->n);
        for (int32_t k = 0; k < tour->n; k++)
            sites[k] = s->z->site[v->seq[(size_t)r * (size_t)(v->cap + 2) + (size_t)k + 1]];
        out->routes[out->n_routes++] =
            (cp_irp_route){r / g->n_cars, s->z->car[r % g->n_cars], sites,       tour->n,
                           tour->drive_s, tour->service_s,          tour->dist_m};
        guide += g->guide * (double)cp_irp_tour_s(tour);
    }
    for (int32_t p = 0; p < s->z->n_points; p++)
        guide -=
            cp_irp_credit(&s->z->point[p], s->steps + (size_t)p * (size_t)g->n_days, s->n_steps[p]);
    out->objective = cp_irp_cost(s);
    out->cost = out->objective - guide;
    return CP_OK;
}

cp_status cp_irp_solve(cp_ctx *ctx, const cp_irp_input *in, const cp_irp_opts *opts,
                       cp_irp_result **out)
{
    cp_irp_zone *z = NULL;
    search s;
    CP_NEW(ctx, ctx->run, *out, 1);
    CP_TRY(cp_irp_zone_make(ctx, in, opts, &z));
    CP_TRY(search_new(ctx, z, opts, &s));
    if (in->n_start > 0) CP_TRY(lay_start(&s, in));
    CP_TRY(put_rest(&s));
    cp_irp_copy(s.best, s.now);
    (void)tighten(&s, 1.0);
    const int64_t work = opts->work > 0 ? opts->work : (int64_t)ROUNDS_PER_POINT * z->n_points;
    if (z->n_points > 0)
        CP_TRY(anneal(&s, in->n_start > 0 ? opts->rewarm : opts->warm, work, *out));
    (void)tighten(&s, 1.0);
    CP_TRY(keep_limits(&s));
    CP_TRY(read_points(ctx, s.best, *out));
    return read_routes(ctx, s.best, *out);
}
