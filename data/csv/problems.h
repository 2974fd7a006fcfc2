/* SPDX-License-Identifier: GPL-3.0-or-later */
/* problems.h - what an import finds wrong: the first hundred in full, all by kind. */
#ifndef CP_PROBLEMS_H
#define CP_PROBLEMS_H

#include "models/base/ctx.h"

#define CP_PROBLEMS_SHOWN 100

typedef enum cp_problem_kind {
    CP_PROBLEM_FILE,      /* missing, unreadable, empty */
    CP_PROBLEM_HEADER,    /* columns missing or not known */
    CP_PROBLEM_RECORD,    /* a line that is no record: fields, bytes, length */
    CP_PROBLEM_VALUE,     /* a value that is not allowed */
    CP_PROBLEM_MISSING,   /* an empty value that must be given */
    CP_PROBLEM_RULE,      /* values that contradict each other */
    CP_PROBLEM_DUPLICATE, /* the same key twice */
    CP_PROBLEM_UNKNOWN,   /* a code that nothing has */
    CP_PROBLEM_WARNING,   /* worth a look, does not refuse */
    CP_N_PROBLEM_KINDS
} cp_problem_kind;

typedef struct cp_problems {
    int32_t n_shown, n_warned;
    const char *shown[CP_PROBLEMS_SHOWN];  /* "site.csv line 18, field lat_deg: ..." */
    const char *warned[CP_PROBLEMS_SHOWN]; /* warnings, the same way */
    int64_t by_kind[CP_N_PROBLEM_KINDS];
} cp_problems;

/* Note one; texts live in ctx->run. CP_E_NOMEM only. */
cp_status cp_problem_add(cp_ctx *ctx, cp_problems *problems, cp_problem_kind kind,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Problems that refuse the import: all kinds but warnings. */
int64_t cp_problems_count(const cp_problems *problems);
/* "values not allowed": for the counts. */
const char *cp_problem_kind_text(cp_problem_kind kind);

/* A value as shown in a message: quoted, at most 60 bytes, control characters as '?'. ctx->scratch;
 * NULL when memory is exhausted. */
const char *cp_value_shown(cp_ctx *ctx, const char *value);

#endif
