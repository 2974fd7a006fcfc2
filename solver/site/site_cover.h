/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_cover.h - can so many vaults reach every client?
 *
 * Most clients are covered by whatever covers a few far ones. So the question is asked for some
 * clients only, and those that the answer leaves uncovered join them (Chen, Chen, Computers & OR
 * 36, 2009; Contardo, Iori, Kramer, Computers & OR 105, 2019). For so few clients most sites cover
 * no more than another one does and are left out. */
#ifndef CP_SITE_COVER_H
#define CP_SITE_COVER_H

#include "solver/site/site_solve.h"

typedef enum cp_site_cover_answer {
    CP_SITE_COVER_FOUND,
    CP_SITE_COVER_NONE, /* proven: it takes more sites */
    CP_SITE_COVER_OPEN  /* a limit ended the search first */
} cp_site_cover_answer;

typedef struct cp_site_cover_result {
    cp_site_cover_answer answer;
    int64_t nodes, steps;
} cp_site_cover_result;

/* Pairs of `s` are who covers whom; costs, fixed and counts are not looked at. open[n_sites]: the
 * sites, where found. Limits of `opts` hold for the whole call. */
cp_status cp_siting_cover(cp_ctx *ctx, const cp_siting *s, int32_t most, const cp_siting_opts *opts,
                          uint8_t *open, cp_site_cover_result *out);

#endif
