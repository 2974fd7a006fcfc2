/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cassette_load.h - how the load of a denomination lies in the cassettes of a machine that drains
 * them one after the other. */
#ifndef CP_CASSETTE_LOAD_H
#define CP_CASSETTE_LOAD_H

#include "models/net/network.h"

/* Divide `notes` over those of box[0..n) (by slot) that have the role and denomination: out[k], 0
 * for the others. Every cassette gets its least load (none does when they do not fit), then they
 * are filled by slot, each with whole steps of its own up to its capacity; what is less than a step
 * goes to the first ones with room. So what is left of the load lies in the last cassettes, and
 * those that were not reached are untouched. Returns the notes for which there is no room. */
int64_t cp_drain_loads(const cp_cassette *box, int32_t n, const cp_channel *channel, int64_t notes,
                       int64_t *out);

/* Do cassettes of the point come back sealed? Rule drain, and nothing but whole swaps by the
 * center: who adds notes opens the cassettes. */
bool cp_point_keeps_seals(const cp_point *point);

#endif
