/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/vector.h"
#include "solver/replenish/arc_rules.h"

/* How many of a[0..n) are at most v. */
CP_VECTOR static int32_t count_up_to(const int32_t *a, int32_t n, int32_t v)
{
    int32_t count = 0;
    for (int32_t i = 0; i < n; i++)
        count += a[i] <= v;
    return count;
}

typedef struct range {
    int32_t least, most;
} range;

CP_VECTOR static range range_of(const int32_t *a, int32_t n)
{
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (int32_t i = 0; i < n; i++) {
        least = a[i] < least ? a[i] : least;
        most = a[i] > most ? a[i] : most;
    }
    const range r = {least, most};
    return r;
}

/* Halving the range of values and counting is a dozen passes without a branch,
 * which is several times quicker than any partial sort of some hundred numbers.
 */
int32_t cp_kth_smallest(const int32_t *a, int32_t n, int32_t k)
{
    range r = range_of(a, n);
    if (k >= n - 1) return r.most;
    while (r.least < r.most) {
        const int32_t middle = (int32_t)(((int64_t)r.least + r.most) >> 1);
        if (count_up_to(a, n, middle) > k)
            r.most = middle;
        else
            r.least = middle + 1;
    }
    return r.most;
}

/* One channel's needs on every path until before the next visit that loads are laid for. */
typedef struct need_state {
    const int32_t *need_next, *room_next; /* arc_flows.h */
    const int32_t *net;                   /* need_next, less what is there */
    int32_t most_need, most_room;         /* the greatest of net and of room_next */
    int32_t *work, *net_work;             /* n_paths */
    int32_t in_steps; /* by service level: the quantile of net so far, which only grows */
} need_state;

CP_VECTOR static void subtract(int32_t n, const int32_t *restrict a, const int32_t *restrict b,
                               int32_t *restrict difference)
{
    for (int32_t w = 0; w < n; w++)
        difference[w] = a[w] - b[w];
}

static int32_t rank_of(int32_t n, double q)
{
    /* At least a share q of the paths is covered; q may be a whole number of
     * them, but for digits.
     */
    int32_t k = (int32_t)ceil(q * n - 1e-9);
    k = k < 1 ? 0 : k - 1;
    return k < n ? k : n - 1;
}

/* The quantile of rank k rounded up to whole steps, known to be at least
 * in_steps, itself whole steps: a few counts instead of a dozen. From one day
 * to the next it grows by a step or two. */
static int32_t quantile_in_steps(const need_state *state, int32_t n, int32_t k, int32_t step)
{
    int32_t low = state->in_steps / step, high = (state->most_need + step - 1) / step;
    for (int32_t jump = 1; low < high; jump *= 2) {
        const int32_t at = low + jump - 1;
        if (at >= high) break;
        if (count_up_to(state->net, n, at * step) > k)
            high = at;
        else
            low = at + 1;
    }
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (count_up_to(state->net, n, middle * step) > k)
            high = middle;
        else
            low = middle + 1;
    }
    return low * step;
}

static int64_t round_to_step(int64_t notes, int64_t step, bool up)
{
    const int64_t down = notes >= 0 ? notes / step * step : -((-notes + step - 1) / step * step);
    return up && down < notes ? down + step : down;
}

/* The load of one channel that covers `need` with `room` left, in whole steps
 * and inside its limits. A branch may be asked to give (negative amounts). */
static int64_t fit_load(const cp_level_ask *ask, const cp_channel *c, int64_t need, int64_t room)
{
    const int64_t step = c->step_notes;
    const int64_t most = c->load_most_notes / step * step;
    int64_t load = round_to_step(need, step, true);
    const int64_t ceiling = round_to_step(c->capacity_notes - room, step, false);
    if (c->role == CP_ROLE_RECYCLE && load > ceiling) load = (load + ceiling) / 2 / step * step;
    if (load > most) load = most;
    if (ask->amounts) {
        if (ask->point->kind != CP_POINT_BRANCH && load < 0) load = 0;
        return load < -most ? -most : load;
    }
    const int64_t least = round_to_step(c->min_load_notes, step, true);
    if (load < least) load = least < most ? least : most;
    return load;
}

