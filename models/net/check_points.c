/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/issues.h"

#define WHOLE_PPM 1000000

static const char *kind_word(const cp_point *p)
{
    return p->kind == CP_POINT_ATM ? "ATM" : "branch";
}

static cp_status check_slots(cp_checker *k, const cp_point *p)
{
    const cp_network *net = k->net;
    const cp_severity hard = cp_planned(p) ? CP_ISSUE_ERROR : CP_ISSUE_WARNING;
    for (int32_t i = p->first_cassette; i < p->first_cassette + p->n_cassettes; i++) {
        const cp_cassette *c = &net->cassettes[i];
        if (c->role == CP_ROLE_REJECT) continue;
        if (c->capacity_notes < c->step_notes && c->role != CP_ROLE_DEPOSIT)
            CP_TRY(cp_issue_add(k, hard, CP_ENTITY_CASSETTE, p->code, "capacity_notes",
                                "%s %s slot %d: capacity of %d notes holds no loading step of %d",
                                kind_word(p), p->code, (int)c->slot, (int)c->capacity_notes,
                                (int)c->step_notes));
        if (c->min_load_notes > c->capacity_notes)
            CP_TRY(cp_issue_add(k, hard, CP_ENTITY_CASSETTE, p->code, "min_load_notes",
                                "%s %s slot %d: least load of %d notes is above the capacity of %d",
                                kind_word(p), p->code, (int)c->slot, (int)c->min_load_notes,
                                (int)c->capacity_notes));
        if (net->settings.low_level_counts && c->role != CP_ROLE_DEPOSIT &&
            c->low_notes >= c->capacity_notes && c->low_notes > 0)
            CP_TRY(cp_issue_add(
                k, CP_ISSUE_WARNING, CP_ENTITY_CASSETTE, p->code, "low_notes",
                "%s %s slot %d: its low level of %d notes counts and its capacity is "
                "%d: no load keeps the service level",
                kind_word(p), p->code, (int)c->slot, (int)c->low_notes, (int)c->capacity_notes));
        if (c->balance_notes > c->capacity_notes)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_CASSETTE, p->code, "balance_notes",
                                "%s %s slot %d: balance of %d notes is above the capacity of %d",
                                kind_word(p), p->code, (int)c->slot, (int)c->balance_notes,
                                (int)c->capacity_notes));
        if (p->kind == CP_POINT_ATM && c->cassette_model < 0 &&
            (p->visit_kinds & (CP_MAY_SWAP | CP_MAY_PARTIAL_SWAP)) != 0)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_CASSETTE, p->code,
                                "cassette_model_code",
                                "ATM %s slot %d: is swapped and has no cassette model; its volume "
                                "and pool are not counted",
                                p->code, (int)c->slot));
    }
    return CP_OK;
}

/* Given shares must make up the whole of the flow they divide. */
static cp_status check_shares(cp_checker *k, const cp_point *p)
{
    static const cp_role one_way[] = {CP_ROLE_DISPENSE, CP_ROLE_DEPOSIT};
    static const char *const flow[] = {"withdrawals", "deposits"};
    for (int32_t f = 0; f < 2; f++) {
        int64_t sum = 0;
        int32_t n = 0, given = 0;
        for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
            const cp_channel *ch = &k->net->channels[c];
            if (ch->role != one_way[f] && ch->role != CP_ROLE_RECYCLE) continue;
            n++;
            if (ch->share_ppm < 0) continue;
            given++;
            sum += ch->share_ppm;
        }
        if (n == 0 || given < n || (sum > WHOLE_PPM - 100 && sum < WHOLE_PPM + 100)) continue;
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "share_ppm",
                            "%s %s: the shares of its %s sum to %lld; 1000000 is the whole",
                            kind_word(p), p->code, flow[f], (long long)sum));
    }
    return CP_OK;
}

static cp_status check_insured(cp_checker *k, const cp_point *p)
{
    if (p->insured_minor == 0) return CP_OK;
    double least = 0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++)
        least +=
            (double)k->net->channels[c].min_load_notes * (double)k->net->channels[c].value_minor;
    if (least <= (double)p->insured_minor) return CP_OK;
    return cp_issue_add(k, CP_ISSUE_NO_PLAN, CP_ENTITY_POINT, p->code, "insured_minor",
                        "%s %s: its least load is worth %.0f, above the insured amount of %lld "
                        "(minor units)",
                        kind_word(p), p->code, least, (long long)p->insured_minor);
}

