/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_rules.h - what only some machines have, apart from the loops of arc_sim.c that all others
 * run in: low levels that count as failures, denominations that stand in for each other, and
 * cassettes that come back sealed. What each means is said in plan_cost.h and plan_fill.h. */
#ifndef CP_ARC_RULES_H
#define CP_ARC_RULES_H

#include "solver/replenish/arc_sim.h"

/* Notes of channel `by` pay for missing ones of channel `want`, `notes` for one. */
typedef struct cp_stand_in {
    int32_t want, by, notes;
} cp_stand_in;

typedef struct cp_arc_rules {
    bool low;     /* low levels count */
    bool has_pre; /* anything falls before a visit */
    bool seals;
    int32_t n_pairs;
    cp_stand_in *pair; /* in the order in which they are asked */
    int32_t *missing;  /* channel * n_paths + w: not paid in the part of the day */
    const cp_cassette *box;
    int32_t n_boxes;
    int64_t *load; /* n_boxes: one channel's load */
    int64_t *tail; /* channel * (n_boxes + 1) + i: what the last i cassettes of a load hold */
    int32_t *n_tail;
} cp_arc_rules;

/* sim->rules and its memory (scratch) if the point has any such rule; else NULL. */
cp_status cp_arc_rules_make(cp_ctx *ctx, const cp_network *net, int32_t point, cp_arc_sim *sim);

/* The cassettes are filled with `notes` by channel: what comes back sealed is counted from it. */
void cp_arc_rules_start(cp_arc_sim *sim, const int64_t *notes);
/* As cp_arc_sim_day, of the given parts of day t. */
void cp_arc_rules_live(cp_arc_sim *sim, const int32_t *out, const int32_t *in, int32_t t);
/* As cp_arc_sim_peek. */
void cp_arc_rules_peek(cp_arc_sim *sim, int32_t t);
/* Notes that must stay in the channel, 0 where low levels do not count. */
int64_t cp_arc_rules_low(const cp_arc_sim *sim, int32_t k);
/* What each path needs of channel k after the others, loaded with `notes`, have given what they do
 * not need themselves: lack[w], of the needs by channel and path. */
void cp_arc_rules_lack(const cp_arc_sim *sim, int32_t k, const int32_t *const *need,
                       const int64_t *notes, int32_t *lack);
/* What each path needs of the smaller note of a pair when it also pays what `notes` of the greater
 * one do not; whole notes below INT32_MAX. */
void cp_arc_rules_both(const cp_arc_sim *sim, const cp_stand_in *pair, const int32_t *need_great,
                       const int32_t *need_small, int64_t notes, int32_t *both);
/* Notes of the peeked stock in cassettes that nobody has opened since they were filled, sum over
 * the paths; 0 where nothing comes back sealed. */
int64_t cp_arc_rules_sealed(const cp_arc_sim *sim);

#endif