/* Bring the level under the insured amount: whole steps off, the most valuable
 * stock first. */
static void fit_insured(const cp_level_ask *ask, int64_t *notes)
{
    const cp_channel *c = ask->sim->channel;
    const cp_minor limit = ask->point->insured_minor;
    cp_minor value = 0;
    if (limit <= 0) return;
    for (int32_t k = 0; k < ask->sim->n_channels; k++) {
        int64_t held = notes[k];
        if (ask->amounts && c[k].role != CP_ROLE_DEPOSIT) {
            const size_t n = (size_t)ask->sim->n_paths; /* what may be there already, at its most */
            const range there = range_of(ask->flows->there + (size_t)k * n, ask->sim->n_paths);
            held += there.most > 0 ? there.most : 0;
        }
        value += held * c[k].value_minor;
    }
    while (value > limit) {
        int32_t worst = -1;
        for (int32_t k = 0; k < ask->sim->n_channels; k++)
            if (notes[k] >= c[k].step_notes &&
                (worst < 0 || notes[k] * c[k].value_minor > notes[worst] * c[worst].value_minor))
                worst = k;
        if (worst < 0) return;
        const cp_minor unit = c[worst].step_notes * c[worst].value_minor;
        int64_t steps = (value - limit + unit - 1) / unit;
        const int64_t half = notes[worst] / c[worst].step_notes / 2 + 1;
        if (steps > half) steps = half;
        notes[worst] -= steps * c[worst].step_notes;
        value -= steps * unit;
    }
}

typedef struct level_list {
    int64_t *notes; /* cap * n_channels */
    int32_t n, cap, n_channels;
} level_list;

static void push_level(level_list *list, const int64_t *notes)
{
    const size_t k = (size_t)list->n_channels;
    for (int32_t i = 0; i < list->n; i++)
        if (memcmp(list->notes + (size_t)i * k, notes, k * sizeof *notes) == 0) return;
    memcpy(list->notes + (size_t)list->n++ * k, notes, k * sizeof *notes);
}

static cp_minor level_value(const cp_level_ask *ask, const int64_t *notes, bool out_only)
{
    cp_minor value = 0;
    for (int32_t k = 0; k < ask->sim->n_channels; k++)
        if (!out_only || notes[k] > 0) value += notes[k] * ask->sim->channel[k].value_minor;
    return value;
}

/* Before any day the quantile is known to be at least the least load, in whole steps. */
static cp_status new_needs(cp_ctx *ctx, const cp_level_ask *ask, need_state *flow)
{
    const bool gives = ask->amounts && ask->point->kind == CP_POINT_BRANCH;
    for (int32_t k = 0; k < ask->sim->n_channels; k++) {
        const cp_channel *c = &ask->sim->channel[k];
        flow[k].in_steps =
            gives ? -(int32_t)(c->load_most_notes / c->step_notes * c->step_notes) : 0;
        CP_NEW_RAW(ctx, ctx->scratch, flow[k].work, ask->sim->n_paths);
        CP_NEW_RAW(ctx, ctx->scratch, flow[k].net_work, ask->sim->n_paths);
    }
    return CP_OK;
}

/* The share of the paths that a channel has to cover until a visit `days` away:
 * what is asked for, or the newsvendor's ratio. A note that is one too many is
 * held all that time. */
static double share_to_cover(const cp_level_ask *ask, int32_t days)
{
    if (ask->service > 0.0) return ask->service;
    return ask->lost > 0.0 ? ask->lost / (ask->lost + ask->hold * days) : 0.95;
}

CP_VECTOR static void lay_short(int32_t n, const int32_t *restrict need, int32_t most,
                                int32_t *restrict is_short)
{
    for (int32_t w = 0; w < n; w++)
        is_short[w] = need[w] > most;
}

