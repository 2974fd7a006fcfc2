/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bank_csv.h - a bank as a folder of CSV files, one an entity, as `cashplan import` reads them. */
#ifndef CP_BANK_CSV_H
#define CP_BANK_CSV_H

#include "models/demand/history.h"
#include "models/net/fields.h"

/* Writes <dir>/<entity>.csv for every entity that has rows, and history.csv. The folder is made
 * when it is not there; files of these names are replaced, each only when it is whole. CP_E_IO
 * naming the file and the reason. */
cp_status cp_bank_write(cp_ctx *ctx, const char *dir, const cp_rows *rows,
                        const cp_history_row *history, int64_t n_history);

/* Reads <dir>/calendar.csv and calendar_day.csv into the first calendar found and its days, in
 * ctx->run. CP_E_INPUT naming file and line of the first refusal. */
cp_status cp_calendar_read(cp_ctx *ctx, const char *dir, cp_calendar *calendar,
                           cp_calendar_day **days, int32_t *n_days);

#endif
