/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roads.h - keeps the shortest times over the road graph up to date in the database. */
#ifndef CP_CLI_ROADS_H
#define CP_CLI_ROADS_H

#include "cli/args.h"
#include "models/net/network.h"

/* Computes and keeps the road times of the database of --db when it has a road graph and what is
 * kept was made from other data. What goes wrong is a warning and not a failure: a plan computes
 * the times itself then. `db`: open for writing, or NULL to open the database of --db; only then
 * `rows` is looked at: what the database holds. */
void cp_cli_roads(cp_cli *cli, cp_db *db, const cp_rows *rows);

#endif
