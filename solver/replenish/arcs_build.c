/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "solver/replenish/arc_levels.h"
#include "solver/replenish/arcs.h"

/* Arcs kept for one (visit day, next visit day): the cheapest loads that meet the service level. A
 * dearer load is used only where value or sorting binds, and there the next smaller ones serve. */
#define ARCS_PER_PAIR 3

/* Tariffs of one day in the scope of the point. */
typedef struct rates {
    int64_t hold_ppm, cash_out_ppm, emergency, sort_1000, back_min, value_ppm, stop, pack;
} rates;

typedef struct builder {
    cp_ctx *ctx;
    const cp_arc_input *in;
    const cp_network *net;
    const cp_point *point;
    cp_arcs *out;
    cp_arc_sim sim;
    rates *rate;             /* n_days */
    uint8_t *must;           /* n_days: pinned visit */
    int64_t *pin_amount;     /* n_days: -1 = free */
    int32_t n_days, longest; /* T, most days between visits */
    int32_t service_ppm;
    cp_arc *pair; /* (until - t) * ARCS_PER_PAIR + i, while the arcs of one t are made */
    int32_t *n_pair;
    cp_arc *list; /* arcs so far */
    int32_t n_list;
} builder;

/* ---- rules of the point ------------------------------------------------------------------- */

static bool deposit_only(const builder *b)
{
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        if (b->sim.channel[k].role != CP_ROLE_DEPOSIT) return false;
    return true;
}

static void add_mode(cp_arcs *a, cp_visit_kind kind, int32_t service_min, int32_t cassettes)
{
    const cp_mode mode = {kind, service_min, cassettes};
    a->mode[a->n_modes++] = mode;
}

static void set_modes(builder *b)
{
    cp_arcs *a = b->out;
    const cp_point *p = b->point;
    int32_t set = 0;
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        set += b->sim.channel[k].n_cassettes;
    a->add_mode = -1;
    if (p->visit_kinds & CP_MAY_SWAP) add_mode(a, CP_VISIT_SWAP, p->service_min_swap, set);
    if (!(p->visit_kinds & CP_MAY_ADD)) return;
    if (deposit_only(b)) {
        if (a->n_modes == 0) add_mode(a, CP_VISIT_PICKUP, p->service_min_add, 0);
        return;
    }
    a->add_mode = a->n_modes;
    add_mode(a, CP_VISIT_ADD, p->service_min_add, 0);
}

static void apply_pin(builder *b, const cp_pin *pin)
{
    cp_arcs *a = b->out;
    const int32_t t = pin->day - b->net->first_day;
    if (t < 0 || t >= b->n_days) return;
    if (pin->rule == CP_PIN_MUST) {
        b->must[t] = 1;
        b->pin_amount[t] = pin->amount_minor;
    }
    for (int32_t m = 0; m < a->n_modes; m++) {
        const bool named = pin->kind < 0 || (int32_t)a->mode[m].kind == pin->kind;
        if (pin->rule == CP_PIN_MUST)
            a->may_visit[m * b->n_days + t] = named;
        else if (named)
            a->may_visit[m * b->n_days + t] = 0;
    }
}

/* Days on which each mode may come; pins last, so that a planner's word wins over service days. */
static void set_may_visit(builder *b)
{
    cp_arcs *a = b->out;
    const int32_t site = b->point->site;
    for (int32_t t = 0; t < b->n_days; t++) {
        const bool banned =
            b->in->banned && b->in->banned[(size_t)site * (size_t)b->n_days + (size_t)t];
        const bool ok = !banned && cp_point_serviceable(b->net, a->point, b->net->first_day + t);
        for (int32_t m = 0; m < a->n_modes; m++)
            a->may_visit[m * b->n_days + t] = ok;
        b->pin_amount[t] = -1;
    }
    for (int32_t i = 0; i < b->net->rows.n_pin; i++)
        if (b->net->rows.pin[i].point == a->point) apply_pin(b, &b->net->rows.pin[i]);
}

static bool any_mode(const builder *b, int32_t t)
{
    for (int32_t m = 0; m < b->out->n_modes; m++)
        if (b->out->may_visit[m * b->n_days + t]) return true;
    return false;
}

/* Days on which the first visit may be: not beyond a must, the latest day or the longest interval.
 * Where no day is left the limits give way and the referee reports it: a plan must exist. */
