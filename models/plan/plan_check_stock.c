/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_stock.c - the referee's own simulation: one path after the other, day by day. It finds
 * what comes back at each visit, in how many paths service fails, and what is inside afterwards. */
#include <stdlib.h>
#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_check_part.h"

/* Everything about one point. Arrays over paths: [visit * n_paths + w]; `back` also by channel. */
typedef struct walk {
    cp_check *check;
    const cp_point *point;
    const cp_channel *channel;
    cp_point_paths paths;
    const int32_t *visits;
    int32_t n_visits, end; /* the last interval is laid until this day */
    int64_t *stock;        /* by channel */
    int64_t *missing;      /* by channel: asked for and not there, in one part of a day */
    int64_t *back;         /* [(visit * n_channels + k) * n_paths + w] */
    int64_t *brought;      /* [visit * n_channels + k]: fill-ups, sum over paths of what they add */
    int64_t *inside;       /* value after the visit */
    int32_t *failed;       /* by interval: 0 = opening, i + 1 = after visit i */
} walk;

static const cp_plan_visit *visit_of(const walk *w, int32_t i)
{
    return &w->check->plan->visits[w->visits[i]];
}

/* ---- one path ----------------------------------------------------------------------------- */

/* Demand of `day`, from `from` to `to` in ppm of the day; true when a note was unmet or refused,
 * or a low level that counts was passed. */
static bool pass_demand(walk *w, int32_t day, int32_t path, bool before, bool after)
{
    const int64_t ppm = w->check->net->settings.before_visit_ppm;
    bool failed = false;
    if (!after && ppm == 0) return false; /* nothing falls before a visit */
    for (int32_t k = 0; k < w->point->n_channels; k++) {
        const size_t at =
            ((size_t)k * (size_t)w->paths.n_days + (size_t)day) * (size_t)w->paths.n_paths +
            (size_t)path;
        const int64_t early_out = w->paths.out[at] * ppm / 1000000;
        const int64_t asked = (before ? early_out : 0) + (after ? w->paths.out[at] - early_out : 0);
        w->missing[k] = asked > w->stock[k] ? asked - w->stock[k] : 0;
        w->stock[k] -= asked - w->missing[k];
    }
    if (cp_check_mixes(w->point))
        cp_check_stand_in(w->channel, w->point->n_channels, w->stock, w->missing);
    for (int32_t k = 0; k < w->point->n_channels; k++) {
        const size_t at =
            ((size_t)k * (size_t)w->paths.n_days + (size_t)day) * (size_t)w->paths.n_paths +
            (size_t)path;
        const int64_t early_in = w->paths.in[at] * ppm / 1000000;
        failed |= w->missing[k] > 0 || cp_check_below_low(w->check, &w->channel[k], w->stock[k]);
        w->stock[k] += (before ? early_in : 0) + (after ? w->paths.in[at] - early_in : 0);
        if (w->stock[k] > w->channel[k].capacity_notes) {
            failed = true;
            w->stock[k] = w->channel[k].capacity_notes;
        }
    }
    return failed;
}

/* Stock and return of one channel at visit i. */
static int64_t exchange(const walk *w, const cp_plan_visit *visit, int32_t k, int64_t *stock)
{
    const int64_t left = *stock;
    const cp_plan_load *load = &w->check->plan->loads[visit->first_load + k];
    if (w->channel[k].role == CP_ROLE_DEPOSIT) {
        *stock = 0;
        return left;
    }
    if (visit->kind == CP_VISIT_PICKUP) return 0;
    if (visit->kind == CP_VISIT_PARTIAL_SWAP && !load->swapped) return 0;
    if (visit->kind == CP_VISIT_SWAP || visit->kind == CP_VISIT_PARTIAL_SWAP) {
        *stock = load->load_notes;
        return left;
    }
    if (!visit->fixed_amount) {
        *stock = load->level_notes;
        return left > load->level_notes ? left - load->level_notes : 0;
    }
    const int64_t room = w->channel[k].capacity_notes - left;
    if (load->load_notes < 0) {
        const int64_t taken = -load->load_notes < left ? -load->load_notes : left;
        *stock = left - taken;
        if (*stock > w->channel[k].capacity_notes) *stock = w->channel[k].capacity_notes;
        return left - *stock;
    }
    const int64_t kept = load->load_notes < room ? load->load_notes : room;
    *stock = left + kept;
    return load->load_notes - kept;
}

