/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone.h - the sites of one vault and the limits they share, as the replenishment search sees them.
 *
 * Rows (per vault and day): use - extra - second - relief <= cap, 0 <= extra <= extra_cap at its
 * price, 0 <= second <= second_cap at a price not below, relief at its price. A pool row counts the
 * cassettes that left on the last sort_lead_days days: with a fixed turnaround the inventory of
 * spare sets is a window sum. Usable notes of the first days are rows too (zone_stock.h); what
 * comes back to them is a negative use. */
#ifndef CP_ZONE_H
#define CP_ZONE_H

#include "solver/replenish/point_price.h"

typedef struct cp_zone_row {
    cp_limit_kind kind;
    int32_t t, item;
    int64_t cap, extra_cap;
    cp_minor extra_minor;  /* per unit; sort: per 1,000 notes */
    cp_minor relief_minor; /* per unit */
    int32_t step;          /* > 1: every use is a multiple of it (cassettes of equal sets) */
    int64_t second_cap;    /* sort: what comes after extra_cap, at least as dear: overtime and what
                              others do, the cheaper first (cp_sort_tiers) */
    cp_minor second_minor; /* per 1,000 notes */
    bool others_first;     /* extra is what others do, second is overtime */
} cp_zone_row;

/* Cost of a row's use as the relaxation sees it: free up to cap, extra_price up to extra more,
 * second_price up to second more, then relief. Where uses come in steps it is the convex hull of
 * the cost at whole steps: half a set that fits the pool serves nobody. */
typedef struct cp_zone_hull {
    double cap, extra, extra_price, second, second_price;
} cp_zone_hull;
cp_zone_hull cp_zone_row_hull(const cp_zone_row *row);

/* Cassettes of one model in one machine's set. */
typedef struct cp_set_part {
    int32_t model, n;
} cp_set_part;

typedef struct cp_zone {
    const cp_network *net;
    const cp_stop_prices *prices; /* may hold NULL arrays */
    int32_t vault, n_days;
    int32_t n_sites;
    int32_t *site;        /* network indexes, ascending, those with planned points */
    int32_t *first_point; /* n_sites + 1: zone point indexes of a site */
    int32_t n_points;
    int32_t *point;       /* network indexes */
    int32_t *site_of;     /* zone site of a zone point */
    const cp_arcs **arcs; /* by zone point */
    cp_set_part **set;    /* by zone point, n_set parts */
    int32_t *n_set;
    cp_set_part **
        *first_set; /* by zone point: [mode - n_modes] parts of partial swaps; may be NULL */
    int32_t **n_first_set;
    int32_t n_rows;
    cp_zone_row *row;
    int32_t *stops_row, *crew_row, *value_row, *pack_row, *sort_row; /* [t], -1 = none */
    int32_t *pool_row; /* [model * n_days + t], -1 = none */
    int32_t lead_days;
    int32_t n_stock_days; /* days before an order can be in the vault; 0: no such rows */
    int32_t *stock_row;   /* [denomination * n_stock_days + t], -1 = none */
    int32_t *site_min;    /* [zone site * n_days + t]: stop and drive minutes */
    cp_minor *site_stop;  /* [zone site * n_days + t]: tariff + estimated drive */
} cp_zone;

/* The zone of a vault. arcs: by network point. Lives in ctx->run. */
cp_status cp_zone_make(cp_ctx *ctx, const cp_network *net, const cp_arcs *arcs,
                       const cp_stop_prices *prices, int32_t vault, cp_zone **out);

/* Cassettes that a visit of a zone point by this mode takes from the pool, by model: *parts. */
int32_t cp_zone_set(const cp_zone *zone, int32_t zone_point, int32_t mode,
                    const cp_set_part **parts);

/* Multiply the relief prices of all rows by num / den: a search that is to keep the limits counts
 * with more than what breaking them costs: CP_RELIEF_TIMES that. A limit is then broken only where
 * nothing else helps, not because that is a little cheaper. */
#define CP_RELIEF_TIMES 8
void cp_zone_scale_relief(cp_zone *zone, int64_t num, int64_t den);

/* Whole cost of a row's use: extra and relief, in minor units as plan_cost.h counts them. */
cp_minor cp_zone_row_cost(const cp_zone_row *row, int64_t use);
double cp_zone_extra_price(const cp_zone_row *row);  /* per unit */
double cp_zone_second_price(const cp_zone_row *row); /* per unit */
/* What programs divide a row by, so that amounts of money, notes and cassettes are alike: its
 * limit, > 0. */
double cp_zone_row_unit(const cp_zone_row *row);
/* What the limit of a plan says of a row's use: cap with all boxes, overtime, outsourced, relief.
 */
void cp_zone_row_declare(const cp_zone_row *row, int64_t use, cp_plan_limit *limit);

/* Calls fn(user, row, amount) for each use of shared rows by the visits of one point (not of the
 * site's stop): value out, pack, pool, sort, the machine's crew minutes, notes of the first days.
 */
typedef void cp_use_fn(void *user, int32_t row, int64_t amount);
void cp_zone_add_use(void *use, int32_t row, int64_t amount); /* use: double by row; a cp_use_fn */
void cp_zone_point_uses(const cp_zone *zone, int32_t zone_point, const cp_step *steps,
                        int32_t n_steps, cp_use_fn *fn, void *user);
/* The same with at least as much as any visits of the point could use of each row, but for notes of
 * the first days (cp_zone_stock_most). */
void cp_zone_most_uses(const cp_zone *zone, int32_t zone_point, cp_use_fn *fn, void *user);
/* The same for the stop of a zone site on day t. */
void cp_zone_stop_uses(const cp_zone *zone, int32_t zone_site, int32_t t, cp_use_fn *fn,
                       void *user);

#endif
