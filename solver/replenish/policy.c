/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/policy.h"

static const cp_channel *channel(const cp_network *net, int32_t point, int32_t k)
{
    return &net->channels[net->points[point].first_channel + k];
}

static int64_t step_of(const cp_channel *c)
{
    return c->step_notes > 0 ? c->step_notes : 1;
}

static int64_t down(int64_t notes, int64_t step)
{
    return notes >= 0 ? notes / step * step : -((-notes + step - 1) / step * step);
}

static int64_t up(int64_t notes, int64_t step)
{
    return -down(-notes, step);
}

cp_visit_kind cp_policy_kind(const cp_network *net, int32_t point)
{
    const cp_point *p = &net->points[point];
    if ((p->visit_kinds & CP_MAY_SWAP) != 0) return CP_VISIT_SWAP;
    for (int32_t k = 0; k < p->n_channels; k++)
        if (channel(net, point, k)->role != CP_ROLE_DEPOSIT) return CP_VISIT_ADD;
    return CP_VISIT_PICKUP;
}

const cp_pin *cp_policy_must(const cp_network *net, int32_t point, int32_t t)
{
    for (int32_t i = 0; i < net->rows.n_pin; i++) {
        const cp_pin *pin = &net->rows.pin[i];
        if (pin->rule == CP_PIN_MUST && pin->point == point && pin->day == net->first_day + t)
            return pin;
    }
    return NULL;
}

bool cp_policy_may(const cp_network *net, int32_t point, cp_visit_kind kind, int32_t t)
{
    for (int32_t i = 0; i < net->rows.n_pin; i++) {
        const cp_pin *pin = &net->rows.pin[i];
        if (pin->point != point || pin->day != net->first_day + t) continue;
        if (pin->rule == CP_PIN_FORBID && (pin->kind < 0 || pin->kind == (int32_t)kind))
            return false;
        if (pin->rule == CP_PIN_MUST) return true;
    }
    return cp_point_serviceable(net, point, net->first_day + t);
}

/* What fits into the cassettes of a channel in their own whole steps, and the least that a swap
 * puts into them. */
static void channel_range(const cp_network *net, const cp_channel *c, int64_t *least, int64_t *most)
{
    const cp_point *p = &net->points[c->point];
    *least = 0;
    *most = 0;
    for (int32_t i = p->first_cassette; i < p->first_cassette + p->n_cassettes; i++) {
        const cp_cassette *cassette = &net->cassettes[i];
        if (cassette->role != c->role || cassette->denomination != c->denomination) continue;
        const int64_t step = cassette->step_notes > 0 ? cassette->step_notes : 1;
        *most += down(cassette->capacity_notes, step);
        *least += up(cassette->min_load_notes, step);
    }
    *most = down(*most, step_of(c));
    *least = up(*least, step_of(c));
}

/* Take whole steps off until value <= limit, but no channel below floor[k]. */
static void trim(const cp_network *net, int32_t point, cp_minor value, cp_minor limit,
                 const int64_t *floor, int64_t *notes)
{
    while (value > limit) {
        int32_t worst = -1;
        cp_minor worst_minor = 0;
        for (int32_t k = 0; k < net->points[point].n_channels; k++) {
            const cp_channel *c = channel(net, point, k);
            const int64_t spare = notes[k] - floor[k];
            if (spare < step_of(c) || spare * c->value_minor <= worst_minor) continue;
            worst = k;
            worst_minor = spare * c->value_minor;
        }
        if (worst < 0) return;
        const int64_t step = step_of(channel(net, point, worst));
        const cp_minor unit = step * channel(net, point, worst)->value_minor;
        int64_t steps = (value - limit + unit - 1) / unit;
        const int64_t half = (notes[worst] - floor[worst]) / step / 2 + 1;
        if (steps > half) steps = half; /* so that the other channels give, too */
        if (steps * step > notes[worst] - floor[worst])
            steps = (notes[worst] - floor[worst]) / step;
        notes[worst] -= steps * step;
        value -= steps * unit;
    }
}

