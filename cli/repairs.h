/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repairs.h - the history cleaned and what was found kept beside it. */
#ifndef CP_CLI_REPAIRS_H
#define CP_CLI_REPAIRS_H

#include "cli/args.h"

/* Clean the whole stored history and store the repairs in place of the older ones. What stands
 * against it (a network that is not whole yet, a calendar that ends before the history) is a
 * warning and leaves no repairs: forecasts will say the same as an error. */
void cp_cli_repairs(cp_cli *cli, cp_db *db);

#endif
