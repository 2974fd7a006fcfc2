/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/ctx.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "models/base/clock.h"
#include "models/base/text.h"

cp_status cp_ctx_init(cp_ctx *ctx)
{
    memset(ctx, 0, sizeof(*ctx));
    ctx->seed = 1;
    ctx->n_threads = 1;
    ctx->run = cp_arena_new();
    ctx->scratch = ctx->run != NULL ? cp_arena_new() : NULL;
    if (ctx->scratch == NULL) {
        cp_ctx_done(ctx);
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory when starting");
    }
    return CP_OK;
}

void cp_ctx_done(cp_ctx *ctx)
{
    cp_arena_free(ctx->scratch);
    cp_arena_free(ctx->run);
    ctx->scratch = NULL;
    ctx->run = NULL;
}

cp_status cp_fail(cp_ctx *ctx, cp_status st, const char *file, int line, const char *format, ...)
{
    assert(st != CP_OK && "a failure needs a status");
    if (ctx == NULL || ctx->error.status != CP_OK) return st;
    va_list args;
    va_start(args, format);
    cp_vformat(ctx->error.text, sizeof(ctx->error.text), format, args);
    va_end(args);
    ctx->error.status = st;
    ctx->error.file = file;
    ctx->error.line = line;
    cp_log(&ctx->log, CP_LOG_DEBUG, "%s:%d: %s: %s", file, line, cp_status_text(st),
           ctx->error.text);
    return st;
}

void cp_error_clear(cp_ctx *ctx)
{
    memset(&ctx->error, 0, sizeof(ctx->error));
}

/* Writes down that memory is exhausted where p is NULL; returns p. */
static void *taken(cp_ctx *ctx, void *p, size_t n, size_t size)
{
    if (p == NULL)
        cp_fail(ctx, CP_E_NOMEM, __FILE__, __LINE__, "out of memory: %zu items of %zu bytes", n,
                size);
    return p;
}

void *cp_alloc(cp_ctx *ctx, cp_arena *arena, size_t n, size_t size)
{
    return taken(ctx, cp_arena_alloc(arena, n, size), n, size);
}

void *cp_alloc_raw(cp_ctx *ctx, cp_arena *arena, size_t n, size_t size)
{
    return taken(ctx, cp_arena_alloc_raw(arena, n, size), n, size);
}

char *cp_strdup(cp_ctx *ctx, cp_arena *arena, const char *text)
{
    const size_t n = strlen(text) + 1;
    char *copy = cp_alloc(ctx, arena, n, 1);
    if (copy != NULL) memcpy(copy, text, n);
    return copy;
}

char *cp_strf(cp_ctx *ctx, cp_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    const int n = cp_vformat(NULL, 0, format, args);
    va_end(args);
    char *text = NULL;
    if (n < 0)
        cp_fail(ctx, CP_E_RANGE, __FILE__, __LINE__, "a text could not be formatted");
    else
        text = cp_alloc(ctx, arena, (size_t)n + 1, 1);
    if (text != NULL) cp_vformat(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

bool cp_user_stopped(const cp_ctx *ctx)
{
    return ctx->stop != NULL && atomic_load_explicit(ctx->stop, memory_order_relaxed) != 0;
}

double cp_ctx_now_s(const cp_ctx *ctx)
{
    return ctx->cpu_clock ? cp_cpu_s() : cp_now_s();
}

bool cp_should_stop(const cp_ctx *ctx)
{
    if (cp_user_stopped(ctx)) return true;
    return ctx->deadline_s > 0 && cp_ctx_now_s(ctx) >= ctx->deadline_s;
}

void cp_progress(const cp_ctx *ctx, const char *stage, int64_t done, int64_t total)
{
    if (ctx->progress != NULL) ctx->progress(ctx->progress_user, stage, done, total);
}
