/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_ruin.h - ruin and recreate by strings of neighbouring stops (Christiaens, Vanden Berghe,
 * "Slack induction by string removals for vehicle routing problems", Transportation Science 54(2),
 * 2020). */
#ifndef CP_VRP_RUIN_H
#define CP_VRP_RUIN_H

#include "solver/route/vrp_state.h"

typedef struct cp_ruin_opts {
    double mean_removed; /* nodes removed in a ruin, on average */
    int32_t longest;     /* string */
    double split_rate;   /* share of strings that keep a part in their middle */
    double blink_rate;   /* share of places overlooked */
    int32_t n_places;    /* neighbours beside which an insertion is tried */
} cp_ruin_opts;

typedef struct cp_ruin {
    cp_ruin_opts opts;
    int32_t until_blink;
    double second;    /* ticks that a second more of a route counts in this iteration */
    double new_share; /* of its price that opening a route counts in this iteration */
    int64_t *keys;    /* n: order of insertion */
} cp_ruin;

cp_ruin_opts cp_ruin_defaults(void);
cp_status cp_ruin_new(cp_ctx *ctx, const cp_dense *d, const cp_ruin_opts *opts, cp_ruin *out);

/* Remove strings near a random node, at times whole routes where the fleet is mixed; what is
 * removed joins s->out. */
void cp_ruin_strings(cp_ruin *r, cp_state *s);

/* Insert what is left out, in an order drawn at random, each at its cheapest place (at times with
 * a price of the time it takes from the route); what has none, or none cheaper than leaving it out,
 * stays out. False as soon as the cost is sure to reach the limit (ticks): then only cp_state_undo
 * may follow. */
bool cp_recreate(cp_ruin *r, cp_state *s, double limit);

#endif
