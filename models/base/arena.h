/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.h - memory that is freed all at once. */
#ifndef CP_ARENA_H
#define CP_ARENA_H

#include <stddef.h>

typedef struct cp_arena cp_arena;

/* A place in an arena to which it can be rewound. Opaque in use. */
typedef struct cp_arena_mark {
    void *block;
    size_t used;
} cp_arena_mark;

/* A new empty arena; NULL if memory is exhausted. Free with cp_arena_free (NULL is allowed). */
cp_arena *cp_arena_new(void);
void cp_arena_free(cp_arena *arena);

/* n items of `size` bytes, zeroed, aligned for any type. NULL when n * size overflows or memory is
 * exhausted; n = 0 gives a valid pointer that must not be read. */
void *cp_arena_alloc(cp_arena *arena, size_t n, size_t size);
/* The same without the zeros: what is in it is anything (under ASan always 0xA5, so that a test
 * sees what was read before it was written). */
void *cp_arena_alloc_raw(cp_arena *arena, size_t n, size_t size);

/* Everything allocated after the mark is given back (poisoned under ASan) by cp_arena_rewind. */
cp_arena_mark cp_arena_here(const cp_arena *arena);
void cp_arena_rewind(cp_arena *arena, cp_arena_mark mark);

/* Hand everything in `src` over to `dst`: it now lives as long as what is allocated in `dst` next,
 * so rewinding `dst` to an earlier mark gives it back. `src` is empty afterwards and may be used
 * again; its marks are no longer valid. Never fails. */
void cp_arena_adopt(cp_arena *dst, cp_arena *src);

/* Bytes handed out and not rewound, with what alignment costs. */
size_t cp_arena_used(const cp_arena *arena);

/* Testing: the k-th allocation from now fails (1 = the next; cp_arena_new counts too), those after
 * it succeed again; 0 switches this off. Per thread. */
void cp_arena_fail_at(long k);

#endif
