/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_sim.h"

#include <string.h>

#include "models/base/vector.h"
#include "models/net/slot_mix.h"
#include "solver/replenish/arc_rules.h"

/* In blocks of so many paths, numbers of notes up to this add up in 32 bits, demand and stock
 * together. */
#define BLOCK 256
#define NARROW_NOTES (INT32_MAX / BLOCK / 4)

#define MOST_SCALED 10000000 /* notes of a channel and day */

/* Cut n numbers at the visit; where all are nothing so are the parts, as they were made. */
static void cut(size_t n, const int32_t *all, int32_t before_ppm, int32_t *pre, int32_t *post)
{
    int32_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= all[i];
    for (size_t i = 0; any != 0 && i < n; i++) {
        pre[i] = (int32_t)((int64_t)all[i] * before_ppm / 1000000);
        post[i] = all[i] - pre[i];
    }
}

static cp_status cut_days(cp_ctx *ctx, cp_arc_sim *sim, const cp_point_paths *paths,
                          int32_t before_ppm)
{
    const size_t cells = (size_t)paths->n_days * (size_t)paths->n_paths;
    const size_t n = (size_t)paths->n_channels * cells;
    sim->has_pre = before_ppm > 0;
    sim->out = paths->out;
    sim->in = paths->in;
    CP_NEW(ctx, ctx->scratch, sim->pre_out, n);
    CP_NEW(ctx, ctx->scratch, sim->pre_in, n);
    CP_NEW(ctx, ctx->scratch, sim->post_out, n);
    CP_NEW(ctx, ctx->scratch, sim->post_in, n);
    for (size_t at = 0; at < n; at += cells) {
        cut(cells, paths->out + at, before_ppm, sim->pre_out + at, sim->post_out + at);
        cut(cells, paths->in + at, before_ppm, sim->pre_in + at, sim->post_in + at);
    }
    return CP_OK;
}

CP_VECTOR static int64_t sum_of(const int32_t *a, int32_t n)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i];
    return sum;
}

/* Which of the loops below each channel can take. */
static void sort_channels(cp_arc_sim *sim)
{
    const int32_t cells = sim->n_days * sim->n_paths;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const cp_channel *c = &sim->channel[k];
        const int32_t *out = sim->out + (size_t)k * (size_t)cells;
        const int32_t *in = sim->in + (size_t)k * (size_t)cells;
        int64_t most = c->balance_notes;
        int32_t any_in = 0, any_out = 0;
        for (int32_t i = 0; i < cells; i++) {
            most = out[i] > most ? out[i] : most;
            most = in[i] > most ? in[i] : most;
            any_in |= in[i];
            any_out |= out[i];
        }
        sim->pays[k] = any_out != 0;
        sim->takes[k] = any_in != 0;
        sim->narrow[k] = most <= NARROW_NOTES && c->capacity_notes <= NARROW_NOTES;
        sim->falls[k] = sim->narrow[k] && any_in == 0 && sim->rules == NULL &&
                        c->balance_notes <= c->capacity_notes &&
                        c->load_most_notes <= c->capacity_notes;
        for (int32_t t = 0; t < sim->n_days; t++) {
            const size_t at = (size_t)k * (size_t)cells + (size_t)t * (size_t)sim->n_paths;
            const int32_t n = sim->n_paths, day = k * sim->n_days + t;
            sim->sum_net[day] = sum_of(sim->out + at, n) - sum_of(sim->in + at, n);
            sim->sum_pre_out[day] = sum_of(sim->pre_out + at, n);
            sim->sum_pre[day] = sim->sum_pre_out[day] - sum_of(sim->pre_in + at, n);
        }
    }
}

/* Demand scaled note by note: for the question what another volume would cost. */
static void scale_paths(cp_point_paths *paths, int64_t demand_ppm)
{
    const size_t n = (size_t)paths->n_channels * (size_t)paths->n_days * (size_t)paths->n_paths;
    int32_t *const flow[] = {paths->out, paths->in};
    for (int32_t f = 0; f < 2 && demand_ppm != 1000000; f++)
        for (size_t i = 0; i < n; i++) {
            const int64_t notes = (int64_t)flow[f][i] * demand_ppm / 1000000;
            flow[f][i] = notes < MOST_SCALED ? (int32_t)notes : MOST_SCALED;
        }
}

