/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arcs.h"

#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_fill.h"
#include "models/plan/vault_books.h"
#include "solver/replenish/arc_builder.h"
#include "solver/replenish/arc_rules.h"

static void set_rates(cp_arc_builder *b)
{
    const cp_network *net = b->net;
    const int32_t site = b->point->site, vault = net->sites[site].vault;
    for (int32_t t = 0; t < b->n_days; t++) {
        const cp_day day = net->first_day + t;
        cp_arc_rates *r = &b->rate[t];
        r->hold_ppm = cp_tariff_get(net, CP_TARIFF_HOLD_PPM_YEAR, day, vault, -1, site, -1);
        r->cash_out_ppm = cp_tariff_get(net, CP_TARIFF_CASH_OUT_PPM, day, vault, -1, site, -1);
        r->emergency = cp_tariff_get(net, CP_TARIFF_EMERGENCY_MINOR, day, vault, -1, site, -1);
        r->sort_1000 = cp_tariff_get(net, CP_TARIFF_SORT_1000_MINOR, day, vault, -1, site, -1);
        r->back_min = cp_tariff_get(net, CP_TARIFF_STOP_VALUE_MIN_MINOR, day, vault, -1, site, -1);
        r->value_ppm = cp_tariff_get(net, CP_TARIFF_STOP_VALUE_PPM, day, vault, -1, site, -1);
        r->stop = cp_tariff_get(net, CP_TARIFF_STOP_MACHINE_MINOR, day, vault, -1, site, -1);
        r->pack = cp_tariff_get(net, CP_TARIFF_PACK_CASSETTE_MINOR, day, vault, -1, site, -1);
        b->out->out_ppm[t] = r->value_ppm;
        if (b->out->branch_mode >= 0)
            b->out->branch_ppm[t] =
                cp_tariff_get(net, CP_TARIFF_BRANCH_VALUE_PPM, day, vault, -1, site, -1);
        for (int32_t m = 0; m < b->out->n_all_modes; m++)
            b->out->node[m * b->n_days + t] =
                b->out->mode[m].by_branch
                    ? cp_tariff_get(net, CP_TARIFF_BRANCH_FILL_MINOR, day, vault, -1, site, -1)
                    : r->stop + b->out->mode[m].cassettes * r->pack;
    }
    b->out->miss_minor = b->service_ppm > 0 ? cp_relief_price(net, CP_LIMIT_SERVICE_LEVEL, vault,
                                                              site, net->first_day)
                                            : 0;
}

/* ---- cost of one interval
 * ------------------------------------------------------------------ */

static cp_arc_share share_of(const cp_arc_builder *b, int32_t t, int32_t until)
{
    cp_arc_share s = {1, 1};
    if (until >= b->n_days && t >= 0) {
        s.num = b->n_days - t;
        s.den = until - t;
    }
    return s;
}

cp_minor cp_arcb_stock_cost(const cp_arc_builder *b, int32_t day, cp_arc_share sh, int64_t hold,
                            int64_t refused, int32_t failures)
{
    const cp_arc_rates *r = &b->rate[day];
    const int64_t w = b->sim.n_paths;
    return cp_mul_div(hold, r->hold_ppm * sh.num, 365 * INT64_C(1000000) * w * sh.den) +
           cp_mul_div(refused, r->cash_out_ppm * sh.num, INT64_C(1000000) * w * sh.den) +
           cp_mul_div(failures, r->emergency * sh.num, w * sh.den);
}

cp_minor cp_arcb_back_cost(const cp_arc_builder *b, int32_t day, cp_arc_share sh, int64_t notes,
                           int64_t value)
{
    const cp_arc_rates *r = &b->rate[day];
    const int64_t w = b->sim.n_paths;
    cp_minor cost = cp_mul_div(notes, r->sort_1000 * sh.num, 1000 * w * sh.den);
    if (r->back_min > 0 || r->value_ppm > 0) {
        const cp_minor least = cp_mul_div(r->back_min, sh.num, sh.den);
        const cp_minor by_value =
            cp_mul_div(value, r->value_ppm * sh.num, INT64_C(1000000) * w * sh.den);
        cost += by_value > least ? by_value : least;
    }
    return cost;
}

bool cp_arcb_misses(const cp_arc_builder *b, int32_t failures)
{
    return b->service_ppm > 0 && failures > cp_paths_may_fail(b->service_ppm, b->sim.n_paths);
}

