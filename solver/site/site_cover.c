/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"

#define JOIN_AT_ONCE 4 /* uncovered clients that join a round */

typedef struct cover {
    cp_ctx *ctx;
    const cp_siting *s;
    cp_siting_opts opts;
    double until_s;
    int32_t *asked, n_asked; /* the clients of the question */
    uint8_t *is_asked;       /* [client] */
    int32_t *reach;          /* [site] clients it covers in all */
    uint8_t *hit;            /* [client] scratch */
} cover;

/* The problem of the asked clients, columns that matter only. */
typedef struct core {
    cp_siting s;
    int32_t *site; /* [column] site of the whole problem */
} core;

static cp_status cover_new(cp_ctx *ctx, const cp_siting *s, const cp_siting_opts *opts, cover *c)
{
    *c = (cover){.ctx = ctx, .s = s, .opts = *opts, .until_s = INFINITY};
    if (opts->cpu_limit_s > 0) c->until_s = cp_cpu_s() + opts->cpu_limit_s;
    CP_NEW(ctx, ctx->scratch, c->asked, s->n_clients);
    CP_NEW(ctx, ctx->scratch, c->is_asked, s->n_clients);
    CP_NEW(ctx, ctx->scratch, c->reach, s->n_sites);
    CP_NEW(ctx, ctx->scratch, c->hit, s->n_clients);
    for (int32_t a = 0; a < s->first[s->n_clients]; a++)
        c->reach[s->arc_site[a]]++;
    return CP_OK;
}

/* Adds up to `most` clients that open leaves uncovered, those with the fewest sites first, no two
 * of one round with a site in common. How many. */
static int32_t join(cover *c, const uint8_t *open, int32_t most)
{
    const cp_siting *s = c->s;
    for (int32_t i = 0; i < s->n_clients; i++) {
        c->hit[i] = c->is_asked[i];
        for (int32_t a = s->first[i]; a < s->first[i + 1] && !c->hit[i]; a++)
            c->hit[i] = open[s->arc_site[a]];
    }
    int32_t n = 0;
    const cp_arena_mark mark = cp_arena_here(c->ctx->scratch);
    uint8_t *taken = cp_alloc(c->ctx, c->ctx->scratch, (size_t)s->n_sites, 1);
    while (n < most && taken != NULL) {
        int32_t best = -1;
        for (int32_t i = 0; i < s->n_clients; i++) {
            const int32_t width = s->first[i + 1] - s->first[i];
            if (!c->hit[i] && (best < 0 || width < s->first[best + 1] - s->first[best])) best = i;
        }
        if (best < 0) break;
        c->hit[best] = 1;
        bool apart = true;
        for (int32_t a = s->first[best]; a < s->first[best + 1]; a++)
            apart = apart && !taken[s->arc_site[a]];
        if (!apart) continue;
        for (int32_t a = s->first[best]; a < s->first[best + 1]; a++)
            taken[s->arc_site[a]] = 1;
        c->is_asked[best] = 1;
        c->asked[c->n_asked++] = best;
        n++;
    }
    cp_arena_rewind(c->ctx->scratch, mark);
    return n;
}

static bool is_within(const uint64_t *a, const uint64_t *b, int32_t words)
{
    for (int32_t k = 0; k < words; k++)
        if ((a[k] & ~b[k]) != 0) return false;
    return true;
}

/* Sites that cover nothing that another one does not are marked; of two that cover the same stays
 * the one with more clients in all, then the one with the lower index. */
static cp_status dominated(const cover *c, const uint64_t *bits, int32_t words, uint8_t *out)
{
    const int32_t m = c->s->n_sites;
    int32_t *size = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, size, m);
    for (int32_t j = 0; j < m; j++)
        for (int32_t k = 0; k < words; k++)
            size[j] += __builtin_popcountll(bits[(size_t)j * (size_t)words + (size_t)k]);
    for (int32_t j = 0; j < m; j++) {
        out[j] = size[j] == 0;
        for (int32_t k = 0; k < m && !out[j]; k++) {
            if (k == j || size[k] < size[j]) continue;
            if (size[k] == size[j] &&
                (c->reach[k] < c->reach[j] || (c->reach[k] == c->reach[j] && k > j)))
                continue;
            out[j] = is_within(&bits[(size_t)j * (size_t)words], &bits[(size_t)k * (size_t)words],
                               words);
        }
    }
    return CP_OK;
}