static void set_may_open(builder *b)
{
    const cp_point *p = b->point;
    int32_t latest = b->n_days;
    if (p->max_interval_days > 0) {
        const int32_t due = p->max_interval_days - p->days_since_visit;
        if (due < latest) latest = due < 0 ? 0 : due;
    }
    if (p->latest_day != CP_DAY_NONE && p->latest_day - b->net->first_day < latest)
        latest = p->latest_day - b->net->first_day;
    for (int32_t t = 0; t < b->n_days; t++)
        if (b->must[t] && t < latest) latest = t;
    int32_t n_open = 0;
    for (int32_t t = 0; t < b->n_days && t <= latest; t++) {
        b->out->may_open[t] = any_mode(b, t);
        n_open += b->out->may_open[t];
    }
    b->out->may_open[b->n_days] = latest >= b->n_days;
    if (n_open > 0 || b->out->may_open[b->n_days]) return;
    for (int32_t t = latest < 0 ? 0 : latest; t < b->n_days && n_open == 0; t++)
        if (any_mode(b, t)) n_open = b->out->may_open[t] = 1;
    if (n_open == 0) b->out->may_open[b->n_days] = 1;
}

static void set_rates(builder *b)
{
    const cp_network *net = b->net;
    const int32_t site = b->point->site, vault = net->sites[site].vault;
    for (int32_t t = 0; t < b->n_days; t++) {
        const cp_day day = net->first_day + t;
        rates *r = &b->rate[t];
        r->hold_ppm = cp_tariff_get(net, CP_TARIFF_HOLD_PPM_YEAR, day, vault, -1, site, -1);
        r->cash_out_ppm = cp_tariff_get(net, CP_TARIFF_CASH_OUT_PPM, day, vault, -1, site, -1);
        r->emergency = cp_tariff_get(net, CP_TARIFF_EMERGENCY_MINOR, day, vault, -1, site, -1);
        r->sort_1000 = cp_tariff_get(net, CP_TARIFF_SORT_1000_MINOR, day, vault, -1, site, -1);
        r->back_min = cp_tariff_get(net, CP_TARIFF_STOP_VALUE_MIN_MINOR, day, vault, -1, site, -1);
        r->value_ppm = cp_tariff_get(net, CP_TARIFF_STOP_VALUE_PPM, day, vault, -1, site, -1);
        r->stop = cp_tariff_get(net, CP_TARIFF_STOP_MACHINE_MINOR, day, vault, -1, site, -1);
        r->pack = cp_tariff_get(net, CP_TARIFF_PACK_CASSETTE_MINOR, day, vault, -1, site, -1);
        b->out->out_ppm[t] = r->value_ppm;
        for (int32_t m = 0; m < b->out->n_modes; m++)
            b->out->node[m * b->n_days + t] = r->stop + b->out->mode[m].cassettes * r->pack;
    }
    b->out->miss_minor = b->service_ppm > 0 ? cp_relief_price(net, CP_LIMIT_SERVICE_LEVEL, vault,
                                                              site, net->first_day)
                                            : 0;
}

cp_minor cp_arcs_node_cost(const cp_arcs *a, int32_t t, int32_t mode, const cp_level *level)
{
    return a->node[mode * a->n_days + t] + cp_mul_div(level->out_minor, a->out_ppm[t], 1000000);
}

/* ---- cost of one interval ------------------------------------------------------------------ */

/* Charged share of an interval: whole, or its part inside the horizon. */
typedef struct share {
    int64_t num, den;
} share;

static share share_of(const builder *b, int32_t t, int32_t until)
{
    share s = {1, 1};
    if (until >= b->n_days && t >= 0) {
        s.num = b->n_days - t;
        s.den = until - t;
    }
    return s;
}

static cp_minor stock_cost(const builder *b, int32_t day, share sh, int64_t hold, int64_t refused,
                           int32_t failures)
{
    const rates *r = &b->rate[day];
    const int64_t w = b->sim.n_paths;
    return cp_mul_div(hold, r->hold_ppm * sh.num, 365 * INT64_C(1000000) * w * sh.den) +
           cp_mul_div(refused, r->cash_out_ppm * sh.num, INT64_C(1000000) * w * sh.den) +
           cp_mul_div(failures, r->emergency * sh.num, w * sh.den);
}

