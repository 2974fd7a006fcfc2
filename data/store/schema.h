/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema.h - the numbered steps of data/schema, built into the library by CMake. */
#ifndef CP_SCHEMA_H
#define CP_SCHEMA_H

#include <stdint.h>

extern const char *const cp_schema_steps[];
extern const int32_t cp_schema_n_steps;

#endif
