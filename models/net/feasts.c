/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/feasts.h"

#include <math.h>
#include <stdbool.h>

#define RAD 0.017453292519943295
#define CHINA (8.0 / 24.0)       /* days ahead of universal time */
#define EPOCH_JD 2440587.5       /* 1970-01-01 00:00 */
#define DELTA_T (65.0 / 86400.0) /* dynamical minus universal time round these years, days */

cp_day cp_easter(int32_t year)
{
    const int32_t a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
    const int32_t f = (b + 8) / 25, g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
    const int32_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int32_t m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return cp_day_of(year, n / 31, n % 31 + 1);
}

cp_day cp_orthodox_easter(int32_t year)
{
    const int32_t a = year % 4, b = year % 7, c = year % 19;
    const int32_t d = (19 * c + 15) % 30, e = (2 * a + 4 * b - d + 34) % 7, n = d + e + 114;
    return cp_day_of(year, n / 31, n % 31 + 1) + 13; /* Julian to Gregorian, 1900 to 2099 */
}

/* New moon number k (0: January 2000) as a Julian day of dynamical time. */
static double new_moon(double k)
{
    const double t = k / 1236.85, e = 1 - 0.002516 * t;
    const double sun = RAD * (2.5534 + 29.10535670 * k);
    const double moon = RAD * (201.5643 + 385.81693528 * k + 0.0107582 * t * t);
    const double node = RAD * (160.7108 + 390.67050284 * k - 0.0016118 * t * t);
    const double omega = RAD * (124.7746 - 1.56375588 * k);
    const double mean = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t;
    return mean - 0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) +
           0.01039 * sin(2 * node) + 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) +
           0.00208 * e * e * sin(2 * sun) - 0.00111 * sin(moon - 2 * node) -
           0.00057 * sin(moon + 2 * node) + 0.00056 * e * sin(2 * moon + sun) -
           0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * node) +
           0.00038 * e * sin(sun - 2 * node) - 0.00024 * e * sin(2 * moon - sun) -
           0.00017 * sin(omega);
}

/* Apparent longitude of the sun, degrees in [0, 360). */
static double sun_longitude(double jd)
{
    const double t = (jd - 2451545.0) / 36525.0;
    const double mean = 280.46646 + 36000.76983 * t;
    const double g = RAD * (357.52911 + 35999.05029 * t);
    const double centre = (1.914602 - 0.004817 * t) * sin(g) + 0.019993 * sin(2 * g);
    const double omega = RAD * (125.04 - 1934.136 * t);
    const double l = fmod(mean + centre - 0.00569 - 0.00478 * sin(omega), 360.0);
    return l < 0 ? l + 360.0 : l;
}

/* The day in China that contains a moment of dynamical time. */
static cp_day china_day(double jd)
{
    return (cp_day)floor(jd - DELTA_T + CHINA - EPOCH_JD);
}

/* Number of the last month, by its new moon, that begins on or before a day. */
static double month_of(cp_day day)
{
    double k = floor((day + EPOCH_JD - 2451550.1) / 29.530588861) + 2;
    while (china_day(new_moon(k)) > day)
        k -= 1;
    return k;
}

/* The day in China on which the sun reaches 270 degrees. */
static cp_day winter_solstice(int32_t year)
{
    double at = cp_day_of(year, 12, 21) + EPOCH_JD;
    for (int32_t i = 0; i < 5; i++)
        at += (270.0 - sun_longitude(at)) / 360.0 * 365.2422;
    return china_day(at);
}

/* Does the sun pass a multiple of 30 degrees in month k? A month without is a leap month when there
 * are thirteen from one month of the solstice to the next. */
static bool has_term(double k)
{
    const double from = china_day(new_moon(k)) + EPOCH_JD - CHINA + DELTA_T;
    const double to = china_day(new_moon(k + 1)) + EPOCH_JD - CHINA + DELTA_T;
    return floor(sun_longitude(from) / 30) < floor(sun_longitude(to) / 30) ||
           sun_longitude(to) < sun_longitude(from);
}

cp_day cp_spring_festival(int32_t year)
{
    const double eleventh = month_of(winter_solstice(year - 1));
    const double next = month_of(winter_solstice(year));
    double first = eleventh + 2;
    if (next - eleventh > 12.5 && (!has_term(eleventh + 1) || !has_term(eleventh + 2))) first += 1;
    return china_day(new_moon(first));
}