static void carry_out(walk *w, int32_t i, int32_t path)
{
    const cp_plan_visit *visit = visit_of(w, i);
    const size_t n = (size_t)w->paths.n_paths;
    int64_t value = 0;
    if (visit->kind == CP_VISIT_SWAP && w->point->n_mixes > 0)
        w->channel = cp_mix_channels(w->check->net, visit->point, visit->mix);
    for (int32_t k = 0; k < w->point->n_channels; k++) {
        const size_t cell = (size_t)i * (size_t)w->point->n_channels + (size_t)k;
        const int64_t left = w->stock[k];
        const int64_t back = exchange(w, visit, k, &w->stock[k]);
        w->back[cell * n + (size_t)path] = back;
        if (w->stock[k] > left) w->brought[cell] += w->stock[k] - left;
        value += w->stock[k] * w->channel[k].value_minor;
    }
    w->inside[(size_t)i * n + (size_t)path] = value;
}

static void walk_path(walk *w, int32_t path)
{
    int32_t next = 0; /* visit to come */
    bool failed = false;
    w->channel = w->check->net->channels + w->point->first_channel; /* with the slots of today */
    for (int32_t k = 0; k < w->point->n_channels; k++)
        w->stock[k] = w->channel[k].balance_notes;
    for (int32_t day = 0; day < w->end; day++) {
        if (next == w->n_visits || visit_of(w, next)->t != day) {
            failed |= pass_demand(w, day, path, true, true);
            continue;
        }
        failed |= pass_demand(w, day, path, true, false);
        w->failed[next] += failed;
        carry_out(w, next++, path);
        failed = pass_demand(w, day, path, false, true);
    }
    if (w->n_visits > 0 && w->check->net->settings.before_visit_ppm > 0)
        failed |= pass_demand(w, w->end, path, true, false);
    w->failed[next] += failed;
}

/* ---- what the paths say ------------------------------------------------------------------- */

static int rising(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    if (x < y) return -1;
    return x > y ? 1 : 0;
}

/* Least number that at least q ppm of the n numbers do not exceed; sorts them. */
static int64_t covering(int64_t *numbers, int32_t n, int32_t q_ppm)
{
    qsort(numbers, (size_t)n, sizeof *numbers, rising);
    int32_t k = 0;
    while (k + 1 < n && (int64_t)(k + 1) * 1000000 < (int64_t)q_ppm * n)
        k++;
    return numbers[k];
}

static int64_t rounded_up(__int128 sum, int64_t n)
{
    return (int64_t)(sum / n + (sum % n > 0 ? 1 : 0));
}

/* Returned value on each path, before `back` is sorted. */
static void sum_value(const walk *w, int32_t i, int64_t *value)
{
    const size_t n = (size_t)w->paths.n_paths;
    memset(value, 0, n * sizeof *value);
    for (int32_t k = 0; k < w->point->n_channels; k++) {
        const int64_t *back = w->back + ((size_t)i * (size_t)w->point->n_channels + (size_t)k) * n;
        for (size_t path = 0; path < n; path++)
            value[path] += back[path] * w->channel[k].value_minor;
    }
}

static cp_status wrong_number(cp_check *check, const cp_plan_visit *visit, const char *what,
                              int64_t got, int64_t want)
{
    if (got == want) return CP_OK;
    return cp_check_say(check, "returns", cp_at_visit(visit),
                        "%s is written as %lld; it follows from the loads and the forecast as %lld",
                        what, (long long)got, (long long)want);
}

static cp_status judge_channel(walk *w, int32_t i, int32_t k)
{
    cp_check *check = w->check;
    const cp_plan_visit *visit = visit_of(w, i);
    const int32_t at = visit->first_load + k;
    const cp_plan_load *load = &check->plan->loads[at];
    const int32_t n = w->paths.n_paths;
    const size_t cell = (size_t)i * (size_t)w->point->n_channels + (size_t)k;
    int64_t *back = w->back + cell * (size_t)n;
    const bool fill_up = visit->kind == CP_VISIT_ADD && !visit->fixed_amount;
    __int128 sum = 0;
    for (int32_t path = 0; path < n; path++)
        sum += back[path];
    check->back_notes[at] = rounded_up(sum, n);
    const bool charged = !visit->by_branch && (!fill_up || w->channel[k].role == CP_ROLE_DEPOSIT);
    if (charged) check->fact[w->visits[i]].sort_notes += (int64_t)sum; /* a sum until judge_visit */
    int64_t sealed = 0;
    if (i > 0 && cp_check_seals(w->point))
        sealed = cp_check_sealed(check->net, &w->channel[k], visit_of(w, i - 1)->mix,
                                 check->plan->loads[visit_of(w, i - 1)->first_load + k].load_notes,
                                 back, n);
    check->fact[w->visits[i]].sort_notes -= sealed;
    CP_TRY(wrong_number(check, visit, "the expected return of sealed notes", load->sealed_notes,
                        sealed / n));
    CP_TRY(wrong_number(check, visit, "the expected return of notes", load->return_notes,
                        check->back_notes[at]));
    CP_TRY(wrong_number(check, visit, "the return of notes at its quantile", load->return_q_notes,
                        covering(back, n, check->net->settings.return_quantile_ppm)));
    if (!fill_up || w->channel[k].role == CP_ROLE_DEPOSIT) return CP_OK;
    const int64_t step = w->channel[k].step_notes > 0 ? w->channel[k].step_notes : 1;
    const int64_t mean = rounded_up(w->brought[cell], n);
    return wrong_number(check, visit, "the expected delivery", load->load_notes,
                        rounded_up(mean, step) * step);
}

