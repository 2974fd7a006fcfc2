/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_data.h - everything the page of a plan shows, as compact JSON (schema cashplan.page/1). */
#ifndef CP_PAGE_DATA_H
#define CP_PAGE_DATA_H

#include "data/json/dispatch_json.h"
#include "data/json/run_json.h"
#include "models/demand/clean.h"
#include "models/plan/plan_diff.h"

/* Road links above this number are left out of the page's map, slowest and shortest first, and the
 * page says how many. */
#define CP_PAGE_ROADS_MAX 60000

/* What came before: the plan before and what changed since (plan_id as stored), and of the demand
 * the last weeks as recorded and the repairs of all days (NULL: not known). */
typedef struct cp_page_before {
    int64_t plan_id;
    const cp_plan_diff *diff;
    const cp_history *history;
    const cp_repairs *repairs;
} cp_page_before;

/* A way out of a conflict. */
typedef struct cp_page_way {
    const char *way;     /* pay, move, unit, visit, rule, car; likeness: accept, drive_otherwise */
    cp_minor cost_minor; /* more than the plan as it is without paying; below 0: it saves */
    int64_t left;        /* still above the limit then; likeness: points of it */
    bool misses;         /* a service level is missed then */
    int32_t t;           /* visit, rule, car: the day; -1 = none */
    int32_t kind;        /* visit, rule: cp_visit_kind; -1 */
    const char **rule;   /* rule, car: what is given up, by its field name */
    int32_t n_rules;
    const char *code; /* rule: of the pin; car: of the car; "" */
    int64_t over;     /* car: minutes or minor units above the rule; likeness: ppm then */
    const char **who; /* move: codes of machines or sites */
    int32_t *to;      /* and the day of each then, -1 = none */
    int32_t n_moves;
} cp_page_way;

/* What the plan could not keep. */
typedef struct cp_page_conflict {
    const char *kind; /* of a limit (cp_limit_kind_name), or unserved, late_order, likeness */
    int32_t vault, t; /* -1 = none */
    const char *item; /* of the limit; late_order: denomination; likeness: the day it is like; "" */
    int32_t point;    /* service_level, unserved; -1 */
    int64_t cap, use, over; /* likeness: ppm, ppm, points of per cent */
    const char *reason;     /* unserved; "" */
    const char **user;      /* codes of machines or sites, and their use */
    int64_t *user_use;
    int32_t n_users;
    const char **again; /* likeness: ways driven again, pairs of codes one after the other */
    int32_t n_again;
    const char **same_time; /* likeness: sites reached at the same time of day */
    int32_t n_same_time;
    cp_page_way *way; /* the cheapest first */
    int32_t n_ways;
} cp_page_conflict;

typedef struct cp_page_conflicts {
    cp_page_conflict *list;
    int32_t n;
} cp_page_conflicts;

/* Write the document; `before` may be NULL (there is no plan to compare with), `conflicts` too
 * (nobody has looked for ways out). With `html` every '<' is escaped so that it may stand in a
 * script element. */
cp_status cp_page_data_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                             const cp_page_before *before, const cp_page_conflicts *conflicts,
                             bool html, cp_outfile *out);

/* Parts in files of their own. */
void cp_page_write_network(cp_json *json, const cp_export_plan *ex);
void cp_page_write_conflicts(cp_json *json, const cp_page_conflicts *conflicts);
void cp_page_write_pins(cp_json *json, const cp_export_plan *ex);
void cp_page_write_history(cp_json *json, const cp_page_before *before);
void cp_page_write_changes(cp_json *json, const cp_export_plan *ex, const cp_page_before *before);
/* The figures of single points among record->kpis, one column a figure, one cell a point. */
cp_status cp_page_write_service(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex);
bool cp_page_is_point_kpi(const cp_kpi *kpi);
cp_status cp_page_write_roads(cp_ctx *ctx, cp_json *json, const cp_network *net);

#endif
