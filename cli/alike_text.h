/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alike_text.h - days that are too much like earlier ones, as text and as JSON. */
#ifndef CP_CLI_ALIKE_TEXT_H
#define CP_CLI_ALIKE_TEXT_H

#include <stdio.h>

#include "solver/run/alike_run.h"

/* A few lines a day, at most `rows` ways and sites each. */
void cp_alike_print(FILE *out, const cp_likeness_ask *ask, const cp_alike_days *days, int32_t rows);

/* The member "likeness": an array of days. */
void cp_alike_json(FILE *out, const cp_likeness_ask *ask, const cp_alike_days *days);

#endif
