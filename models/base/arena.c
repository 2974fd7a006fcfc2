/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define ARENA_GAP 16u /* left poisoned between two allocations, so that an overrun is seen */
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define ARENA_GAP 0u
#endif

#define ALIGNMENT 16u
#define BLOCK_MIN ((size_t)64 * 1024)
#define BLOCK_MAX                                                                                  \
    ((size_t)4 * 1024 * 1024) /* blocks double up to here; larger ones when asked for */

typedef struct block {
    struct block *below; /* the block that was filled before this one */
    size_t size;         /* bytes in `data` */
    size_t used;         /* bytes handed out */
    size_t dirty;        /* bytes ever handed out: beyond it, memory is still zero from calloc */
    size_t used_below;   /* bytes handed out by all blocks below */
    size_t pad;          /* keeps `data` aligned to 16 */
    unsigned char data[];
} block;

_Static_assert(sizeof(block) % ALIGNMENT == 0, "allocations start on the alignment");

struct cp_arena {
    block *top;
    block *spare; /* one emptied block kept, so that rewinding in a loop does not cost a malloc */
};

/* Countdown of the fault injection. The one global here: a test cannot reach every arena that a
 * flow makes, and a thread must not see the faults meant for another. */
static _Thread_local long fail_countdown;

static bool fault_is_due(void)
{
    if (fail_countdown == 0) return false;
    fail_countdown--;
    return fail_countdown == 0;
}

void cp_arena_fail_at(long k)
{
    fail_countdown = k > 0 ? k : 0;
}

cp_arena *cp_arena_new(void)
{
    if (fault_is_due()) return NULL;
    return calloc(1, sizeof(cp_arena));
}

static void free_block(block *b)
{
    if (b == NULL) return;
    UNPOISON(b->data, b->size);
    free(b);
}

/* Free the top block or keep it as the spare one, whichever leaves the larger spare. */
static void retire_top(cp_arena *arena)
{
    block *b = arena->top;
    arena->top = b->below;
    if (arena->spare != NULL && arena->spare->size >= b->size) {
        free_block(b);
        return;
    }
    free_block(arena->spare);
    POISON(b->data, b->size);
    b->used = 0;
    arena->spare = b;
}

void cp_arena_free(cp_arena *arena)
{
    if (arena == NULL) return;
    while (arena->top != NULL) {
        block *below = arena->top->below;
        free_block(arena->top);
        arena->top = below;
    }
    free_block(arena->spare);
    free(arena);
}

static void push_block(cp_arena *arena, block *b)
{
    b->below = arena->top;
    b->used = 0;
    b->used_below = cp_arena_used(arena);
    arena->top = b;
}

/* Put a block with room for `bytes` on top. */
static bool grow(cp_arena *arena, size_t bytes)
{
    if (arena->spare != NULL && arena->spare->size >= bytes) {
        block *b = arena->spare;
        arena->spare = NULL;
        push_block(arena, b);
        return true;
    }
    size_t size = BLOCK_MIN;
    if (arena->top != NULL && arena->top->size >= BLOCK_MIN) size = 2 * arena->top->size;
    if (size > BLOCK_MAX) size = BLOCK_MAX;
    if (size < bytes) size = bytes;
    block *b = calloc(1, sizeof(block) + size);
    if (b == NULL) return false;
    b->size = size;
    POISON(b->data, size);
    push_block(arena, b);
    return true;
}

/* `*old`: how many of its bytes were handed out before; the rest is zero. */
static unsigned char *take(cp_arena *arena, size_t n, size_t size, size_t *old)
{
    size_t bytes = 0;
    if (fault_is_due()) return NULL;
    if (__builtin_mul_overflow(n, size, &bytes)) return NULL;
    if (bytes > SIZE_MAX / 2) return NULL; /* leaves room for the rounding below */
    /* Nothing asked for still takes a place, so that two results are never the same. */
    const size_t step =
        ((bytes == 0 ? 1 : bytes) + ARENA_GAP + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

    block *b = arena->top;
    if (b == NULL || b->size - b->used < step) {
        if (!grow(arena, step)) return NULL;
        b = arena->top;
    }
    unsigned char *p = b->data + b->used;
    UNPOISON(p, bytes);
    *old = b->dirty > b->used ? b->dirty - b->used : 0;
    if (*old > bytes) *old = bytes;
    b->used += step;
    if (b->dirty < b->used) b->dirty = b->used;
    return p;
}

void *cp_arena_alloc(cp_arena *arena, size_t n, size_t size)
{
    size_t old = 0;
    unsigned char *p = take(arena, n, size, &old);
    if (p != NULL && old > 0) memset(p, 0, old);
    return p;
}

void *cp_arena_alloc_raw(cp_arena *arena, size_t n, size_t size)
{
    size_t old = 0;
    unsigned char *p = take(arena, n, size, &old);
#ifdef ARENA_ASAN
    if (p != NULL) memset(p, 0xA5, n * size);
#endif
    return p;
}

cp_arena_mark cp_arena_here(const cp_arena *arena)
{
    cp_arena_mark mark = {arena->top, arena->top != NULL ? arena->top->used : 0};
    return mark;
}

void cp_arena_rewind(cp_arena *arena, cp_arena_mark mark)
{
    while (arena->top != mark.block) {
        assert(arena->top != NULL && "the mark is of another arena or was rewound already");
        retire_top(arena);
    }
    if (arena->top == NULL) return;
    assert(mark.used <= arena->top->used);
    POISON(arena->top->data + mark.used, arena->top->size - mark.used);
    arena->top->used = mark.used;
}

void cp_arena_adopt(cp_arena *dst, cp_arena *src)
{
    if (dst == src || src->top == NULL) return;
    const size_t base = cp_arena_used(dst);
    block *bottom = src->top;
    for (block *b = src->top; b != NULL; b = b->below) {
        b->used_below += base;
        bottom = b;
    }
    bottom->below = dst->top;
    dst->top = src->top;
    src->top = NULL;
}

size_t cp_arena_used(const cp_arena *arena)
{
    return arena->top != NULL ? arena->top->used_below + arena->top->used : 0;
}
