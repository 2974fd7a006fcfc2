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

static const char *item_code(const cp_network *net, const cp_zone_row *row)
{
    if (row->item < 0) return "";
    return row->kind == CP_LIMIT_VAULT_STOCK ? net->denoms[row->item].code
                                             : net->models[row->item].code;
}

/* What the earlier plan put on the limit of a row on a day. */
static double price_on(const cp_limit_prices *before, const cp_zone *zone, const cp_zone_row *row,
                       cp_day day)
{
    const cp_network *net = zone->net;
    double found = 0.0;
    for (int32_t i = 0; i < before->n; i++) {
        const cp_limit_price *price = &before->price[i];
        if (price->day == day && price->kind == row->kind &&
            strcmp(price->vault_code, net->vaults[zone->vault].code) == 0 &&
            strcmp(price->item_code, item_code(net, row)) == 0)
            found = price->price_minor;
    }
    return found;
}

/* The price of a row of notes is what its stored price is above that of the row after it. */
static double notes_price(const cp_limit_prices *before, const cp_zone *zone,
                          const cp_zone_row *row)
{
    const double from = price_on(before, zone, row, before->first_day + row->t);
    const double later = row->t + 1 < zone->n_stock_days
                             ? price_on(before, zone, row, before->first_day + row->t + 1)
                             : 0.0;
    return from > later ? from - later : 0.0;
}

void cp_refill_start_rows(const cp_limit_prices *before, const cp_zone *zone, double *row_price)
{
    for (int32_t r = 0; r < zone->n_rows; r++) {
        const cp_zone_row *row = &zone->row[r];
        const cp_day day = day_like(before, zone->net->first_day + row->t);
        row_price[r] = row->kind == CP_LIMIT_VAULT_STOCK ? notes_price(before, zone, row)
                                                         : price_on(before, zone, row, day);
    }
}
