/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ctx.h - what every call is given: arenas, last error, log, seed, budget. */
#ifndef CP_CTX_H
#define CP_CTX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/arena.h"
#include "models/base/log.h"
#include "models/base/status.h"

#define CP_ERROR_TEXT_MAX 2048

typedef struct cp_error {
    cp_status status;
    char text[CP_ERROR_TEXT_MAX]; /* words a planner understands; cut at a UTF-8 boundary */
    const char *file;             /* where it was noticed (for the log) */
    int line;
} cp_error;

/* Called now and then by long work. `done` of `total` in the unit of the stage; total 0 = unknown.
 */
typedef void cp_progress_fn(void *user, const char *stage, int64_t done, int64_t total);

/* One a thread. `run` lives until the result is written; `scratch` is marked on entry of a function
 * and rewound on exit. */
typedef struct cp_ctx {
    cp_arena *run;
    cp_arena *scratch;
    cp_error error;
    cp_log_sink log;
    uint64_t seed;
    int32_t n_threads;      /* >= 1 */
    int64_t work;           /* counted-work budget, 0 = each search's default by size */
    double deadline_s;      /* on the clock of cp_ctx_now_s(); 0 = none (a safety stop) */
    bool cpu_clock;         /* that clock counts the CPU seconds of the process, of all its threads
                               together, instead of those that pass: for work that is compared on
                               machines with other work */
    const atomic_int *stop; /* NULL or a flag: not 0 = stop with the best so far */
    cp_progress_fn *progress; /* NULL = none */
    void *progress_user;
} cp_ctx;

/* A context with two fresh arenas, seed 1, one thread; CP_E_NOMEM if memory is exhausted. */
cp_status cp_ctx_init(cp_ctx *ctx);
void cp_ctx_done(cp_ctx *ctx);

/* Record what went wrong (status, words) and return the status. The first error of a chain stays:
 * call cp_error_clear to forget it. */
cp_status cp_fail(cp_ctx *ctx, cp_status st, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void cp_error_clear(cp_ctx *ctx);

/* Record what went wrong, in words a planner understands, and return. */
#define CP_FAIL(ctx, st, ...) return cp_fail((ctx), (st), __FILE__, __LINE__, __VA_ARGS__)

/* Pass a failure up unchanged. */
#define CP_TRY(call)                                                                               \
    do {                                                                                           \
        const cp_status cp_try_st = (call);                                                        \
        if (cp_try_st != CP_OK) return cp_try_st;                                                  \
    } while (0)

/* n zeroed items in an arena of the context; on exhausted memory the error is recorded and NULL
 * returned. CP_NEW assigns and returns CP_E_NOMEM from the calling function. */
void *cp_alloc(cp_ctx *ctx, cp_arena *arena, size_t n, size_t size);
#define CP_NEW(ctx, arena, ptr, n)                                                                 \
    do {                                                                                           \
        (ptr) = cp_alloc((ctx), (arena), (size_t)(n), sizeof(*(ptr)));                             \
        if ((ptr) == NULL) return CP_E_NOMEM;                                                      \
    } while (0)
/* The same without the zeros, for large arrays that are written before they are read. */
void *cp_alloc_raw(cp_ctx *ctx, cp_arena *arena, size_t n, size_t size);
#define CP_NEW_RAW(ctx, arena, ptr, n)                                                             \
    do {                                                                                           \
        (ptr) = cp_alloc_raw((ctx), (arena), (size_t)(n), sizeof(*(ptr)));                         \
        if ((ptr) == NULL) return CP_E_NOMEM;                                                      \
    } while (0)

/* A copy of a text in an arena; NULL (error recorded) when memory is exhausted. */
char *cp_strdup(cp_ctx *ctx, cp_arena *arena, const char *text);
/* printf into an arena. */
char *cp_strf(cp_ctx *ctx, cp_arena *arena, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Seconds on the clock of the deadline: cp_now_s(), or cp_cpu_s(). */
double cp_ctx_now_s(const cp_ctx *ctx);
/* True when the user asked to stop or the deadline has passed. */
bool cp_should_stop(const cp_ctx *ctx);
/* True only when the user asked to stop. */
bool cp_user_stopped(const cp_ctx *ctx);
void cp_progress(const cp_ctx *ctx, const char *stage, int64_t done, int64_t total);

#endif
