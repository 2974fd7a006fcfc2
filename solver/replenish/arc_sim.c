/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_sim.h"

#include <string.h>

#include "models/base/vector.h"
#include "models/net/slot_mix.h"
#include "solver/replenish/arc_rules.h"

void cp_arc_sim_take_mix(cp_arc_sim *sim, const cp_network *net, int32_t point, int32_t mix)
{
    if (net->points[point].n_mixes == 0) return;
    sim->channel = cp_mix_channels(net, point, mix);
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->channel[k].capacity_notes > CP_NARROW_NOTES) sim->narrow[k] = sim->falls[k] = 0;
    if (sim->rules) sim->rules->box = cp_mix_cassettes(net, point, mix);
}

void cp_arc_sim_clear(cp_arc_sim *sim)
{
    for (int32_t k = 0; k < sim->n_channels; k++) {
        sim->unmet[k] = 0;
        if (!sim->falls[k] || sim->put[k].told) continue;
        sim->sum_stock[k] =
            cp_sum_of_paths(sim->stock + (size_t)k * (size_t)sim->n_paths, sim->n_paths);
    }
    sim->hold_minor = 0;
    sim->refused_minor = 0;
    sim->peek_refused_minor = 0;
    if (sim->n_told < sim->n_channels) /* else when the first is carried */
        memset(sim->failed, 0, (size_t)sim->n_paths * sizeof *sim->failed);
    if (sim->rules) memset(sim->low, 0, (size_t)sim->n_paths * sizeof *sim->low);
}

void cp_arc_sim_begin(cp_arc_sim *sim, const cp_arc_flows *flows)
{
    sim->flows = flows;
    sim->n_told = 0;
    for (int32_t k = 0; k < sim->n_channels; k++)
        sim->put[k].told = false;
}

CP_VECTOR static void lay_plain(int32_t n, int32_t notes, int32_t *restrict stock)
{
    for (int32_t w = 0; w < n; w++)
        stock[w] = notes;
}

/* What is left of notes on what is there after a net outflow. */
CP_VECTOR static void lay_falling(int32_t n, int32_t notes, const int32_t *restrict there,
                                  const int32_t *restrict net, int32_t *restrict stock)
{
    for (int32_t w = 0; w < n; w++)
        stock[w] = notes + there[w] - net[w];
}

/* The same of a stock that never falls below nothing; where it would have the path has failed. */
CP_VECTOR static void lay_reflected(int32_t n, int32_t notes, const int32_t *restrict there,
                                    const int32_t *restrict need, const int32_t *restrict net,
                                    int32_t *restrict stock, int32_t *restrict failed)
{
    for (int32_t w = 0; w < n; w++) {
        const int32_t began = notes + there[w];
        const int32_t top = began > need[w] ? began : need[w];
        stock[w] = top - net[w];
        failed[w] |= top - began;
    }
}

static const int32_t *there_of(const cp_arc_sim *sim, int32_t k)
{
    return sim->put[k].above ? sim->flows->there + (size_t)k * (size_t)sim->n_paths : sim->zero;
}

void cp_arc_sim_put(cp_arc_sim *sim, int32_t k, bool above, int64_t notes)
{
    cp_arc_put *put = &sim->put[k];
    put->above = above;
    put->notes = (int32_t)notes;
    put->told = sim->flows != NULL && sim->rules == NULL;
    put->now = put->next = (cp_arc_short){NULL, 0};
    sim->n_told += put->told;
    int32_t *stock = sim->stock + (size_t)k * (size_t)sim->n_paths;
    if (put->told)
        put->sum = notes * sim->n_paths + (above ? sim->flows->sum_there[k] : 0);
    else if (above)
        lay_falling(sim->n_paths, put->notes, there_of(sim, k), sim->zero, stock);
    else
        lay_plain(sim->n_paths, put->notes, stock);
}

