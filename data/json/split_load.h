/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split_load.h - the load of a channel divided over its cassettes. */
#ifndef CP_SPLIT_LOAD_H
#define CP_SPLIT_LOAD_H

#include "models/net/network.h"

/* The channel that a cassette belongs to (same point, role and denomination); -1 for a reject
 * cassette. */
int32_t cp_cassette_channel(const cp_network *net, const cp_cassette *box);

/* Divide `notes` of `channel` over the cassettes of its point, as the mix has them
 * (models/net/slot_mix.h): out[k] for its k-th cassette, 0 for cassettes of other channels; out has
 * n_cassettes cells. Every cassette gets its minimum load, the rest is shared by free capacity in
 * whole steps of the cassette, single steps left over go to the emptiest cassette (lowest slot
 * first). What is less than any step goes where there is room, so that the sum is always exactly
 * `notes`. A machine that drains one cassette before the next has them filled by slot
 * (cassette_load.h). CP_E_RANGE naming point and denomination when the cassettes do not hold that
 * many. */
cp_status cp_split_load(cp_ctx *ctx, const cp_network *net, int32_t channel, int32_t mix,
                        int64_t notes, int64_t *out);

#endif
