/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot_mix.h - what the slots of a machine may hold besides what they hold today.
 *
 * A mix is one denomination for each slot, each as its cassette row or a slot_option allows. Of
 * mixes that hold the same (equal capacity, steps and least load of every channel) one is kept,
 * that with the earliest slots as they are. Every denomination that the machine pays out today
 * keeps a slot of the same role, unless it is only paid out and others stand in for it (dispense
 * rule mix, a note whose value divides its own). How the public's demand divides between the
 * channels does not change with the mix.
 *
 * A swap may bring any mix of the machine; until then it has that of today. Machines without
 * options have no list: their mix is 0. */
#ifndef CP_SLOT_MIX_H
#define CP_SLOT_MIX_H

#include "models/net/network.h"

#define CP_MIXES_MAX 16 /* of one machine */

/* Channels of the point (all it may ever have, in order) with the capacities of the mix. Balances
 * and shares are those of network channels. */
static inline const cp_channel *cp_mix_channels(const cp_network *net, int32_t point, int32_t mix)
{
    const cp_point *p = &net->points[point];
    return p->n_mixes == 0 ? net->channels + p->first_channel
                           : net->mixes[p->first_mix + mix].channels;
}

/* Cassettes of the point by slot, as the mix has them. */
static inline const cp_cassette *cp_mix_cassettes(const cp_network *net, int32_t point, int32_t mix)
{
    const cp_point *p = &net->points[point];
    return p->n_mixes == 0 ? net->cassettes + p->first_cassette
                           : net->mixes[p->first_mix + mix].cassettes;
}

/* Mixes of the point, at least 1. */
static inline int32_t cp_mix_count(const cp_network *net, int32_t point)
{
    return net->points[point].n_mixes > 0 ? net->points[point].n_mixes : 1;
}

/* Denomination codes by slot, joined by ';' (without reject cassettes); "" for a machine without
 * options. NULL when memory is short. */
const char *cp_mix_text(cp_ctx *ctx, cp_arena *arena, const cp_network *net, int32_t point,
                        int32_t mix);
/* The mix of that text; that of today for "". CP_E_INPUT when the machine has none such. */
cp_status cp_mix_read(cp_ctx *ctx, const cp_network *net, int32_t point, const char *text,
                      int32_t *mix);

#endif
