/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_result.h - what a siting study found, scenario by scenario: plain data that the store
 * keeps, `cashplan compare` sets side by side and the page shows.
 *
 * Money is minor units a year unless said otherwise; times are whole seconds one way over the true
 * network; -1 = there is none. A scenario is the base with a list of changes (domain.md); its first
 * what-if and its last period are those that maps and KPIs speak of unless said otherwise. */
#ifndef CP_STUDY_RESULT_H
#define CP_STUDY_RESULT_H

#include "models/base/clock.h"
#include "models/base/ctx.h"
#include "models/base/money.h"

/* Where a vault stands or might stand. */
typedef enum cp_study_origin {
    CP_STUDY_EXISTING,  /* a vault of the database that runs today */
    CP_STUDY_CANDIDATE, /* a candidate of the database */
    CP_STUDY_GENERATED, /* made by the study: a cluster of demand, a road node */
    CP_STUDY_MOVED      /* a place a scenario moved a vault to */
} cp_study_origin;

typedef struct cp_study_place {
    const char *code, *name;
    double lat_deg, lon_deg;
    cp_study_origin origin;
} cp_study_place;

/* A site to serve, with what it needs in a year at today's demand. */
typedef struct cp_study_client {
    const char *code, *name;
    double lat_deg, lon_deg;
    double stops;     /* a year */
    cp_minor value;   /* delivered and collected a year */
    int64_t notes;    /* to be sorted a year */
    int32_t today;    /* place that serves it today, -1 = none */
    bool unreachable; /* from every place, over the road graph or matrix */
} cp_study_client;

typedef struct cp_study_cost {
    cp_minor run;     /* fixed costs of open vaults, a year */
    cp_minor begin;   /* opening and changing sizes, once, spread over the study's years */
    cp_minor end;     /* closing, once, spread likewise */
    cp_minor service; /* stops, driving, cash in transit, sorting by unit */
    cp_minor left;    /* third parties for clients no vault serves */
    cp_minor total;
} cp_study_cost;

/* How one vault is used. */
typedef struct cp_study_use {
    int32_t size; /* index of its size among the place's sizes, -1 = closed */
    const char *size_name;
    int32_t n_clients;
    double load[3], room[3]; /* value a day, notes a day, stops a day; room INFINITY = any */
    int32_t gained, lost;    /* clients against the base scenario */
    int32_t worst_s;         /* farthest client */
    double mean_s;           /* by stops */
    cp_minor cost;           /* run and service of its zone */
    /* Break-even: how much its yearly fixed cost may rise (open) or would have to fall (closed)
     * until the best plan with it costs the same as the best without. */
    bool has_break_even;
    cp_minor break_even;
    bool break_even_proven; /* both sides solved to proof */
} cp_study_use;

/* The layout planned with the daily-plan engine over representative weeks (site_operate.h). */
typedef struct cp_study_operation {
    bool done;
    const char *why_not; /* where it could not be planned; else NULL */
    int32_t n_days;      /* planned, all weeks together */
    cp_minor cost;       /* scaled to a year, with the layout's yearly fixed costs and relief */
    cp_minor routes;     /* of it: cars, way, crews */
    cp_minor visits;     /* stops, idle cash, cash-outs, relief */
    cp_minor vaults;     /* packing, sorting, orders, idle notes, yearly fixed costs */
    cp_minor relief;     /* the price of limits that were not kept, part of `visits` */
    cp_minor bound;      /* no such plan costs less; -1 = no bound */
    int32_t rank;        /* among the layouts planned, 1 = cheapest */
    int32_t model_rank;  /* the same by the siting model */
    int32_t stops;       /* in those days */
    int32_t unserved;    /* visits that no route could take, in those days */
    int32_t cars;        /* most on the road on one day */
    int32_t late_orders; /* orders that should have been placed before the first day of a plan */
    int32_t service_ppm; /* machine-days without cash-out on unseen paths, millionths */
} cp_study_operation;

typedef struct cp_study_scenario {
    const char *name, *base; /* base "" = it is the base */
    const char *changes;     /* what differs from the base, in words; "" = nothing */
    bool found, proven;
    double objective, bound; /* minor units over the whole study; bound -INFINITY = none */
    const char *why_not;     /* not found: what cannot be met; else NULL */
    cp_study_cost cost;
    int32_t radius_s;                        /* service radius in time; 0 = none */
    int32_t radius_m;                        /* ... in metres; 0 = none */
    int32_t n_open, n_closed, n_opened;      /* closed and opened: against today */
    int32_t n_beyond, n_left, n_unreachable; /* clients beyond the radius, unserved, cut off */
    int32_t worst_s;
    double mean_s;           /* by stops */
    double covered;          /* share of stops within the radius */
    const cp_study_use *use; /* [period * n_places + place] */
    const int32_t *server;   /* [period * n_clients + client] place, -1 = nobody; of split service
                                the place of the largest share */
    const int32_t *seconds;  /* [period * n_clients + client] from it; -1 = unknown or nobody */
    cp_study_operation operation;
    double cpu_s;
} cp_study_scenario;

/* How the best layout moves with one number. */
typedef struct cp_study_point {
    double x;
    bool found, proven;
    double objective, bound;
    int32_t n_open;
    const char *open; /* codes, separated by spaces */
} cp_study_point;

typedef struct cp_study_curve {
    const char *name; /* e.g. "radius" */
    const char *unit; /* of x: "min", "km", "%" */
    const cp_study_point *points;
    int32_t n_points;
} cp_study_curve;

typedef struct cp_study_result {
    const char *name, *title;
    const char *currency; /* ISO 4217 */
    int32_t exponent;     /* minor units per unit = 10^exponent */
    cp_day day;           /* the network as it stands on */
    const cp_study_place *places;
    int32_t n_places;
    const cp_study_client *clients;
    int32_t n_clients;
    const char *const *periods; /* names */
    int32_t n_periods;
    const cp_study_scenario *scenarios; /* the base first */
    int32_t n_scenarios;
    const cp_study_curve *curves;
    int32_t n_curves;
} cp_study_result;

#endif