int32_t cp_arcb_mean_up(int64_t sum, int64_t n)
{
    return (int32_t)((sum + n - 1) / n);
}

/* What comes back at the end of an interval to a visit of the mode, by the
 * peeked stock. */
static void add_back(const cp_arc_builder *b, const cp_mode *mode, int64_t *notes, int64_t *value)
{
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const cp_channel *c = &b->sim.channel[k];
        if (!(mode->swapped >> k & 1) && c->role != CP_ROLE_DEPOSIT) continue;
        *notes += b->sim.peek_notes[k];
        *value += b->sim.peek_notes[k] * c->value_minor;
    }
}

cp_arc cp_arcb_arc(const cp_arc_builder *b, int32_t t, int32_t until, int32_t mode)
{
    const cp_arc_sim *sim = &b->sim;
    const cp_arcs *a = b->out;
    const cp_arc_share sh = share_of(b, t, until);
    const int32_t day = t < 0 ? 0 : t, failures = cp_arc_sim_peek_failures(sim);
    const bool own = mode >= a->n_modes && until >= b->n_days;
    cp_arc arc = {0};
    arc.until = (int16_t)until;
    arc.misses = cp_arcb_misses(b, cp_arc_sim_peek_missed(sim));
    arc.cost = cp_arcb_stock_cost(b, day, sh, sim->hold_minor, sim->peek_refused_minor, failures);
    if (arc.misses) arc.cost += a->miss_minor;
    for (int32_t m = 0; m < (own ? 1 : cp_center_modes(a)); m++) {
        int64_t notes = 0, value = 0;
        add_back(b, &a->mode[own ? mode : m], &notes, &value);
        if (t >= 0) notes -= cp_arc_rules_sealed(sim); /* of the opening nobody knows */
        arc.end[m] = cp_arcb_back_cost(b, day, sh, notes, value);
        arc.back[m] = until < b->n_days ? cp_arcb_mean_up(notes, sim->n_paths) : 0;
    }
    return arc;
}

/* Are nothing but the costs of its own mode known of an interval that such a visit begins? */
static bool own_end(const cp_arc_builder *b, int32_t mode, int32_t until)
{
    return mode >= b->out->n_modes && until >= b->n_days;
}

/* The visit of a last interval, at its share. */
static cp_minor node_share(const cp_arc_builder *b, int32_t t, int32_t until, int32_t mode,
                           const cp_level *level)
{
    const cp_arc_share sh = share_of(b, t, until);
    const cp_arc_rates *r = &b->rate[t];
    return cp_mul_div(r->stop, sh.num, sh.den) +
           cp_mul_div(b->out->mode[mode].cassettes, r->pack * sh.num, sh.den) +
           cp_mul_div(level->out_minor, r->value_ppm * sh.num, 1000000 * sh.den);
}

/* A last interval also carries its own visit. */
static void add_node_share(const cp_arc_builder *b, int32_t t, const cp_level *level, int32_t mode,
                           cp_arc *arc)
{
    const bool own = own_end(b, mode, arc->until);
    for (int32_t m = 0; m < (own ? 1 : cp_center_modes(b->out)); m++)
        arc->end[m] += node_share(b, t, arc->until, own ? mode : m, level);
}

/* ---- arcs of one visit day
 * ------------------------------------------------------------------ */

/* By what arcs of one (t, until) are ranked: with the value carried out, where
 * it is paid in full.
 */
static cp_minor rank_cost(const cp_arc *arc, cp_minor out_cost)
{
    return arc->cost + arc->end[0] + out_cost;
}

/* Keep the arc if it is among the cheapest of its (t, until); arcs that meet
 * the service level drive out those that do not, of which one is kept. */
static void keep_arc(cp_arc_builder *b, int32_t t, const cp_arc *arc, cp_minor out_cost)
{
    const size_t first = (size_t)(arc->until - t) * CP_ARCS_PER_PAIR;
    cp_arc *slot = b->pair + first;
    cp_minor *rank = b->pair_cost + first;
    int32_t *n = &b->n_pair[arc->until - t];
    if (*n > 0 && slot[0].misses != arc->misses) {
        if (arc->misses) return;
        *n = 0;
    }
    const int32_t most = arc->misses ? 1 : CP_ARCS_PER_PAIR;
    const cp_minor cost = rank_cost(arc, out_cost);
    int32_t at = *n;
    while (at > 0 &&
           (cost < rank[at - 1] || (cost == rank[at - 1] && arc->level < slot[at - 1].level)))
        at--;
    if (at >= most) return;
    const int32_t last = *n < most ? *n : most - 1;
    memmove(slot + at + 1, slot + at, (size_t)(last - at) * sizeof *slot);
    memmove(rank + at + 1, rank + at, (size_t)(last - at) * sizeof *rank);
    slot[at] = *arc;
    rank[at] = cost;
    if (*n < most) (*n)++;
}