CP_VECTOR static void mark_short(int32_t n, const int32_t *restrict need, int32_t most,
                                 int32_t *restrict is_short)
{
    for (int32_t w = 0; w < n; w++)
        is_short[w] |= need[w] > most;
}

CP_VECTOR static int32_t count_short(int32_t n, const int32_t *restrict need, int32_t most,
                                     const int32_t *restrict is_short)
{
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += is_short[w] | (need[w] > most);
    return count;
}

/* Channel k's load, or its need, above which a path is short of it. */
static int32_t enough(const cp_level_ask *ask, int32_t k, const int64_t *notes)
{
    return (int32_t)(notes[k] - cp_arc_rules_low(ask->sim, k));
}

/* Paths that are short of any channel but k. */
static void short_of_others(const cp_level_ask *ask, const need_state *flow, int32_t k,
                            const int64_t *notes, int32_t *is_short)
{
    const int32_t n = ask->sim->n_paths;
    bool first = true;
    for (int32_t j = 0; j < ask->sim->n_channels; j++) {
        if (j == k || ask->sim->channel[j].role == CP_ROLE_DEPOSIT) continue;
        (first ? lay_short : mark_short)(n, flow[j].need_next, enough(ask, j, notes), is_short);
        first = false;
    }
    if (first) memset(is_short, 0, (size_t)n * sizeof *is_short);
}

/* Do the levels of all channels together cover the share of the paths that is
 * asked for? */
static bool covers_service(const cp_level_ask *ask, const need_state *flow, int32_t k,
                           const int64_t *notes, const int32_t *others)
{
    const int32_t n = ask->sim->n_paths;
    const int32_t n_short = count_short(n, flow[k].need_next, enough(ask, k, notes), others);
    return (double)(n - n_short) >= ask->service * n - 1e-6;
}

/* Each channel covers the share alone and in whole steps; together they may do
 * so with less. */
static void trim_steps(const cp_level_ask *ask, const need_state *flow, int64_t *notes)
{
    int32_t *others = flow[0].work;
    for (int32_t k = 0; k < ask->sim->n_channels && !ask->amounts; k++) {
        const cp_channel *c = &ask->sim->channel[k];
        if (c->role == CP_ROLE_DEPOSIT) continue;
        const int64_t least = round_to_step(c->min_load_notes, c->step_notes, true);
        short_of_others(ask, flow, k, notes, others);
        bool may = covers_service(ask, flow, k, notes, others);
        if (!may) return;
        while (may && notes[k] - c->step_notes >= least) {
            notes[k] -= c->step_notes;
            may = covers_service(ask, flow, k, notes, others);
            if (!may) notes[k] += c->step_notes;
        }
    }
}

/* What the paths lack at `notes`, at most one step each, and how many a step
 * more would serve. */
CP_VECTOR static int64_t lacking(int32_t n, const int32_t *restrict need, int32_t notes,
                                 int32_t step, int32_t *served)
{
    int64_t sum = 0;
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t above = need[w] > notes ? need[w] - notes : 0;
        sum += above < step ? above : step;
        count += (above > 0) & (above <= step);
    }
    *served = count;
    return sum;
}

/* Steps more of one channel as long as each is worth its holding. */
static int64_t climb(const cp_level_ask *ask, const cp_channel *c, int32_t days,
                     const need_state *flow, int64_t notes)
{
    const double n = ask->sim->n_paths, value = (double)c->value_minor;
    const int64_t may = c->load_most_notes / c->step_notes * c->step_notes;
    const int64_t most = may < flow->most_need ? may : flow->most_need; /* nothing lacks above */
    const double held = ask->hold * days * value * c->step_notes;
    bool pays = notes < most;
    while (pays) {
        int32_t served = 0;
        const int64_t lack =
            lacking(ask->sim->n_paths, flow->net, (int32_t)notes, c->step_notes, &served);
        pays = ask->lost * value * (double)lack / n + ask->emergency * served / n > held;
        if (pays) notes += c->step_notes;
        pays = pays && notes < most;
    }
    return notes;
}

