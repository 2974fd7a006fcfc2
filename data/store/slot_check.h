/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot_check.h - gathered slot options of machines that may not have any. */
#ifndef CP_SLOT_CHECK_H
#define CP_SLOT_CHECK_H

#include "data/store/stage.h"

/* Calls fn for every gathered option, by file and line, whose machine (gathered or stored) is not
 * swapped by the center and nothing else, or that speaks of a slot it does not have: `field` and
 * `why` say which. Points that are not known at all are left to cp_stage_check. */
typedef cp_status cp_slot_problem_fn(cp_ctx *ctx, void *user, const char *point, int32_t slot,
                                     const char *field, const char *why, cp_place place);
cp_status cp_slot_check(cp_ctx *ctx, cp_stage *stage, cp_slot_problem_fn *fn, void *user);

#endif
