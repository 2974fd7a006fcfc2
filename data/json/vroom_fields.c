/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vroom_fields.c - every field of VROOM's input as a table. */
#include "data/json/vroom.h"

#define IN(kind, type, key, member)                                                                \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, false, NULL, NULL                                 \
    }
#define IN_RANGE(kind, type, key, member, lo, hi)                                                  \
    {                                                                                              \
        key, kind, offsetof(type, member), lo, hi, false, NULL, NULL                               \
    }
#define IN_ROWS(kind, type, key, member, must, table)                                              \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, must, table, NULL                                 \
    }
#define MUST_INT(type, key, member)                                                                \
    {                                                                                              \
        key, CP_IN_INT, offsetof(type, member), 0, 0, true, NULL, NULL                             \
    }
#define NOT(key, words)                                                                            \
    {                                                                                              \
        key, CP_IN_REFUSED, 0, 0, 0, false, NULL, words                                            \
    }
#define EMPTY(key, words)                                                                          \
    {                                                                                              \
        key, CP_IN_NONE, 0, 0, 0, false, NULL, words                                               \
    }
#define END_OF_TABLE                                                                               \
    {                                                                                              \
        NULL, CP_IN_INT, 0, 0, 0, false, NULL, NULL                                                \
    }

#define SECONDS_MAX 1e8  /* three years: of services, set-ups, breaks and legs */
#define AMOUNT_MAX 1e12  /* loads: their sums stay far inside 64 bits */
#define PRICE_MAX 1e9    /* of an hour, a kilometre, a vehicle */
#define SKILL_MAX 4.29e9 /* 32 bits, as VROOM's */
#define METRES_MAX 1e9

static const cp_json_field job_fields[] = {
    MUST_INT(cp_vroom_job, "id", id),
    IN(CP_IN_TEXT, cp_vroom_job, "description", description),
    IN(CP_IN_SPOT, cp_vroom_job, "location", at),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "location_index", index, 0, 1e6),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "setup", setup_s, 0, SECONDS_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "service", service_s, 0, SECONDS_MAX),
    IN_RANGE(CP_IN_INTS, cp_vroom_job, "delivery", delivery, 0, AMOUNT_MAX),
    IN_RANGE(CP_IN_INTS, cp_vroom_job, "pickup", pickup, 0, AMOUNT_MAX),
    IN_RANGE(CP_IN_INTS, cp_vroom_job, "skills", skills, 0, SKILL_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "priority", priority, 0, 100),
    IN(CP_IN_SPANS, cp_vroom_job, "time_windows", windows),
    NOT("amount", "is an old name: write \"delivery\" or \"pickup\""),
    NOT("setup_per_type", "cannot be kept: give \"setup\", one time for all vehicles"),
    NOT("service_per_type", "cannot be kept: give \"service\", one time for all vehicles"),
    END_OF_TABLE};

static const cp_vroom_job job_defaults = {.index = -1};
static const cp_json_table job_table = {sizeof(cp_vroom_job), &job_defaults, job_fields};

static const cp_json_field end_fields[] = {
    MUST_INT(cp_vroom_job, "id", id),
    IN(CP_IN_TEXT, cp_vroom_job, "description", description),
    IN(CP_IN_SPOT, cp_vroom_job, "location", at),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "location_index", index, 0, 1e6),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "setup", setup_s, 0, SECONDS_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_job, "service", service_s, 0, SECONDS_MAX),
    IN(CP_IN_SPANS, cp_vroom_job, "time_windows", windows),
    NOT("setup_per_type", "cannot be kept: give \"setup\", one time for all vehicles"),
    NOT("service_per_type", "cannot be kept: give \"service\", one time for all vehicles"),
    END_OF_TABLE};

static const cp_json_table end_table = {sizeof(cp_vroom_job), &job_defaults, end_fields};

static const cp_json_field shipment_fields[] = {
    IN_RANGE(CP_IN_INTS, cp_vroom_shipment, "amount", amount, 0, AMOUNT_MAX),
    IN_RANGE(CP_IN_INTS, cp_vroom_shipment, "skills", skills, 0, SKILL_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_shipment, "priority", priority, 0, 100),
    {"pickup", CP_IN_OBJECT, offsetof(cp_vroom_shipment, pickup), 0, 0, true, &end_table, NULL},
    {"delivery", CP_IN_OBJECT, offsetof(cp_vroom_shipment, delivery), 0, 0, true, &end_table, NULL},
    END_OF_TABLE};

static const cp_vroom_shipment shipment_defaults = {.pickup = {.index = -1},
                                                    .delivery = {.index = -1}};
static const cp_json_table shipment_table = {sizeof(cp_vroom_shipment), &shipment_defaults,
                                             shipment_fields};

static const cp_json_field break_fields[] = {
    MUST_INT(cp_vroom_break, "id", id),
    IN(CP_IN_TEXT, cp_vroom_break, "description", description),
    IN_RANGE(CP_IN_INT, cp_vroom_break, "service", service_s, 0, SECONDS_MAX),
    IN(CP_IN_SPANS, cp_vroom_break, "time_windows", windows),
    IN_RANGE(CP_IN_INTS, cp_vroom_break, "max_load", max_load, 0, AMOUNT_MAX),
    END_OF_TABLE};

static const cp_json_table break_table = {sizeof(cp_vroom_break), NULL, break_fields};

/* The costs stand in the vehicle itself, so their table's struct is the vehicle. */
static const cp_json_field cost_fields[] = {
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "fixed", fixed, 0, PRICE_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "per_hour", per_hour, 0, PRICE_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "per_km", per_km, 0, PRICE_MAX),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "per_task_hour", per_task_hour, 0, PRICE_MAX),
    END_OF_TABLE};

