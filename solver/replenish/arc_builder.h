/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_builder.h - what the files that make a point's arcs share: arcs_build.c (intervals),
 * arc_visits.c (which visits there are, and when), arcs_first.c (the opening and first visits),
 * arcs_between.c (later partial swaps).
 * Nobody else includes this. */
#ifndef CP_ARC_BUILDER_H
#define CP_ARC_BUILDER_H

#include "solver/replenish/arc_levels.h"
#include "solver/replenish/arcs.h"

/* Arcs kept for one (visit day, next visit day): the cheapest loads that meet the service level. A
 * dearer load is used only where value or sorting binds, and there the next smaller ones serve. */
#define CP_ARCS_PER_PAIR 3

/* Tariffs of one day in the scope of the point. */
typedef struct cp_arc_rates {
    int64_t hold_ppm, cash_out_ppm, emergency, sort_1000, back_min, value_ppm, stop, pack;
} cp_arc_rates;

/* Charged share of an interval: whole, or its part inside the horizon. */
typedef struct cp_arc_share {
    int64_t num, den;
} cp_arc_share;

typedef struct cp_arc_builder {
    cp_ctx *ctx;
    const cp_arc_input *in;
    const cp_network *net;
    const cp_point *point;
    cp_arcs *out;
    cp_arc_sim sim;
    cp_arc_flows flows;      /* after the visit on the day whose arcs are made */
    cp_arc_rates *rate;      /* n_days */
    uint8_t *must;           /* n_days: pinned visit */
    int64_t *pin_amount;     /* n_days: -1 = free */
    int32_t n_days, longest; /* T, most days between visits */
    int32_t service_ppm;
    cp_arc *pair;        /* (until - t) * CP_ARCS_PER_PAIR + i, while the arcs of one t are made */
    cp_minor *pair_cost; /* rank_cost of each */
    int32_t *n_pair;
    cp_arc *list; /* arcs so far, of one table after the other */
    int32_t n_list, cap_list;
    int32_t *first; /* of the table being made: its arcs in the list, by day */
} cp_arc_builder;

/* arc_visits.c: modes; days on which each may come; days of a first visit. */
cp_status cp_arcb_modes(cp_arc_builder *b);
void cp_arcb_may_visit(cp_arc_builder *b);
void cp_arcb_may_open(cp_arc_builder *b);
/* Is there any visit on day t that may also follow another one? */
bool cp_arcb_any_mode(const cp_arc_builder *b, int32_t t);

/* arcs_build.c */
cp_minor cp_arcb_stock_cost(const cp_arc_builder *b, int32_t day, cp_arc_share sh, int64_t hold,
                            int64_t refused, int32_t failures);
cp_minor cp_arcb_back_cost(const cp_arc_builder *b, int32_t day, cp_arc_share sh, int64_t notes,
                           int64_t value);
bool cp_arcb_misses(const cp_arc_builder *b, int32_t failures);
int32_t cp_arcb_mean_up(int64_t sum, int64_t n);
/* The arc from t (or -1) to `until` from the peeked state of the simulation. */
cp_arc cp_arcb_arc(const cp_arc_builder *b, int32_t t, int32_t until, int32_t mode);
/* Flows after a visit on t that finds `there` (arc_flows.h), or NULL: a swap. */
void cp_arcb_flows(cp_arc_builder *b, int32_t t, const int32_t *there);
/* Walk from the visit on t, made by `mode`, and record every possible next visit. The stock stands
 * as left by the visit, at levels[level]. */
void cp_arcb_walk(cp_arc_builder *b, const cp_level *levels, int32_t t, int32_t level,
                  int32_t mode);
/* The arcs kept go into the list. */
cp_status cp_arcb_flush(cp_arc_builder *b);
/* Keep the levels that the tables (of n_groups days, or leads) have, each once, in memory of their
 * own size; the tables count these from now on. Ends with notes == NULL. */
cp_status cp_arcb_pack_levels(cp_arc_builder *b, cp_arc_table *const *table, int32_t n_tables,
                              int32_t n_groups, int32_t n_from, cp_level **out, int32_t *n_out);
/* A pinned amount leaves one level: that many minor units spread as in the greatest one. */
cp_status cp_arcb_pin_levels(cp_arc_builder *b, int32_t t, cp_level *levels, int32_t *n);
cp_level_ask cp_arcb_ask(const cp_arc_builder *b, int32_t t);

/* arcs_first.c: the opening; first adds and partial swaps (after the modes are known). */
void cp_arcb_opening(cp_arc_builder *b);
cp_status cp_arcb_firsts(cp_arc_builder *b);
/* No more value inside than is insured after a swap of some channels, even where the most is left
 * of what stays: channel * n_paths + w. */
bool cp_arcb_is_insured(const cp_arc_builder *b, uint32_t swapped, const int64_t *notes,
                        const int32_t *residual);

/* arcs_between.c: partial swaps on later days; after all else. */
cp_status cp_arcb_between(cp_arc_builder *b);

#endif