/* What end[0] of the arc costs at least, by the stock of the evening before. */
static cp_minor least_end(const cp_arc_builder *b, int32_t t, int32_t until, int32_t mode,
                          const cp_level *level)
{
    const cp_arc_sim *sim = &b->sim;
    const int32_t by = own_end(b, mode, until) ? mode : 0;
    int64_t notes = 0, value = 0;
    for (int32_t k = 0; k < sim->n_channels && sim->rules == NULL; k++) {
        const cp_channel *c = &sim->channel[k];
        if (!(b->out->mode[by].swapped >> k & 1) && c->role != CP_ROLE_DEPOSIT) continue;
        const int64_t least = cp_arc_sim_least_notes(sim, k, until);
        notes += least;
        value += least * c->value_minor;
    }
    return cp_arcb_back_cost(b, t, share_of(b, t, until), notes, value) +
           (until >= b->n_days ? node_share(b, t, until, by, level) : 0);
}

/* Can an arc to `until` no longer be among the cheapest, whatever else it
 * costs? Holding and refusals up to the evening before are known, and what is
 * left then, but for the morning; a minor unit is left for the rounding of each.
 * Of arcs that miss the service level one is kept, where there is none that meets
 * it; `misses`: this one will. */
static bool is_too_dear(const cp_arc_builder *b, int32_t t, int32_t until, int32_t mode,
                        const cp_level *level, bool misses, cp_minor out_cost)
{
    const size_t first = (size_t)(until - t) * CP_ARCS_PER_PAIR;
    const int32_t kept = b->n_pair[until - t];
    if (misses && kept > 0 && !b->pair[first].misses) return true;
    if (kept < (misses ? 1 : CP_ARCS_PER_PAIR) || (!misses && b->pair[first].misses)) return false;
    const cp_arc_share sh = share_of(b, t, until);
    const cp_arc_rates *r = &b->rate[t];
    const double part = (double)sh.num / (double)sh.den / b->sim.n_paths / 1e6;
    const double known = part * ((double)b->sim.hold_minor * (double)r->hold_ppm / 365.0 +
                                 (double)b->sim.refused_minor * (double)r->cash_out_ppm) +
                         (double)out_cost + (misses ? (double)b->out->miss_minor : 0.0);
    const double most = (double)b->pair_cost[first + (size_t)kept - 1];
    return known - 2.0 > most || known + (double)least_end(b, t, until, mode, level) - 3.0 > most;
}

/* Has every next visit on `from` .. `last` an arc that meets the service level?
 */
static bool all_met(const cp_arc_builder *b, int32_t t, int32_t from, int32_t last)
{
    for (int32_t s = from; s <= last; s++)
        if ((s >= b->n_days || cp_arcb_any_mode(b, s)) &&
            (b->n_pair[s - t] == 0 || b->pair[(size_t)(s - t) * CP_ARCS_PER_PAIR].misses))
            return false;
    return true;
}

/* The latest day of the next visit. Where service days leave none inside the
 * longest interval, the next one there is: rules that exclude each other give
 * way here and the referee reports it. */
static int32_t latest_next(const cp_arc_builder *b, int32_t t)
{
    int32_t last = t + b->longest;
    for (int32_t s = t + 1; s <= last && s < b->n_days; s++)
        if (cp_arcb_any_mode(b, s)) return last;
    while (last < b->n_days && !cp_arcb_any_mode(b, last))
        last++;
    return last;
}

void cp_arcb_flows(cp_arc_builder *b, int32_t t, const int32_t *there)
{
    const int32_t last = latest_next(b, t);
    cp_arc_flows_make(&b->sim, t, last < b->sim.n_days ? last : b->sim.n_days, there, &b->flows);
}

/* Ends where the service level is missed for good and met by other loads, or
 * where more than half the paths have failed. */
