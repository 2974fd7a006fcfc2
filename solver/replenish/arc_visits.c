/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_visits.c - which visits a point may have: by whom, of which kind, on which days. */
#include "solver/replenish/arc_builder.h"

static bool deposit_only(const cp_arc_builder *b)
{
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        if (b->sim.channel[k].role != CP_ROLE_DEPOSIT) return false;
    return true;
}

static cp_mode *push_mode(cp_arcs *a, cp_visit_kind kind, int32_t service_min)
{
    cp_mode *mode = &a->mode[a->n_all_modes++];
    mode->kind = kind;
    mode->service_min = service_min;
    return mode;
}

/* The cassettes of these channels are exchanged. */
static void set_swapped(const cp_arc_builder *b, uint32_t channels, cp_mode *mode)
{
    mode->swapped = channels;
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        if (channels >> k & 1) mode->cassettes += b->sim.channel[k].n_cassettes;
}

static void center_modes(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    const cp_point *p = b->point;
    if (p->visit_kinds & CP_MAY_SWAP)
        set_swapped(b, (uint32_t)((UINT64_C(1) << b->sim.n_channels) - 1),
                    push_mode(a, CP_VISIT_SWAP, p->service_min_swap));
    if (!(p->visit_kinds & CP_MAY_ADD)) return;
    if (deposit_only(b)) {
        if (a->n_all_modes == 0) push_mode(a, CP_VISIT_PICKUP, p->service_min_add);
        return;
    }
    a->add_mode = a->n_all_modes;
    push_mode(a, CP_VISIT_ADD, p->service_min_add);
}

/* The staff of the branch: nobody drives, so no minutes. */
static void branch_mode(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    if (b->point->serviced_by != CP_BY_EITHER) return;
    a->branch_mode = a->n_all_modes;
    push_mode(a, deposit_only(b) ? CP_VISIT_PICKUP : CP_VISIT_ADD, 0)->by_branch = true;
}

/* Partial swaps: every choice of cash channels but none and all where there are at most four, else
 * each one alone and all but each one. Deposit bins are exchanged with any of them. */
static void partial_modes(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    uint32_t bins = 0, cash = 0;
    int32_t n_cash = 0, channel[CP_MAX_CHANNELS];
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const bool bin = b->sim.channel[k].role == CP_ROLE_DEPOSIT;
        if (!bin) channel[n_cash++] = k;
        *(bin ? &bins : &cash) |= UINT32_C(1) << k;
    }
    const int32_t n_sets = n_cash <= 4 ? (1 << n_cash) - 2 : 2 * n_cash;
    for (int32_t i = 0; i < n_sets && n_cash > 1; i++) {
        uint32_t set = 0;
        for (int32_t c = 0; c < n_cash && n_cash <= 4; c++)
            if ((i + 1) >> c & 1) set |= UINT32_C(1) << channel[c];
        if (n_cash > 4) set = UINT32_C(1) << channel[i % n_cash];
        if (n_cash > 4 && i >= n_cash) set = cash & ~set;
        set_swapped(b, set | bins, push_mode(a, CP_VISIT_PARTIAL_SWAP, b->point->service_min_swap));
    }
}

cp_status cp_arcb_modes(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    const bool partial = (b->point->visit_kinds & CP_MAY_PARTIAL_SWAP) != 0;
    CP_NEW(b->ctx, b->ctx->run, a->mode, partial ? CP_MAX_ALL_MODES : CP_MAX_MODES);
    center_modes(b);
    if (a->n_all_modes == 0)
        CP_FAIL(b->ctx, CP_E_INPUT, "point %s may neither be swapped nor added to (visit_kinds)",
                b->point->code);
    branch_mode(b);
    a->n_modes = a->n_all_modes;
    if (partial) partial_modes(b);
    CP_NEW(b->ctx, b->ctx->run, a->way, 4 + a->n_all_modes - a->n_modes); /* leads, trails */
    if (a->add_mode >= 0) a->way[a->n_firsts++].mode = a->add_mode;
    if (a->branch_mode >= 0 && !deposit_only(b)) a->way[a->n_firsts++].mode = a->branch_mode;
    for (int32_t m = a->n_modes; m < a->n_all_modes; m++)
        a->way[a->n_firsts++].mode = m;
    return CP_OK;
}

static void apply_pin(cp_arc_builder *b, const cp_pin *pin)
{
    cp_arcs *a = b->out;
    const int32_t t = pin->day - b->net->first_day;
    if (t < 0 || t >= b->n_days) return;
    if (pin->rule == CP_PIN_MUST) {
        b->must[t] = 1;
        b->pin_amount[t] = pin->amount_minor;
    }
    for (int32_t m = 0; m < a->n_all_modes; m++) {
        /* A named car does not come where the branch's staff does. */
        const bool named = (pin->kind < 0 || (int32_t)a->mode[m].kind == pin->kind) &&
                           (pin->rule != CP_PIN_MUST || pin->car < 0 || !a->mode[m].by_branch);
        if (pin->rule == CP_PIN_MUST)
            a->may_visit[m * b->n_days + t] = named;
        else if (named)
            a->may_visit[m * b->n_days + t] = 0;
    }
}

/* Days on which each mode may come; pins last, so that a planner's word wins over service days. */
void cp_arcb_may_visit(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    const int32_t site = b->point->site;
    for (int32_t t = 0; t < b->n_days; t++) {
        const bool banned =
            b->in->banned && b->in->banned[(size_t)site * (size_t)b->n_days + (size_t)t];
        const bool ok = cp_point_serviceable(b->net, a->point, b->net->first_day + t);
        for (int32_t m = 0; m < a->n_all_modes; m++)
            a->may_visit[m * b->n_days + t] = ok && (!banned || a->mode[m].by_branch);
        b->pin_amount[t] = -1;
    }
    for (int32_t i = 0; i < b->net->rows.n_pin; i++)
        if (b->net->rows.pin[i].point == a->point) apply_pin(b, &b->net->rows.pin[i]);
}

bool cp_arcb_any_mode(const cp_arc_builder *b, int32_t t)
{
    for (int32_t m = 0; m < b->out->n_modes; m++)
        if (b->out->may_visit[m * b->n_days + t]) return true;
    return false;
}

/* The same of a first visit. */
static bool any_first(const cp_arc_builder *b, int32_t t)
{
    for (int32_t m = 0; m < b->out->n_all_modes; m++)
        if (b->out->may_visit[m * b->n_days + t]) return true;
    return false;
}

/* Days on which the first visit may be: not beyond a must, the latest day or the longest interval.
 * Where no day is left the limits give way and the referee reports it: a plan must exist. */
void cp_arcb_may_open(cp_arc_builder *b)
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
        b->out->may_open[t] = any_first(b, t);
        n_open += b->out->may_open[t];
    }
    b->out->may_open[b->n_days] = latest >= b->n_days;
    if (n_open > 0 || b->out->may_open[b->n_days]) return;
    for (int32_t t = latest < 0 ? 0 : latest; t < b->n_days && n_open == 0; t++)
        if (any_first(b, t)) n_open = b->out->may_open[t] = 1;
    if (n_open == 0) b->out->may_open[b->n_days] = 1;
}
