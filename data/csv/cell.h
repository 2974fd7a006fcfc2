/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell.h - inside data/csv: the text of a field, from a record by its source. */
#ifndef CP_CELL_H
#define CP_CELL_H

#include "data/csv/columns.h"
#include "data/csv/csv.h"

/* The text of field f of a record as cp_field_parse wants it: source, words, default, decimal mark,
 * date format, units of money. wide_column: of the cell at hand, -1 = not wide. *text lives in
 * ctx->scratch or in the record. *raw is the value as it stands in the file, for messages. When it
 * cannot be made *why says what the value must be, and *text is NULL. */
cp_status cp_cell_text(cp_ctx *ctx, const cp_columns *columns, const cp_csv_record *record,
                       int32_t wide_column, int32_t f, const char **text, const char **raw,
                       const char **why);

/* True when a rule of the mapping leaves the record out. */
bool cp_record_skipped(const cp_columns *columns, const cp_csv_record *record);

/* "1.234,50" with its marks -> minor units as digits, for an exponent of 0..4. False when it is no
 * amount, or has more decimals than the currency (zeros do not count). out holds 40 bytes. */
bool cp_units_to_minor(const char *text, char decimal, char thousands, int32_t exponent,
                       char out[40]);

#endif
