/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vroom.h - problems and answers in the JSON of VROOM (VROOM-Project/vroom, docs/API.md), read into
 * and written from the route model (models/route/vrp.h).
 *
 * Whole seconds, metres and units of cost; [longitude, latitude]. What VROOM knows and this model
 * cannot keep is refused with its path, never left out silently; README.md lists it.
 *
 * Cost      fixed + per_hour x driving / 3600 + per_task_hour x (set-up + service) / 3600 + per_km
 *           x metres / 1000, each part rounded once; with a matrix of costs: fixed + its entries.
 * Unserved  a job left out costs so much that more priority is worth any number of jobs and any
 *           cost, and then one more job any cost: VROOM's order. `exact_order` is false where such
 *           prices would leave 64 bits; they are then as far apart as fits.
 * Shipments are two tasks, a pick-up and a delivery, served by one vehicle in this order, or both
 * left out; each counts as a job does. Times     may be counted from anywhere (0, or Unix time):
 * `origin_s` is taken off inside. A vehicle without a time window may leave at any moment from 0
 * on. Travel    from the matrices; without them great circle x factor at a speed, `estimated`. */
#ifndef CP_VROOM_H
#define CP_VROOM_H

#include "data/json/json_in.h"
#include "models/base/outfile.h"
#include "models/route/vrp.h"

typedef struct cp_vroom_opts {
    double circle_factor, circle_speed_kmh;
} cp_vroom_opts;

cp_vroom_opts cp_vroom_opts_defaults(void); /* those of the settings of a bank */

typedef enum cp_vroom_kind { CP_VROOM_JOB, CP_VROOM_PICKUP, CP_VROOM_DELIVERY } cp_vroom_kind;

/* A task: a job, or one end of a shipment. */
typedef struct cp_vroom_job {
    cp_vroom_kind kind;
    const char *path; /* in the document */
    int64_t id;
    const char *description; /* NULL = none */
    cp_json_spot at;
    int64_t index; /* location_index, -1 = not given */
    int64_t setup_s, service_s, priority;
    cp_json_ints delivery, pickup, skills;
    cp_json_spans windows;
    int32_t place;
} cp_vroom_job;

typedef struct cp_vroom_shipment {
    cp_json_ints amount, skills;
    int64_t priority;
    cp_vroom_job pickup, delivery; /* as given: amount, skills and priority are not in them */
} cp_vroom_shipment;

typedef struct cp_vroom_break {
    int64_t id;
    const char *description;
    int64_t service_s;
    cp_json_spans windows;
    cp_json_ints max_load;
} cp_vroom_break;

typedef struct cp_vroom_vehicle {
    int64_t id;
    const char *description, *profile;
    cp_json_spot start, end;
    int64_t start_index, end_index; /* -1 = not given */
    cp_json_ints capacity, skills;
    int64_t fixed, per_km, per_hour, per_task_hour; /* per_km, per_hour: -1 = not given */
    cp_json_spans window;
    cp_json_rows breaks; /* cp_vroom_break */
    double speed_factor;
    int64_t max_tasks, max_travel_s, max_dist_m; /* -1 = not given */
    int32_t start_place, end_place;              /* -1 = none */
    int32_t travel;                              /* profile of the problem */
    int32_t kind;                                /* vehicle kind of the problem */
} cp_vroom_vehicle;

typedef struct cp_vroom_matrix {
    const char *name;
    cp_json_square durations, distances, costs;
} cp_vroom_matrix;

typedef struct cp_vroom {
    cp_json_rows jobs, shipments, vehicles, matrices; /* cp_vroom_job, _shipment, ... */
    cp_vroom_job *tasks; /* the jobs, then pick-up and delivery of each shipment */
    int32_t n_tasks;
    cp_vrp p;               /* node k is task k; validated */
    const int32_t **metres; /* per profile of p: n_places * n_places; NULL = not known */
    int64_t origin_s;
    bool estimated;   /* some travel is by great circle */
    bool exact_order; /* see above */
} cp_vroom;

static inline const cp_vroom_vehicle *cp_vroom_vehicle_at(const cp_vroom *v, int32_t k)
{
    return (const cp_vroom_vehicle *)v->vehicles.v + k;
}

/* Read a problem; all of it lives in ctx->run. CP_E_INPUT when anything is wrong: *faults (of
 * ctx->run too) then holds every fault, and the words in ctx their number and the first. */
cp_status cp_vroom_parse(cp_ctx *ctx, const char *text, size_t n, const char *name,
                         const cp_vroom_opts *opts, cp_json_in *faults, cp_vroom **out);

/* ---- for the reader's own files ---- */

/* The document alone, no problem made of it: faults of fields. */
cp_status cp_vroom_fields(cp_json_in *in, const char *text, size_t n, cp_vroom *out);
/* Its tasks in one list, with their paths. */
cp_status cp_vroom_tasks(cp_ctx *ctx, cp_vroom *v);
/* What no single field can say: ids, places, dimensions, matrices. */
cp_status cp_vroom_rules(cp_json_in *in, cp_vroom *v);
/* The routing problem of a document without faults. */
cp_status cp_vroom_problem(cp_ctx *ctx, const cp_vroom_opts *opts, cp_vroom *v);

/* ---- answers ---- */

/* What is proved of an answer: none that leaves out no less costs less than `cost`. */
typedef struct cp_vroom_bound {
    bool known;
    cp_minor cost;
} cp_vroom_bound;

/* Write the answer: routes of the solution with the times of its report, which is feasible. `bound`
 * may be NULL: none was asked for. */
cp_status cp_vroom_answer(cp_ctx *ctx, const cp_vroom *v, const cp_vrp_solution *s,
                          const cp_vrp_report *r, const cp_vroom_bound *bound, cp_outfile *out);
/* Write an answer that there is none: code 1 (our failure) or 2 (the input's), the words, and the
 * faults (may be NULL). */
void cp_vroom_refusal(int32_t code, const char *words, const cp_json_in *faults, cp_outfile *out);

#endif
