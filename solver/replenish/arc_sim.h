/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_sim.h - the stock of one point carried along all its sample paths at once. */
#ifndef CP_ARC_SIM_H
#define CP_ARC_SIM_H

#include "solver/replenish/arc_flows.h"
#include "solver/replenish/arcs.h"

/* In blocks of so many paths, numbers of notes up to this add up in 32 bits, demand and stock
 * together. */
#define CP_PATH_BLOCK 256
#define CP_NARROW_NOTES (INT32_MAX / CP_PATH_BLOCK / 4)

/* Paths on which a stock that is told was short at some moment: those whose need is greater than
 * what it began with. */
typedef struct cp_arc_short {
    const int32_t *need; /* by path; NULL = none was */
    int32_t n;           /* so many */
} cp_arc_short;

/* A stock that began, on every path, with so many notes, or with so many more than were there
 * (cp_arc_flows.there). As long as `told`, stock[] and failed[] say nothing of the channel. */
typedef struct cp_arc_put {
    bool told, above;
    int32_t notes;
    int64_t sum;            /* over the paths */
    cp_arc_short now, next; /* until the last evening; until the peeked moment */
} cp_arc_put;

/* Demand of the point with each day cut at the visit, and the stock on every path. Arrays over
 * paths are innermost: index (channel * n_days + day) * n_paths + w, resp. channel * n_paths + w.
 */
typedef struct cp_arc_sim {
    const cp_channel *channel;
    int32_t n_channels, n_days, n_paths;
    int32_t *out, *in;           /* whole day */
    bool has_pre;                /* anything falls before a visit */
    int32_t *pre_out, *pre_in;   /* before the visit */
    int32_t *post_out, *post_in; /* after it */
    int32_t *stock;              /* at the end of the last part run; `falls`: may be below 0 */
    int32_t *failed;             /* per path: other than 0 = something was unmet or refused on a
                                    carried channel that does not only fall */
    int32_t *peek, *peek_failed; /* the same after the pre part of the next day, see sim_peek; the
                                    stock with rules alone */
    int64_t *peek_notes;         /* by channel: sum over the paths of the peeked stock */
    uint8_t *pays, *takes;       /* by channel: any withdrawal, any deposit on any path */
    uint8_t *narrow;             /* by channel: sums over a block of paths fit 32 bits */
    uint8_t *falls;              /* by channel: only withdrawals; then, summed over the paths: */
    int64_t *sum_stock, *unmet;  /* the stock; what was not met so far, also of stocks told */
    int64_t *sum_net, *sum_pre;  /* channel * n_days + day, over the paths: net outflow of the
                                    whole day and of its part before a visit */
    int64_t *sum_pre_out;        /* likewise: withdrawals of that part */
    int64_t *held;               /* by channel: the stock of the last evening, over the paths */
    const cp_arc_flows *flows;   /* after the visit that the stocks began with; NULL = none */
    cp_arc_put *put;             /* by channel: how its stock began, while it is told by flows */
    int32_t *zero;               /* n_paths */
    int32_t n_told;              /* channels whose stock nobody has carried so far */
    int32_t *mask;               /* n_paths: work */
    struct cp_arc_rules *rules;  /* arc_rules.h; NULL = none of them: the plain path */
    int32_t *low, *peek_low;     /* per path, with rules: 1 = a low level was passed */
    int64_t hold_minor;          /* sum over paths of end-of-day stock value so far */
    int64_t refused_minor;       /* sum over paths of value unmet or refused so far */
    int64_t peek_refused_minor;
} cp_arc_sim;

/* Paths of the point, demand_ppm of what is forecast, cut at the visit; lives in ctx->scratch (the
 * caller marks and rewinds). */
cp_status cp_arc_sim_new(cp_ctx *ctx, const cp_arc_input *in, int32_t point, int64_t demand_ppm,
                         cp_arc_sim *sim);

/* Sum of a[0..n). */
int64_t cp_sum_of_paths(const int32_t *a, int32_t n);

/* The slots hold this mix from the next start on; nothing to do at points without options. */
void cp_arc_sim_take_mix(cp_arc_sim *sim, const cp_network *net, int32_t point, int32_t mix);

/* Stock of every path = notes by channel, after a visit of which the flows are known (NULL = they
 * are not); sums cleared. */
void cp_arc_sim_start(cp_arc_sim *sim, const cp_arc_flows *flows, const int64_t *notes);
/* The same channel by channel: put each, or write its stock (none below 0), then clear the sums. */
void cp_arc_sim_begin(cp_arc_sim *sim, const cp_arc_flows *flows);
void cp_arc_sim_put(cp_arc_sim *sim, int32_t k, bool above, int64_t notes);
void cp_arc_sim_clear(cp_arc_sim *sim);
/* The rest of day t after its visit, then the evening (holding). */
void cp_arc_sim_after_visit(cp_arc_sim *sim, int32_t t);
/* A whole day without a visit and its evening. */
void cp_arc_sim_day(cp_arc_sim *sim, int32_t t);
/* At least so many notes of channel k are there before a visit on day t, the next one, summed over
 * the paths; known without a look at them (peek). Not with rules. */
int64_t cp_arc_sim_least_notes(const cp_arc_sim *sim, int32_t k, int32_t t);
/* The part of day t before a visit, into the peek fields: the stock itself stays. */
void cp_arc_sim_peek(cp_arc_sim *sim, int32_t t);
/* The stock of every path after that part: channel * n_paths + w. */
void cp_arc_sim_residual(cp_arc_sim *sim, int32_t t, int32_t *residual);

/* Paths that failed, sums over paths of notes and value by peeked stock: of all channels, or of
 * the deposit channels alone. */
int32_t cp_arc_sim_peek_failures(const cp_arc_sim *sim);
int32_t cp_arc_sim_failures(cp_arc_sim *sim);
/* Paths that count against the service level: those that failed, and those that passed a low level
 * where that counts. */
int32_t cp_arc_sim_peek_missed(const cp_arc_sim *sim);
int32_t cp_arc_sim_missed(cp_arc_sim *sim);
/* No more than so many, known without a look at them. */
int32_t cp_arc_sim_most_missed(const cp_arc_sim *sim);
void cp_arc_sim_peek_stock(const cp_arc_sim *sim, bool deposit_only, int64_t *notes,
                           int64_t *value_minor);

#endif
