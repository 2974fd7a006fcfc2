/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.h - the question of a siting study as plain data: where vaults may stand, what is asked of
 * them, which scenarios and curves are looked at. What was found is study_result.h.
 *
 * Codes are resolved: `site` here is an index into cp_study.sites, `client` one into the network's
 * sites, `vault` one into its vaults. Money is whole minor units, times are seconds, ways metres.
 */
#ifndef CP_STUDY_H
#define CP_STUDY_H

#include "models/net/network.h"
#include "models/study/study_result.h"

/* What is asked for first. Everything but the cost asks then for the cheapest layout among those
 * that are best in it (mean time: the layout that is best, served from the nearest vault). */
typedef enum cp_study_aim {
    CP_STUDY_COST,
    CP_STUDY_MEAN_TIME,  /* p-median: seconds of way summed over the stops of a year */
    CP_STUDY_WORST_TIME, /* p-center: the longest way there, seconds */
    CP_STUDY_FEWEST,     /* set covering: the number of vaults */
    CP_STUDY_COVERED,    /* maximal covering: stops a year within the radius */
    CP_N_STUDY_AIMS
} cp_study_aim;
const char *cp_study_aim_name(cp_study_aim aim); /* "cost", "mean_time", ... */
const char *cp_study_aim_unit(cp_study_aim aim); /* of objective and bound */

typedef enum cp_study_load {
    CP_STUDY_VALUE, /* leaving the vault, minor units a day */
    CP_STUDY_NOTES, /* to be sorted, a day */
    CP_STUDY_STOPS, /* a day */
    CP_STUDY_LOADS
} cp_study_load;
const char *cp_study_load_name(cp_study_load load);

/* Within so much of the way from the vault there; 0 = not limited by it. Both hold. */
typedef struct cp_study_reach {
    int32_t seconds, metres;
} cp_study_reach;

typedef enum cp_study_must { CP_STUDY_MAY, CP_STUDY_RUNS, CP_STUDY_SHUT } cp_study_must;

/* A place of a vault. Generated places are located by study_places.h. */
typedef struct cp_study_site {
    cp_study_place place; /* coordinates 0 while `located` is false */
    bool located;
    int32_t vault;    /* of the network, -1 = none: it must be added */
    int32_t like;     /* vault of the network whose limits, hours, calendar it takes */
    int32_t scenario; /* moved: the scenario that it belongs to, else -1 */
    cp_minor end;     /* of closing it, once */
    cp_study_must must;
} cp_study_site;

/* One size of a site; those of a site stand together, in the order of the sites. */
typedef struct cp_study_size {
    const char *name;
    int32_t site;
    double room[CP_STUDY_LOADS]; /* INFINITY = any */
    cp_minor run;                /* a year */
    cp_minor begin;              /* once: building it, or changing to it */
    bool now;                    /* the site runs in it today */
} cp_study_size;

typedef struct cp_study_group {
    const int32_t *sites;
    int32_t n, least, most;
} cp_study_group;

typedef struct cp_study_period {
    const char *name;
    double years;
    double growth; /* of demand against today; 1 = as today */
} cp_study_period;

/* Demand times `factor`: of one client, of a district, or of all (client -1, district NULL). */
typedef struct cp_study_growth {
    int32_t client;
    const char *district;
    double factor;
} cp_study_growth;

typedef struct cp_study_what_if {
    const char *name;
    double weight; /* they sum to 1 */
    const cp_study_growth *growth;
    int32_t n_growth;
    const int32_t *out; /* sites out of service */
    int32_t n_out;
} cp_study_what_if;

typedef enum cp_study_change_kind {
    CP_CHANGE_OPEN,
    CP_CHANGE_CLOSE,
    CP_CHANGE_FREE,
    CP_CHANGE_MOVE,     /* `site` is gone, `to` runs in its place */
    CP_CHANGE_RADIUS,   /* `reach`; both 0 = none */
    CP_CHANGE_CAPACITY, /* rooms of `load` (-1 all) of `site` (-1 all) times `factor` */
    CP_CHANGE_TARIFF,   /* `item` times factor, or `value` */
    CP_CHANGE_RUN,      /* yearly costs of `site` (-1 all) times factor, or `value` */
    CP_CHANGE_DEMAND,   /* `growth` */
    CP_CHANGE_OUTAGE,   /* `site` is out of service in every what-if */
    CP_CHANGE_COUNT,    /* `least`, `most`; -1 = as it was */
    CP_N_CHANGES
} cp_study_change_kind;
const char *cp_study_change_name(cp_study_change_kind kind); /* "open", "close", ... */