cp_status cp_arc_sim_new(cp_ctx *ctx, const cp_arc_input *in, int32_t point, int64_t demand_ppm,
                         cp_arc_sim *sim)
{
    const cp_network *net = in->net;
    cp_point_paths paths;
    memset(sim, 0, sizeof *sim);
    CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, in->forecast, in->shares, point,
                               net->settings.n_paths, in->seed, &paths));
    scale_paths(&paths, demand_ppm);
    sim->channel = net->channels + net->points[point].first_channel;
    sim->n_channels = paths.n_channels;
    sim->n_days = paths.n_days;
    sim->n_paths = paths.n_paths;
    CP_TRY(cut_days(ctx, sim, &paths, net->settings.before_visit_ppm));
    const size_t n = (size_t)sim->n_channels * (size_t)sim->n_paths;
    CP_NEW(ctx, ctx->scratch, sim->stock, n);
    CP_NEW(ctx, ctx->scratch, sim->peek, n);
    CP_NEW(ctx, ctx->scratch, sim->peek_notes, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->pays, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->takes, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->narrow, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->falls, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->sum_stock, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->unmet, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->put, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->zero, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->sum_net, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->sum_pre, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->sum_pre_out, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->held, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->failed, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->peek_failed, sim->n_paths);
    CP_TRY(cp_arc_rules_make(ctx, net, point, sim));
    sort_channels(sim);
    return CP_OK;
}

void cp_arc_sim_take_mix(cp_arc_sim *sim, const cp_network *net, int32_t point, int32_t mix)
{
    if (net->points[point].n_mixes == 0) return;
    sim->channel = cp_mix_channels(net, point, mix);
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->channel[k].capacity_notes > NARROW_NOTES) sim->narrow[k] = sim->falls[k] = 0;
    if (sim->rules) sim->rules->box = cp_mix_cassettes(net, point, mix);
}

void cp_arc_sim_clear(cp_arc_sim *sim)
{
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (!sim->falls[k] || sim->put[k].told) continue;
        sim->sum_stock[k] = sum_of(sim->stock + (size_t)k * (size_t)sim->n_paths, sim->n_paths);
        sim->unmet[k] = 0;
    }
    sim->hold_minor = 0;
    sim->refused_minor = 0;
    sim->peek_refused_minor = 0;
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

CP_VECTOR static void lay_plain(int32_t n, int32_t notes, const int32_t *restrict net,
                                int32_t *restrict stock)
{
    for (int32_t w = 0; w < n; w++)
        stock[w] = notes - net[w];
}

CP_VECTOR static void lay_above(int32_t n, int32_t notes, const int32_t *restrict there,
                                const int32_t *restrict net, int32_t *restrict stock)
{
    for (int32_t w = 0; w < n; w++)
        stock[w] = notes + there[w] - net[w];
}

/* The stock of a channel as it began, less the net outflow since. */
static void lay_out(const cp_arc_sim *sim, int32_t k, const int32_t *net)
{
    const cp_arc_put *put = &sim->put[k];
    const size_t at = (size_t)k * (size_t)sim->n_paths;
    int32_t *stock = sim->stock + at;
    if (put->above)
        lay_above(sim->n_paths, put->notes, sim->flows->there + at, net, stock);
    else
        lay_plain(sim->n_paths, put->notes, net, stock);
}

void cp_arc_sim_put(cp_arc_sim *sim, int32_t k, bool above, int64_t notes)
{
    cp_arc_put *put = &sim->put[k];
    put->above = above;
    put->notes = (int32_t)notes;
    put->told = sim->flows != NULL && sim->rules == NULL;
    sim->n_told += put->told;
    if (put->told)
        put->sum = notes * sim->n_paths + (above ? sim->flows->sum_there[k] : 0);
    else
        lay_out(sim, k, sim->zero);
}