static cp_minor back_cost(const builder *b, int32_t day, share sh, int64_t notes, int64_t value)
{
    const rates *r = &b->rate[day];
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

static bool misses(const builder *b, int32_t failures)
{
    return b->service_ppm > 0 && failures > cp_paths_may_fail(b->service_ppm, b->sim.n_paths);
}

static int32_t mean_up(int64_t sum, int64_t n)
{
    return (int32_t)((sum + n - 1) / n);
}

/* The arc from t (or -1) to `until` from the peeked state of the simulation. */
static cp_arc make_arc(const builder *b, int32_t t, int32_t until)
{
    const cp_arc_sim *sim = &b->sim;
    const share sh = share_of(b, t, until);
    const int32_t day = t < 0 ? 0 : t, failures = cp_arc_sim_peek_failures(sim);
    cp_arc arc = {0};
    arc.until = (int16_t)until;
    arc.misses = misses(b, failures);
    arc.cost = stock_cost(b, day, sh, sim->hold_minor, sim->peek_refused_minor, failures);
    if (arc.misses) arc.cost += b->out->miss_minor;
    for (int32_t m = 0; m < b->out->n_modes; m++) {
        int64_t notes = 0, value = 0;
        cp_arc_sim_peek_stock(sim, b->out->mode[m].kind != CP_VISIT_SWAP, &notes, &value);
        arc.end[m] = back_cost(b, day, sh, notes, value);
        arc.back[m] = until < b->n_days ? mean_up(notes, sim->n_paths) : 0;
    }
    return arc;
}

/* A last interval also carries its own visit, at its share. */
static void add_node_share(const builder *b, int32_t t, const cp_level *level, cp_arc *arc)
{
    const share sh = share_of(b, t, arc->until);
    const rates *r = &b->rate[t];
    for (int32_t m = 0; m < b->out->n_modes; m++)
        arc->end[m] += cp_mul_div(r->stop, sh.num, sh.den) +
                       cp_mul_div(b->out->mode[m].cassettes, r->pack * sh.num, sh.den) +
                       cp_mul_div(level->out_minor, r->value_ppm * sh.num, 1000000 * sh.den);
}

/* ---- arcs of one visit day ------------------------------------------------------------------ */

static cp_minor rank_cost(const builder *b, const cp_arc *arc, const cp_level *level, int32_t t)
{
    const cp_minor out =
        arc->until < b->n_days ? cp_mul_div(level->out_minor, b->out->out_ppm[t], 1000000) : 0;
    return arc->cost + arc->end[0] + out;
}

/* Keep the arc if it is among the cheapest of its (t, until); arcs that meet the service level
 * drive out those that do not, of which one is kept. */
static void keep_arc(builder *b, const cp_level *levels, int32_t t, const cp_arc *arc)
{
    cp_arc *slot = b->pair + (size_t)(arc->until - t) * ARCS_PER_PAIR;
    int32_t *n = &b->n_pair[arc->until - t];
    if (*n > 0 && slot[0].misses != arc->misses) {
        if (arc->misses) return;
        *n = 0;
    }
    const int32_t most = arc->misses ? 1 : ARCS_PER_PAIR;
    const cp_minor cost = rank_cost(b, arc, &levels[arc->level], t);
    int32_t at = *n;
    while (at > 0 && cost < rank_cost(b, &slot[at - 1], &levels[slot[at - 1].level], t))
        at--;
    if (at >= most) return;
    const int32_t last = *n < most ? *n : most - 1;
    memmove(slot + at + 1, slot + at, (size_t)(last - at) * sizeof *slot);
    slot[at] = *arc;
    if (*n < most) (*n)++;
}

/* The latest day of the next visit. Where service days leave none inside the longest interval, the
 * next one there is: rules that exclude each other give way here and the referee reports it. */
static int32_t latest_next(const builder *b, int32_t t)
{
    int32_t last = t + b->longest;
    for (int32_t s = t + 1; s <= last && s < b->n_days; s++)
        if (any_mode(b, s)) return last;
    while (last < b->n_days && !any_mode(b, last))
        last++;
    return last;
}

/* Walk from the visit on t and record every possible next visit. The stock stands as left by the
 * visit. Ends early where more than half the paths have failed and the level is missed anyway. */
static void walk(builder *b, const cp_level *levels, int32_t t, int32_t level)
{
    const int32_t last = latest_next(b, t);
    cp_arc_sim_after_visit(&b->sim, t);
    for (int32_t s = t + 1; s <= last; s++) {
        if (s >= b->n_days || any_mode(b, s)) {
            cp_arc_sim_peek(&b->sim, s);
            cp_arc arc = make_arc(b, t, s);
            arc.level = (int16_t)level;
            if (s >= b->n_days) add_node_share(b, t, &levels[level], &arc);
            keep_arc(b, levels, t, &arc);
        }
        if (s < b->n_days && b->must[s]) return;
        if (s == last || s + 1 >= b->sim.n_days) return;
        cp_arc_sim_day(&b->sim, s);
        if (b->service_ppm > 0 && 2 * cp_arc_sim_failures(&b->sim) > b->sim.n_paths &&
            b->n_pair[s + 1 - t] > 0)
            return;
    }
}

static void flush_pairs(builder *b)
{
    for (int32_t d = 1; d <= b->longest + b->n_days; d++) {
        for (int32_t i = 0; i < b->n_pair[d]; i++)
            b->list[b->n_list++] = b->pair[(size_t)d * ARCS_PER_PAIR + (size_t)i];
        b->n_pair[d] = 0;
    }
}

/* A pinned amount replaces the levels of the day: the whole steps nearest to it. */
static cp_status pin_levels(builder *b, int32_t t, cp_level *levels, int32_t *n)
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

static cp_level_ask level_ask(const builder *b, int32_t t)
{
    const rates *r = &b->rate[t];
    const double n = (double)b->sim.n_paths;
    const cp_level_ask ask = {
        .sim = &b->sim,
        .point = b->point,
        .t = t,
        .last = t + b->longest < b->sim.n_days ? t + b->longest : b->sim.n_days,
        .service =
            b->service_ppm > 0 ? (n - cp_paths_may_fail(b->service_ppm, b->sim.n_paths)) / n : 0.0,
        .lost = (double)r->cash_out_ppm,
        .hold = (double)r->hold_ppm / 365.0,
        .emergency = 1e6 * (double)r->emergency,
    };
    return ask;
}

static cp_status arcs_of_day(builder *b, int32_t t)
{
    cp_arcs *a = b->out;
    int32_t n = 0;
    if (!any_mode(b, t)) return CP_OK;
    const cp_level_ask ask = level_ask(b, t);
    cp_level *levels = a->level + a->n_levels;
    CP_TRY(cp_arc_levels(b->ctx, &ask, levels, &n));
    CP_TRY(pin_levels(b, t, levels, &n));
    for (int32_t i = 0; i < n; i++) {
        cp_arc_sim_start(&b->sim, levels[i].notes);
        walk(b, a->level, t, a->n_levels + i);
    }
    a->n_levels += n;
    flush_pairs(b);
    return CP_OK;
}

/* ---- opening and first adds ---------------------------------------------------------------- */

static void start_opening(builder *b)
{
    int64_t notes[CP_MAX_CHANNELS];
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        notes[k] = b->sim.channel[k].balance_notes;
    cp_arc_sim_start(&b->sim, notes);
}

static void opening_arcs(builder *b)
{
    start_opening(b);
    for (int32_t s = 0; s <= b->n_days; s++) {
        if (s < b->n_days) {
            cp_arc_sim_peek(&b->sim, s);
            b->out->opening[s] = make_arc(b, -1, s);
            cp_arc_sim_day(&b->sim, s);
            continue;
        }
        cp_arc arc = {0};
        const int32_t failures = cp_arc_sim_failures(&b->sim);
        const share whole = {1, 1};
        arc.until = (int16_t)s;
        arc.misses = misses(b, failures);
        arc.cost = stock_cost(b, 0, whole, b->sim.hold_minor, b->sim.refused_minor, failures) +
                   (arc.misses ? b->out->miss_minor : 0);
        b->out->opening[s] = arc;
    }
}

/* Carry out a first add of `level` on the residual; returns the notes and value that come back. */
static void add_amount(builder *b, const cp_level *level, const int32_t *residual, int64_t *notes,
                       int64_t *value)
{
    *notes = *value = 0;
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const cp_channel *c = &b->sim.channel[k];
        int64_t back = 0;
        for (int32_t w = 0; w < b->sim.n_paths; w++) {
            const size_t at = (size_t)k * (size_t)b->sim.n_paths + (size_t)w;
            const int64_t there = residual[at];
            int64_t after = there + level->notes[k];
            if (after > c->capacity_notes) after = c->capacity_notes;
            if (after < 0 || c->role == CP_ROLE_DEPOSIT) after = 0;
            const int64_t came = level->notes[k] > 0 ? level->notes[k] : 0;
            back += there + came - after;
            b->sim.stock[at] = (int32_t)after;
        }
        *notes += back;
        *value += back * c->value_minor;
    }
}

