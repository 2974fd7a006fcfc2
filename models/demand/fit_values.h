/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit_values.h - fitted numbers by name: what a fit leaves for updates that fit nothing.
 *
 * A value is a vector of doubles known by its owner (the code of a machine; of what machines share:
 * a text that no code can be, see demand_keep.h), a flow and a name. The models put down what
 * they fitted and take it up again; the store keeps it without knowing what it means. */
#ifndef CP_FIT_VALUES_H
#define CP_FIT_VALUES_H

#include "models/demand/history.h"

typedef struct cp_fit_value {
    const char *owner;
    int32_t flow;
    const char *name;
    int32_t n;
    const double *value;
} cp_fit_value;

typedef struct cp_fit {
    int32_t n, room;
    cp_fit_value *list; /* any order until cp_fit_sort */
} cp_fit;

/* An empty list with room for so many values, in ctx->run. */
cp_status cp_fit_new(cp_ctx *ctx, int32_t room, cp_fit **out);
/* Add one; owner, name and values are copied to ctx->run. CP_E_RANGE when there is no room. */
cp_status cp_fit_put(cp_ctx *ctx, cp_fit *fit, const cp_fit_value *value);
/* Sort by owner, flow and name; before cp_fit_get. */
void cp_fit_sort(cp_fit *fit);
/* The value, or NULL where there is none (fit may be NULL). */
const cp_fit_value *cp_fit_get(const cp_fit *fit, const char *owner, int32_t flow,
                               const char *name);

#endif
