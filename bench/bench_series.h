/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_series.h - daily series from a CSV file as machines with a history, and holidays as a
 * calendar.
 *
 * SERIES: columns series, date (YYYY-MM-DD), value (empty, NA or NaN: no record), others are left
 * alone; rows in any order, a day once a series. HOLIDAYS: columns date, a name (name, or the first
 * that begins with name), and, where there is one, kind (off, public, bank: no working day; work: a
 * weekend day worked in exchange). All faults of a file are told, the first hundred in full. */
#ifndef CP_BENCH_SERIES_H
#define CP_BENCH_SERIES_H

#include "models/demand/history.h"

typedef struct bench_series {
    cp_network *net; /* one machine a series, in the order in which they appear */
    cp_history *history;
    double unit;     /* minor units of a value of 1: a power of ten, so that no digit is lost */
    cp_day *end;     /* by series: the day after the last one that is known */
    int32_t *n_held; /* by series: days held back */
} bench_series;

typedef struct bench_series_opts {
    const char *path, *holidays; /* holidays NULL: weekdays alone */
    int32_t hold_out;            /* so many last days of every series are not read */
} bench_series_opts;

/* Lives in ctx->run. CP_E_INPUT with all that is wrong. */
cp_status bench_series_read(cp_ctx *ctx, const bench_series_opts *opts, bench_series *out);

#endif