void cp_arc_sim_start(cp_arc_sim *sim, const cp_arc_flows *flows, const int64_t *notes)
{
    cp_arc_sim_begin(sim, flows);
    for (int32_t k = 0; k < sim->n_channels; k++)
        cp_arc_sim_put(sim, k, false, notes[k]);
    cp_arc_sim_clear(sim);
    if (sim->rules) cp_arc_rules_start(sim, notes);
}

/* What is told of a channel's stock at a moment. */
typedef enum told {
    FREE,   /* it has met no limit so far */
    SHORT,  /* something was not met, nothing refused */
    UNTOLD, /* neither is sure */
} told;

/* Of the end of day i after the visit, or of the moment before a visit on the day after that. */
static told how_told(const cp_arc_sim *sim, int32_t k, int32_t i, bool next)
{
    const cp_arc_put *put = &sim->put[k];
    const int32_t at = i * sim->n_channels + k;
    const cp_reach *r = put->above ? &sim->flows->reach_above[at] : &sim->flows->reach[at];
    const cp_reach *swap = &sim->flows->reach[at];
    const int64_t most = sim->channel[k].capacity_notes;
    const int32_t need = next ? r->need_next : r->need;
    if (put->notes + (int64_t)(next ? r->room_next : r->room) > most) return UNTOLD;
    if (put->notes >= need) return FREE;
    if ((int64_t)need - put->notes > CP_NARROW_NOTES)
        return UNTOLD; /* sums over a block of paths */
    return (next ? swap->swing_next : swap->swing) <= most ? SHORT : UNTOLD;
}

/* From the begin of day i after the visit on the stock of the channel is carried; until then it was
 * told. */
static void carry(cp_arc_sim *sim, int32_t k, int32_t i)
{
    const cp_arc_flows *f = sim->flows;
    const size_t n = (size_t)sim->n_paths, at = (size_t)((i - 1) * sim->n_channels + k);
    const int32_t *net = i > 0 ? f->net + at * n : sim->zero, *there = there_of(sim, k);
    const int32_t *need = i > 0 ? f->need + at * n : sim->zero;
    const int32_t notes = sim->put[k].notes;
    int32_t *stock = sim->stock + (size_t)k * n;
    if (sim->n_told == sim->n_channels) memset(sim->failed, 0, n * sizeof *sim->failed);
    if (sim->falls[k])
        lay_falling(sim->n_paths, notes, there, net, stock);
    else
        lay_reflected(sim->n_paths, notes, there, need, net, stock, sim->failed);
    sim->sum_stock[k] = sim->put[k].sum - (i > 0 ? f->sum_net[at] : 0);
    sim->put[k].told = false;
    sim->n_told--;
}

/* Sums over the paths of one channel's part of a day. */
typedef struct part_sums {
    int64_t lost; /* unmet or refused */
    int64_t held; /* left at its end */
    int32_t n_short;
} part_sums;

/* One path: withdrawals, then deposits against the capacity. Returns what was unmet or refused. */
static inline int32_t run_path(int32_t capacity, int32_t out, int32_t in, int32_t *stock)
{
    const int32_t met = out < *stock ? out : *stock;
    const int32_t filled = *stock - met + in;
    const int32_t kept = filled < capacity ? filled : capacity;
    *stock = kept;
    return (out - met) + (filled - kept);
}

/* By what the needs exceed a stock that began with notes on what was there; how often. */
CP_VECTOR static part_sums lacking_of(int32_t n, int32_t notes, const int32_t *restrict there,
                                      const int32_t *restrict need)
{
    part_sums sums = {0, 0, 0};
    for (int32_t from = 0; from < n; from += CP_PATH_BLOCK) {
        const int32_t to = n - from < CP_PATH_BLOCK ? n : from + CP_PATH_BLOCK;
        int32_t lacking = 0, count = 0;
        for (int32_t w = from; w < to; w++) {
            const int32_t lack = need[w] - there[w] - notes;
            lacking += lack > 0 ? lack : 0;
            count += lack > 0;
        }
        sums.lost += lacking;
        sums.n_short += count;
    }
    return sums;
}