static cp_status judge_insured(walk *w, int32_t i)
{
    const cp_plan_visit *visit = visit_of(w, i);
    const int32_t n = w->paths.n_paths;
    const cp_minor limit = w->point->insured_minor;
    if (limit <= 0 || visit->kind == CP_VISIT_PICKUP) return CP_OK;
    if (visit->fixed_amount && visit->kind == CP_VISIT_ADD &&
        w->check->fact[w->visits[i]].out_minor == 0)
        return CP_OK; /* what is too much was there before; the visit brings nothing */
    const int64_t value =
        covering(w->inside + (size_t)i * (size_t)n, n, w->check->net->settings.return_quantile_ppm);
    if (value <= limit) return CP_OK;
    return cp_check_say(w->check, "insured", cp_at_visit(visit),
                        "%lld minor units inside after the visit; insured are %lld",
                        (long long)value, (long long)limit);
}

bool cp_check_exchanged(const cp_check *check, const cp_plan_visit *visit, int32_t cassette)
{
    const cp_cassette *out = &check->net->cassettes[cassette];
    if (visit->kind == CP_VISIT_SWAP) return out->role != CP_ROLE_REJECT;
    if (visit->kind != CP_VISIT_PARTIAL_SWAP) return false;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &check->plan->loads[visit->first_load + k];
        const cp_channel *c = &check->net->channels[load->channel];
        if (c->denomination == out->denomination && c->role == out->role) return load->swapped;
    }
    return false;
}

/* Facts of a visit that need no paths. */
static void plain_facts(const cp_check *check, const cp_plan_visit *visit, cp_check_fact *fact)
{
    const cp_network *net = check->net;
    const cp_point *p = &net->points[visit->point];
    const bool swap = visit->kind == CP_VISIT_SWAP || visit->kind == CP_VISIT_PARTIAL_SWAP;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &check->plan->loads[visit->first_load + k];
        const cp_channel *c = &net->channels[load->channel];
        const int64_t level = visit->kind == CP_VISIT_ADD && !visit->fixed_amount
                                  ? load->level_notes
                                  : load->load_notes;
        if (load->load_notes > 0) fact->out_minor += load->load_notes * c->value_minor;
        if (level > 0) fact->value_minor += level * c->value_minor;
    }
    if (!visit->by_branch) fact->service_s = 60 * (swap ? p->service_min_swap : p->service_min_add);
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++) {
        const cp_cassette *cassette = &net->cassettes[c];
        if (p->kind == CP_POINT_BRANCH || !cp_check_exchanged(check, visit, c)) continue;
        fact->cassettes++;
        if (cassette->cassette_model >= 0)
            fact->set_cm3 += net->models[cassette->cassette_model].volume_cm3;
    }
}

static cp_status judge_visit(walk *w, int32_t i, int64_t *value)
{
    cp_check *check = w->check;
    const cp_plan_visit *visit = visit_of(w, i);
    cp_check_fact *fact = &check->fact[w->visits[i]];
    const int32_t n = w->paths.n_paths;
    __int128 sum = 0;
    plain_facts(check, visit, fact);
    sum_value(w, i, value);
    for (int32_t path = 0; path < n; path++)
        sum += value[path];
    fact->back_q_minor = covering(value, n, check->net->settings.return_quantile_ppm);
    for (int32_t k = 0; k < w->point->n_channels; k++)
        CP_TRY(judge_channel(w, i, k));
    fact->sort_notes = rounded_up(fact->sort_notes, n);
    CP_TRY(wrong_number(check, visit, "the expected value back", visit->return_minor,
                        rounded_up(sum, n)));
    CP_TRY(wrong_number(check, visit, "the value back at its quantile", visit->return_q_minor,
                        fact->back_q_minor));
    CP_TRY(wrong_number(check, visit, "the value out", visit->load_minor, fact->out_minor));
    CP_TRY(
        wrong_number(check, visit, "the number of cassettes", visit->cassettes, fact->cassettes));
    return judge_insured(w, i);
}

