/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - formatting that gives the same bytes in every locale. */
#ifndef CP_TEXT_H
#define CP_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* printf into out[cap] with the numbers of the C locale ('.' decimals), whatever locale the program
 * that uses us has chosen. Text that is too long is cut before a whole UTF-8 character. Returns the
 * length the whole text needs (without its end), or -1 when the format is not valid. */
int cp_format(char *out, size_t cap, const char *format, ...) __attribute__((format(printf, 3, 4)));
int cp_vformat(char *out, size_t cap, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
