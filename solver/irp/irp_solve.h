/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irp_solve.h - visits, loads and routes of a horizon decided together, for a given fleet.
 *
 * Where stops are many and small, which day a site is visited matters less by itself than which of
 * its neighbours are visited on the same day; planning days first and routes afterwards cannot see
 * that. Here the solution is days and routes at once (model.md section 3.3), improved by ruin and
 * recreate: a neighbourhood of points or a piece of one tour loses all its visits of all days, and
 * each point is put back by a shortest path over days with true insertion prices (irp_state.h).
 * Accepted by simulated annealing (Schrimpf et al. 2000; Christiaens, Vanden Berghe, "Slack
 * induction by string removals for vehicle routing problems", Transportation Science 54(2), 2020).
 * No bound.
 *
 * Minimises  costs of intervals and visits (arcs.h, expected over the sample paths) + tariff of
 * stops
 *            + CAR_DAY, HOUR, KM, OVERTIME_HOUR of the routes.
 * Keeps      one trip a car and day within shift + overtime (drive + service), days and kinds that
 *            arcs.h allows.
 * Not kept   time windows of sites, value and volume on board, shared limits of the vault: route
 * the days again with route_solve where these can bind. Fills by the branch's own staff and partial
 * swaps are not among the choices. cp_irp_suits tells. */
#ifndef CP_IRP_SOLVE_H
#define CP_IRP_SOLVE_H

#include "solver/irp/irp_state.h"

typedef struct cp_irp_opts {
    int64_t work;        /* ruin-and-recreate rounds; 0 = 200 a point */
    double time_limit_s; /* safety stop besides the context's; 0 = none */
    uint64_t seed;
    int32_t most_removed; /* points taken out in one round, 1 .. this */
    double warm, cold;    /* annealing temperature at start and end, as a share of the price of a
                             mean stop (a mean car-day / its stops) */
    double rewarm;        /* in place of warm when the search starts from known routes */
    double guide_share;   /* a second of a tour that no tariff charges is priced at this share of
                             car_day / shift, so that tours stay compact; 0 = not at all */
    double rent_share;    /* a stop not needed is worth this share of a mean stop's price: what is
                             left of the last intervals behind the horizon; 0 = nothing */
} cp_irp_opts;
cp_irp_opts cp_irp_defaults(void);

/* One car's day. */
typedef struct cp_irp_route {
    int32_t t, car;       /* network index */
    const int32_t *sites; /* network indexes, in driving order */
    int32_t n_sites;
    int32_t drive_s, service_s;
    int64_t dist_m;
} cp_irp_route;

typedef struct cp_irp_result {
    int32_t n_points;
    const int32_t *point; /* network indexes, ascending */
    const int32_t *first; /* n_points + 1: steps of the k-th point are [first[k], first[k + 1]) */
    const cp_step *steps; /* by day; of the arcs given */
    const uint8_t *left_out; /* 1 = no car had room on any day it may be visited */
    int32_t n_left_out;
    cp_irp_route *routes; /* by (t, car), only those with a stop */
    int32_t n_routes;
    double cost;      /* without guide and rent */
    double objective; /* what was minimised: with both */
    int64_t work_done;
    bool stopped_by_time;
} cp_irp_result;

typedef struct cp_irp_input {
    const cp_network *net;
    const cp_arcs *arcs; /* by network point, built for this network */
    int32_t vault;
    const cp_irp_route *start; /* routes known from before, e.g. last evening's plan moved by a day:
                                  the search starts from the visits they make; may be NULL */
    int32_t n_start;
} cp_irp_input;

/* True when nothing that the search does not keep can bind for this vault: no shared limit or pool,
 * cars insured for CP_MINOR_MAX and of any volume, sites open all through the shifts. *why (may be
 * NULL) names the first thing that could bind, NULL when none. */
bool cp_irp_suits(const cp_network *net, int32_t vault, const char **why);

/* Days and routes of one vault; everything of *out lives in ctx->run. The same input, seed and work
 * give the same bytes unless stopped_by_time. CP_E_INPUT when the vault has no car. */
cp_status cp_irp_solve(cp_ctx *ctx, const cp_irp_input *in, const cp_irp_opts *opts,
                       cp_irp_result **out);

#endif
