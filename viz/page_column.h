/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_column.h - one array a column: COLUMN_INT(json, "name", n, rows[k].member) writes
 * "name":[...] with k = 0 .. n - 1. */
#ifndef CP_PAGE_COLUMN_H
#define CP_PAGE_COLUMN_H

#include "data/json/json_out.h"

#define COLUMN_INT(json, name, n, item)                                                            \
    do {                                                                                           \
        cp_json_array_flat((json), (name));                                                        \
        for (int32_t k = 0; k < (n); k++)                                                          \
            cp_json_int((json), NULL, (item));                                                     \
        cp_json_end(json);                                                                         \
    } while (0)
#define COLUMN_TEXT(json, name, n, item)                                                           \
    do {                                                                                           \
        cp_json_array_flat((json), (name));                                                        \
        for (int32_t k = 0; k < (n); k++)                                                          \
            cp_json_text((json), NULL, (item));                                                    \
        cp_json_end(json);                                                                         \
    } while (0)
#define COLUMN_REAL(json, name, n, item, digits)                                                   \
    do {                                                                                           \
        cp_json_array_flat((json), (name));                                                        \
        for (int32_t k = 0; k < (n); k++)                                                          \
            cp_json_real((json), NULL, (item), (digits));                                          \
        cp_json_end(json);                                                                         \
    } while (0)

#endif