/* One part of a day on one channel. */
CP_VECTOR static part_sums run_wide(int32_t n, int32_t capacity, const int32_t *restrict out,
                                    const int32_t *restrict in, int32_t *restrict stock,
                                    int32_t *restrict failed)
{
    part_sums sums = {0, 0, 0};
    for (int32_t w = 0; w < n; w++) {
        const int32_t lost = run_path(capacity, out[w], in[w], &stock[w]);
        failed[w] |= lost;
        sums.lost += lost;
        sums.held += stock[w];
    }
    return sums;
}

/* The same where a block's sums fit 32 bits. */
CP_VECTOR static part_sums run_narrow(int32_t n, int32_t capacity, const int32_t *restrict out,
                                      const int32_t *restrict in, int32_t *restrict stock,
                                      int32_t *restrict failed)
{
    part_sums sums = {0, 0, 0};
    for (int32_t from = 0; from < n; from += CP_PATH_BLOCK) {
        const int32_t to = n - from < CP_PATH_BLOCK ? n : from + CP_PATH_BLOCK;
        int32_t all_lost = 0, all_kept = 0;
        for (int32_t w = from; w < to; w++) {
            const int32_t lost = run_path(capacity, out[w], in[w], &stock[w]);
            failed[w] |= lost;
            all_lost += lost;
            all_kept += stock[w];
        }
        sums.lost += all_lost;
        sums.held += all_kept;
    }
    return sums;
}

/* Only withdrawals: the stock may go below nothing, which then is what was not met so far. Returns
 * what is left, summed over the paths. */
CP_VECTOR static int64_t run_falling(int32_t n, const int32_t *restrict out,
                                     int32_t *restrict stock)
{
    int64_t held = 0;
    for (int32_t from = 0; from < n; from += CP_PATH_BLOCK) {
        const int32_t to = n - from < CP_PATH_BLOCK ? n : from + CP_PATH_BLOCK;
        int32_t all_kept = 0;
        for (int32_t w = from; w < to; w++) {
            const int32_t left = stock[w] - out[w];
            stock[w] = left;
            all_kept += left > 0 ? left : 0;
        }
        held += all_kept;
    }
    return held;
}

/* The same, the stock staying what it is; failed[w] becomes other than 0 where it would fall below
 * nothing. */
CP_VECTOR static int64_t peek_falling(int32_t n, const int32_t *restrict out,
                                      const int32_t *restrict stock, int32_t *restrict failed)
{
    int64_t held = 0;
    for (int32_t from = 0; from < n; from += CP_PATH_BLOCK) {
        const int32_t to = n - from < CP_PATH_BLOCK ? n : from + CP_PATH_BLOCK;
        int32_t all_kept = 0;
        for (int32_t w = from; w < to; w++) {
            const int32_t left = stock[w] - out[w];
            failed[w] |= left < 0;
            all_kept += left > 0 ? left : 0;
        }
        held += all_kept;
    }
    return held;
}

static const int32_t *cells_of(const cp_arc_sim *sim, const int32_t *all, int32_t k, int32_t t)
{
    return all + ((size_t)k * (size_t)sim->n_days + (size_t)t) * (size_t)sim->n_paths;
}

/* A part of day t on channel k, whose stock this is. */
static part_sums run_one(const cp_arc_sim *sim, int32_t k, int32_t t, const int32_t *out,
                         const int32_t *in, int32_t *stock, int32_t *failed)
{
    const int64_t most = sim->channel[k].capacity_notes;
    const int32_t capacity = most > INT32_MAX ? INT32_MAX : (int32_t)most;
    return (sim->narrow[k] ? run_narrow : run_wide)(
        sim->n_paths, capacity, cells_of(sim, out, k, t), cells_of(sim, in, k, t), stock, failed);
}