void cp_arc_sim_start(cp_arc_sim *sim, const cp_arc_flows *flows, const int64_t *notes)
{
    cp_arc_sim_begin(sim, flows);
    for (int32_t k = 0; k < sim->n_channels; k++)
        cp_arc_sim_put(sim, k, false, notes[k]);
    cp_arc_sim_clear(sim);
    if (sim->rules) cp_arc_rules_start(sim, notes);
}

/* Has the stock of a channel met no limit until the end of day i after the visit, or until before a
 * visit on the day after that? */
static bool is_free(const cp_arc_sim *sim, int32_t k, int32_t i, bool next)
{
    const cp_arc_put *put = &sim->put[k];
    const int32_t at = i * sim->n_channels + k;
    const cp_reach *r = put->above ? &sim->flows->reach_above[at] : &sim->flows->reach[at];
    return put->notes >= (next ? r->need_next : r->need) &&
           put->notes + (int64_t)(next ? r->room_next : r->room) <= sim->channel[k].capacity_notes;
}

/* From the begin of day i after the visit on the stock of the channel is carried. */
static void carry(cp_arc_sim *sim, int32_t k, int32_t i)
{
    const cp_arc_flows *f = sim->flows;
    const size_t at = (size_t)((i - 1) * sim->n_channels + k);
    lay_out(sim, k, i > 0 ? f->net + at * (size_t)sim->n_paths : sim->zero);
    sim->sum_stock[k] = sim->put[k].sum - (i > 0 ? f->sum_net[at] : 0);
    sim->unmet[k] = 0;
    sim->put[k].told = false;
    sim->n_told--;
}

