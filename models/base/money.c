/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/money.h"

#include <stddef.h>
#include <string.h>

char *cp_minor_text(cp_minor amount, int32_t exponent, char out[40])
{
    if (exponent < 0) exponent = 0;
    if (exponent > 4) exponent = 4;
    /* Unsigned, because -INT64_MIN does not exist. */
    uint64_t rest = amount < 0 ? UINT64_C(0) - (uint64_t)amount : (uint64_t)amount;
    char reversed[40];
    size_t n = 0;
    for (int32_t i = 0; i < exponent; i++) {
        reversed[n++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    if (exponent > 0) reversed[n++] = '.';
    int32_t digits = 0;
    do {
        if (digits > 0 && digits % 3 == 0) reversed[n++] = ',';
        reversed[n++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
        digits++;
    } while (rest > 0);
    if (amount < 0) reversed[n++] = '-';
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = '\0';
    return out;
}