static cp_status check_days(cp_checker *k, int32_t point)
{
    const cp_network *net = k->net;
    const cp_point *p = &net->points[point];
    char day[16];
    if (p->latest_day != CP_DAY_NONE && p->latest_day < net->first_day)
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "latest_day",
                            "%s %s: its next visit was due on %s, before the plan begins",
                            kind_word(p), p->code, cp_day_text(p->latest_day, day)));
    if (p->latest_day != CP_DAY_NONE && p->earliest_day != CP_DAY_NONE &&
        p->latest_day < p->earliest_day)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_POINT, p->code, "latest_day",
                            "%s %s: latest_day lies before earliest_day", kind_word(p), p->code));
    for (int32_t t = 0; t < net->n_days; t++)
        if (cp_point_serviceable(net, point, net->first_day + t)) return CP_OK;
    return cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "service_days",
                        "%s %s: may not be visited on any day of the plan", kind_word(p), p->code);
}

/* Who fills it and what is swapped may be left open only where there is a choice. */
static cp_status check_choices(cp_checker *k, const cp_point *p)
{
    if (p->serviced_by == CP_BY_EITHER && (p->kind != CP_POINT_ATM || !p->on_site))
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_POINT, p->code, "serviced_by",
                            "%s %s: only an ATM inside a branch can be filled by either (on_site)",
                            kind_word(p), p->code));
    const int32_t vault = p->site >= 0 ? k->net->sites[p->site].vault : -1;
    const cp_day day = k->net->first_day;
    if (p->serviced_by == CP_BY_EITHER &&
        cp_tariff_get(k->net, CP_TARIFF_BRANCH_FILL_MINOR, day, vault, -1, p->site, -1) == 0 &&
        cp_tariff_get(k->net, CP_TARIFF_BRANCH_VALUE_PPM, day, vault, -1, p->site, -1) == 0)
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "serviced_by",
                            "%s %s: a fill by its branch costs nothing; tariffs branch_fill_minor "
                            "and branch_value_ppm say what it costs",
                            kind_word(p), p->code));
    int32_t n_cash = 0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++)
        n_cash += k->net->channels[c].role != CP_ROLE_DEPOSIT;
    if ((p->visit_kinds & CP_MAY_PARTIAL_SWAP) == 0) return CP_OK;
    if (p->kind == CP_POINT_BRANCH)
        return cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_POINT, p->code, "visit_kinds",
                            "branch %s: has no cassettes to swap", p->code);
    if (n_cash < 2)
        return cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "visit_kinds",
                            "ATM %s: holds fewer than two denominations; a partial swap of it does "
                            "not exist",
                            p->code);
    return CP_OK;
}

static cp_status check_point(cp_checker *k, int32_t point)
{
    const cp_network *net = k->net;
    const cp_point *p = &net->points[point];
    const bool planned = cp_planned(p);
    if (p->n_channels == 0)
        CP_TRY(cp_issue_add(
            k, planned ? CP_ISSUE_ERROR : CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "",
            p->kind == CP_POINT_ATM ? "%s %s: has no cassettes"
                                    : "%s %s: has no row of a denomination it holds",
            kind_word(p), p->code));
    if (p->owner_branch >= 0 && net->points[p->owner_branch].kind != CP_POINT_BRANCH)
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_POINT, p->code, "owner_branch_code",
                            "%s %s: its owner %s is no branch", kind_word(p), p->code,
                            p->owner_branch_code));
    CP_TRY(check_slots(k, p));
    CP_TRY(check_shares(k, p));
    if (!planned) return CP_OK;
    if ((p->visit_kinds & (CP_MAY_SWAP | CP_MAY_ADD)) == 0)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_POINT, p->code, "visit_kinds",
                            "%s %s: no kind of visit is allowed", kind_word(p), p->code));
    else if (p->kind == CP_POINT_BRANCH && (p->visit_kinds & CP_MAY_ADD) == 0)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_POINT, p->code, "visit_kinds",
                            "branch %s: has no cassettes to swap; visit_kinds must allow add",
                            p->code));
    CP_TRY(check_choices(k, p));
    CP_TRY(check_insured(k, p));
    return check_days(k, point);
}

