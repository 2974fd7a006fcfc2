/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backtest_data.h - a backtest as compact JSON (schema cashplan.backtest/1), for its page and for
 * other programs. */
#ifndef CP_BACKTEST_DATA_H
#define CP_BACKTEST_DATA_H

#include "data/json/json_out.h"
#include "models/demand/backtest.h"

/* Machines and flows whose days are on the page: of more than these, those with the greatest
 * demand, and the page says how many are left out. */
#define CP_BACKTEST_CHARTS_MAX 1500

/* Write the document. With `charts`, the days that the backtest kept too. With `html` every '<' is
 * escaped so that it may stand in a script element. */
cp_status cp_backtest_data_write(cp_ctx *ctx, const cp_network *net, const cp_backtest *backtest,
                                 bool charts, bool html, cp_outfile *out);

#endif