/* The same on a channel that only falls; sum_out of the part is given. */
static part_sums run_fall(cp_arc_sim *sim, int32_t k, int32_t t, const int32_t *out,
                          int64_t sum_out)
{
    part_sums sums = {0, 0, 0};
    sums.held = run_falling(sim->n_paths, cells_of(sim, out, k, t),
                            sim->stock + (size_t)k * (size_t)sim->n_paths);
    sim->sum_stock[k] -= sum_out;
    const int64_t unmet = sums.held - sim->sum_stock[k];
    sums.lost = unmet - sim->unmet[k];
    sim->unmet[k] = unmet;
    return sums;
}

/* A channel whose stock is told until a moment by which these are the needs and the net outflow.
 * What is lost is counted from the begin on. */
static part_sums tell(const cp_arc_sim *sim, int32_t k, told how, const int32_t *need,
                      int64_t sum_net, cp_arc_short *paths)
{
    const cp_arc_put *put = &sim->put[k];
    part_sums sums = {0, 0, 0};
    if (how == SHORT) sums = lacking_of(sim->n_paths, put->notes, there_of(sim, k), need);
    paths->need = how == SHORT ? need : NULL;
    paths->n = sums.n_short;
    sums.held = put->sum - sum_net + sums.lost;
    return sums;
}

/* The same until the end of day i after the visit; what is lost is that of its last part. */
static part_sums tell_day(cp_arc_sim *sim, int32_t k, int32_t i, told how)
{
    const cp_arc_flows *f = sim->flows;
    const size_t at = (size_t)(i * sim->n_channels + k);
    part_sums sums =
        tell(sim, k, how, f->need + at * (size_t)sim->n_paths, f->sum_net[at], &sim->put[k].now);
    const int64_t unmet = sums.lost;
    sums.lost -= sim->unmet[k];
    sim->unmet[k] = unmet;
    return sums;
}

/* The last part of day t and its evening. */
static void live(cp_arc_sim *sim, const int32_t *out, const int32_t *in, int32_t t, bool whole)
{
    if (sim->rules) {
        cp_arc_rules_live(sim, out, in, t);
        return;
    }
    const int32_t i = sim->flows ? t - sim->flows->t : 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int32_t at = k * sim->n_days + t;
        const told how = sim->put[k].told ? how_told(sim, k, i, false) : UNTOLD;
        if (sim->put[k].told && how == UNTOLD) carry(sim, k, i);
        const part_sums sums =
            how != UNTOLD ? tell_day(sim, k, i, how)
            : sim->falls[k]
                ? run_fall(sim, k, t, out, sim->sum_net[at] - (whole ? 0 : sim->sum_pre[at]))
                : run_one(sim, k, t, out, in, sim->stock + (size_t)k * (size_t)sim->n_paths,
                          sim->failed);
        sim->refused_minor += sim->channel[k].value_minor * sums.lost;
        sim->hold_minor += sim->channel[k].value_minor * sums.held;
        sim->held[k] = sums.held;
    }
}

void cp_arc_sim_after_visit(cp_arc_sim *sim, int32_t t)
{
    live(sim, sim->post_out, sim->post_in, t, false);
}

void cp_arc_sim_day(cp_arc_sim *sim, int32_t t)
{
    live(sim, sim->out, sim->in, t, true);
}

int64_t cp_arc_sim_least_notes(const cp_arc_sim *sim, int32_t k, int32_t t)
{
    const int64_t least = sim->held[k] - sim->sum_pre_out[k * sim->n_days + t];
    return least > 0 ? least : 0;
}