static cp_status add_arcs_of_day(builder *b, int32_t t, const int32_t *residual)
{
    cp_arcs *a = b->out;
    int32_t n = 0, base = 0;
    if (!a->may_open[t] || !a->may_visit[a->add_mode * b->n_days + t]) return CP_OK;
    while (a->amount[base].notes)
        base++;
    cp_level_ask ask = level_ask(b, t);
    ask.amounts = true;
    ask.residual = residual;
    CP_TRY(cp_arc_levels(b->ctx, &ask, a->amount + base, &n));
    CP_TRY(pin_levels(b, t, a->amount + base, &n));
    const share whole = {1, 1};
    for (int32_t i = 0; i < n; i++) {
        cp_level *level = &a->amount[base + i];
        int64_t notes = 0, value = 0;
        cp_arc_sim_clear(&b->sim);
        add_amount(b, level, residual, &notes, &value);
        level->entry_minor = back_cost(b, 0, whole, notes, value);
        level->entry_back = mean_up(notes, b->sim.n_paths);
        walk(b, a->amount, t, base + i);
    }
    flush_pairs(b);
    return CP_OK;
}

/* The stock before a first visit on each day: the opening simulation, kept. */
static cp_status first_adds(builder *b)
{
    const size_t n = (size_t)b->sim.n_channels * (size_t)b->sim.n_paths;
    int32_t *residual = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, residual, n * (size_t)b->n_days);
    start_opening(b);
    for (int32_t t = 0; t < b->n_days; t++) {
        cp_arc_sim_peek(&b->sim, t);
        memcpy(residual + n * (size_t)t, b->sim.peek, n * sizeof *residual);
        cp_arc_sim_day(&b->sim, t);
    }
    for (int32_t t = 0; t < b->n_days; t++) {
        b->out->add_first[t] = b->n_list;
        CP_TRY(add_arcs_of_day(b, t, residual + n * (size_t)t));
    }
    b->out->add_first[b->n_days] = b->n_list;
    return CP_OK;
}

