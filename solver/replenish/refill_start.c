/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_start.h"

#include <string.h>

#define WEEK 7

/* The day of the earlier plan that `day` is like. */
static cp_day day_like(const cp_limit_prices *before, cp_day day)
{
    const cp_day end = before->first_day + before->n_days;
    while (day >= end && day - WEEK >= before->first_day)
        day -= WEEK;
    return day < end ? day : end - 1;
}

static bool is_row(const cp_limit_price *price, const cp_zone *zone, const cp_zone_row *row)
{
    const cp_network *net = zone->net;
    if (row->kind > CP_LIMIT_POOL || price->kind != row->kind) return false;
    const char *item = row->item >= 0 ? net->models[row->item].code : "";
    return strcmp(price->vault_code, net->vaults[zone->vault].code) == 0 &&
           strcmp(price->item_code, item) == 0;
}

void cp_refill_start_rows(const cp_limit_prices *before, const cp_zone *zone, double *row_price)
{
    for (int32_t r = 0; r < zone->n_rows; r++) {
        const cp_zone_row *row = &zone->row[r];
        const cp_day day = day_like(before, zone->net->first_day + row->t);
        row_price[r] = 0.0;
        for (int32_t i = 0; i < before->n; i++)
            if (before->price[i].day == day && is_row(&before->price[i], zone, row))
                row_price[r] = before->price[i].price_minor;
    }
}
