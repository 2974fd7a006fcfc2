/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/problems.h"

#include <string.h>

#include "models/base/text.h"

#define LINE_MAX_BYTES 1000
#define VALUE_MAX_BYTES 60

cp_status cp_problem_add(cp_ctx *ctx, cp_problems *problems, cp_problem_kind kind,
                         const char *format, ...)
{
    const bool warning = kind == CP_PROBLEM_WARNING;
    int32_t *n = warning ? &problems->n_warned : &problems->n_shown;
    problems->by_kind[kind]++;
    if (*n == CP_PROBLEMS_SHOWN) return CP_OK;
    char line[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    (void)cp_vformat(line, sizeof(line), format, args);
    va_end(args);
    const char *text = cp_strdup(ctx, ctx->run, line);
    if (text == NULL) return CP_E_NOMEM;
    (warning ? problems->warned : problems->shown)[(*n)++] = text;
    return CP_OK;
}

int64_t cp_problems_count(const cp_problems *problems)
{
    int64_t n = 0;
    for (int k = 0; k < CP_N_PROBLEM_KINDS; k++)
        if (k != CP_PROBLEM_WARNING) n += problems->by_kind[k];
    return n;
}

const char *cp_problem_kind_text(cp_problem_kind kind)
{
    static const char *const texts[CP_N_PROBLEM_KINDS] = {
        [CP_PROBLEM_FILE] = "files that cannot be used",
        [CP_PROBLEM_HEADER] = "wrong headers",
        [CP_PROBLEM_RECORD] = "lines that are no record",
        [CP_PROBLEM_VALUE] = "values not allowed",
        [CP_PROBLEM_MISSING] = "values missing",
        [CP_PROBLEM_RULE] = "values that contradict each other",
        [CP_PROBLEM_DUPLICATE] = "keys given twice",
        [CP_PROBLEM_UNKNOWN] = "unknown codes",
        [CP_PROBLEM_WARNING] = "warnings",
    };
    return texts[kind];
}

const char *cp_value_shown(cp_ctx *ctx, const char *value)
{
    char out[VALUE_MAX_BYTES + 1];
    (void)cp_format(out, sizeof(out), "%s", value);
    for (char *c = out; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20u || *c == 0x7F) *c = '?';
    return cp_strf(ctx, ctx->scratch, "\"%s%s\"", out, strlen(value) > strlen(out) ? "..." : "");
}