/* A part of day t on channel k that is only tried; paths that fail are marked as ever. */
static part_sums try_carried(cp_arc_sim *sim, int32_t k, int32_t t)
{
    const size_t n = (size_t)sim->n_paths;
    const int32_t *stock = sim->stock + (size_t)k * n;
    part_sums sums = {0, 0, 0};
    if (sim->falls[k]) {
        sums.held =
            peek_falling(sim->n_paths, cells_of(sim, sim->pre_out, k, t), stock, sim->peek_failed);
        sums.lost =
            sums.held - sim->sum_stock[k] + sim->sum_pre[k * sim->n_days + t] - sim->unmet[k];
    } else if (sim->has_pre) {
        memcpy(sim->mask, stock, n * sizeof *stock);
        sums = run_one(sim, k, t, sim->pre_out, sim->pre_in, sim->mask, sim->peek_failed);
    } else { /* nothing happens: not even too high a balance is refused */
        sums.held = cp_sum_of_paths(stock, sim->n_paths);
    }
    return sums;
}

void cp_arc_sim_peek(cp_arc_sim *sim, int32_t t)
{
    const size_t n = (size_t)sim->n_paths;
    told how[CP_MAX_CHANNELS];
    if (sim->rules) {
        cp_arc_rules_peek(sim, t);
        return;
    }
    const int32_t i = sim->flows ? t - 1 - sim->flows->t : 0; /* days since the visit */
    sim->peek_refused_minor = sim->refused_minor;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        how[k] = sim->put[k].told ? how_told(sim, k, i, true) : UNTOLD;
        if (sim->put[k].told && how[k] == UNTOLD) carry(sim, k, i + 1);
    }
    if (sim->n_told < sim->n_channels)
        memcpy(sim->peek_failed, sim->failed, n * sizeof *sim->failed);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = (size_t)(i * sim->n_channels + k);
        part_sums sums;
        if (how[k] != UNTOLD) {
            sums = tell(sim, k, how[k], sim->flows->need_next + at * n, sim->flows->sum_next[at],
                        &sim->put[k].next);
            sums.lost -= sim->unmet[k];
        } else {
            sums = try_carried(sim, k, t);
        }
        sim->peek_refused_minor += sim->channel[k].value_minor * sums.lost;
        sim->peek_notes[k] = sums.held;
    }
}

void cp_arc_sim_residual(cp_arc_sim *sim, int32_t t, int32_t *residual)
{
    const size_t n = (size_t)sim->n_paths;
    cp_arc_sim_peek(sim, t);
    if (sim->rules) {
        memcpy(residual, sim->peek, (size_t)sim->n_channels * n * sizeof *residual);
        return;
    }
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int32_t *stock = sim->stock + (size_t)k * n, *pre = cells_of(sim, sim->pre_out, k, t);
        int32_t *left = residual + (size_t)k * n;
        memcpy(left, stock, n * sizeof *left);
        if (!sim->falls[k] && sim->has_pre)
            (void)run_one(sim, k, t, sim->pre_out, sim->pre_in, left, sim->mask);
        for (size_t w = 0; sim->falls[k] && w < n; w++)
            left[w] = stock[w] > pre[w] ? stock[w] - pre[w] : 0;
    }
}

CP_VECTOR static int32_t count_failed(const int32_t *failed, int32_t n)
{
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += failed[w] != 0;
    return count;
}

CP_VECTOR static void add_failed(int32_t n, const int32_t *restrict stock, int32_t *restrict failed)
{
    for (int32_t w = 0; w < n; w++)
        failed[w] |= stock[w] < 0;
}

CP_VECTOR static void add_short(int32_t n, int32_t notes, const int32_t *restrict there,
                                const int32_t *restrict need, int32_t *restrict failed)
{
    for (int32_t w = 0; w < n; w++)
        failed[w] |= need[w] - there[w] > notes;
}

CP_VECTOR static int32_t count_above(int32_t n, const int32_t *restrict notes,
                                     const int32_t *restrict there0, const int32_t *restrict need0,
                                     const int32_t *restrict there1, const int32_t *restrict need1)
{
    const int32_t notes0 = notes[0], notes1 = notes[1];
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += (need0[w] - there0[w] > notes0) | (need1[w] - there1[w] > notes1);
    return count;
}

