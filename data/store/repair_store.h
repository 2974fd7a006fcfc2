/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_store.h - what cleaning found in the history, beside the history itself. */
#ifndef CP_REPAIR_STORE_H
#define CP_REPAIR_STORE_H

#include "data/store/network_store.h"
#include "models/demand/clean.h"

/* Replace what is stored by these repairs, in one transaction. */
cp_status cp_repairs_save(cp_ctx *ctx, cp_db *db, const cp_network *net, const cp_repairs *repairs);

/* Stored repairs of the network's points of [first_day, first_day + n_days), by point, flow and
 * day, in ctx->run; those of points that the network has not are left out. CP_E_IO naming the point
 * of a row that is damaged. */
cp_status cp_repairs_load(cp_ctx *ctx, cp_db *db, const cp_network *net, cp_day first_day,
                          int32_t n_days, cp_repairs **out);

#endif
