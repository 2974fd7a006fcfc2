/* SPDX-License-Identifier: GPL-3.0-or-later */
/* money.h - minor-unit arithmetic that notices overflow; the currency and its exponent. */
#ifndef CP_MONEY_H
#define CP_MONEY_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t cp_minor; /* money in minor units (fen, cents); never a double */

/* Largest amount accepted from outside and written to JSON (numbers there are doubles). */
#define CP_MINOR_MAX INT64_C(1000000000000000)

/* *out = a + b, a * b; false (and *out untouched) on overflow. */
static inline bool cp_minor_add(cp_minor a, cp_minor b, cp_minor *out)
{
    cp_minor r = 0;
    if (__builtin_add_overflow(a, b, &r)) return false;
    *out = r;
    return true;
}
static inline bool cp_minor_mul(cp_minor a, int64_t b, cp_minor *out)
{
    cp_minor r = 0;
    if (__builtin_mul_overflow(a, b, &r)) return false;
    *out = r;
    return true;
}

/* a * num / den rounded half up (towards +infinity at .5), den > 0, with a 128-bit product.
 * This is THE rounding of every cost: once per interval or visit, and per item. */
static inline int64_t cp_mul_div(int64_t a, int64_t num, int64_t den)
{
    int64_t small = 0;
    if (!__builtin_mul_overflow(a, num, &small) && small >= 0 && small < INT64_MAX / 4 &&
        den < INT64_MAX / 4)
        return (2 * small + den) / (2 * den); /* the same, where 64 bits do */
    const __int128 p = (__int128)a * num;
    const __int128 twice = 2 * p + den;
    __int128 q = twice / (2 * (__int128)den);
    if (twice < 0 && q * (2 * (__int128)den) != twice) q--; /* floor for negatives */
    return (int64_t)q;
}

/* Amount as text with the currency's decimals and thousands commas, e.g. "182,440.10". `out` holds
 * at least 40 bytes; returns out. exponent is 0..4. */
char *cp_minor_text(cp_minor amount, int32_t exponent, char out[40]);

#endif