static cp_status check_pin(cp_checker *k, const cp_pin *pin)
{
    const cp_network *net = k->net;
    const cp_point *p = &net->points[pin->point];
    char day[16];
    cp_day_text(pin->day, day);
    if (pin->day < net->first_day || pin->day >= net->first_day + net->n_days)
        return cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_PIN, pin->code, "day",
                            "pin %s: its day %s is outside the plan", pin->code, day);
    if (pin->rule == CP_PIN_FORBID) return CP_OK;
    if (!cp_planned(p))
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, pin->code, "point_code",
                            "pin %s: %s is filled by its branch, not by the center", pin->code,
                            p->code));
    if (!cp_point_serviceable(net, pin->point, pin->day))
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, pin->code, "day",
                            "pin %s: %s may not be visited on %s", pin->code, p->code, day));
    if ((pin->kind == CP_VISIT_SWAP && (p->visit_kinds & CP_MAY_SWAP) == 0) ||
        (pin->kind == CP_VISIT_PARTIAL_SWAP && (p->visit_kinds & CP_MAY_PARTIAL_SWAP) == 0) ||
        (pin->kind == CP_VISIT_ADD && (p->visit_kinds & CP_MAY_ADD) == 0 &&
         (p->serviced_by != CP_BY_EITHER || pin->car >= 0)))
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, pin->code, "kind",
                            "pin %s: %s does not allow this kind of visit", pin->code, p->code));
    if (p->insured_minor > 0 && pin->amount_minor > p->insured_minor)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, pin->code, "amount_minor",
                            "pin %s: %lld is above the insured amount %lld of %s (minor units)",
                            pin->code, (long long)pin->amount_minor, (long long)p->insured_minor,
                            p->code));
    if (pin->car >= 0 && net->cars[pin->car].vault != net->sites[p->site].vault)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, pin->code, "car_code",
                            "pin %s: car %s works from another vault than that of %s", pin->code,
                            pin->car_code, p->code));
    return CP_OK;
}

static bool excludes(const cp_pin *must, const cp_pin *forbid)
{
    return must->rule == CP_PIN_MUST && forbid->rule == CP_PIN_FORBID &&
           must->point == forbid->point && must->day == forbid->day &&
           (forbid->kind == -1 || forbid->kind == must->kind);
}

static cp_status check_pins(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    for (int32_t i = 0; i < r->n_pin; i++) {
        CP_TRY(check_pin(k, &r->pin[i]));
        for (int32_t j = 0; j < r->n_pin; j++)
            if (excludes(&r->pin[i], &r->pin[j]))
                CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_PIN, r->pin[i].code, "rule",
                                    "pins %s and %s: one asks for what the other forbids at %s",
                                    r->pin[i].code, r->pin[j].code, r->pin[i].point_code));
    }
    return CP_OK;
}

/* Is there a slot that the override speaks of? */
static bool has_slot(const cp_network *net, const cp_demand_override *o)
{
    const cp_point *p = &net->points[o->point];
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
        const cp_channel *ch = &net->channels[c];
        if (cp_channel_serves(ch, o->flow) &&
            (o->denomination < 0 || ch->denomination == o->denomination))
            return true;
    }
    return false;
}

static cp_status check_override(cp_checker *k, const cp_demand_override *o)
{
    const cp_network *net = k->net;
    if ((o->factor_ppm >= 0) == (o->amount_minor >= 0))
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_DEMAND_OVERRIDE, o->code, "factor_ppm",
                            "override %s: just one of factor_ppm and amount_minor must be given",
                            o->code));
    if (o->last_day < o->first_day)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_DEMAND_OVERRIDE, o->code, "last_day",
                            "override %s: last_day lies before first_day", o->code));
    if (o->last_day >= net->first_day && !has_slot(net, o))
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_DEMAND_OVERRIDE, o->code,
                            "denomination_code",
                            "override %s: %s has no slot for these %s; it changes nothing", o->code,
                            o->point_code, o->flow == 0 ? "withdrawals" : "deposits"));
    return CP_OK;
}

