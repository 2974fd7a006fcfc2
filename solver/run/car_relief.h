/* SPDX-License-Identifier: GPL-3.0-or-later */
/* car_relief.h - what a car would need for one stop that no route takes. */
#ifndef CP_CAR_RELIEF_H
#define CP_CAR_RELIEF_H

#include "models/route/car_route.h"

typedef struct cp_car_relief {
    int32_t car;       /* one more like this one, for the stop alone; -1: no car of the vault would
                          do with any one of its rules given up */
    cp_car_fault rule; /* the rule given up for the day; CP_CAR_OK: none */
    int64_t over;      /* SHIFT: minutes after the shift with its overtime, or after the vault's
                          hours; VALUE: minor units above the insured limit; else 0 */
    cp_minor cost_minor; /* of the route: car-day, way, hours, overtime; an insurance of more value
                            is not in it */
} cp_car_relief;

/* The cheapest car of the site's vault that makes the stop alone on day t; where none may, the
 * cheapest that could with one rule given up: shift (with the vault's hours), the site's windows,
 * the insured value, the volume. CP_E_RANGE as cp_car_route_cost. */
cp_status cp_car_relief_find(cp_ctx *ctx, const cp_network *net, int32_t t, const cp_car_stop *stop,
                             cp_car_relief *out);

#endif
