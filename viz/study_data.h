/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_data.h - what a siting study found as compact JSON (schema cashplan.study_page/1), for its
 * page and for other programs.
 *
 * One array a column, indexes between tables, money in minor units, null = there is none. Who
 * serves whom is written as what differs from an earlier block, a block being one scenario and
 * period (number scenario * n_periods + period): `like` is the block it differs from, -1 = none
 * (then from nobody serving anybody), `step` the distances between the clients that differ,
 * `server` and `seconds` what holds for them. */
#ifndef CP_STUDY_DATA_H
#define CP_STUDY_DATA_H

#include "data/json/json_out.h"
#include "models/net/network.h"
#include "models/study/study_result.h"

/* Write the document. `net` lends its road links as the ground of the map; NULL = none. With `html`
 * every '<' is escaped so that it may stand in a script element. */
cp_status cp_study_data_write(cp_ctx *ctx, const cp_study_result *r, const cp_network *net,
                              bool html, cp_outfile *out);

#endif
