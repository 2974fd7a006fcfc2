/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_json.h - how a plan was made: the one export with times, run number and persons in it
 * (schema cashplan.run/1). */
#ifndef CP_RUN_JSON_H
#define CP_RUN_JSON_H

#include "data/json/dispatch_json.h"

typedef struct cp_run_info {
    int64_t plan_id;
    const char *created_utc, *made_by, *approved_by;
} cp_run_info;

/* The object "proof"; `of` (NULL: left out) says in words what the bound is of. */
void cp_run_write_proof(cp_json *json, const cp_plan_proof *proof, const char *of);

cp_status cp_run_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                       const char *path);

#endif
