/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit_price.h - what one more unit of each shared limit was worth in an earlier plan, by codes:
 * it outlives changes of the network. */
#ifndef CP_LIMIT_PRICE_H
#define CP_LIMIT_PRICE_H

#include "models/plan/plan.h"

typedef struct cp_limit_price {
    cp_limit_kind kind;
    const char *vault_code,
        *item_code; /* cassette model or denomination; "" = the limit has none */
    cp_day day;
    double price_minor; /* per unit, > 0; of notes in the vault: of one more from that morning on */
} cp_limit_price;

/* Limits that the machines of a vault share: those a search starts from. */
static inline bool cp_limit_is_shared(cp_limit_kind kind)
{
    return kind <= CP_LIMIT_POOL || kind == CP_LIMIT_VAULT_STOCK;
}

/* All of one plan. */
typedef struct cp_limit_prices {
    int64_t plan_id; /* 0 = there is none */
    cp_day first_day;
    int32_t n_days;
    cp_limit_price *price;
    int32_t n;
} cp_limit_prices;

#endif
