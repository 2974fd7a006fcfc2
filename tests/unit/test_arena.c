/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/arena.h"

#include <string.h>

#include "tests/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#endif

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0) return false;
    return true;
}

static void sizes_come_zeroed_and_aligned(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t n, size;
    } cases[] = {
        {"one byte", 1, 1},
        {"odd size", 7, 3},
        {"a struct", 1, 48},
        {"just a block", 1, 64 * 1024},
        {"more than a block", 3, 1 << 20},
        {"many small", 100000, 8},
    };
    cp_arena *arena = cp_arena_new();
    assert_non_null(arena);
    for (int round = 0; round < 3; round++) { /* later rounds reuse dirty memory */
        const cp_arena_mark mark = cp_arena_here(arena);
        for (int32_t i = 0; i < LEN(cases); i++) {
            const size_t bytes = cases[i].n * cases[i].size;
            unsigned char *p = cp_arena_alloc(arena, cases[i].n, cases[i].size);
            if (p == NULL || !is_zero(p, bytes) || (uintptr_t)p % 16 != 0)
                fail_msg("%s: not zeroed or not aligned in round %d", cases[i].name, round);
            memset(p, 0xAB, bytes);
        }
        cp_arena_rewind(arena, mark);
        assert_int_equal(cp_arena_used(arena), 0);
    }
    cp_arena_free(arena);
}

static void what_cannot_be_is_null(void **state)
{
    (void)state;
    cp_arena *arena = cp_arena_new();
    assert_null(cp_arena_alloc(arena, SIZE_MAX, 2));
    assert_null(cp_arena_alloc(arena, SIZE_MAX / 2, 2));
    assert_null(cp_arena_alloc(arena, SIZE_MAX, 1));
    assert_non_null(cp_arena_alloc(arena, 0, 8));
    assert_ptr_not_equal(cp_arena_alloc(arena, 0, 8), cp_arena_alloc(arena, 0, 8));
    cp_arena_free(arena);
    cp_arena_free(NULL);
}

static void rewinding_keeps_what_is_before_the_mark(void **state)
{
    (void)state;
    cp_arena *arena = cp_arena_new();
    int *kept = cp_arena_alloc(arena, 100, sizeof(int));
    for (int i = 0; i < 100; i++)
        kept[i] = i;
    const size_t used = cp_arena_used(arena);
    for (int round = 0; round < 50; round++) {
        const cp_arena_mark outer = cp_arena_here(arena);
        memset(cp_arena_alloc(arena, 1, 50000), round, 50000);
        const cp_arena_mark inner = cp_arena_here(arena);
        memset(cp_arena_alloc(arena, 1, 200000), round, 200000);
        cp_arena_rewind(arena, inner);
        unsigned char *again = cp_arena_alloc(arena, 1, 300000);
        assert_true(is_zero(again, 300000));
        cp_arena_rewind(arena, outer);
        assert_int_equal(cp_arena_used(arena), used);
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(kept[i], i);
    cp_arena_free(arena);
}

static void adopted_memory_lives_with_its_new_owner(void **state)
{
    (void)state;
    cp_arena *to = cp_arena_new();
    cp_arena *from = cp_arena_new();
    char *old = cp_arena_alloc(to, 1, 1000);
    memset(old, 'o', 1000);
    const cp_arena_mark before = cp_arena_here(to);
    const size_t used_before = cp_arena_used(to);
    char *a = cp_arena_alloc(from, 1, 1000);
    char *b = cp_arena_alloc(from, 1, 200000);
    memset(a, 'a', 1000);
    memset(b, 'b', 200000);
    const size_t moved = cp_arena_used(from);

    cp_arena_adopt(to, from);
    assert_int_equal(cp_arena_used(from), 0);
    assert_int_equal(cp_arena_used(to), used_before + moved);
    memset(cp_arena_alloc(from, 1, 500), 'f', 500); /* the giver goes on with fresh memory */
    cp_arena_free(from);
    assert_int_equal(a[999], 'a');
    assert_int_equal(b[199999], 'b');
    memset(cp_arena_alloc(to, 1, 100000), 't', 100000);
    assert_int_equal(b[199999], 'b');

    cp_arena_adopt(to, to); /* nothing happens */
    cp_arena_rewind(to, before);
    assert_int_equal(cp_arena_used(to), used_before);
    assert_int_equal(old[999], 'o');
    cp_arena_free(to);
}

static void adopting_into_and_from_empty(void **state)
{
    (void)state;
    cp_arena *to = cp_arena_new();
    cp_arena *from = cp_arena_new();
    cp_arena_adopt(to, from);
    assert_int_equal(cp_arena_used(to), 0);
    int *p = cp_arena_alloc(from, 1, sizeof(int));
    *p = 7;
    cp_arena_adopt(to, from);
    cp_arena_free(from);
    assert_int_equal(*p, 7);
    const cp_arena_mark none = {NULL, 0};
    cp_arena_rewind(to, none);
    assert_int_equal(cp_arena_used(to), 0);
    cp_arena_free(to);
}

static void the_chosen_allocation_fails_and_only_that_one(void **state)
{
    (void)state;
    cp_arena *arena = cp_arena_new();
    for (long k = 1; k <= 5; k++) {
        cp_arena_fail_at(k);
        for (long i = 1; i <= 6; i++)
            assert_int_equal(cp_arena_alloc(arena, 1, 8) == NULL, i == k);
    }
    cp_arena_fail_at(1);
    assert_null(cp_arena_new());
    cp_arena_fail_at(1);
    cp_arena_fail_at(0);
    assert_non_null(cp_arena_alloc(arena, 1, 8));
    cp_arena_free(arena);
}

static void free_memory_is_poisoned(void **state)
{
    (void)state;
#ifdef HAS_ASAN
    cp_arena *arena = cp_arena_new();
    char *first = cp_arena_alloc(arena, 1, 13);
    const cp_arena_mark mark = cp_arena_here(arena);
    char *second = cp_arena_alloc(arena, 1, 100);
    assert_false(__asan_address_is_poisoned(first + 12));
    assert_true(__asan_address_is_poisoned(first + 13));
    assert_false(__asan_address_is_poisoned(second + 99));
    assert_true(__asan_address_is_poisoned(second + 100));
    cp_arena_rewind(arena, mark);
    assert_true(__asan_address_is_poisoned(second));
    assert_false(__asan_address_is_poisoned(first));
    assert_true(__asan_address_is_poisoned(cp_arena_alloc(arena, 0, 1)));
    cp_arena_free(arena);
#else
    skip(); /* only AddressSanitizer can tell */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_come_zeroed_and_aligned),
        cmocka_unit_test(what_cannot_be_is_null),
        cmocka_unit_test(rewinding_keeps_what_is_before_the_mark),
        cmocka_unit_test(adopted_memory_lives_with_its_new_owner),
        cmocka_unit_test(adopting_into_and_from_empty),
        cmocka_unit_test(the_chosen_allocation_fails_and_only_that_one),
        cmocka_unit_test(free_memory_is_poisoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
