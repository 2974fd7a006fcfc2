/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/rng.h"

#include <math.h>
#include <string.h>

static uint64_t splitmix64(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

cp_rng cp_rng_new(uint64_t seed, uint64_t stream)
{
    /* Seed and stream are mixed one after the other: adding them would make (1, 2) equal (2, 1). */
    uint64_t state = seed;
    state = splitmix64(&state) ^ (stream * UINT64_C(0xD6E8FEB86659FD93));
    cp_rng rng;
    for (int i = 0; i < 4; i++)
        rng.s[i] = splitmix64(&state);
    return rng;
}

uint64_t cp_rng_u64(cp_rng *rng)
{
    uint64_t *s = rng->s;
    const uint64_t result = rotl(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

/* Multiply and reject (Lemire 2019, "Fast random integer generation in an interval"). */
uint32_t cp_rng_below(cp_rng *rng, uint32_t n)
{
    if (n == 0) return 0;
    uint64_t m = (cp_rng_u64(rng) >> 32) * n;
    const uint32_t threshold = (uint32_t)(-n) % n;
    while ((uint32_t)m < threshold)
        m = (cp_rng_u64(rng) >> 32) * n;
    return (uint32_t)(m >> 32);
}

double cp_rng_unit(cp_rng *rng)
{
    return (double)(cp_rng_u64(rng) >> 11) * 0x1.0p-53;
}

double cp_rng_normal(cp_rng *rng)
{
    /* The second number of the pair is not kept: a stream is then its four words and nothing else.
     */
    for (;;) {
        const double u = 2 * cp_rng_unit(rng) - 1;
        const double v = 2 * cp_rng_unit(rng) - 1;
        const double r = u * u + v * v;
        if (r > 0 && r < 1) return u * sqrt(-2 * log(r) / r);
    }
}

uint64_t cp_hash_bytes(uint64_t start, const void *bytes, uint64_t n)
{
    const unsigned char *p = bytes;
    uint64_t h = UINT64_C(0xCBF29CE484222325) ^ start;
    for (uint64_t i = 0; i < n; i++)
        h = (h ^ p[i]) * UINT64_C(0x100000001B3);
    /* FNV alone leaves the high bits of short inputs alike. */
    h ^= h >> 33;
    h *= UINT64_C(0xFF51AFD7ED558CCD);
    h ^= h >> 33;
    h *= UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ (h >> 33);
}

uint64_t cp_hash_text(uint64_t start, const char *text)
{
    return cp_hash_bytes(start, text, strlen(text));
}
