/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_raw.h - a study's JSON as it stands in the file, before codes are resolved: for the
 * reader's own files. Counts and money that are not given are -1. */
#ifndef CP_STUDY_RAW_H
#define CP_STUDY_RAW_H

#include "data/json/json_in.h"
#include "models/study/study.h"

typedef struct cp_raw_reach {
    double minutes, km; /* 0 = not given */
} cp_raw_reach;

typedef struct cp_raw_radius {
    cp_raw_reach reach;
    int32_t wish; /* "must|wish" */
    double extra_pct;
} cp_raw_radius;

typedef struct cp_raw_reserve {
    cp_raw_reach reach;
    int64_t vaults;
} cp_raw_reserve;

typedef struct cp_raw_cover {
    cp_raw_reach reach;
    double floor_pct;
    int32_t by;
} cp_raw_cover;

typedef struct cp_raw_balance {
    double ratio;
    int32_t load;
} cp_raw_balance;

typedef struct cp_raw_demand {
    int32_t from;
    int64_t days;
    double residual_pct, days_per_year;
} cp_raw_demand;

/* What a place costs; -1 = as its vault or pattern. */
typedef struct cp_raw_money {
    int64_t run, begin, end, upgrade;
} cp_raw_money;

typedef struct cp_raw_vault {
    const char *code;
    cp_raw_money money;
    int32_t must; /* "may|run|shut" */
} cp_raw_vault;

typedef struct cp_raw_place {
    const char *code, *name, *like;
    cp_json_spot at;
    cp_raw_money money;
} cp_raw_place;

typedef struct cp_raw_candidates {
    bool database;
    const char *like;
    cp_raw_money money; /* of every candidate that says nothing of its own */
    int64_t clusters, road_nodes;
    int32_t means; /* "median|mean" */
    int32_t weight;
    cp_json_rows places; /* cp_raw_place */
} cp_raw_candidates;

typedef struct cp_raw_size {
    const char *name;
    int64_t value, notes, stops; /* -1 = any */
    int64_t run, begin;          /* begin -1 = nothing */
    cp_json_texts sites;         /* not given = all */
} cp_raw_size;

typedef struct cp_raw_group {
    cp_json_texts sites;
    int64_t least, most;
} cp_raw_group;

typedef struct cp_raw_period {
    const char *name;
    double years, growth_pct;
} cp_raw_period;

typedef struct cp_raw_growth {
    double pct;
    const char *district, *site; /* NULL = not given */
} cp_raw_growth;

typedef struct cp_raw_what_if {
    const char *name;
    double weight;
    cp_json_rows growth;
    cp_json_texts outage;
} cp_raw_what_if;

typedef struct cp_raw_change {
    int32_t kind; /* cp_study_change_kind; -1 = not known */
    const char *vault, *item, *district, *site;
    cp_json_spot to;
    cp_raw_reach reach;
    double factor, pct; /* below their range = not given */
    bool none;
    int32_t load; /* -1 = all */
    int64_t value, once, least, most;
} cp_raw_change;

typedef struct cp_raw_scenario {
    const char *name, *base;
    cp_json_rows changes;
} cp_raw_scenario;

typedef struct cp_raw_curve {
    int32_t axis;
    double from, to;
    int64_t points;
} cp_raw_curve;

typedef struct cp_raw_study {
    const char *name, *title;
    int32_t aim, service, proofs;
    int64_t least, most, leave;
    double discount_pct;
    bool robust;
    cp_raw_demand demand;
    cp_raw_radius radius;
    cp_raw_reserve reserve;
    cp_raw_cover cover;
    cp_raw_balance balance;
    cp_raw_candidates candidates;
    cp_json_rows vaults, sizes, groups, periods, what_ifs, scenarios, curves;
} cp_raw_study;

/* The document alone; faults of single fields. CP_E_NOMEM only. */
cp_status cp_study_fields(cp_json_in *in, const char *text, size_t n, cp_raw_study *out);

/* What the files of the reader share. */
typedef struct cp_study_reading {
    cp_json_in *in;
    const cp_network *net;
    const cp_raw_study *raw;
    cp_study *s;
} cp_study_reading;

/* A fault at a path made like printf, with the text found ("" = none). CP_E_NOMEM only. */
cp_status cp_study_fault(cp_study_reading *r, const char *value, const char *rule,
                         const char *path_format, ...) __attribute__((format(printf, 4, 5)));
/* Index of a site by its code; a fault at `path` where there is none (*out -1). */
cp_status cp_study_site_of(cp_study_reading *r, const char *code, const char *path, int32_t *out);
cp_status cp_study_sites_of(cp_study_reading *r, const cp_json_texts *codes, const char *path,
                            const int32_t **out, int32_t *n);
cp_status cp_study_growth_of(cp_study_reading *r, const cp_raw_growth *raw, const char *path,
                             cp_study_growth *out);
cp_study_reach cp_study_reach_of(const cp_raw_reach *raw);

/* study_sites.c: sites and sizes. study_cases.c: scenarios and their changes, curves. */
cp_status cp_study_read_sites(cp_study_reading *r);
cp_status cp_study_read_sizes(cp_study_reading *r);
cp_status cp_study_read_cases(cp_study_reading *r);
cp_status cp_study_read_lines(cp_study_reading *r);

#endif
