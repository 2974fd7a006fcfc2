/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irp_state.h - days, kinds and loads of every point together with the routes that carry them, and
 * the step of every search on them: one point taken out of all its days, or put back at once.
 *
 * Putting back is exact for the one point: the price of a stop on each day is what its cheapest
 * place in that day's routes costs, and under these prices the point's plan is a shortest path over
 * days (model.md sections 1 and 3.3; Archetti, Boland, Speranza, "A matheuristic for the
 * multivehicle inventory routing problem", INFORMS J. Computing 29(3), 2017, re-insert customers
 * likewise). */
#ifndef CP_IRP_STATE_H
#define CP_IRP_STATE_H

#include "models/base/rng.h"
#include "solver/irp/irp_tours.h"
#include "solver/replenish/point_price.h"

/* A point as the search sees it. */
typedef struct cp_irp_point {
    int32_t point; /* network index */
    int32_t site;  /* zone site */
    const cp_arcs *arcs;
    int32_t service_s[CP_MAX_MODES];
    /* With one way of visiting and no first adds, arcs as plain tables: cheapest level each. */
    const double *open; /* [t] until the first visit on t, its entry included; [n_days]: no visit */
    const double *arc; /* [t * (n_days + 1) + s], s = n_days: the cheapest last interval; infinite =
                          no such arc; NULL = ask cp_point_price */
    const int32_t *arc_of; /* the arc behind it */
    double left_out;       /* price of the point without any plan: above that of every plan */
    double rent; /* worth of a stop not needed: what is left of the last interval behind the
                    horizon is credited at its share of this */
} cp_irp_point;

typedef struct cp_irp_zone {
    cp_irp_ground ground;
    int32_t n_points;
    cp_irp_point *point;  /* sorted by site */
    int32_t *first_point; /* by zone site, n_sites + 1 */
    int32_t *site;        /* zone site -> network site */
    int32_t *car;         /* zone car -> network car */
    double *stop;         /* [site * n_days + t]: tariff of a stop */
    double car_day;       /* price of a mean car-day */
} cp_irp_zone;

typedef struct cp_irp_undo cp_irp_undo;

typedef struct cp_irp_state {
    const cp_irp_zone *z;
    cp_irp_tours *tours;
    cp_step *steps;    /* point * n_days + i */
    int32_t *n_steps;  /* -1 = out */
    double *path_cost; /* cp_steps_cost, less the credit for what the last interval has left */
    int16_t *n_at;     /* [site * n_days + t]: points visited */
    double cost;       /* paths and stops; the whole is + tours->cost + left_out * n_out */
    int32_t n_out;
    cp_irp_look look;
    cp_irp_undo *undo;   /* what the changes since cp_irp_begin have touched */
    double *node, *rent; /* work of one re-insertion */
    cp_irp_place *place;
    cp_step *work;
    double *best; /* the path over days: cost from t on, and the next day */
    int32_t *next;
} cp_irp_state;

/* All points out. The zone's numbers are read, never copied. */
cp_status cp_irp_state_new(cp_ctx *ctx, const cp_irp_zone *zone, uint64_t seed, cp_irp_state **out);

/* The credit of a point's plan: the part of its last interval that lies behind the horizon, at the
 * point's rent. Renewal-reward: an interval costs a stop, whoever has used half of it owns half a
 * stop. Without it a visit long before it is due looks free wherever a car passes by. */
double cp_irp_credit(const cp_irp_point *p, const cp_step *steps, int32_t n_steps);

/* The whole cost that the search minimises. */
double cp_irp_cost(const cp_irp_state *s);

void cp_irp_take_out(cp_irp_state *s, int32_t point);
/* Cheapest plan of a point that is out, against the routes as they stand; it stays out when no day
 * has room for it. */
cp_status cp_irp_put_in(cp_ctx *ctx, cp_irp_state *s, int32_t point, uint32_t skip_ppm);
/* Lay down a route as it was known from before, site by site at the end of tour (t, car of the
 * zone); the stops have no visit yet. Sites already visited that day are passed over. */
void cp_irp_lay(cp_irp_state *s, int32_t t, int32_t car, int32_t site);
/* The cheapest plan of a point that is out with visits only where a stop of its site is laid; it
 * stays out when that is no plan. */
cp_status cp_irp_put_on_laid(cp_ctx *ctx, cp_irp_state *s, int32_t point);
/* Stops laid that nobody uses are taken away. */
void cp_irp_clear_laid(cp_irp_state *s);

/* Changes from here on can be taken back, once. */
void cp_irp_begin(cp_irp_state *s);
void cp_irp_take_back(cp_irp_state *s);

/* *to = *from; both of one zone. */
void cp_irp_copy(cp_irp_state *to, const cp_irp_state *from);

#endif
