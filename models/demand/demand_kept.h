/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_kept.h - fitted values inside a forecast; for the files of this folder only. */
#ifndef CP_DEMAND_KEPT_H
#define CP_DEMAND_KEPT_H

#include "models/demand/demand_fitting.h"
#include "models/demand/demand_keep.h"

/* Room for what machines are fitted to, after the pools are known; all counted as not taken. */
cp_status cp_kept_new(cp_ctx *ctx, cp_forecast *forecast);

/* The day before which names of calendars were learnt: the end of the history that was fitted on,
 * or of this one without a fit. CP_E_INPUT when the fit is of other days or of another program. */
cp_status cp_kept_learn_end(cp_ctx *ctx, const cp_history *history, const cp_fit *fit, cp_day *out);

/* Take what pools and machines were fitted to. *all false: a pool is not among it, and nothing was
 * taken for pools; they must be learnt. CP_E_INPUT when calendars have changed since. */
cp_status cp_kept_take(cp_ctx *ctx, const cp_network *net, const cp_fit *fit, cp_forecast *forecast,
                       bool *all);

/* Do the same single models fit the machine as when it was fitted? Gains of others are not known.
 */
bool cp_kept_same_models(const cp_demand_kept *kept, const cp_filter_input *in);

/* Weights and scores of a machine as they were: false where models fit it now that did not then, or
 * the other way round. */
bool cp_kept_weights(const cp_demand_kept *kept, cp_rolled *rolled, cp_demand_note *note);

#endif