typedef struct cp_study_change {
    cp_study_change_kind kind;
    int32_t site, to, load, least, most;
    cp_tariff_item item;
    double factor;  /* < 0: `value` is given */
    cp_minor value; /* minor units or ppm, as the item says */
    cp_minor once;  /* move: what moving costs */
    cp_study_reach reach;
    cp_study_growth growth;
} cp_study_change;

typedef struct cp_study_case {
    const char *name, *base; /* base "": this is the base */
    const cp_study_change *changes;
    int32_t n_changes; /* all of them, those of the scenario it builds on first */
} cp_study_case;

typedef enum cp_study_axis {
    CP_AXIS_RADIUS_MIN, /* x minutes */
    CP_AXIS_RADIUS_KM,
    CP_AXIS_RENT_PCT,   /* yearly costs of every site x % higher */
    CP_AXIS_DEMAND_PCT, /* demand x % higher */
    CP_N_AXES
} cp_study_axis;

typedef struct cp_study_line {
    cp_study_axis axis;
    double from, to;
    int32_t n; /* points, >= 2 */
} cp_study_line;

typedef enum cp_study_source {
    CP_NEEDS_AUTO,     /* the latest plan where there is one, else history */
    CP_NEEDS_PLAN,     /* visits and loads of the latest plan */
    CP_NEEDS_FORECAST, /* mean of the forecast of the coming days */
    CP_NEEDS_HISTORY   /* mean of the last days */
} cp_study_source;

typedef enum cp_study_weight { CP_BY_STOPS, CP_BY_VALUE, CP_BY_CLIENTS } cp_study_weight;
typedef enum cp_study_proofs { CP_PROOFS_BASE, CP_PROOFS_ALL, CP_PROOFS_NONE } cp_study_proofs;

typedef struct cp_study {
    const char *name, *title;
    cp_study_aim aim;
    cp_study_source source;
    int32_t days;         /* of forecast or history */
    double residual;      /* share of a swap's load that comes back, where no plan tells it */
    double days_per_year; /* on which a vault works: yearly needs by it are loads of a day */
    bool split;           /* a client may have several vaults */
    int32_t least, most;
    cp_study_reach radius;
    bool radius_wish;    /* may be exceeded, for ... */
    double radius_extra; /* ... so much more of the cost of service, a share */
    cp_study_reach near;
    int32_t reserve; /* vaults within `near` of every client; 0 = no such rule */
    cp_study_reach cover;
    double cover_floor; /* share of all within `cover` of a vault; 0 = no such rule */
    cp_study_weight cover_by;
    double balance; /* the largest zone at most so many times the smallest; 0 = no such rule */
    cp_study_load balance_load;
    cp_minor leave;  /* of a stop that no vault makes; -1 = every client must be served */
    double discount; /* a year, a share */
    bool robust;
    cp_study_proofs break_even;
    cp_study_site *sites;
    int32_t n_sites;
    cp_study_size *sizes;
    int32_t n_sizes;
    int32_t first_cluster, n_clusters; /* generated sites, among `sites` */
    bool cluster_means;                /* k-means; else k-medians */
    cp_study_weight cluster_by;
    int32_t first_node, n_nodes; /* sites to be put on road nodes */
    const cp_study_group *groups;
    int32_t n_groups;
    const cp_study_period *periods; /* at least one */
    int32_t n_periods;
    const cp_study_what_if *what_ifs; /* at least one */
    int32_t n_what_ifs;
    const cp_study_case *cases; /* the base first */
    int32_t n_cases;
    const cp_study_line *lines;
    int32_t n_lines;
} cp_study;

/* Sizes of a site: first[site] .. first[site + 1] - 1; in ctx->run, n_sites + 1. */
cp_status cp_study_size_index(cp_ctx *ctx, const cp_study *study, int32_t **first);

#endif
