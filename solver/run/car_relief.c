/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/car_relief.h"

#include <string.h>

#define TWO_DAYS_MIN 2880 /* later than any route of a day may end */

/* One car, site and vault whose rules can be given up without touching the bank's. */
typedef struct bench {
    cp_network net;
    cp_car *car;
    cp_site *site;
    cp_vault *vault;
} bench;

static cp_status copy_rules(cp_ctx *ctx, const cp_network *net, bench *b)
{
    b->net = *net;
    CP_NEW(ctx, ctx->scratch, b->car, net->n_cars + 1);
    CP_NEW(ctx, ctx->scratch, b->site, net->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, b->vault, net->n_vaults + 1);
    b->net.cars = b->car;
    b->net.sites = b->site;
    b->net.vaults = b->vault;
    return CP_OK;
}

static void reset_rules(bench *b, const cp_network *net)
{
    memcpy(b->car, net->cars, (size_t)net->n_cars * sizeof *b->car);
    memcpy(b->site, net->sites, (size_t)net->n_sites * sizeof *b->site);
    memcpy(b->vault, net->vaults, (size_t)net->n_vaults * sizeof *b->vault);
}

static void give_up(bench *b, int32_t k, int32_t site, cp_car_fault rule)
{
    cp_car *car = &b->car[k];
    switch (rule) {
    case CP_CAR_VALUE:
        car->insured_minor = CP_MINOR_MAX;
        break;
    case CP_CAR_VOLUME:
        car->volume_cm3 = 0;
        break;
    case CP_CAR_WINDOW:
        b->site[site].open_min = 0;
        b->site[site].close_min = TWO_DAYS_MIN;
        b->site[site].open2_min = b->site[site].close2_min = -1;
        break;
    case CP_CAR_SHIFT:
        car->overtime_min = TWO_DAYS_MIN;
        b->vault[car->vault].close_min = TWO_DAYS_MIN;
        break;
    default:
        break;
    }
}

static int64_t beyond(const cp_network *net, int32_t k, const cp_car_stop *stop,
                      const cp_plan_route *route, cp_car_fault rule)
{
    const cp_car *car = &net->cars[k];
    const int32_t close = net->vaults[car->vault].close_min;
    int32_t end = car->shift_end_min + car->overtime_min;
    if (rule == CP_CAR_VALUE)
        return (stop->out_minor > stop->back_minor ? stop->out_minor : stop->back_minor) -
               car->insured_minor;
    if (rule != CP_CAR_SHIFT) return 0;
    if (!car->open_route && close < end) end = close;
    return route->return_min > end ? route->return_min - end : 0;
}

/* Keeps the cheapest car under this relief in *out. */
static cp_status try_cars(cp_ctx *ctx, const cp_network *net, bench *b, int32_t t,
                          const cp_car_stop *stop, cp_car_fault rule, cp_car_relief *out)
{
    for (int32_t k = 0; k < net->n_cars; k++) {
        const cp_car_rates rates = cp_car_rates_get(net, k, t);
        cp_plan_route route = {0};
        cp_minor cost = 0;
        if (net->cars[k].vault != net->sites[stop->site].vault) continue;
        reset_rules(b, net);
        give_up(b, k, stop->site, rule);
        if (cp_car_route_check(&b->net, k, stop, 1, &route, NULL).fault != CP_CAR_OK) continue;
        CP_TRY(cp_car_route_cost(ctx, net, &rates, &route, &cost));
        if (net->cars[k].paid_daily) cost += rates.car_day_minor; /* it would be one more */
        if (out->car >= 0 && cost >= out->cost_minor) continue;
        *out = (cp_car_relief){k, rule, beyond(net, k, stop, &route, rule), cost};
    }
    return CP_OK;
}

cp_status cp_car_relief_find(cp_ctx *ctx, const cp_network *net, int32_t t, const cp_car_stop *stop,
                             cp_car_relief *out)
{
    static const cp_car_fault rules[] = {CP_CAR_SHIFT, CP_CAR_WINDOW, CP_CAR_VALUE, CP_CAR_VOLUME};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    bench b;
    *out = (cp_car_relief){.car = -1, .rule = CP_CAR_OK};
    CP_TRY(copy_rules(ctx, net, &b));
    CP_TRY(try_cars(ctx, net, &b, t, stop, CP_CAR_OK, out));
    for (size_t i = 0; i < sizeof rules / sizeof *rules && (out->car < 0 || out->rule); i++)
        CP_TRY(try_cars(ctx, net, &b, t, stop, rules[i], out));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
