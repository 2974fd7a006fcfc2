/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pin_store.h - a planner's wishes that every re-plan keeps: one at a time, with an audit row. */
#ifndef CP_PIN_STORE_H
#define CP_PIN_STORE_H

#include "data/store/network_store.h"

/* Store a new pin. An empty code is replaced by the next free PIN-1, PIN-2, ... (in ctx->run); the
 * author is the user of the database. CP_E_INPUT when the code exists already, the point or the car
 * is unknown, the amount is out of range, or author or reason are missing. */
cp_status cp_pin_store_add(cp_ctx *ctx, cp_db *db, cp_pin *pin);

/* Remove a pin; CP_E_INPUT when there is none of this code. Plans keep what they were made with. */
cp_status cp_pin_store_remove(cp_ctx *ctx, cp_db *db, const char *code);

#endif