static cp_status judge_service(walk *w, int32_t i)
{
    cp_check *check = w->check;
    const int32_t point = (int32_t)(w->point - check->net->points);
    const cp_plan_visit *visit = i > 0 ? visit_of(w, i - 1) : NULL;
    int64_t level = w->point->service_level_ppm;
    int64_t extra = 0;
    int64_t relief = 0;
    if (level < 0) level = check->net->settings.service_level_ppm;
    /* The rank estimate: as if the real future were one more path, and it ran out. */
    const int64_t chance = ((int64_t)w->failed[i] + 1) * 1000000;
    const int64_t allowed = (1000000 - level) * ((int64_t)w->paths.n_paths + 1);
    if (level <= 0 || w->failed[i] == 0 || chance <= allowed) return CP_OK;
    if (visit != NULL && visit->relief) return CP_OK;
    cp_check_declared(check, CP_LIMIT_SERVICE_LEVEL, check->net->sites[w->point->site].vault,
                      visit != NULL ? visit->t : -1, point, &extra, &relief);
    if (relief > 0) return CP_OK;
    return cp_check_say(check, "service_level", cp_at_point(visit != NULL ? visit->t : 0, point),
                        "until the next visit %d of %d paths run out of cash or room; asked are "
                        "%.2f %%; neither met nor declared",
                        (int)w->failed[i], (int)w->paths.n_paths, (double)level / 10000.0);
}

static cp_status walk_point(walk *w)
{
    cp_ctx *ctx = w->check->ctx;
    const size_t n = (size_t)w->paths.n_paths;
    const size_t visits = (size_t)w->n_visits;
    const size_t cells = visits * (size_t)w->point->n_channels;
    int64_t *value = NULL;
    CP_NEW(ctx, ctx->scratch, w->stock, w->point->n_channels);
    CP_NEW(ctx, ctx->scratch, w->missing, w->point->n_channels);
    CP_NEW(ctx, ctx->scratch, w->back, cells * n);
    CP_NEW(ctx, ctx->scratch, w->brought, cells);
    CP_NEW(ctx, ctx->scratch, w->inside, visits * n);
    CP_NEW(ctx, ctx->scratch, w->failed, visits + 1);
    CP_NEW(ctx, ctx->scratch, value, n);
    for (int32_t path = 0; path < w->paths.n_paths; path++)
        walk_path(w, path);
    for (int32_t i = 0; i < w->n_visits; i++)
        CP_TRY(judge_visit(w, i, value));
    for (int32_t i = 0; i <= w->n_visits; i++)
        CP_TRY(judge_service(w, i));
    return CP_OK;
}

/* The last day that the walk may reach; a forecast that ends earlier cannot judge the plan. */
static cp_status set_end(walk *w)
{
    const cp_check *check = w->check;
    w->end = check->plan->n_days;
    if (w->n_visits > 0) {
        const cp_plan_visit *last = visit_of(w, w->n_visits - 1);
        if (last->until > w->end) w->end = last->until;
    }
    const int32_t need =
        w->end + (w->n_visits > 0 && check->net->settings.before_visit_ppm > 0 ? 1 : 0);
    if (need > w->paths.n_days)
        CP_FAIL(check->ctx, CP_E_INPUT,
                "point %s: the plan looks until day %d, the forecast has "
                "%d days",
                w->point->code, (int)w->end, (int)w->paths.n_days);
    return CP_OK;
}

cp_status cp_check_stock(cp_check *check)
{
    cp_ctx *ctx = check->ctx;
    const cp_network *net = check->net;
    CP_NEW(ctx, ctx->scratch, check->fact, check->plan->n_visits);
    CP_NEW(ctx, ctx->scratch, check->back_notes, check->plan->n_loads);
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        walk w = {.check = check, .point = &net->points[p]};
        w.channel = net->channels + w.point->first_channel;
        w.visits = check->of_point + check->first[p];
        w.n_visits = check->first[p + 1] - check->first[p];
        if (w.point->n_channels == 0 || (w.point->serviced_by == CP_BY_BRANCH && w.n_visits == 0) ||
            net->sites[w.point->site].vault < 0)
            continue;
        CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, check->forecast, check->shares, p,
                                   net->settings.n_paths, check->seed, &w.paths));
        CP_TRY(set_end(&w));
        CP_TRY(walk_point(&w));
        cp_arena_rewind(ctx->scratch, mark);
    }
    return CP_OK;
}

cp_status cp_check_stated(cp_check *check)
{
    const cp_plan *plan = check->plan;
    CP_NEW(check->ctx, check->ctx->scratch, check->fact, plan->n_visits);
    for (int32_t i = 0; i < plan->n_visits; i++) {
        plain_facts(check, &plan->visits[i], &check->fact[i]);
        check->fact[i].back_q_minor = plan->visits[i].return_q_minor;
    }
    return CP_OK;
}
