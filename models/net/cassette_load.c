/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/cassette_load.h"

static bool is_of(const cp_cassette *box, const cp_channel *channel)
{
    return box->role == channel->role && box->denomination == channel->denomination;
}

static int64_t step_of(const cp_cassette *box)
{
    return box->step_notes > 0 ? box->step_notes : 1;
}

/* Least loads in whole steps; all 0 when they do not fit into `notes`. Returns what is left. */
static int64_t give_least(const cp_cassette *box, int32_t n, const cp_channel *channel,
                          int64_t notes, int64_t *out)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < n; k++) {
        const int64_t step = step_of(&box[k]);
        const int64_t least = (box[k].min_load_notes + step - 1) / step * step;
        out[k] = !is_of(&box[k], channel)        ? 0
                 : least < box[k].capacity_notes ? least
                                                 : box[k].capacity_notes;
        sum += out[k];
    }
    if (sum <= notes) return notes - sum;
    for (int32_t k = 0; k < n; k++)
        out[k] = 0;
    return notes;
}

int64_t cp_drain_loads(const cp_cassette *box, int32_t n, const cp_channel *channel, int64_t notes,
                       int64_t *out)
{
    int64_t rest = give_least(box, n, channel, notes, out);
    for (int32_t whole = 1; whole >= 0; whole--)
        for (int32_t k = 0; k < n && rest > 0; k++) {
            if (!is_of(&box[k], channel)) continue;
            const int64_t unit = whole ? step_of(&box[k]) : 1;
            const int64_t room = box[k].capacity_notes - out[k];
            const int64_t part = (room < rest ? room : rest) / unit * unit;
            if (part <= 0) continue;
            out[k] += part;
            rest -= part;
        }
    return rest;
}

bool cp_point_keeps_seals(const cp_point *point)
{
    return point->kind == CP_POINT_ATM && point->dispense_rule == CP_DISPENSE_DRAIN &&
           point->visit_kinds == CP_MAY_SWAP && point->serviced_by == CP_BY_CENTER;
}