/* ---- assembly ------------------------------------------------------------------------------- */

static cp_status copy_arcs(builder *b, cp_arc **out)
{
    CP_NEW(b->ctx, b->ctx->run, *out, b->n_list);
    memcpy(*out, b->list, (size_t)b->n_list * sizeof **out);
    b->n_list = 0;
    return CP_OK;
}

static cp_status new_arrays(builder *b)
{
    cp_arcs *a = b->out;
    cp_arena *run = b->ctx->run, *tmp = b->ctx->scratch;
    const size_t days = (size_t)b->n_days;
    CP_NEW(b->ctx, run, a->first, days + 1);
    CP_NEW(b->ctx, run, a->add_first, days + 1);
    CP_NEW(b->ctx, run, a->opening, days + 1);
    CP_NEW(b->ctx, run, a->may_visit, days * CP_MAX_MODES);
    CP_NEW(b->ctx, run, a->may_open, days + 1);
    CP_NEW(b->ctx, run, a->node, days * CP_MAX_MODES);
    CP_NEW(b->ctx, run, a->out_ppm, days);
    CP_NEW(b->ctx, run, a->level, days * CP_LEVELS_PER_DAY);
    CP_NEW(b->ctx, tmp, b->rate, days);
    CP_NEW(b->ctx, tmp, b->must, days);
    CP_NEW(b->ctx, tmp, b->pin_amount, days);
    CP_NEW(b->ctx, tmp, b->n_pair, (size_t)b->longest + days + 2);
    CP_NEW(b->ctx, tmp, b->pair, ((size_t)b->longest + days + 2) * ARCS_PER_PAIR);
    CP_NEW(b->ctx, tmp, b->list, days * ((size_t)b->longest + days) * ARCS_PER_PAIR + 1);
    return CP_OK;
}

static cp_status build(builder *b)
{
    cp_arcs *a = b->out;
    CP_TRY(new_arrays(b));
    set_modes(b);
    if (a->n_modes == 0)
        CP_FAIL(b->ctx, CP_E_INPUT, "point %s may neither be swapped nor added to (visit_kinds)",
                b->point->code);
    set_may_visit(b);
    set_may_open(b);
    set_rates(b);
    opening_arcs(b);
    for (int32_t t = 0; t < b->n_days; t++) {
        a->first[t] = b->n_list;
        CP_TRY(arcs_of_day(b, t));
    }
    a->first[b->n_days] = b->n_list;
    CP_TRY(copy_arcs(b, &a->arc));
    if (a->add_mode < 0) return cp_arc_tables_make(b->ctx, a);
    CP_NEW(b->ctx, b->ctx->run, a->amount, (size_t)b->n_days * CP_LEVELS_PER_DAY + 1);
    CP_TRY(first_adds(b));
    CP_TRY(copy_arcs(b, &a->add_arc));
    return cp_arc_tables_make(b->ctx, a);
}

cp_status cp_arcs_build(cp_ctx *ctx, const cp_arc_input *in, int32_t point, cp_arcs *out)
{
    const cp_network *net = in->net;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    builder b;
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
    out->add_mode = -1;
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
    CP_TRY(cp_arc_sim_new(ctx, in, point, &b.sim));
    CP_TRY(build(&b));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