void cp_policy_fit_level(const cp_network *net, int32_t point, bool swap, int64_t *notes)
{
    int64_t floor[CP_POLICY_CHANNELS] = {0};
    const cp_point *p = &net->points[point];
    cp_minor value = 0;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = channel(net, point, k);
        int64_t least = 0;
        int64_t most = 0;
        channel_range(net, c, &least, &most);
        if (!swap) least = 0;
        if (c->role == CP_ROLE_DEPOSIT) {
            notes[k] = 0;
            continue;
        }
        notes[k] = up(notes[k], step_of(c));
        if (notes[k] < least) notes[k] = least;
        if (notes[k] > most) notes[k] = most;
        floor[k] = least < most ? least : most;
        value += notes[k] * c->value_minor;
    }
    if (p->insured_minor > 0) trim(net, point, value, p->insured_minor, floor, notes);
}

void cp_policy_fit_amount(const cp_network *net, int32_t point, const int64_t *level,
                          const int64_t *expected, const int64_t *most, int64_t *notes)
{
    const int64_t floor[CP_POLICY_CHANNELS] = {0};
    const cp_point *p = &net->points[point];
    cp_minor value = 0;
    bool brings = false;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = channel(net, point, k);
        notes[k] = 0;
        if (c->role == CP_ROLE_DEPOSIT) continue;
        notes[k] = up(level[k] - expected[k], step_of(c));
        const int64_t top = down(c->capacity_notes, step_of(c));
        if (notes[k] > top) notes[k] = top;
        if (notes[k] < -top) notes[k] = -top;
        if (p->kind != CP_POINT_BRANCH && notes[k] < 0) notes[k] = 0;
        brings = brings || notes[k] > 0;
        const int64_t inside = most[k] + notes[k];
        if (inside > 0)
            value += (inside < c->capacity_notes ? inside : c->capacity_notes) * c->value_minor;
    }
    if (p->insured_minor > 0 && brings) trim(net, point, value, p->insured_minor, floor, notes);
}

void cp_policy_fit_pin(const cp_network *net, int32_t point, cp_minor value, int64_t *notes)
{
    const cp_point *p = &net->points[point];
    cp_minor now = 0;
    if (value < 0) return;
    for (int32_t k = 0; k < p->n_channels; k++)
        if (notes[k] > 0) now += notes[k] * channel(net, point, k)->value_minor;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = channel(net, point, k);
        int64_t least = 0;
        int64_t most = 0;
        if (c->role == CP_ROLE_DEPOSIT) continue;
        channel_range(net, c, &least, &most);
        /* With nothing wanted the first channel takes it all. */
        const int64_t want = now > 0     ? cp_mul_div(notes[k] > 0 ? notes[k] : 0, value, now)
                             : value > 0 ? value / c->value_minor
                                         : 0;
        if (now <= 0) value -= want * c->value_minor;
        notes[k] = down(want + step_of(c) / 2, step_of(c));
        if (notes[k] > most) notes[k] = most;
    }
}

int32_t cp_policy_due(const cp_network *net, int32_t point)
{
    const cp_point *p = &net->points[point];
    int32_t due = INT32_MAX;
    if (p->max_interval_days > 0) due = p->max_interval_days - p->days_since_visit;
    if (p->latest_day != CP_DAY_NONE && p->latest_day - net->first_day < due)
        due = p->latest_day - net->first_day;
    return due > 0 ? due : 0;
}

int32_t cp_policy_longest(const cp_network *net, int32_t point)
{
    const int32_t own = net->points[point].max_interval_days;
    const int32_t most = net->settings.longest_interval_days;
    return own > 0 && own < most ? own : most;
}

int32_t cp_policy_last_day(const cp_network *net, const cp_forecast *forecast)
{
    const int32_t days = forecast->n_days - (net->first_day - forecast->first_day);
    return net->settings.before_visit_ppm > 0 ? days - 1 : days;
}
