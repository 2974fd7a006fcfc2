/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_changes.h - what a new plan changes against the one stored before it. */
#ifndef CP_PLAN_CHANGES_H
#define CP_PLAN_CHANGES_H

#include "cli/args.h"
#include "data/store/plan_store.h"
#include "viz/page_data.h"

/* Print the changes of the days that `plan` shares with the latest stored plan (not refused) of the
 * same network: counts by kind, and the first day's changes. Nothing when there is no such plan, or
 * when the network has other points, sites or cars since. */
cp_status cp_plan_changes_print(cp_cli *cli, cp_db *db, const cp_network *net, const cp_plan *plan);

/* The plan that `stored` took the place of, and what changed; out->diff NULL under the same
 * conditions.
 */
cp_status cp_plan_changes_find(cp_ctx *ctx, cp_db *db, const cp_stored_plan *stored,
                               cp_page_before *out);

#endif
