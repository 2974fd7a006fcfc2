/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irp_zone.h - the part of a network that one vault serves, laid out for the joint search. */
#ifndef CP_IRP_ZONE_H
#define CP_IRP_ZONE_H

#include "solver/irp/irp_solve.h"

/* Sites of the vault with a point that arcs can visit, its cars, travel and prices. Lives in
 * ctx->run. */
cp_status cp_irp_zone_make(cp_ctx *ctx, const cp_irp_input *in, const cp_irp_opts *opts,
                           cp_irp_zone **out);

/* Price of a mean stop: a mean car-day by the stops that it has time for. */
double cp_irp_stop_price(const cp_irp_zone *z);

#endif
