/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_conflicts.h - what a stored plan could not keep, and the ways out, for its page. */
#ifndef CP_PAGE_CONFLICTS_H
#define CP_PAGE_CONFLICTS_H

#include "cli/args.h"
#include "data/store/plan_store.h"
#include "viz/page_data.h"

/* Studies the plan as `cashplan explain --conflicts` does; a plan that needs no relief costs
 * nothing. *out is NULL when the data of today no longer fit the plan. Lives in ctx->run. */
cp_status cp_cli_page_conflicts(cp_cli *cli, const cp_stored_plan *stored, cp_page_conflicts **out);

#endif
