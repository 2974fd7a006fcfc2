/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/split_load.h"

#include "models/net/cassette_load.h"
#include "models/net/slot_mix.h"

int32_t cp_cassette_channel(const cp_network *net, const cp_cassette *box)
{
    const cp_point *point = &net->points[box->point];
    for (int32_t c = point->first_channel; c < point->first_channel + point->n_channels; c++)
        if (net->channels[c].role == box->role &&
            net->channels[c].denomination == box->denomination)
            return c;
    return -1;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Minimum loads in whole steps; all 0 when they do not fit into `notes`. Returns what is left. */
static int64_t give_minimum(const cp_cassette *box, const bool *mine, int32_t n, int64_t notes,
                            int64_t *out)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < n; k++) {
        out[k] = 0;
        if (!mine[k]) continue;
        const int64_t step = box[k].step_notes > 0 ? box[k].step_notes : 1;
        const int64_t whole = (box[k].min_load_notes + step - 1) / step * step;
        out[k] = least(whole, box[k].capacity_notes);
        sum += out[k];
    }
    if (sum <= notes) return notes - sum;
    for (int32_t k = 0; k < n; k++)
        out[k] = 0;
    return notes;
}

/* Shares of `rest` by free capacity, rounded down to steps. Returns what is left. */
static int64_t give_shares(const cp_cassette *box, const bool *mine, int32_t n, int64_t rest,
                           int64_t *out)
{
    int64_t room = 0, given = 0;
    for (int32_t k = 0; k < n; k++)
        if (mine[k]) room += box[k].capacity_notes - out[k];
    if (room <= 0) return rest;
    for (int32_t k = 0; k < n; k++) {
        if (!mine[k]) continue;
        const int64_t step = box[k].step_notes > 0 ? box[k].step_notes : 1;
        const int64_t free_notes = box[k].capacity_notes - out[k];
        const int64_t part = least(rest, room) * free_notes / room / step * step;
        out[k] += part;
        given += part;
    }
    return rest - given;
}

/* The emptiest cassette that can take one more whole step; -1 = none. */
static int32_t emptiest(const cp_cassette *box, const bool *mine, int32_t n, int64_t rest,
                        const int64_t *out)
{
    int32_t best = -1;
    for (int32_t k = 0; k < n; k++) {
        const int64_t step = box[k].step_notes > 0 ? box[k].step_notes : 1;
        if (!mine[k] || step > rest || out[k] + step > box[k].capacity_notes) continue;
        if (best < 0 || out[k] * box[best].capacity_notes < out[best] * box[k].capacity_notes)
            best = k;
    }
    return best;
}

/* Cassettes drawn on in turn share the load. Returns what finds no room. */
static int64_t share_load(const cp_cassette *box, const bool *mine, int32_t n, int64_t notes,
                          int64_t *out)
{
    int64_t rest = give_minimum(box, mine, n, notes, out);
    rest = give_shares(box, mine, n, rest, out);
    for (int32_t k = 0; rest > 0 && (k = emptiest(box, mine, n, rest, out)) >= 0;) {
        const int64_t step = box[k].step_notes > 0 ? box[k].step_notes : 1;
        out[k] += step;
        rest -= step;
    }
    for (int32_t k = 0; k < n && rest > 0; k++) {
        if (!mine[k]) continue;
        const int64_t part = least(rest, box[k].capacity_notes - out[k]);
        out[k] += part;
        rest -= part;
    }
    return rest;
}

cp_status cp_split_load(cp_ctx *ctx, const cp_network *net, int32_t channel, int32_t mix,
                        int64_t notes, int64_t *out)
{
    const cp_point *point = &net->points[net->channels[channel].point];
    const cp_cassette *box = cp_mix_cassettes(net, net->channels[channel].point, mix);
    const int32_t n = point->n_cassettes;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    bool *mine = NULL;
    CP_NEW(ctx, ctx->scratch, mine, n);
    for (int32_t k = 0; k < n; k++)
        mine[k] = cp_cassette_channel(net, &box[k]) == channel;
    const int64_t rest = point->dispense_rule == CP_DISPENSE_DRAIN
                             ? cp_drain_loads(box, n, &net->channels[channel], notes, out)
                             : share_load(box, mine, n, notes, out);
    cp_arena_rewind(ctx->scratch, mark);
    if (rest > 0)
        CP_FAIL(ctx, CP_E_RANGE, "point %s: %lld notes of %s are %lld more than its cassettes hold",
                point->code, (long long)notes,
                net->denoms[net->channels[channel].denomination].code, (long long)rest);
    return CP_OK;
}