/* Paths that failed on either of two channels. */
static int32_t count_either(const cp_arc_sim *sim, const cp_arc_put *const *on, bool next)
{
    const int32_t notes[] = {on[0]->notes, on[1]->notes};
    return count_above(sim->n_paths, notes, there_of(sim, (int32_t)(on[0] - sim->put)),
                       next ? on[0]->next.need : on[0]->now.need,
                       there_of(sim, (int32_t)(on[1] - sim->put)),
                       next ? on[1]->next.need : on[1]->now.need);
}

/* Paths that failed on any channel: those that are told by `next` or not, and those in `carried`,
 * NULL = none; it is written over. */
static int32_t count_all(const cp_arc_sim *sim, bool next, int32_t *carried)
{
    const cp_arc_put *on[CP_MAX_CHANNELS];
    int32_t n_short = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const cp_arc_put *put = &sim->put[k];
        if (put->told && (next ? put->next.n : put->now.n) > 0) on[n_short++] = put;
    }
    if (carried == NULL && n_short == 0) return 0;
    if (carried == NULL && n_short == 1) return next ? on[0]->next.n : on[0]->now.n;
    if (carried == NULL && n_short == 2) return count_either(sim, on, next);
    int32_t *failed = carried != NULL ? carried : sim->mask;
    if (carried == NULL) memset(failed, 0, (size_t)sim->n_paths * sizeof *failed);
    for (int32_t i = 0; i < n_short; i++)
        add_short(sim->n_paths, on[i]->notes, there_of(sim, (int32_t)(on[i] - sim->put)),
                  next ? on[i]->next.need : on[i]->now.need, failed);
    return count_failed(failed, sim->n_paths);
}

int32_t cp_arc_sim_peek_failures(const cp_arc_sim *sim)
{
    if (sim->rules) return count_failed(sim->peek_failed, sim->n_paths);
    return count_all(sim, true, sim->n_told < sim->n_channels ? sim->peek_failed : NULL);
}

int32_t cp_arc_sim_failures(cp_arc_sim *sim)
{
    const size_t n = (size_t)sim->n_paths;
    if (sim->n_told == sim->n_channels) return count_all(sim, false, NULL);
    memcpy(sim->peek_failed, sim->failed, n * sizeof *sim->failed);
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->falls[k] && !sim->put[k].told)
            add_failed(sim->n_paths, sim->stock + (size_t)k * n, sim->peek_failed);
    return count_all(sim, false, sim->peek_failed);
}

static int32_t count_missed(const int32_t *failed, const int32_t *low, int32_t n)
{
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += failed[w] != 0 || low[w] != 0;
    return count;
}

int32_t cp_arc_sim_peek_missed(const cp_arc_sim *sim)
{
    return sim->rules ? count_missed(sim->peek_failed, sim->peek_low, sim->n_paths)
                      : cp_arc_sim_peek_failures(sim);
}

int32_t cp_arc_sim_missed(cp_arc_sim *sim)
{
    return sim->rules ? count_missed(sim->failed, sim->low, sim->n_paths)
                      : cp_arc_sim_failures(sim);
}

int32_t cp_arc_sim_most_missed(const cp_arc_sim *sim)
{
    int32_t most = 0;
    if (sim->rules || sim->n_told < sim->n_channels) return sim->n_paths;
    for (int32_t k = 0; k < sim->n_channels; k++)
        most += sim->put[k].now.n;
    return most < sim->n_paths ? most : sim->n_paths;
}

void cp_arc_sim_peek_stock(const cp_arc_sim *sim, bool deposit_only, int64_t *notes,
                           int64_t *value_minor)
{
    *notes = 0;
    *value_minor = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (deposit_only && sim->channel[k].role != CP_ROLE_DEPOSIT) continue;
        *notes += sim->peek_notes[k];
        *value_minor += sim->peek_notes[k] * sim->channel[k].value_minor;
    }
}
