/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rng.h - seeded random streams, split per job. */
#ifndef CP_RNG_H
#define CP_RNG_H

#include <stdint.h>

/* xoshiro256** (Blackman, Vigna 2018), seeded through splitmix64. Plain data: copy = fork. */
typedef struct cp_rng {
    uint64_t s[4];
} cp_rng;

/* Stream `stream` of `seed`: streams of one seed are independent for all practical purposes. */
cp_rng cp_rng_new(uint64_t seed, uint64_t stream);
uint64_t cp_rng_u64(cp_rng *rng);
/* Uniform in [0, n), unbiased; n >= 1. */
uint32_t cp_rng_below(cp_rng *rng, uint32_t n);
/* Uniform in [0, 1) with 53 bits. */
double cp_rng_unit(cp_rng *rng);
/* Standard normal (polar method, Marsaglia 1964). */
double cp_rng_normal(cp_rng *rng);

/* A 64-bit hash of bytes (FNV-1a, then mixed): input hashes and derived seeds, not security. */
uint64_t cp_hash_bytes(uint64_t start, const void *bytes, uint64_t n);
uint64_t cp_hash_text(uint64_t start, const char *text);

#endif
