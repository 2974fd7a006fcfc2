/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/toy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/fields.h"
#include "models/plan/plan_fill.h"
#include "models/route/car_route.h"
#include "tests/check.h"

#define TOY_HISTORY_DAYS 200
#define TOY_TRUTH_DAYS 64

static void *toy_alloc(cp_ctx *ctx, size_t n, size_t size)
{
    void *p = cp_alloc(ctx, ctx->run, n, size);
    assert_non_null(p);
    return p;
}

cp_toy *toy_bare(cp_ctx *ctx)
{
    cp_toy *toy = toy_alloc(ctx, 1, sizeof *toy);
    toy->ctx = ctx;
    toy->seed = 7;
    toy_put(toy, "currency", "code=CNY|exponent=2");
    toy_put(toy, "denomination", "code=CNY100|currency_code=CNY|value_minor=10000");
    toy_put(toy, "denomination", "code=CNY10|currency_code=CNY|value_minor=1000");
    toy_put(toy, "cassette_model", "code=M|capacity_notes=2500|fill_ppm=800000|volume_cm3=10000");
    toy_put(toy, "setting", "key=service_level_ppm|value=0");
    return toy;
}

cp_toy *toy_new(cp_ctx *ctx)
{
    cp_toy *toy = toy_bare(ctx);
    toy_put(toy, "vault", "code=V|lat_deg=31.0|lon_deg=121.0");
    toy_put(toy, "carrier", "code=K");
    toy_put(toy, "car", "code=C1|carrier_code=K|vault_code=V|insured_minor=100000000");
    return toy;
}

/* The value of `name` in "name=value|...", or its default. */
static void value_of(const cp_field *field, const char *text, char *out, size_t cap)
{
    char key[64];
    const char *at = text;
    (void)snprintf(key, sizeof key, "%s=", field->name);
    while (at != NULL && strncmp(at, key, strlen(key)) != 0) {
        at = strchr(at, '|');
        if (at != NULL) at++;
    }
    (void)snprintf(out, cap, "%s",
                   at != NULL            ? at + strlen(key)
                   : field->dflt != NULL ? field->dflt
                                         : "");
    if (at != NULL) out[strcspn(out, "|")] = '\0';
}

void toy_put(cp_toy *toy, const char *entity, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const cp_entity *e = cp_entity_by_name(entity);
    assert_non_null(e);
    void **array = cp_rows_array(&toy->rows, e);
    int32_t *n = cp_rows_count(&toy->rows, e);
    char *grown = toy_alloc(toy->ctx, (size_t)*n + 1, e->row_size);
    if (*n > 0) memcpy(grown, *array, (size_t)*n * e->row_size);
    for (int32_t f = 0; f < e->n_fields; f++) {
        char value[256];
        const char *why = NULL;
        value_of(&e->fields[f], text, value, sizeof value);
        if (cp_field_parse(toy->ctx, toy->ctx->run, &e->fields[f], value,
                           grown + (size_t)*n * e->row_size, &why) != CP_OK)
            fail_msg("%s.%s = \"%s\": must be %s", entity, e->fields[f].name, value,
                     why != NULL ? why : "?");
    }
    *array = grown;
    (*n)++;
}

void toy_tariff(cp_toy *toy, const char *item, int64_t amount)
{
    toy_put(toy, "tariff", "item=%s|amount=%lld|valid_from=2020-01-01|valid_to=2030-12-31", item,
            (long long)amount);
}

void toy_build(cp_toy *toy, int32_t n_days)
{
    cp_day *balance_day = NULL;
    assert_ok(toy->ctx, cp_network_build(toy->ctx, &toy->rows, TOY_FIRST_DAY, n_days, &toy->net,
                                         &balance_day));
    assert_ok(toy->ctx,
              cp_history_new(toy->ctx, toy->net, TOY_FIRST_DAY, TOY_TRUTH_DAYS, &toy->truth));
    assert_ok(toy->ctx, cp_shares_make(toy->ctx, toy->net, toy->truth, &toy->shares));
}

