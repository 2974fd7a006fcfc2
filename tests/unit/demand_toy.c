/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/demand_toy.h"

#include <math.h>

const double demand_toy_week[7] = {0.8, 0.8, 0.9, 1.1, 1.6, 1.2, 0.6};

static cp_status make_points(cp_ctx *ctx, demand_toy *toy, int32_t n)
{
    CP_NEW(ctx, ctx->run, toy->sites, (n + 1) / 2);
    CP_NEW(ctx, ctx->run, toy->points, n);
    CP_NEW(ctx, ctx->run, toy->channels, n);
    for (int32_t p = 0; p < n; p++) {
        cp_site *site = &toy->sites[p / 2];
        if (p % 2 == 0) {
            site->code = cp_strf(ctx, ctx->run, "S%03d", (int)p / 2);
            site->vault_code = "V";
            site->first_point = p;
        }
        site->n_points++;
        cp_point *point = &toy->points[p];
        point->code = cp_strf(ctx, ctx->run, "P%03d", (int)p);
        point->segment = "street";
        point->site = p / 2;
        point->first_channel = p;
        point->n_channels = 1;
        cp_channel *channel = &toy->channels[p];
        channel->point = p;
        channel->role = CP_ROLE_DISPENSE;
        channel->capacity_notes = 2000;
        channel->value_minor = TOY_NOTE;
        channel->share_ppm = -1;
    }
    return CP_OK;
}

cp_status demand_toy_make(cp_ctx *ctx, int32_t n_points, cp_day first_day, int32_t n_days,
                          demand_toy **out)
{
    demand_toy *toy = NULL;
    cp_denomination *note = NULL;
    CP_NEW(ctx, ctx->run, toy, 1);
    CP_NEW(ctx, ctx->run, note, 1);
    CP_NEW(ctx, ctx->run, toy->calendar, 1);
    CP_NEW(ctx, ctx->run, toy->calendar_days, TOY_MOST_CALENDAR_DAYS);
    CP_TRY(make_points(ctx, toy, n_points));
    note->code = "CNY100";
    note->value_minor = TOY_NOTE;
    toy->calendar->code = "CAL";
    toy->calendar->covered_from = first_day - 365;
    toy->calendar->covered_to = first_day + n_days + 100;
    toy->calendar->weekend_days = 0x60;
    toy->net.rows.calendar = toy->calendar;
    toy->net.rows.n_calendar = 1;
    toy->net.rows.calendar_day = toy->calendar_days;
    toy->net.n_points = n_points;
    toy->net.n_channels = n_points;
    toy->net.n_sites = (n_points + 1) / 2;
    toy->net.n_denoms = 1;
    toy->net.points = toy->points;
    toy->net.channels = toy->channels;
    toy->net.sites = toy->sites;
    toy->net.denoms = note;
    CP_TRY(cp_history_new(ctx, &toy->net, first_day, n_days, &toy->history));
    *out = toy;
    return CP_OK;
}

void demand_toy_day(demand_toy *toy, cp_day day, cp_day_kind kind, const char *name)
{
    if (toy->net.rows.n_calendar_day >= TOY_MOST_CALENDAR_DAYS) return;
    cp_calendar_day *row = &toy->calendar_days[toy->net.rows.n_calendar_day++];
    row->calendar_code = "CAL";
    row->day = day;
    row->kind = kind;
    row->name = name;
}

void demand_toy_set(demand_toy *toy, int32_t point, int32_t i, double amount, int32_t faults)
{
    const int64_t at = (int64_t)point * toy->history->n_days + i;
    toy->history->amount[at] = llrint(amount);
    toy->history->faults[at] = (uint8_t)faults;
}

void demand_toy_invent(demand_toy *toy, cp_rng *rng, double sigma, double together, double drift)
{
    const int32_t n = toy->history->n_days, n_points = toy->net.n_points;
    const cp_rng shocks = cp_rng_new(cp_rng_u64(rng), 0);
    for (int32_t p = 0; p < n_points; p++) {
        cp_rng common = shocks; /* the same for every machine */
        double level = log(2e6) + 0.5 * cp_rng_normal(rng);
        for (int32_t i = 0; i < n; i++) {
            level += drift * cp_rng_normal(rng);
            const double shared = cp_rng_normal(&common), own = cp_rng_normal(rng);
            const double noise = sigma * (sqrt(together) * shared + sqrt(1 - together) * own);
            const double week = demand_toy_week[cp_weekday(toy->history->first_day + i)];
            demand_toy_set(toy, p, i, week * exp(level + noise), 0);
        }
    }
}
