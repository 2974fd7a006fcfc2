/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/clock.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "models/base/text.h"

#define DAYS_PER_ERA 146097    /* 400 years */
#define EPOCH_FROM_ERA0 719468 /* days from 0000-03-01 to 1970-01-01 */
#define MINUTES_LAST (48 * 60)

/* Years start in March here, so that the leap day is the last day of a year (Hinnant 2013). */
cp_day cp_day_of(int32_t year, int32_t month, int32_t day)
{
    const int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (cp_day)(era * DAYS_PER_ERA + day_of_era - EPOCH_FROM_ERA0);
}

void cp_day_split(cp_day d, int32_t *year, int32_t *month, int32_t *day)
{
    const int64_t z = (int64_t)d + EPOCH_FROM_ERA0;
    const int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    const int64_t day_of_era = z - era * DAYS_PER_ERA;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t m = (5 * day_of_year + 2) / 153;
    *day = (int32_t)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int32_t)(m < 10 ? m + 3 : m - 9);
    *year = (int32_t)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

int32_t cp_weekday(cp_day d)
{
    /* 1970-01-01 was a Thursday (3 from Monday). */
    const int64_t w = ((int64_t)d + 3) % 7;
    return (int32_t)(w < 0 ? w + 7 : w);
}

int32_t cp_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) return 0;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly n digits; sscanf would also take signs and blanks. */
static bool read_digits(const char *text, size_t n, int32_t *out)
{
    int32_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        v = v * 10 + (text[i] - '0');
    }
    *out = v;
    return true;
}

bool cp_day_parse(const char *text, cp_day *out)
{
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    if (!read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month)) return false;
    if (!read_digits(text + 8, 2, &day) || year < 1) return false;
    if (day < 1 || day > cp_days_in_month(year, month)) return false;
    *out = cp_day_of(year, month, day);
    return true;
}

char *cp_day_text(cp_day d, char out[16])
{
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;
    cp_day_split(d, &year, &month, &day);
    cp_format(out, 16, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return out;
}

bool cp_minute_parse(const char *text, int32_t *out)
{
    int32_t hour = 0;
    int32_t minute = 0;
    if (text == NULL || strlen(text) != 5 || text[2] != ':') return false;
    if (!read_digits(text, 2, &hour) || !read_digits(text + 3, 2, &minute)) return false;
    if (minute > 59 || hour * 60 + minute > MINUTES_LAST) return false;
    *out = hour * 60 + minute;
    return true;
}

char *cp_minute_text(int32_t minute, char out[16])
{
    const int64_t m = minute < 0 ? -(int64_t)minute : minute;
    cp_format(out, 16, "%s%02d:%02d", minute < 0 ? "-" : "", (int)(m / 60), (int)(m % 60));
    return out;
}

static double seconds_of(clockid_t clock)
{
    struct timespec t = {0, 0};
    if (clock_gettime(clock, &t) != 0) return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double cp_now_s(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double cp_cpu_s(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}