int32_t toy_point(const cp_toy *toy, const char *code)
{
    for (int32_t p = 0; p < toy->net->n_points; p++)
        if (strcmp(toy->net->points[p].code, code) == 0) return p;
    fail_msg("there is no point %s", code);
    return -1;
}

int32_t toy_site(const cp_toy *toy, const char *code)
{
    for (int32_t s = 0; s < toy->net->n_sites; s++)
        if (strcmp(toy->net->sites[s].code, code) == 0) return s;
    fail_msg("there is no site %s", code);
    return -1;
}

static size_t cell(const cp_history *h, cp_flow flow, int32_t point, int32_t day)
{
    return ((size_t)flow * (size_t)h->n_points + (size_t)point) * (size_t)h->n_days + (size_t)day;
}

void toy_demand(cp_toy *toy, const char *point_code, cp_flow flow, int32_t day, cp_minor amount)
{
    assert_in_range(day, 0, TOY_TRUTH_DAYS - 1);
    toy->truth->amount[cell(toy->truth, flow, toy_point(toy, point_code), day)] = amount;
}

void toy_forecast(cp_toy *toy, int32_t n_days)
{
    assert_ok(toy->ctx, cp_forecast_truth(toy->ctx, toy->net, toy->truth, TOY_FIRST_DAY, n_days,
                                          &toy->forecast));
}

static bool takes(const cp_network *net, int32_t point, cp_flow flow)
{
    const cp_point *p = &net->points[point];
    for (int32_t k = p->first_channel; k < p->first_channel + p->n_channels; k++)
        if (net->channels[k].role == CP_ROLE_RECYCLE ||
            net->channels[k].role ==
                (flow == CP_FLOW_WITHDRAWAL ? CP_ROLE_DISPENSE : CP_ROLE_DEPOSIT))
            return true;
    return false;
}

void toy_noisy_forecast(cp_toy *toy, cp_minor level, int32_t n_days, cp_history **history)
{
    static const double week[7] = {0.9, 0.9, 1.0, 1.0, 1.3, 1.2, 0.7};
    cp_history *h = NULL;
    cp_rng rng = cp_rng_new(toy->seed, 1);
    assert_ok(toy->ctx, cp_history_new(toy->ctx, toy->net, TOY_FIRST_DAY - TOY_HISTORY_DAYS,
                                       TOY_HISTORY_DAYS, &h));
    for (int32_t f = 0; f < CP_N_FLOWS; f++)
        for (int32_t p = 0; p < toy->net->n_points; p++)
            for (int32_t d = 0; takes(toy->net, p, (cp_flow)f) && d < TOY_HISTORY_DAYS; d++)
                h->amount[cell(h, (cp_flow)f, p, d)] =
                    (cp_minor)((double)level * week[cp_weekday(h->first_day + d)] *
                               exp(0.3 * cp_rng_normal(&rng)));
    const cp_forecast_opts opts = cp_forecast_defaults();
    assert_ok(toy->ctx, cp_forecast_make(toy->ctx, toy->net, h, TOY_FIRST_DAY, n_days, &opts,
                                         &toy->forecast));
    if (history != NULL) *history = h;
}