/* The need to cover, net of what is there; without low levels only its whole steps matter, and
 * nothing below the least load. */
static int64_t need_to_cover(const cp_level_ask *ask, need_state *flow, int32_t k, double share)
{
    const cp_channel *c = &ask->sim->channel[k];
    const int32_t n = ask->sim->n_paths;
    const int64_t low = cp_arc_rules_low(ask->sim, k);
    if (low > 0) return cp_kth_smallest(flow[k].net, n, rank_of(n, share)) + low;
    const int32_t steps = quantile_in_steps(&flow[k], n, rank_of(n, share), (int32_t)c->step_notes);
    if (ask->service > 0.0) flow[k].in_steps = steps; /* the share stays */
    return steps;
}

/* Each channel's load that covers this share of the paths. */
static void cover(const cp_level_ask *ask, need_state *flow, double share, int64_t *notes)
{
    for (int32_t k = 0; k < ask->sim->n_channels; k++) {
        const cp_channel *c = &ask->sim->channel[k];
        notes[k] = 0;
        if (c->role == CP_ROLE_DEPOSIT) continue;
        const int64_t need = need_to_cover(ask, flow, k, share);
        /* Only what takes notes in as well can overflow, and only from a load that is not small. */
        const bool may_overflow =
            c->role == CP_ROLE_RECYCLE &&
            round_to_step(need, c->step_notes, true) + flow[k].most_room > c->capacity_notes;
        const int32_t n = ask->sim->n_paths;
        const int64_t room =
            may_overflow ? cp_kth_smallest(flow[k].room_next, n, rank_of(n, share)) : 0;
        notes[k] = fit_load(ask, c, need, room);
    }
}

static void climb_all(const cp_level_ask *ask, const need_state *flow, int32_t days, int64_t *notes)
{
    for (int32_t k = 0; k < ask->sim->n_channels; k++) {
        const cp_channel *c = &ask->sim->channel[k];
        if (c->role != CP_ROLE_DEPOSIT) notes[k] = climb(ask, c, days, &flow[k], notes[k]);
    }
}

static void keep_level(const cp_level_ask *ask, int64_t *notes, level_list *list)
{
    fit_insured(ask, notes);
    push_level(list, notes);
}

#define TRADED_STEPS 2 /* of the greater note, at most */

/* Some steps less of the greater note of a pair, and so much more of the smaller one that it covers
 * what is lacking then. */
static void trade_notes(const cp_level_ask *ask, need_state *flow, const cp_stand_in *pair,
                        double share, const int64_t *from, level_list *list)
{
    const cp_arc_sim *sim = ask->sim;
    const cp_channel *great = &sim->channel[pair->want], *small = &sim->channel[pair->by];
    const int64_t least = round_to_step(great->min_load_notes, great->step_notes, true);
    int64_t notes[CP_MAX_CHANNELS];
    for (int32_t d = 1; d <= TRADED_STEPS; d++) {
        memcpy(notes, from, sizeof notes);
        notes[pair->want] -= d * great->step_notes;
        if (notes[pair->want] < least) return;
        cp_arc_rules_both(sim, pair, flow[pair->want].need_next, flow[pair->by].need_next,
                          notes[pair->want], flow[0].work);
        const int32_t both =
            cp_kth_smallest(flow[0].work, sim->n_paths, rank_of(sim->n_paths, share));
        notes[pair->by] = fit_load(ask, small, both + cp_arc_rules_low(sim, pair->by), 0);
        keep_level(ask, notes, list);
    }
}

/* Where denominations stand in for each other, less of the great ones does: what the small ones
 * leave over on a path serves there too. */
