/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_rules.c - the referee's own reading of the rules that only some machines have: low
 * levels, denominations that stand in for each other, cassettes that come back sealed. */
#include "models/net/slot_mix.h"
#include "models/plan/plan_check_part.h"

bool cp_check_mixes(const cp_point *point)
{
    return point->kind == CP_POINT_ATM && point->dispense_rule == CP_DISPENSE_MIX;
}

bool cp_check_below_low(const cp_check *check, const cp_channel *channel, int64_t stock)
{
    return check->net->settings.low_level_counts && channel->role != CP_ROLE_DEPOSIT &&
           stock < channel->low_notes;
}

/* Is a before b in the order of stand-ins: the greater note first, of equal ones the earlier slot?
 */
static bool comes_before(const cp_channel *channel, int32_t a, int32_t b)
{
    if (channel[a].value_minor != channel[b].value_minor)
        return channel[a].value_minor > channel[b].value_minor;
    return a < b;
}

/* The channel that comes next after `last` (-1: the first); -1 at the end. */
static int32_t after(const cp_channel *channel, int32_t n, int32_t last)
{
    int32_t next = -1;
    for (int32_t k = 0; k < n; k++) {
        if (channel[k].role == CP_ROLE_DEPOSIT || channel[k].value_minor <= 0) continue;
        if (last >= 0 && !comes_before(channel, last, k)) continue;
        if (next < 0 || comes_before(channel, k, next)) next = k;
    }
    return next;
}

void cp_check_stand_in(const cp_channel *channel, int32_t n, int64_t *stock, int64_t *missing)
{
    for (int32_t lack = after(channel, n, -1); lack >= 0; lack = after(channel, n, lack))
        for (int32_t help = after(channel, n, -1); help >= 0 && missing[lack] > 0;
             help = after(channel, n, help)) {
            const cp_minor one = channel[lack].value_minor, small = channel[help].value_minor;
            if (help == lack || small > one || one % small != 0) continue;
            const int64_t each = one / small;
            while (missing[lack] > 0 && stock[help] >= each) {
                const int64_t most = stock[help] / each;
                const int64_t now = missing[lack] < most ? missing[lack] : most;
                stock[help] -= now * each;
                missing[lack] -= now;
            }
        }
}

/* ---- seals -------------------------------------------------------------------------------- */

bool cp_check_seals(const cp_point *point)
{
    return point->kind == CP_POINT_ATM && point->serviced_by == CP_BY_CENTER &&
           point->dispense_rule == CP_DISPENSE_DRAIN && point->visit_kinds == CP_MAY_SWAP;
}

/* Notes that must be gone from the channel before cassette `at` of the point is opened: the loads
 * of those drained before it. The loads are laid out slot by slot: least loads, whole steps, and in
 * the end odd notes where there is room. */
#define MOST_SLOTS 99
typedef struct layout {
    int32_t n;
    int64_t load[MOST_SLOTS];
} layout;

static void lay_out(const cp_network *net, const cp_channel *channel, int32_t mix, int64_t notes,
                    layout *out)
{
    const cp_cassette *slot = cp_mix_cassettes(net, channel->point, mix);
    const cp_cassette *box[MOST_SLOTS];
    int64_t least = 0;
    out->n = 0;
    for (int32_t c = 0; c < net->points[channel->point].n_cassettes; c++)
        if (slot[c].role == channel->role && slot[c].denomination == channel->denomination &&
            out->n < MOST_SLOTS)
            box[out->n++] = &slot[c];
    for (int32_t i = 0; i < out->n; i++) {
        const int64_t step = box[i]->step_notes > 0 ? box[i]->step_notes : 1;
        int64_t load = (box[i]->min_load_notes + step - 1) / step * step;
        if (load > box[i]->capacity_notes) load = box[i]->capacity_notes;
        least += out->load[i] = load;
    }
    for (int32_t i = 0; i < out->n && least > notes; i++)
        out->load[i] = 0;
    int64_t rest = least > notes ? notes : notes - least;
    for (int32_t i = 0; i < out->n; i++) {
        const int64_t step = box[i]->step_notes > 0 ? box[i]->step_notes : 1;
        while (rest >= step && out->load[i] + step <= box[i]->capacity_notes) {
            const int64_t room = (box[i]->capacity_notes - out->load[i]) / step;
            const int64_t steps = rest / step < room ? rest / step : room;
            out->load[i] += steps * step;
            rest -= steps * step;
        }
    }
    for (int32_t i = 0; i < out->n && rest > 0; i++) {
        const int64_t room = box[i]->capacity_notes - out->load[i];
        const int64_t odd = rest < room ? rest : room;
        out->load[i] += odd;
        rest -= odd;
    }
}

int64_t cp_check_sealed(const cp_network *net, const cp_channel *channel, int32_t mix,
                        int64_t loaded, const int64_t *left, int32_t n_paths)
{
    layout boxes;
    int64_t sum = 0;
    if (channel->role != CP_ROLE_DISPENSE) return 0;
    lay_out(net, channel, mix, loaded, &boxes);
    for (int32_t path = 0; path < n_paths; path++) {
        int64_t drained = loaded - left[path]; /* notes that the public took */
        int64_t opened = 0;
        for (int32_t i = 0; i < boxes.n && drained > 0; i++) {
            opened += boxes.load[i];
            drained -= boxes.load[i];
        }
        sum += loaded - opened;
    }
    return sum;
}
