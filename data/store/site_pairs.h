/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_pairs.h - gathered sites that stand where another site stands. */
#ifndef CP_SITE_PAIRS_H
#define CP_SITE_PAIRS_H

#include "data/store/stage.h"

/* `merged`: the setting merge_equal_sites makes one stop of the two. */
typedef cp_status cp_site_pair_fn(cp_ctx *ctx, void *user, const char *first, const char *second,
                                  bool merged);

/* Calls fn for every gathered site with the coordinates of a site of smaller code, gathered or
 * stored: once, with the smallest such code. */
cp_status cp_site_pairs(cp_ctx *ctx, cp_stage *stage, cp_site_pair_fn *fn, void *user);

#endif