/* Sums over the paths of one channel's part of a day. */
typedef struct part_sums {
    int64_t lost; /* unmet or refused */
    int64_t held; /* left at its end */
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

/* One part of a day on one channel. */
CP_VECTOR static part_sums run_wide(int32_t n, int32_t capacity, const int32_t *restrict out,
                                    const int32_t *restrict in, int32_t *restrict stock,
                                    int32_t *restrict failed)
{
    part_sums sums = {0, 0};
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
    part_sums sums = {0, 0};
    for (int32_t from = 0; from < n; from += BLOCK) {
        const int32_t to = n - from < BLOCK ? n : from + BLOCK;
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
    for (int32_t from = 0; from < n; from += BLOCK) {
        const int32_t to = n - from < BLOCK ? n : from + BLOCK;
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
    for (int32_t from = 0; from < n; from += BLOCK) {
        const int32_t to = n - from < BLOCK ? n : from + BLOCK;
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

/* A part of day t on channel k. */
static part_sums run_part(const cp_arc_sim *sim, int32_t k, int32_t t, const int32_t *out,
                          const int32_t *in, int32_t *stock, int32_t *failed)
{
    const int64_t most = sim->channel[k].capacity_notes;
    const int32_t capacity = most > INT32_MAX ? INT32_MAX : (int32_t)most;
    return (sim->narrow[k] ? run_narrow : run_wide)(
        sim->n_paths, capacity, cells_of(sim, out, k, t), cells_of(sim, in, k, t),
        stock + (size_t)k * (size_t)sim->n_paths, failed);
}

/* The same on a channel that only falls; sum_out of the part is given. */
static part_sums run_fall(cp_arc_sim *sim, int32_t k, int32_t t, const int32_t *out,
                          int64_t sum_out)
{
    part_sums sums = {0, 0};
    sums.held = run_falling(sim->n_paths, cells_of(sim, out, k, t),
                            sim->stock + (size_t)k * (size_t)sim->n_paths);
    sim->sum_stock[k] -= sum_out;
    const int64_t unmet = sums.held - sim->sum_stock[k];
    sums.lost = unmet - sim->unmet[k];
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
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int32_t at = k * sim->n_days + t, i = sim->flows ? t - sim->flows->t : 0;
        if (sim->put[k].told && is_free(sim, k, i, false)) {
            sim->held[k] = sim->put[k].sum - sim->flows->sum_net[i * sim->n_channels + k];
            sim->hold_minor += sim->channel[k].value_minor * sim->held[k];
            continue;
        }
        if (sim->put[k].told) carry(sim, k, i);
        const part_sums sums =
            sim->falls[k]
                ? run_fall(sim, k, t, out, sim->sum_net[at] - (whole ? 0 : sim->sum_pre[at]))
                : run_part(sim, k, t, out, in, sim->stock, sim->failed);
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

void cp_arc_sim_peek(cp_arc_sim *sim, int32_t t)
{
    const size_t n = (size_t)sim->n_paths;
    if (sim->rules) {
        cp_arc_rules_peek(sim, t);
        return;
    }
    const int32_t i = sim->flows ? t - 1 - sim->flows->t : 0; /* days since the visit */
    sim->peek_refused_minor = sim->refused_minor;
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->put[k].told && !is_free(sim, k, i, true)) carry(sim, k, i + 1);
    if (sim->n_told < sim->n_channels)
        memcpy(sim->peek_failed, sim->failed, n * sizeof *sim->failed);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        int32_t *stock = sim->stock + (size_t)k * n, *peek = sim->peek + (size_t)k * n;
        part_sums sums = {0, 0};
        if (sim->put[k].told) {
            sums.held = sim->put[k].sum - sim->flows->sum_next[i * sim->n_channels + k];
        } else if (sim->falls[k]) {
            sums.held = peek_falling(sim->n_paths, cells_of(sim, sim->pre_out, k, t), stock,
                                     sim->peek_failed);
            sums.lost =
                sums.held - sim->sum_stock[k] + sim->sum_pre[k * sim->n_days + t] - sim->unmet[k];
        } else {
            memcpy(peek, stock, n * sizeof *peek);
            if (sim->has_pre) /* else nothing happens: not even too high a balance is refused */
                sums = run_part(sim, k, t, sim->pre_out, sim->pre_in, sim->peek, sim->peek_failed);
            else
                sums.held = sum_of(stock, sim->n_paths);
        }
        sim->peek_refused_minor += sim->channel[k].value_minor * sums.lost;
        sim->peek_notes[k] = sums.held;
    }
}

void cp_arc_sim_residual(cp_arc_sim *sim, int32_t t, int32_t *residual)
{
    const size_t n = (size_t)sim->n_paths;
    cp_arc_sim_peek(sim, t);
    memcpy(residual, sim->peek, (size_t)sim->n_channels * n * sizeof *residual);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int32_t *stock = sim->stock + (size_t)k * n, *pre = cells_of(sim, sim->pre_out, k, t);
        for (size_t w = 0; sim->falls[k] && w < n; w++)
            residual[(size_t)k * n + w] = stock[w] > pre[w] ? stock[w] - pre[w] : 0;
    }
}

CP_VECTOR static int32_t count_failed(const int32_t *failed, int32_t n)
{
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += failed[w] != 0;
    return count;
}

int32_t cp_arc_sim_peek_failures(const cp_arc_sim *sim)
{
    if (sim->n_told == sim->n_channels) return 0;
    return count_failed(sim->peek_failed, sim->n_paths);
}

CP_VECTOR static void add_failed(int32_t n, const int32_t *restrict stock, int32_t *restrict failed)
{
    for (int32_t w = 0; w < n; w++)
        failed[w] |= stock[w] < 0;
}

int32_t cp_arc_sim_failures(cp_arc_sim *sim)
{
    const size_t n = (size_t)sim->n_paths;
    if (sim->n_told == sim->n_channels) return 0;
    memcpy(sim->peek_failed, sim->failed, n * sizeof *sim->failed);
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->falls[k] && !sim->put[k].told)
            add_failed(sim->n_paths, sim->stock + (size_t)k * n, sim->peek_failed);
    return count_failed(sim->peek_failed, sim->n_paths);
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
