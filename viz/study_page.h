/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_page.h - the page of a siting study: one self-contained HTML file with its map, scenarios,
 * charts and curves (viz/page, dist/study.html). */
#ifndef CP_STUDY_PAGE_H
#define CP_STUDY_PAGE_H

#include "viz/study_data.h"

/* Write the page of `r` to `path`. `net` lends its road links as the ground of the map; NULL = none
 * (a grid of degrees is drawn). Scenarios without a plan may leave `use`, `server` and `seconds`
 * NULL. CP_E_INPUT saying how to build the page when the program was built without it, CP_E_IO when
 * the file cannot be written. */
cp_status cp_study_page(cp_ctx *ctx, const cp_study_result *r, const cp_network *net,
                        const char *path);

#endif