void cp_arcb_walk(cp_arc_builder *b, const cp_level *levels, int32_t t, int32_t level, int32_t mode)
{
    const int32_t last = latest_next(b, t);
    bool misses = false; /* from now on */
    const cp_minor out_cost = cp_mul_div(levels[level].out_minor, b->out->out_ppm[t], 1000000);
    cp_arc_sim_after_visit(&b->sim, t);
    for (int32_t s = t + 1; s <= last; s++) {
        const cp_minor out_here = s < b->n_days ? out_cost : 0;
        if ((s >= b->n_days || cp_arcb_any_mode(b, s)) &&
            !is_too_dear(b, t, s, mode, &levels[level], misses, out_here)) {
            cp_arc_sim_peek(&b->sim, s);
            cp_arc arc = cp_arcb_arc(b, t, s, mode);
            arc.level = (int16_t)level;
            if (s >= b->n_days) add_node_share(b, t, &levels[level], mode, &arc);
            keep_arc(b, t, &arc, out_here);
        }
        if (s < b->n_days && b->must[s]) return;
        if (s == last || s + 1 >= b->sim.n_days) return;
        cp_arc_sim_day(&b->sim, s);
        if (b->service_ppm <= 0) continue;
        const int32_t most = cp_arc_sim_most_missed(&b->sim);
        if (!misses && cp_arcb_misses(b, most))
            misses = cp_arcb_misses(b, cp_arc_sim_missed(&b->sim));
        if (misses && all_met(b, t, s + 1, last)) return;
        if (2 * most > b->sim.n_paths && b->n_pair[s + 1 - t] > 0 &&
            2 * cp_arc_sim_missed(&b->sim) > b->sim.n_paths)
            return;
    }
}

cp_status cp_arcb_flush(cp_arc_builder *b)
{
    int32_t n = b->n_list;
    for (int32_t d = 1; d <= b->longest + b->n_days; d++)
        n += b->n_pair[d];
    if (n > b->cap_list) {
        const cp_arc *before = b->list;
        b->cap_list = 2 * n;
        CP_NEW_RAW(b->ctx, b->ctx->scratch, b->list, b->cap_list);
        if (b->n_list > 0) memcpy(b->list, before, (size_t)b->n_list * sizeof *before);
    }
    for (int32_t d = 1; d <= b->longest + b->n_days; d++) {
        for (int32_t i = 0; i < b->n_pair[d]; i++)
            b->list[b->n_list++] = b->pair[(size_t)d * CP_ARCS_PER_PAIR + (size_t)i];
        b->n_pair[d] = 0;
    }
    return CP_OK;
}

/* A pinned amount replaces the levels of the day: the whole steps nearest to
 * it. */
cp_status cp_arcb_pin_levels(cp_arc_builder *b, int32_t t, cp_level *levels, int32_t *n)
{
    if (b->pin_amount[t] < 0 || *n == 0) return CP_OK;
    int64_t *notes = NULL;
    CP_NEW(b->ctx, b->ctx->run, notes, b->sim.n_channels);
    const cp_level *top = &levels[*n - 1];
    cp_minor out = 0;
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const cp_channel *c = &b->sim.channel[k];
        if (c->role == CP_ROLE_DEPOSIT || top->out_minor <= 0) continue;
        const int64_t want =
            cp_mul_div(top->notes[k] > 0 ? top->notes[k] : 0, b->pin_amount[t], top->out_minor);
        const int64_t most = c->load_most_notes / c->step_notes * c->step_notes;
        notes[k] = (want + c->step_notes / 2) / c->step_notes * c->step_notes;
        if (notes[k] > most) notes[k] = most;
        out += notes[k] * c->value_minor;
    }
    memset(&levels[0], 0, sizeof levels[0]);
    levels[0].notes = notes;
    levels[0].out_minor = out;
    *n = 1;
    return CP_OK;
}

cp_level_ask cp_arcb_ask(const cp_arc_builder *b, int32_t t)
{
    const cp_arc_rates *r = &b->rate[t];
    const double n = (double)b->sim.n_paths;
    const cp_level_ask ask = {
        .sim = &b->sim,
        .flows = &b->flows,
        .n_days = b->flows.n_days < b->longest ? b->flows.n_days : b->longest,
        .point = b->point,
        .service =
            b->service_ppm > 0 ? (n - cp_paths_may_fail(b->service_ppm, b->sim.n_paths)) / n : 0.0,
        .lost = (double)r->cash_out_ppm,
        .hold = (double)r->hold_ppm / 365.0,
        .emergency = 1e6 * (double)r->emergency,
    };
    return ask;
}