static void lean_level(const cp_level_ask *ask, need_state *flow, double share, level_list *list)
{
    const cp_arc_sim *sim = ask->sim;
    const cp_arc_rules *rules = sim->rules;
    const int32_t *need[CP_MAX_CHANNELS];
    int64_t notes[CP_MAX_CHANNELS];
    cover(ask, flow, share, notes);
    for (int32_t k = 0; k < sim->n_channels; k++)
        need[k] = flow[k].need_next;
    for (int32_t i = 0; i < rules->n_pairs; i++) {
        const int32_t k = rules->pair[i].want;
        if (i > 0 && rules->pair[i - 1].want == k) continue;
        cp_arc_rules_lack(sim, k, need, notes, flow[k].work);
        const int32_t lack =
            cp_kth_smallest(flow[k].work, sim->n_paths, rank_of(sim->n_paths, share));
        const int64_t load = fit_load(ask, &sim->channel[k], lack + cp_arc_rules_low(sim, k), 0);
        if (load < notes[k]) notes[k] = load;
    }
    int64_t other[CP_MAX_CHANNELS];
    memcpy(other, notes, sizeof other);
    keep_level(ask, notes, list);
    for (int32_t i = 0; i < rules->n_pairs; i++)
        if (i == 0 || rules->pair[i - 1].want != rules->pair[i].want)
            trade_notes(ask, flow, &rules->pair[i], share, other, list);
}

/* Levels for a next visit `days` after the visit. Channels that run out on the
 * same paths share their emergencies, which no climb of one alone sees: by
 * penalty a third level covers half of what the first leaves open. */
static void levels_until(const cp_level_ask *ask, int32_t days, need_state *flow, level_list *list)
{
    const size_t bytes = (size_t)ask->sim->n_channels * sizeof(int64_t);
    const double share = share_to_cover(ask, days);
    int64_t least[CP_MAX_CHANNELS], notes[CP_MAX_CHANNELS];
    cover(ask, flow, share, least);
    memcpy(notes, least, bytes);
    climb_all(ask, flow, days, notes);
    keep_level(ask, notes, list);
    if (ask->service > 0.0) {
        trim_steps(ask, flow, least);
    } else {
        cover(ask, flow, 0.5 * (1.0 + share), notes);
        keep_level(ask, notes, list);
    }
    keep_level(ask, least, list);
    if (ask->sim->rules && ask->sim->rules->n_pairs > 0 && !ask->amounts)
        lean_level(ask, flow, share, list);
}

static void collect(const cp_level_ask *ask, need_state *flow, level_list *list)
{
    const cp_arc_flows *f = ask->flows;
    for (int32_t i = 0; i < ask->n_days; i++) {
        for (int32_t k = 0; k < f->n_channels; k++) {
            const size_t at = (size_t)(i * f->n_channels + k);
            flow[k].need_next = f->need_next + at * (size_t)f->n_paths;
            flow[k].room_next = f->room_next + at * (size_t)f->n_paths;
            flow[k].most_need = (ask->amounts ? f->reach_above : f->reach)[at].need_next;
            flow[k].most_room = f->reach[at].room_next;
            flow[k].net = flow[k].need_next;
            if (!ask->amounts) continue;
            subtract(f->n_paths, flow[k].need_next, f->there + (size_t)k * (size_t)f->n_paths,
                     flow[k].net_work);
            flow[k].net = flow[k].net_work;
        }
        levels_until(ask, i + 1, flow, list);
    }
}

/* ---- machines with few loads
 * -------------------------------------------------------------- */

/* Least and most of a channel in steps; a deposit channel is not loaded. */
static void load_range(const cp_level_ask *ask, const cp_channel *c, int64_t *least, int64_t *most)
{
    *least = *most = 0;
    if (c->role == CP_ROLE_DEPOSIT) return;
    *most = c->load_most_notes / c->step_notes;
    if (ask->amounts) {
        *least = ask->point->kind == CP_POINT_BRANCH ? -*most : 0;
        return;
    }
    *least = round_to_step(c->min_load_notes, c->step_notes, true) / c->step_notes;
    if (*least > *most) *least = *most;
}

/* How many loads there are when every channel takes each of its whole steps;
 * what is above the limit is not counted to its end. */
