/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vector.h - inner loops over sample paths in the widest registers that the machine has. */
#ifndef CP_VECTOR_H
#define CP_VECTOR_H

/* Before a static function of plain integer loops: the compiler makes it twice, for AVX2 and for
 * any x86-64, and the loader takes the one that runs here. Integers come out the same either way;
 * for that reason on floating point only where every number is whole and exact. Elsewhere, and
 * under the sanitizers (whose start-up is not ready when the loader chooses), it means nothing. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CP_VECTOR __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define CP_VECTOR
#endif

#endif
