/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_day.h - cashplan route for a day of a stored plan. */
#ifndef CP_CLI_ROUTE_DAY_H
#define CP_CLI_ROUTE_DAY_H

#include "cli/args.h"

typedef struct cp_route_day_args {
    int64_t plan_id; /* 0 = the latest */
    cp_day date;     /* CP_DAY_NONE = the plan's first day */
    const char *vault, *out, *problem_out;
} cp_route_day_args;

/* Route the day of each vault (of the one named) anew, tell its cost beside that of the stored
 * routes, and write what is asked for. Files hold one vault's day: CP_E_INPUT where several have
 * stops and none is named. *refused: the referee refuses routes found; they are not written. */
cp_status cp_cli_route_day(cp_cli *cli, const cp_route_day_args *args, bool *refused);

#endif