static int32_t count_loads(const cp_level_ask *ask)
{
    int64_t n = 1;
    for (int32_t k = 0; k < ask->sim->n_channels && n <= CP_LEVELS_PER_DAY; k++) {
        int64_t least = 0, most = 0;
        load_range(ask, &ask->sim->channel[k], &least, &most);
        n = most - least < CP_LEVELS_PER_DAY ? n * (most - least + 1) : CP_LEVELS_PER_DAY + 1;
    }
    return n <= CP_LEVELS_PER_DAY ? (int32_t)n : CP_LEVELS_PER_DAY + 1;
}

bool cp_arc_levels_are_all(const cp_level_ask *ask)
{
    return count_loads(ask) <= CP_LEVELS_PER_DAY;
}

/* All of them, counted up like the digits of a number. */
static void all_loads(const cp_level_ask *ask, int32_t n, level_list *list)
{
    for (int32_t i = 0; i < n; i++) {
        int64_t notes[CP_MAX_CHANNELS];
        int64_t rest = i;
        for (int32_t k = 0; k < ask->sim->n_channels; k++) {
            int64_t least = 0, most = 0;
            load_range(ask, &ask->sim->channel[k], &least, &most);
            notes[k] = (least + rest % (most - least + 1)) * ask->sim->channel[k].step_notes;
            rest /= most - least + 1;
        }
        fit_insured(ask, notes);
        push_level(list, notes);
    }
}

/* Order by value, then notes: a total order, so that the list is the same
 * everywhere. */
static void sort_levels(const cp_level_ask *ask, level_list *list)
{
    const size_t k = (size_t)list->n_channels;
    int64_t held[CP_MAX_CHANNELS];
    for (int32_t i = 1; i < list->n; i++) {
        memcpy(held, list->notes + (size_t)i * k, k * sizeof *held);
        const cp_minor value = level_value(ask, held, false);
        int32_t j = i;
        while (j > 0) {
            const int64_t *before = list->notes + (size_t)(j - 1) * k;
            const cp_minor v = level_value(ask, before, false);
            if (v < value || (v == value && memcmp(before, held, k * sizeof *held) < 0)) break;
            memmove(list->notes + (size_t)j * k, before, k * sizeof *held);
            j--;
        }
        memcpy(list->notes + (size_t)j * k, held, k * sizeof *held);
    }
}

cp_status cp_arc_levels(cp_ctx *ctx, const cp_level_ask *ask, cp_level *out, int32_t *n_out)
{
    const int32_t k = ask->sim->n_channels;
    int64_t *kept = NULL;
    CP_NEW_RAW(ctx, ctx->scratch, kept, CP_LEVELS_PER_DAY * k);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    need_state flow[CP_MAX_CHANNELS];
    const int32_t n_loads = count_loads(ask);
    level_list list = {NULL, 0, (4 + TRADED_STEPS * k) * (ask->n_days + 1) + CP_LEVELS_PER_DAY, k};
    CP_NEW_RAW(ctx, ctx->scratch, list.notes, (size_t)list.cap * (size_t)k);
    if (n_loads <= CP_LEVELS_PER_DAY) {
        all_loads(ask, n_loads, &list);
    } else {
        CP_TRY(new_needs(ctx, ask, flow));
        collect(ask, flow, &list);
    }
    sort_levels(ask, &list);
    const int32_t n = list.n < CP_LEVELS_PER_DAY ? list.n : CP_LEVELS_PER_DAY;
    for (int32_t i = 0; i < n; i++) {
        const int32_t from =
            n == list.n || n < 2 ? i : (int32_t)((int64_t)i * (list.n - 1) / (n - 1));
        int64_t *notes = kept + (size_t)i * (size_t)k;
        memcpy(notes, list.notes + (size_t)from * (size_t)k, (size_t)k * sizeof *notes);
        memset(&out[i], 0, sizeof out[i]);
        out[i].notes = notes;
        out[i].out_minor = level_value(ask, notes, true);
    }
    *n_out = n;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
