/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order_json.h - the proposal to the central bank, with the cut-off, and the stock that it leaves
 * in the vaults at night (schema cashplan.orders/1). */
#ifndef CP_ORDER_JSON_H
#define CP_ORDER_JSON_H

#include "data/json/dispatch_json.h"

cp_status cp_orders_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path);

#endif
