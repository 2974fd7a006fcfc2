/* SPDX-License-Identifier: GPL-3.0-or-later */
/* likeness_text.h - how alike routes are, and what less costs, in words and as JSON. */
#ifndef CP_LIKENESS_TEXT_H
#define CP_LIKENESS_TEXT_H

#include <stdio.h>

#include "solver/run/likeness_run.h"

/* A table of the plan's days and vaults, day t (-1: all) and one vault (-1: all). */
void cp_likeness_print(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                       int32_t vault);
/* "likeness": [one object a row], without a comma. */
void cp_likeness_json(FILE *out, const cp_network *net, const cp_plan *plan);

/* The ways to drive one vault's day. */
void cp_levels_print(FILE *out, const cp_network *net, const cp_likeness_ask *ask,
                     const cp_likeness_levels *levels);
void cp_levels_json(FILE *out, const cp_network *net, const cp_likeness_ask *ask,
                    const cp_likeness_levels *levels);

#endif
