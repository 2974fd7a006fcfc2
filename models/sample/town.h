/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town.h - what the files of the generator share; nobody else includes this. */
#ifndef CP_TOWN_H
#define CP_TOWN_H

#include "models/base/rng.h"
#include "models/net/fields.h"
#include "models/sample/generate.h"

/* What kind of place a machine stands in; gives weekday pattern, level and windows. */
typedef enum cp_segment {
    CP_SEG_BRANCH,
    CP_SEG_ONSITE,
    CP_SEG_MALL,
    CP_SEG_METRO,
    CP_SEG_HOSPITAL,
    CP_SEG_CAMPUS,
    CP_SEG_OFFICE,
    CP_SEG_COMMUNITY,
    CP_SEG_STATION,
    CP_N_SEGMENTS
} cp_segment;

typedef enum cp_machine { CP_M_BRANCH, CP_M_DISPENSER, CP_M_RECYCLER, CP_M_DEPOSIT } cp_machine;

#define CP_TOWN_CHANNELS 4

/* One denomination of a point in the simulation. */
typedef struct cp_till {
    int32_t denomination; /* index into rows.denomination as laid out by the generator */
    cp_role role;
    int64_t capacity, notes; /* notes */
    int32_t step;
    double out_share, in_share; /* of the point's withdrawals, deposits (value) */
    cp_minor value_minor;
    int64_t target; /* notes after a visit */
} cp_till;

typedef struct cp_town_point {
    int32_t row;  /* in rows.point */
    int32_t site; /* in rows.site */
    cp_segment segment;
    cp_machine machine;
    double out_mean, in_mean; /* minor units a day */
    int32_t n_tills;
    cp_till till[CP_TOWN_CHANNELS];
    int32_t interval;              /* days between visits that cost least */
    double load_minor, back_minor; /* expected value out and back of a visit */
    double back_notes;             /* expected notes back of a visit, to be sorted */
    int32_t n_cassettes;           /* exchanged by a swap */
    int32_t opened;                /* first day of the history it existed on */
    bool split;                    /* its history is known by denomination */
} cp_town_point;

/* Multipliers of one day, the same for all points. */
typedef struct cp_town_day {
    int32_t week;     /* weekday whose pattern holds: 0 Monday .. 6 Sunday */
    bool off;         /* holiday */
    double payday[3]; /* lift of the 5th, 10th, 15th as they fall, fading over three days */
    double month_end; /* 1 on the last two days of a month */
    double surge;     /* lift before a holiday of three days or more */
    bool fair;        /* the trade fair is on */
    double shock;     /* of the whole city, log */
} cp_town_day;

typedef struct cp_town {
    cp_ctx *ctx;
    const cp_generate_opts *o;
    cp_rows *rows;
    int32_t n_branches, n_machines;
    cp_town_point *point; /* n_points, by code of rows.point */
    cp_town_day *day;     /* history_days */
    cp_day history_start;
    int32_t *district; /* by site */
    double scale;      /* length unit of the city, metres */
} cp_town;

/* Rows of an entity at their defaults, in ctx->run. */
cp_status cp_town_rows(cp_town *town, cp_entity_id id, int32_t n);
/* A random stream of a named thing: adding points does not change the others'. */
cp_rng cp_town_rng(const cp_town *town, const char *purpose, int32_t index);
/* Text made with printf; NULL when memory is exhausted. */
#define TOWN_TEXT(town, ptr, ...)                                                                  \
    do {                                                                                           \
        (ptr) = cp_strf((town)->ctx, (town)->ctx->run, __VA_ARGS__);                               \
        if ((ptr) == NULL) return CP_E_NOMEM;                                                      \
    } while (0)

cp_status cp_town_bank(cp_town *town); /* currency, notes, cassettes, tariffs, settings */
cp_status cp_town_days(cp_town *town); /* calendar, paydays, events, multipliers of days */
const char *cp_town_segment(cp_segment segment); /* as rows.point names it */
cp_status cp_town_places(cp_town *town);         /* sites, points, vaults, candidates */
cp_status cp_town_tills(cp_town *town);          /* demand levels, cassettes, visit intervals */
cp_status cp_town_history(cp_town *town, cp_history_row **history, int64_t *n_history);
cp_status cp_town_limits(cp_town *town); /* fleet, pool, packing, sorting, value, stock */
cp_status cp_town_roads(cp_town *town);

/* The visit interval that costs least at the point's present means, the loads it takes, and what a
 * visit then carries (town_tills.c). */
void cp_town_cycle(const cp_town *town, cp_town_point *point);
/* True when some till may fail within the next days. */
bool cp_town_due(const cp_town_point *point);

#endif