static const cp_json_table cost_table = {sizeof(cp_vroom_vehicle), NULL, cost_fields};

static const cp_json_field vehicle_fields[] = {
    MUST_INT(cp_vroom_vehicle, "id", id),
    IN(CP_IN_TEXT, cp_vroom_vehicle, "description", description),
    IN(CP_IN_TEXT, cp_vroom_vehicle, "profile", profile),
    IN(CP_IN_SPOT, cp_vroom_vehicle, "start", start),
    IN(CP_IN_SPOT, cp_vroom_vehicle, "end", end),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "start_index", start_index, 0, 1e6),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "end_index", end_index, 0, 1e6),
    IN_RANGE(CP_IN_INTS, cp_vroom_vehicle, "capacity", capacity, 0, AMOUNT_MAX),
    {"costs", CP_IN_OBJECT, 0, 0, 0, false, &cost_table, NULL},
    IN_RANGE(CP_IN_INTS, cp_vroom_vehicle, "skills", skills, 0, SKILL_MAX),
    IN(CP_IN_SPAN, cp_vroom_vehicle, "time_window", window),
    IN_ROWS(CP_IN_OBJECTS, cp_vroom_vehicle, "breaks", breaks, false, &break_table),
    IN_RANGE(CP_IN_REAL, cp_vroom_vehicle, "speed_factor", speed_factor, 0.01, 5),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "max_tasks", max_tasks, 0, 1e9),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "max_travel_time", max_travel_s, 0, SECONDS_MAX * 10),
    IN_RANGE(CP_IN_INT, cp_vroom_vehicle, "max_distance", max_dist_m, 0, 1e12),
    EMPTY("steps", "must be empty: routes given beforehand cannot be kept or checked"),
    NOT("type", "cannot be kept: times by type of vehicle are not known here"),
    END_OF_TABLE};

static const cp_vroom_vehicle vehicle_defaults = {.profile = "car",
                                                  .start_index = -1,
                                                  .end_index = -1,
                                                  .per_km = -1,
                                                  .per_hour = -1,
                                                  .speed_factor = 1,
                                                  .max_tasks = -1,
                                                  .max_travel_s = -1,
                                                  .max_dist_m = -1,
                                                  .start_place = -1,
                                                  .end_place = -1};
static const cp_json_table vehicle_table = {sizeof(cp_vroom_vehicle), &vehicle_defaults,
                                            vehicle_fields};

static const cp_json_field matrix_fields[] = {
    IN_RANGE(CP_IN_SQUARE, cp_vroom_matrix, "durations", durations, 0, SECONDS_MAX),
    IN_RANGE(CP_IN_SQUARE, cp_vroom_matrix, "distances", distances, 0, METRES_MAX),
    IN_RANGE(CP_IN_SQUARE, cp_vroom_matrix, "costs", costs, 0, METRES_MAX), END_OF_TABLE};

static const cp_json_table matrix_table = {sizeof(cp_vroom_matrix), NULL, matrix_fields};

static const cp_json_field root_fields[] = {
    {"schema", CP_IN_WORD, 0, 0, 0, false, NULL, "cashplan.vroom_problem/1"},
    IN_ROWS(CP_IN_OBJECTS, cp_vroom, "jobs", jobs, false, &job_table),
    IN_ROWS(CP_IN_OBJECTS, cp_vroom, "vehicles", vehicles, true, &vehicle_table),
    IN_ROWS(CP_IN_MAP, cp_vroom, "matrices", matrices, false, &matrix_table),
    IN_ROWS(CP_IN_OBJECTS, cp_vroom, "shipments", shipments, false, &shipment_table),
    NOT("matrix", "is an old name: write \"matrices\": {\"car\": {\"durations\": ...}}"),
    NOT("options", "cannot be kept: options are given on the command line"),
    END_OF_TABLE};

static const cp_json_table root_table = {sizeof(cp_vroom), NULL, root_fields};

cp_status cp_vroom_fields(cp_json_in *in, const char *text, size_t n, cp_vroom *out)
{
    return cp_json_read_text(in, text, n, &root_table, out);
}

cp_status cp_vroom_tasks(cp_ctx *ctx, cp_vroom *v)
{
    const cp_vroom_job *jobs = v->jobs.v;
    const cp_vroom_shipment *ships = v->shipments.v;
    CP_NEW(ctx, ctx->run, v->tasks, (size_t)v->jobs.n + 2 * (size_t)v->shipments.n + 1);
    for (int32_t k = 0; k < v->jobs.n; k++) {
        cp_vroom_job *t = &v->tasks[v->n_tasks++];
        *t = jobs[k];
        t->path = cp_strf(ctx, ctx->run, "jobs[%d]", (int)k);
        if (t->path == NULL) return CP_E_NOMEM;
    }
    for (int32_t k = 0; k < 2 * v->shipments.n; k++) {
        const cp_vroom_shipment *q = &ships[k / 2];
        cp_vroom_job *t = &v->tasks[v->n_tasks++];
        const bool fetch = k % 2 == 0;
        *t = fetch ? q->pickup : q->delivery;
        t->kind = fetch ? CP_VROOM_PICKUP : CP_VROOM_DELIVERY;
        t->priority = q->priority;
        t->skills = q->skills;
        *(fetch ? &t->pickup : &t->delivery) = q->amount;
        t->path =
            cp_strf(ctx, ctx->run, "shipments[%d].%s", (int)(k / 2), fetch ? "pickup" : "delivery");
        if (t->path == NULL) return CP_E_NOMEM;
    }
    return CP_OK;
}
