/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single.h - the single models that a forecast combines. */
#ifndef CP_SINGLE_H
#define CP_SINGLE_H

#include "models/demand/demand_filter.h"

typedef enum cp_single {
    CP_SINGLE_SMOOTH, /* level and week by a bank of exponential smoothings (demand_filter.h) */
    CP_N_SINGLES
} cp_single;

/* Short name, as stored and printed. */
const char *cp_single_name(int32_t single);

#endif
