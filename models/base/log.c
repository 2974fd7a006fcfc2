/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/log.h"

#include <stdarg.h>
#include <stddef.h>

#include "models/base/text.h"

#define LOG_TEXT_MAX 2048

void cp_log(const cp_log_sink *sink, cp_log_level level, const char *format, ...)
{
    if (sink == NULL || sink->fn == NULL || level > sink->most) return;
    char text[LOG_TEXT_MAX];
    va_list args;
    va_start(args, format);
    cp_vformat(text, sizeof(text), format, args);
    va_end(args);
    sink->fn(sink->user, level, text);
}