static cp_status core_lists(const cover *c, const int32_t *column, core *q)
{
    cp_ctx *ctx = c->ctx;
    int32_t *first = NULL, *site = NULL, len = 0;
    double *zero = NULL;
    for (int32_t r = 0; r < c->n_asked; r++)
        len += c->s->first[c->asked[r] + 1] - c->s->first[c->asked[r]];
    CP_NEW(ctx, ctx->scratch, first, c->n_asked + 1);
    CP_NEW(ctx, ctx->scratch, site, len);
    CP_NEW(ctx, ctx->scratch, zero, len);
    len = 0;
    for (int32_t r = 0; r < c->n_asked; r++) {
        for (int32_t a = c->s->first[c->asked[r]]; a < c->s->first[c->asked[r] + 1]; a++)
            if (column[c->s->arc_site[a]] >= 0) site[len++] = column[c->s->arc_site[a]];
        first[r + 1] = len;
    }
    q->s.first = first;
    q->s.arc_site = site;
    q->s.arc_cost = zero;
    return CP_OK;
}

static cp_status make_core(const cover *c, core *q)
{
    cp_ctx *ctx = c->ctx;
    const int32_t m = c->s->n_sites, words = (c->n_asked + 63) / 64;
    uint64_t *bits = NULL;
    uint8_t *out = NULL;
    int32_t *column = NULL;
    double *fixed = NULL;
    CP_NEW(ctx, ctx->scratch, bits, (size_t)m * (size_t)words);
    CP_NEW(ctx, ctx->scratch, out, m);
    CP_NEW(ctx, ctx->scratch, column, m);
    CP_NEW(ctx, ctx->scratch, fixed, m);
    CP_NEW(ctx, ctx->scratch, q->site, m);
    for (int32_t r = 0; r < c->n_asked; r++)
        for (int32_t a = c->s->first[c->asked[r]]; a < c->s->first[c->asked[r] + 1]; a++)
            bits[(size_t)c->s->arc_site[a] * (size_t)words + (size_t)(r / 64)] |= 1ULL << (r % 64);
    CP_TRY(dominated(c, bits, words, out));
    int32_t n = 0;
    for (int32_t j = 0; j < m; j++) {
        column[j] = out[j] ? -1 : n;
        if (out[j]) continue;
        fixed[n] = 1;
        q->site[n++] = j;
    }
    q->s = (cp_siting){.n_sites = n, .n_clients = c->n_asked, .fixed = fixed, .most_open = n};
    return core_lists(c, column, q);
}

/* One question: sites for the asked clients, of the whole problem, in open. */
static cp_status ask(cover *c, int32_t most, uint8_t *open, cp_site_cover_result *out)
{
    cp_ctx *ctx = c->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    core q;
    cp_siting_result r;
    CP_TRY(make_core(c, &q));
    c->opts.limit = most + 1.0;
    c->opts.enough = most;
    c->opts.cpu_limit_s = isfinite(c->until_s) ? fmax(c->until_s - cp_cpu_s(), 1e-3) : 0;
    CP_TRY(cp_siting_solve(ctx, &q.s, &c->opts, &r));
    out->nodes += r.nodes;
    out->steps += r.steps;
    out->answer = r.found    ? CP_SITE_COVER_FOUND
                  : r.proven ? CP_SITE_COVER_NONE
                             : CP_SITE_COVER_OPEN;
    memset(open, 0, (size_t)c->s->n_sites);
    for (int32_t k = 0; k < q.s.n_sites && r.found; k++)
        open[q.site[k]] = r.plan.open[k];
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_siting_cover(cp_ctx *ctx, const cp_siting *s, int32_t most, const cp_siting_opts *opts,
                          uint8_t *open, cp_site_cover_result *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cover c;
    *out = (cp_site_cover_result){.answer = CP_SITE_COVER_FOUND};
    memset(open, 0, (size_t)s->n_sites);
    CP_TRY(cover_new(ctx, s, opts, &c));
    int32_t joined = join(&c, open, s->n_clients);
    /* Clients with no site in common need one each. */
    if (joined > most) out->answer = CP_SITE_COVER_NONE;
    while (joined > 0 && out->answer == CP_SITE_COVER_FOUND) {
        CP_TRY(ask(&c, most, open, out));
        joined = out->answer == CP_SITE_COVER_FOUND ? join(&c, open, JOIN_AT_ONCE) : 0;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
