/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.h - days, minutes of the day, deadlines. Days are civil dates (proleptic Gregorian). */
#ifndef CP_CLOCK_H
#define CP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t cp_day; /* days since 1970-01-01 */
#define CP_DAY_NONE INT32_MIN

/* Civil date <-> day (H. Hinnant, "chrono-compatible low-level date algorithms", 2013). */
cp_day cp_day_of(int32_t year, int32_t month, int32_t day);
void cp_day_split(cp_day d, int32_t *year, int32_t *month, int32_t *day);
/* 0 = Monday .. 6 = Sunday. */
int32_t cp_weekday(cp_day d);
int32_t cp_days_in_month(int32_t year, int32_t month);

/* "YYYY-MM-DD" only; false when malformed or no such date (2023-02-29). */
bool cp_day_parse(const char *text, cp_day *out);
char *cp_day_text(cp_day d, char out[16]);

/* "HH:MM" (00:00..48:00, beyond 24:00 = the next day) <-> minutes from midnight. */
bool cp_minute_parse(const char *text, int32_t *out);
char *cp_minute_text(int32_t minute, char out[16]);

/* Monotonic seconds for deadlines and reports; CPU seconds of the process. */
double cp_now_s(void);
double cp_cpu_s(void);

#endif
