/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/text.h"

#include <locale.h>
#include <stdio.h>

/* Shorten out[0..len) so that it does not end in the middle of a UTF-8 character. */
static size_t whole_characters(const char *out, size_t len)
{
    size_t lead = len; /* go back to the first byte of the last character */
    while (lead > 0 && ((unsigned char)out[lead - 1] & 0xC0u) == 0x80u)
        lead--;
    if (lead == 0) return len; /* not UTF-8 at all: leave it */
    const unsigned char c = (unsigned char)out[lead - 1];
    size_t need = 1;
    if (c >= 0xF0u)
        need = 4;
    else if (c >= 0xE0u)
        need = 3;
    else if (c >= 0xC0u)
        need = 2;
    return len - (lead - 1) < need ? lead - 1 : len;
}

int cp_vformat(char *out, size_t cap, const char *format, va_list args)
{
    /* glibc and musl hand out a constant for the "C" locale: nothing is allocated here. */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c_locale != (locale_t)0 ? uselocale(c_locale) : (locale_t)0;
    const int n = vsnprintf(out, cap, format, args);
    if (c_locale != (locale_t)0) {
        uselocale(before);
        freelocale(c_locale);
    }
    if (n < 0 && cap > 0) out[0] = '\0';
    if (n >= 0 && cap > 0 && (size_t)n >= cap) out[whole_characters(out, cap - 1)] = '\0';
    return n;
}

int cp_format(char *out, size_t cap, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = cp_vformat(out, cap, format, args);
    va_end(args);
    return n;
}
