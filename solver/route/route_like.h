/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_like.h - prices on ways, arrival slots and the order of stops of earlier days, so that cost
 * is traded against likeness.
 *
 * Wanted are routes of least cost + price * (greatest likeness with a day d of the window - limit)
 * above 0. But for the weight of its order part the likeness with each day d is a sum over ways,
 * arrivals and pairs of stops in their order (models/route/likeness.h), and
 *     price * max(0, max_d (like_d - limit)) = max over mu >= 0, sum mu <= price,
 *                                              of sum_d mu_d (like_d - limit),
 * so the search works at prices mu_d on what day d had; of pairs those count that one car served on
 * day d, and a tour's pairs together never cost less than nothing. They are found by fictitious
 * play (Brown 1951; Robinson 1951): each round a share goes to the days above the limit, by how far
 * they are above, and to none when no day is; mu are the mean shares of the rounds so far. Weights
 * of ways that were used before, day by day: Bozkaya, Salman, Telciler, Networks 69(3), 2017. Every
 * round is measured exactly and the best is kept, so the routes found without prices are only given
 * up for better ones. */
#ifndef CP_ROUTE_LIKE_H
#define CP_ROUTE_LIKE_H

#include "solver/route/route_day.h"

typedef struct cp_like_rounds {
    const cp_route_day *day;
    const cp_route_like *like;
    int32_t *each_ppm; /* by day of the window: likeness of the routes measured last */
    double *share;     /* by day of the window: sum over the rounds */
    double none;       /* shares of rounds in which no day was above the limit */
} cp_like_rounds;

/* All memory is ctx->scratch. */
cp_status cp_like_begin(cp_ctx *ctx, const cp_route_day *day, const cp_route_like *like,
                        cp_like_rounds *out);

/* r->likeness, and the days' numbers for the next prices. */
cp_status cp_like_measure(cp_ctx *ctx, cp_like_rounds *rounds, cp_route_result *r);

/* Is there a price, and are these routes above the limit? */
bool cp_like_wanted(const cp_like_rounds *rounds, const cp_route_result *r);

/* Set the prices of p after the routes measured last. */
cp_status cp_like_price(cp_ctx *ctx, cp_like_rounds *rounds, cp_tasks_day *p);

/* Is a better than b: less left out (pins first), then less cost + price * points above? */
bool cp_like_better(const cp_like_rounds *rounds, const cp_route_result *a,
                    const cp_route_result *b);

#endif
