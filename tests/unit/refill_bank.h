/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_bank.h - an invented bank for tests of the replenishment: one vault, sites of one to three
 * machines of every kind and a few branches, tight or loose limits; history with a week. */
#ifndef CP_REFILL_BANK_H
#define CP_REFILL_BANK_H

#include "models/demand/paths.h"
#include "models/net/network_build.h"

typedef struct refill_bank_opts {
    int32_t n_sites, n_days, n_paths;
    uint64_t seed;
    bool tight; /* shared limits at about the mean use */
    int32_t before_ppm;
    int32_t outsource_notes; /* tight: notes a day that others sort, and their price per 1,000 */
    int64_t outsource_minor;
} refill_bank_opts;

typedef struct refill_bank {
    cp_network *net;
    cp_day *balance_day;
    cp_history *history;
    cp_forecast *forecast;
    cp_shares *shares;
} refill_bank;

cp_status refill_bank_make(cp_ctx *ctx, const refill_bank_opts *opts, refill_bank *out);

/* More choice: machines that their branch may fill, that may be swapped in part, or both. */
void refill_bank_allow(refill_bank *bank);
/* One denomination of each point nearly gone, the others nearly full. */
void refill_bank_unbalance(refill_bank *bank);

/* The central bank needs lead_days for an order, and `notes` of each denomination, fit for
 * machines, are in the vault; they may be set anew. */
cp_status refill_bank_stock(cp_ctx *ctx, refill_bank *bank, int32_t lead_days,
                            const int64_t *notes);

#endif
