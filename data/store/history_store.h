/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history_store.h - demand history, and what was executed and counted, in and out of the store. */
#ifndef CP_HISTORY_STORE_H
#define CP_HISTORY_STORE_H

#include "data/store/network_store.h"
#include "models/demand/history.h"

/* Save rows in one transaction by the rules of cp_network_save. counts may be NULL. */
cp_status cp_history_save(cp_ctx *ctx, cp_db *db, const cp_history_row *rows, int64_t n_rows,
                          const char *source, cp_save_counts *counts);

/* Dense history of the network's points over [first_day, first_day + n_days), in ctx->run. Where
 * rows of all denominations together ("") and of single denominations exist for one day, the total
 * is that of the former; without them it is the sum of the latter. Shares by denomination are of
 * the value of all split rows in the period, ppm, summing to 1,000,000. */
cp_status cp_history_load(cp_ctx *ctx, cp_db *db, const cp_network *net, cp_day first_day,
                          int32_t n_days, cp_history **out);

/* First and last day with history; both CP_DAY_NONE when there is none. CP_E_INPUT when one of them
 * is no day. */
cp_status cp_history_span(cp_ctx *ctx, cp_db *db, cp_day *first, cp_day *last);

/* A visit as it was carried out and counted, imported back from dispatch and the cash center. */
typedef struct cp_executed_visit {
    const char *point_code;
    cp_day day;
    cp_visit_kind kind;
    const char *car_code; /* "" = not told */
    int32_t arrived_min;  /* -1 = not told */
    const char *denomination_code;
    int64_t loaded_notes, returned_notes; /* counted */
    int64_t difference_notes;             /* booked minus counted; 0 = agrees */
} cp_executed_visit;

/* Executed visits of [first_day, first_day + n_days) by (day, point, denomination), in ctx->run. */
cp_status cp_executed_load(cp_ctx *ctx, cp_db *db, cp_day first_day, int32_t n_days,
                           cp_executed_visit **out, int32_t *n);

#endif
