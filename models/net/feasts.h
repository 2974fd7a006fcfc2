/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feasts.h - moving feasts computed for any year. */
#ifndef CP_FEASTS_H
#define CP_FEASTS_H

#include "models/base/clock.h"

/* Easter Sunday of a year from 1583 on (Gregorian; Meeus, Astronomical Algorithms, ch. 8). */
cp_day cp_easter(int32_t year);

/* Easter Sunday of the churches that reckon by the Julian calendar, as a Gregorian day; years 1900
 * to 2099. */
cp_day cp_orthodox_easter(int32_t year);

/* First day of the Chinese year that begins in `year`, 1950 to 2099: the second new moon, by China
 * Standard Time, after the month of the winter solstice, the third where a leap month comes between
 * (GB/T 33661-2017). New moons after Meeus ch. 49, the sun after ch. 25 in low accuracy: errors of
 * seconds and of a minute, where days count. */
cp_day cp_spring_festival(int32_t year);

#endif