/* Visits on day t after which the slots hold one mix. */
static cp_status arcs_of_mix(cp_arc_builder *b, int32_t t, int32_t mix)
{
    cp_arcs *a = b->out;
    int32_t n = 0;
    cp_arc_sim_take_mix(&b->sim, b->net, a->point, mix);
    const cp_level_ask ask = cp_arcb_ask(b, t);
    cp_level *levels = a->level + a->n_levels;
    CP_TRY(cp_arc_levels(b->ctx, &ask, levels, &n));
    CP_TRY(cp_arcb_pin_levels(b, t, levels, &n));
    /* The fullest first: where it meets the service level the others may stop
     * early. */
    for (int32_t i = -1; i < n - 1; i++) {
        const int32_t level = i < 0 ? n - 1 : i;
        levels[level].mix = mix;
        cp_arc_sim_start(&b->sim, &b->flows, levels[level].notes);
        cp_arcb_walk(b, a->level, t, a->n_levels + level, 0);
    }
    a->n_levels += n;
    return CP_OK;
}

/* Loads of all mixes compete for the same intervals: a swap leaves nothing of the mix before. */
static cp_status arcs_of_day(cp_arc_builder *b, int32_t t)
{
    const int32_t n_mixes = cp_mix_count(b->net, b->out->point);
    if (cp_arcb_any_mode(b, t)) cp_arcb_flows(b, t, NULL);
    for (int32_t mix = 0; cp_arcb_any_mode(b, t) && mix < n_mixes; mix++)
        CP_TRY(arcs_of_mix(b, t, mix));
    return cp_arcb_flush(b);
}

/* ---- assembly
 * -------------------------------------------------------------------------------
 */

static bool same_level(const cp_arc_builder *b, const cp_level *x, const cp_level *y)
{
    const size_t size = (size_t)b->sim.n_channels * sizeof *x->notes;
    return x->out_minor == y->out_minor && x->mix == y->mix && x->entry_minor == y->entry_minor &&
           x->entry_back == y->entry_back && memcmp(x->notes, y->notes, size) == 0;
}

/* Levels kept so far, each once. */
typedef struct kept_levels {
    const cp_level *from;
    int32_t *index; /* of each of `from`: place among the kept ones, from 1 on */
    int32_t *kept, n;
} kept_levels;

static int16_t keep_level(const cp_arc_builder *b, kept_levels *k, int32_t level)
{
    for (int32_t j = 0; j < k->n && k->index[level] == 0; j++)
        if (same_level(b, &k->from[k->kept[j]], &k->from[level])) k->index[level] = j + 1;
    if (k->index[level] == 0) {
        k->kept[k->n++] = level;
        k->index[level] = k->n;
    }
    return (int16_t)(k->index[level] - 1);
}

cp_status cp_arcb_pack_levels(cp_arc_builder *b, cp_arc_table *const *table, int32_t n_tables,
                              int32_t n_groups, int32_t n_from, cp_level **out, int32_t *n_out)
{
    const size_t n_channels = (size_t)b->sim.n_channels;
    kept_levels k = {.from = table[0]->levels};
    cp_level *level = NULL;
    int64_t *notes = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, k.index, n_from + 1);
    CP_NEW(b->ctx, b->ctx->scratch, k.kept, n_from + 1);
    for (int32_t i = 0; i < n_tables; i++)
        for (int32_t e = 0; e < table[i]->first[n_groups]; e++)
            table[i]->level[e] = keep_level(b, &k, table[i]->level[e]);
    CP_NEW(b->ctx, b->ctx->run, level, k.n + 1);
    CP_NEW(b->ctx, b->ctx->run, notes, (size_t)k.n * n_channels + 1);
    for (int32_t i = 0; i < k.n; i++) {
        level[i] = k.from[k.kept[i]];
        level[i].notes =
            memcpy(notes + (size_t)i * n_channels, level[i].notes, n_channels * sizeof *notes);
    }
    for (int32_t i = 0; i < n_tables; i++)
        table[i]->levels = level;
    *out = level;
    *n_out = k.n;
    return CP_OK;
}

