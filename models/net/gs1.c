/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/gs1.h"

#include <string.h>

#define KEY_DIGITS 13
#define SERIAL_MAX 16

bool cp_gs1_valid(const char *digits, size_t n)
{
    int sum = 0;
    if (n < 2) return false;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9') return false;
        /* Weights 3 and 1 alternate from the digit left of the check digit, which weighs 1. */
        sum += (digits[i] - '0') * ((n - 1 - i) % 2 == 1 ? 3 : 1);
    }
    return sum % 10 == 0;
}

bool cp_gs1_gln_valid(const char *gln)
{
    return gln[0] == '\0' || (strlen(gln) == KEY_DIGITS && cp_gs1_valid(gln, KEY_DIGITS));
}

bool cp_gs1_grai_valid(const char *grai)
{
    const size_t n = strlen(grai);
    if (n == 0) return true;
    return n >= 1 + KEY_DIGITS && n <= 1 + KEY_DIGITS + SERIAL_MAX && grai[0] == '0' &&
           cp_gs1_valid(grai + 1, KEY_DIGITS);
}
