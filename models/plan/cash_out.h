/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cash_out.h - the ways in which a machine fails those who come for cash.
 *
 * A request was not met in full. What the machine still holds tells why:
 *   empty         not a note is left where cash is paid out from
 *   combination   notes are left, but a denomination that is gone has none to stand in for it:
 *                 amounts that need it cannot be paid (of 50 and 100 the 50 are gone)
 *   denomination  a denomination is gone, and notes of another one, whose value divides its own,
 *                 can stand in for it (of 50 and 100 the 100 are gone)
 * The fourth way, bins too full to take what is paid in, shows in the notes refused. */
#ifndef CP_CASH_OUT_H
#define CP_CASH_OUT_H

#include "models/net/network.h"

typedef enum cp_cash_out {
    CP_CASH_OUT_NONE,
    CP_CASH_OUT_EMPTY,
    CP_CASH_OUT_DENOMINATION,
    CP_CASH_OUT_COMBINATION,
    CP_N_CASH_OUTS
} cp_cash_out;

/* Of a point with these channels, stock of channel k in stock[k * stride]; asked when something was
 * unmet, never CP_CASH_OUT_NONE. */
cp_cash_out cp_cash_out_kind(const cp_channel *channel, int32_t n_channels, const int64_t *stock,
                             size_t stride);

#endif
