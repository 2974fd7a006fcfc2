/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings.h - the keys a bank may set, each with its range and default. */
#ifndef CP_SETTINGS_H
#define CP_SETTINGS_H

#include "models/net/fields.h"

/* The known keys, described like fields of cp_settings (name, type, range, default, help). */
extern const cp_field cp_setting_keys[];
int32_t cp_n_setting_keys(void);
/* NULL when there is no such key. */
const cp_field *cp_setting_by_key(const char *key);

/* Every key at its default. */
cp_settings cp_settings_defaults(void);

/* Defaults, then the rows in order of key. CP_E_INPUT naming the key and what is allowed when a key
 * is unknown, given twice, or its value refused. */
cp_status cp_settings_from_rows(cp_ctx *ctx, const cp_setting_row *rows, int32_t n_rows,
                                cp_settings *out);

#endif