cp_plan *toy_plan(cp_toy *toy, const toy_visit *visits, int32_t n)
{
    cp_plan_builder *builder = NULL;
    cp_plan *plan = NULL;
    assert_ok(toy->ctx, cp_plan_builder_new(toy->ctx, toy->net, "toy", &builder));
    for (int32_t i = 0; i < n; i++) {
        const size_t length = strcspn(visits[i].point, "*#");
        const char *code = cp_strf(toy->ctx, toy->ctx->run, "%.*s", (int)length, visits[i].point);
        const cp_plan_visit visit = {
            .t = visits[i].t,
            .point = toy_point(toy, code),
            .kind = visits[i].kind,
            .fixed_amount = visits[i].fixed_amount,
            .until = visits[i].until,
            .by_branch = visits[i].point[length] == '*',
            .mix = visits[i].point[length] == '#' ? visits[i].point[length + 1] - 'a' : 0};
        assert_ok(toy->ctx,
                  cp_plan_builder_visit(toy->ctx, builder, &visit,
                                        visit.kind == CP_VISIT_PICKUP ? NULL : visits[i].notes));
    }
    assert_ok(toy->ctx, cp_plan_builder_finish(toy->ctx, builder, &plan));
    assert_ok(toy->ctx,
              cp_plan_fill_visits(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
    return plan;
}

/* ---- routes ------------------------------------------------------------------------------- */

static int64_t set_cm3(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit)
{
    const cp_point *p = &net->points[visit->point];
    int64_t cm3 = 0;
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
        if (cp_visit_takes_cassette(net, plan, visit, c) && net->cassettes[c].cassette_model >= 0)
            cm3 += net->models[net->cassettes[c].cassette_model].volume_cm3;
    return cm3;
}

/* The stop of visits i.. of one site and day; returns the first visit after it. */
static int32_t gather(const cp_toy *toy, const cp_plan *plan, int32_t i, cp_car_stop *stop)
{
    const cp_network *net = toy->net;
    const int32_t t = plan->visits[i].t;
    memset(stop, 0, sizeof *stop);
    stop->site = net->points[plan->visits[i].point].site;
    stop->service_s = 60 * net->sites[stop->site].service_min;
    for (; i < plan->n_visits && plan->visits[i].t == t &&
           net->points[plan->visits[i].point].site == stop->site;
         i++) {
        const cp_plan_visit *v = &plan->visits[i];
        if (v->by_branch) continue;
        stop->service_s += 60 * cp_visit_service_min(net, v);
        stop->out_minor += v->load_minor;
        stop->back_minor += v->return_q_minor;
        stop->out_cm3 += set_cm3(net, plan, v);
        stop->back_cm3 += set_cm3(net, plan, v);
    }
    return i;
}

static void add_route(cp_toy *toy, cp_plan *plan, const cp_car_stop *stop, int32_t t, int32_t car)
{
    cp_plan_route *route = &plan->routes[plan->n_routes++];
    const cp_car_verdict v =
        cp_car_route_check(toy->net, car, stop, 1, route, &plan->stops[plan->n_stops]);
    if (v.fault != CP_CAR_OK)
        fail_msg("day %d, site %s: %s", (int)t, toy->net->sites[stop->site].code,
                 cp_car_fault_text(v.fault));
    route->t = t;
    route->first_stop = plan->n_stops++;
}

void toy_routes(cp_toy *toy, cp_plan *plan)
{
    const cp_network *net = toy->net;
    plan->routes = toy_alloc(toy->ctx, (size_t)plan->n_visits + 1, sizeof *plan->routes);
    plan->stops = toy_alloc(toy->ctx, (size_t)plan->n_visits + 1, sizeof *plan->stops);
    plan->n_routes = 0;
    plan->n_stops = 0;
    for (int32_t t = 0; t < plan->n_days; t++)
        for (int32_t vault = 0; vault < net->n_vaults; vault++) {
            int32_t car = 0;
            int32_t i = 0;
            while (i < plan->n_visits && plan->visits[i].t < t)
                i++;
            while (i < plan->n_visits && plan->visits[i].t == t) {
                cp_car_stop stop;
                if (plan->visits[i].by_branch) {
                    i++;
                    continue;
                }
                i = gather(toy, plan, i, &stop);
                if (net->sites[stop.site].vault != vault) continue;
                while (car < net->n_cars && net->cars[car].vault != vault)
                    car++;
                if (car >= net->n_cars) fail_msg("day %d: too few cars for a stop each", (int)t);
                add_route(toy, plan, &stop, t, car++);
            }
        }
}
