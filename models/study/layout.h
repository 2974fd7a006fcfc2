/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.h - a bank's rows as they would be under another layout of vaults, for planning it with
 * the daily engine.
 *
 * What belongs to a building comes with its vault row: limits of value, sorting, packing, docks,
 * hours. What people can carry elsewhere is taken from the vaults that run today and shared out by
 * the stops of the zones, whole pieces by largest remainders:
 *   cars            every vault at least one; who needs more than the bank has gets hired copies of
 *                   the bank's first car. A car keeps its vault while its vault needs it
 *   crew minutes    0 (no limit) if a vault of today has no limit
 *   spare cassettes of each model, where every vault of today has a count of them
 *   notes in stock  the latest evening's
 * Sites that nobody serves leave with their points and all that hangs on them. Planners' words
 * about single days (pins, overrides, closures) do not belong to a representative week and are left
 * out; growth of demand comes back as overrides. */
#ifndef CP_LAYOUT_H
#define CP_LAYOUT_H

#include "models/net/network.h"

#define CP_LAYOUT_NOBODY (-1)

typedef struct cp_layout {
    const cp_vault *vaults; /* those that run, as whole rows; their codes differ */
    int32_t n_vaults;
    const int32_t *vault_of; /* [net site] of `vaults`, or CP_LAYOUT_NOBODY */
    const double *stops;     /* [net site] a year: what is shared out follows them */
    const double *growth;    /* [net site] of demand, > 0; NULL = 1 */
} cp_layout;

/* Days that a layout is planned for. */
typedef struct cp_layout_days {
    cp_day today; /* balances, stock and tariffs of the rows are those of this day's morning */
    cp_day first; /* ... and become those of this day's */
    int32_t n_days;
} cp_layout_days;

/* rows: as `net` was built from. *out shares what does not change; new rows in ctx->run.
 * CP_E_INPUT where no vault of today has a car, or nothing is left to be served. */
cp_status cp_layout_rows(cp_ctx *ctx, const cp_rows *rows, const cp_network *net,
                         const cp_layout *layout, const cp_layout_days *days, cp_rows *out);

/* `total` whole pieces shared by weights w[0..n), at least `least` each (total >= n * least), by
 * largest remainders, ties to the first; weights that are all 0 count as equal. */
cp_status cp_share_out(cp_ctx *ctx, int64_t total, const double *w, int32_t n, int64_t least,
                       int64_t *out);

#endif
