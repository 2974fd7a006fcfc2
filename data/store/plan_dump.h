/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_dump.h - a plan as canonical text: equal plans give equal bytes. */
#ifndef CP_PLAN_DUMP_H
#define CP_PLAN_DUMP_H

#include <stdio.h>

#include "data/store/plan_store.h"

/* Every decision, cost, KPI and proof of a stored plan as lines of text, by codes, in a fixed
 * order, without ids, times, seconds, versions and names of people. CP_E_IO when `out` cannot be
 * written. */
cp_status cp_plan_store_dump(cp_ctx *ctx, const cp_stored_plan *stored, FILE *out);

#endif