static bool collide(const cp_demand_override *a, const cp_demand_override *b)
{
    return a->point == b->point && a->flow == b->flow && a->denomination == b->denomination &&
           a->first_day <= b->last_day && b->first_day <= a->last_day;
}

static cp_status check_overrides(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    for (int32_t i = 0; i < r->n_demand_override; i++) {
        const cp_demand_override *o = &r->demand_override[i];
        CP_TRY(check_override(k, o));
        for (int32_t j = 0; j < i; j++)
            if (collide(o, &r->demand_override[j]))
                CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_DEMAND_OVERRIDE, o->code,
                                    "first_day",
                                    "overrides %s and %s of %s share days: only one can hold",
                                    r->demand_override[j].code, o->code, o->point_code));
    }
    return CP_OK;
}

static bool share_days(const cp_substitution *a, const cp_substitution *b)
{
    return a->first_day <= b->last_day && b->first_day <= a->last_day;
}

/* Shares of all rows of the closed point that hold on the first day of this one. Sums are greatest
 * on a day on which some row begins. */
static int64_t shares_on_first_day(const cp_rows *r, const cp_substitution *s)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < r->n_substitution; i++) {
        const cp_substitution *o = &r->substitution[i];
        if (o->point == s->point && o->first_day <= s->first_day && o->last_day >= s->first_day)
            sum += o->share_ppm;
    }
    return sum;
}

static cp_status check_substitution(cp_checker *k, const cp_substitution *s)
{
    const cp_entity_id entity = CP_ENTITY_SUBSTITUTION;
    if (s->last_day < s->first_day)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, entity, s->code, "last_day",
                            "substitution %s: last_day lies before first_day", s->code));
    if (s->point == s->receiver)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, entity, s->code, "receiver_code",
                            "substitution %s: %s cannot take over its own demand", s->code,
                            s->point_code));
    if (shares_on_first_day(&k->net->rows, s) > 1000000)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, entity, s->code, "share_ppm",
                            "substitution %s: more than the whole demand of %s is given away on "
                            "its first day",
                            s->code, s->point_code));
    bool serves = false;
    const cp_point *to = &k->net->points[s->receiver];
    for (int32_t c = 0; c < to->n_channels; c++)
        for (int32_t flow = 0; flow < 2; flow++)
            serves = serves || cp_channel_serves(&k->net->channels[to->first_channel + c], flow);
    if (s->last_day >= k->net->first_day && !serves)
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, entity, s->code, "receiver_code",
                            "substitution %s: %s has no slot to serve anybody; what goes there is "
                            "lost",
                            s->code, s->receiver_code));
    return CP_OK;
}

static cp_status check_substitutions(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    for (int32_t i = 0; i < r->n_substitution; i++) {
        const cp_substitution *a = &r->substitution[i];
        CP_TRY(check_substitution(k, a));
        for (int32_t j = 0; j < r->n_substitution; j++) {
            const cp_substitution *b = &r->substitution[j];
            if (!share_days(a, b)) continue;
            if (a->receiver == b->point && a->receiver != a->point)
                CP_TRY(cp_issue_add(
                    k, CP_ISSUE_ERROR, CP_ENTITY_SUBSTITUTION, a->code, "receiver_code",
                    "substitution %s: %s is closed itself by %s on some of the days", a->code,
                    a->receiver_code, b->code));
            if (j < i && a->point == b->point && a->receiver == b->receiver)
                CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_SUBSTITUTION, a->code, "first_day",
                                    "substitutions %s and %s of %s by %s share days: only one can "
                                    "hold",
                                    b->code, a->code, a->point_code, a->receiver_code));
        }
    }
    return CP_OK;
}

cp_status cp_check_points(cp_checker *k)
{
    for (int32_t p = 0; p < k->net->n_points; p++)
        CP_TRY(check_point(k, p));
    CP_TRY(check_overrides(k));
    CP_TRY(check_substitutions(k));
    return check_pins(k);
}