static cp_status new_arrays(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    cp_arena *run = b->ctx->run, *tmp = b->ctx->scratch;
    const size_t days = (size_t)b->n_days;
    CP_NEW(b->ctx, run, a->opening, days + 1);
    a->n_early = cp_vault_early_days(b->net, b->net->sites[b->point->site].vault);
    CP_NEW(b->ctx, run, a->left, (size_t)a->n_early * (size_t)a->n_channels + 1);
    CP_NEW(b->ctx, run, a->may_visit, days * (size_t)a->n_all_modes);
    CP_NEW(b->ctx, run, a->may_open, days + 1);
    CP_NEW(b->ctx, run, a->node, days * (size_t)a->n_all_modes);
    CP_NEW(b->ctx, run, a->out_ppm, days);
    if (a->branch_mode >= 0) CP_NEW(b->ctx, run, a->branch_ppm, days);
    CP_NEW_RAW(b->ctx, tmp, a->level, /* until they are packed */
               days * CP_LEVELS_PER_DAY * (size_t)cp_mix_count(b->net, a->point));
    CP_NEW(b->ctx, tmp, b->rate, days);
    CP_NEW(b->ctx, tmp, b->first, days + 1);
    CP_NEW(b->ctx, tmp, b->must, days);
    CP_NEW(b->ctx, tmp, b->pin_amount, days);
    CP_NEW(b->ctx, tmp, b->n_pair, (size_t)b->longest + days + 2);
    CP_NEW_RAW(b->ctx, tmp, b->pair, ((size_t)b->longest + days + 2) * CP_ARCS_PER_PAIR);
    CP_NEW_RAW(b->ctx, tmp, b->pair_cost, ((size_t)b->longest + days + 2) * CP_ARCS_PER_PAIR);
    b->cap_list = b->n_days * (b->longest + b->n_days) * CP_ARCS_PER_PAIR + 1;
    CP_NEW_RAW(b->ctx, tmp, b->list, b->cap_list);
    return CP_OK;
}

static cp_status build(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    CP_TRY(cp_arcb_modes(b));
    CP_TRY(new_arrays(b));
    cp_arcb_may_visit(b);
    cp_arcb_may_open(b);
    set_rates(b);
    cp_arcb_opening(b);
    for (int32_t t = 0; t < b->n_days; t++) {
        b->first[t] = b->n_list;
        CP_TRY(arcs_of_day(b, t));
    }
    b->first[b->n_days] = b->n_list;
    const cp_arc_list list = {b->list, b->first, a->level, b->point->code};
    CP_TRY(cp_arc_table_make(b->ctx, a, &list, -1, &a->table));
    b->n_list = 0;
    CP_TRY(cp_arcb_pack_levels(b, &a->table, 1, b->n_days, a->n_levels, &a->level, &a->n_levels));
    if (a->n_firsts > 0) CP_TRY(cp_arcb_firsts(b));
    return cp_arcb_between(b);
}

cp_status cp_arcs_build(cp_ctx *ctx, const cp_arc_input *in, int32_t point, cp_arcs *out)
{
    return cp_arcs_build_scaled(ctx, in, point, 1000000, out);
}

cp_status cp_arcs_build_scaled(cp_ctx *ctx, const cp_arc_input *in, int32_t point,
                               int64_t demand_ppm, cp_arcs *out)
{
    const cp_network *net = in->net;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_arc_builder b;
    memset(&b, 0, sizeof b);
    memset(out, 0, sizeof *out);
    b.ctx = ctx;
    b.in = in;
    b.net = net;
    b.point = &net->points[point];
    b.out = out;
    b.n_days = net->n_days;
    out->point = point;
    out->n_days = net->n_days;
    out->add_mode = out->branch_mode = -1;
    out->n_channels = b.point->n_channels;
    if (b.point->serviced_by == CP_BY_BRANCH || b.point->n_channels == 0) return CP_OK;
    if (b.point->n_channels > CP_MAX_CHANNELS)
        CP_FAIL(ctx, CP_E_RANGE, "point %s has %d channels; at most %d are handled", b.point->code,
                (int)b.point->n_channels, CP_MAX_CHANNELS);
    b.longest = net->settings.longest_interval_days;
    if (b.point->max_interval_days > 0 && b.point->max_interval_days < b.longest)
        b.longest = b.point->max_interval_days;
    b.service_ppm = b.point->service_level_ppm >= 0 ? b.point->service_level_ppm
                                                    : net->settings.service_level_ppm;
    CP_TRY(cp_arc_sim_new(ctx, in, point, demand_ppm, &b.sim));
    CP_TRY(cp_arc_flows_new(ctx, &b.sim, b.sim.n_days, &b.flows));
    CP_TRY(build(&b));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
