/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export.h - everything that is handed on from a stored plan, into one folder.
 *
 * Of each exported day: dispatch.json (or dispatch-DAY.json when all days are exported), one
 * route-DAY-VAULT-CAR.json a route, packing-VAULT-DAY.json and .csv a vault; of the whole plan:
 * orders.json, visits.csv, routes.csv, limits.csv, pool.csv (cassettes by place and day), cost.csv;
 * routes.geojson of the exported days;
 * run.json. Each file appears whole or not at all, with mode 0600. Routes and packing lists of
 * these days that an earlier export left in the folder and this plan does not have are removed, so
 * that nobody drives a stale one. */
#ifndef CP_EXPORT_H
#define CP_EXPORT_H

#include "data/json/dispatch_json.h"
#include "data/json/run_json.h"

typedef struct cp_export_opts {
    int32_t day;   /* index of the exported day */
    bool all_days; /* every day instead */
} cp_export_opts;

/* Make the folder (one level) if need be and write. n_files and n_removed may be NULL. A refused
 * plan: CP_E_INPUT, nothing is written. */
cp_status cp_export_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                          const cp_export_opts *opts, const char *dir, int32_t *n_files,
                          int32_t *n_removed);

/* A code as a part of a file name: letters, digits, '.', '_', '-' and bytes above 127 are kept, the
 * others become '_' and a checksum of the code is added, so that two codes never share a name. */
char *cp_file_code(cp_ctx *ctx, const char *code);

#endif
