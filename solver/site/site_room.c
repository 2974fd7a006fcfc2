/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/site/site_flow.h"

#define NONE (-1)
#define N_TRIED 12   /* changes tried a step, those that promise most */
#define MOST_KICKS 3 /* random exchanges before a descent */

/* A site that opens, one that closes, or both; no plan after it costs less than now plus bound. */
typedef struct change {
    int32_t in, out; /* NONE = none */
    double bound;
} change;

typedef struct piece {
    double saves, demand; /* a unit, and units */
} piece;

struct cp_site_room {
    const cp_siting *s;
    cp_site_flow *flow;
    uint8_t *open, *best;
    int32_t n_open;
    double fixed; /* of the open sites */
    double spare; /* room of the open sites above all demand */
    double apart; /* above the cost of every plan */
    cp_site_rates rates;
    double *gain;           /* [site] closed: most that opening it saves of service */
    double *want;           /* [site] the demand that is in gain; 0 = gain knows of its room */
    double *gives;          /* [site] most that it gives back of what closing another one costs */
    int32_t *first, *guest; /* clients by the site that is their best: n_sites + 2, [client] */
    piece *piece;           /* [client] scratch */
    change tried[N_TRIED];
    int32_t n_tried;
};

/* Above the cost of every plan. */
static double price_apart(const cp_siting *s)
{
    double sum = 1;
    for (int32_t j = 0; j < s->n_sites; j++)
        sum += s->fixed[j];
    for (int32_t i = 0; i < s->n_clients; i++)
        if (s->first[i + 1] > s->first[i]) sum += s->arc_cost[s->first[i + 1] - 1];
    return sum;
}

cp_status cp_site_room_new(cp_ctx *ctx, const cp_siting *s, cp_site_room **out)
{
    cp_site_room *w = NULL;
    CP_NEW(ctx, ctx->scratch, w, 1);
    w->s = s;
    w->apart = price_apart(s);
    CP_TRY(cp_site_flow_new(ctx, s, &w->flow));
    for (int32_t i = 0; i < s->n_clients; i++)
        w->spare -= s->demand[i];
    CP_NEW(ctx, ctx->scratch, w->open, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->best, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->gain, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->want, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->gives, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->first, s->n_sites + 2);
    CP_NEW(ctx, ctx->scratch, w->guest, s->n_clients);
    CP_NEW(ctx, ctx->scratch, w->piece, s->n_clients);
    CP_NEW(ctx, ctx->scratch, w->rates.rent, s->n_sites);
    CP_NEW(ctx, ctx->scratch, w->rates.pay, s->n_clients);
    CP_NEW(ctx, ctx->scratch, w->rates.next, s->n_clients);
    CP_NEW(ctx, ctx->scratch, w->rates.who, s->n_clients);
    *out = w;
    return CP_OK;
}

static int32_t duty_of(const cp_siting *s, int32_t j)
{
    return s->duty == NULL ? CP_SITING_FREE : s->duty[j];
}

static void turn(cp_site_room *w, int32_t j)
{
    w->open[j] = !w->open[j];
    w->n_open += w->open[j] ? 1 : -1;
    w->fixed += w->open[j] ? w->s->fixed[j] : -w->s->fixed[j];
    w->spare += w->open[j] ? w->s->capacity[j] : -w->s->capacity[j];
    if (w->open[j])
        cp_site_flow_open(w->flow, j);
    else
        cp_site_flow_close(w->flow, j);
}

double cp_site_room_cost(const cp_site_room *w)
{
    if (w->n_open < w->s->least_open || w->n_open > w->s->most_open) return INFINITY;
    return w->fixed + cp_site_flow_cost(w->flow);
}

/* The closed site with the cheapest room; NONE = none. */
static int32_t roomiest(const cp_site_room *w)
{
    int32_t best = NONE;
    double least = INFINITY;
    for (int32_t j = 0; j < w->s->n_sites; j++) {
        if (w->open[j] || duty_of(w->s, j) == CP_SITING_SHUT || w->s->capacity[j] <= 0) continue;
        const double ratio = w->s->fixed[j] / w->s->capacity[j];
        if (best != NONE && ratio >= least) continue;
        best = j;
        least = ratio;
    }
    return best;
}

/* Opens sites until all demand has room. */
static void make_room(cp_site_room *w)
{
    while (cp_site_flow_missing(w->flow) > 0 || w->n_open < w->s->least_open) {
        const int32_t j = roomiest(w);
        if (j == NONE) return;
        turn(w, j);
    }
}

void cp_site_room_set(cp_site_room *w, const uint8_t *open)
{
    const cp_siting *s = w->s;
    for (int32_t j = 0; j < s->n_sites; j++) {
        const int32_t duty = duty_of(s, j);
        const bool want = duty == CP_SITING_OPEN || (open[j] && duty != CP_SITING_SHUT);
        if (want && !w->open[j]) turn(w, j);
    }
    for (int32_t j = 0; j < s->n_sites; j++)
        if (w->open[j] && !open[j] && duty_of(s, j) != CP_SITING_OPEN) turn(w, j);
    make_room(w);
}

/* Keeps a change if the cost is not above `most`; else takes it back. */
static bool keep_if(cp_site_room *w, int32_t in, int32_t out, double most)
{
    if (in != NONE) turn(w, in);
    if (out != NONE) turn(w, out);
    if (cp_site_room_cost(w) <= most) return true;
    if (out != NONE) turn(w, out);
    if (in != NONE) turn(w, in);
    return false;
}

/* ---- what a change can save at most ---- */

/* Clients by the open site that is their best. */
static void group(cp_site_room *w)
{
    const cp_siting *s = w->s;
    memset(w->first, 0, (size_t)(s->n_sites + 2) * sizeof *w->first);
    for (int32_t i = 0; i < s->n_clients; i++)
        if (w->rates.who[i] != NONE) w->first[w->rates.who[i] + 2]++;
    for (int32_t j = 0; j < s->n_sites; j++)
        w->first[j + 2] += w->first[j + 1];
    for (int32_t i = 0; i < s->n_clients; i++)
        if (w->rates.who[i] != NONE) w->guest[w->first[w->rates.who[i] + 1]++] = i;
}

static void look_again(cp_site_room *w)
{
    cp_site_flow_rates(w->flow, &w->rates);
    group(w);
}

/* Gains of closed sites as if they had room for all. */
static void count_gains(cp_site_room *w)
{
    const cp_siting *s = w->s;
    memset(w->gain, 0, (size_t)s->n_sites * sizeof *w->gain);
    memset(w->want, 0, (size_t)s->n_sites * sizeof *w->want);
    for (int32_t i = 0; i < s->n_clients; i++) {
        const double pay = s->demand[i] * w->rates.pay[i];
        for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < pay; a++) {
            w->gain[s->arc_site[a]] += pay - s->arc_cost[a];
            w->want[s->arc_site[a]] += s->demand[i];
        }
    }
}

static int most_saving(const void *a, const void *b)
{
    const piece *p = a, *q = b;
    if (p->saves != q->saves) return p->saves > q->saves ? -1 : 1;
    return (p->demand > q->demand) - (p->demand < q->demand);
}

/* The best room-full of a closed site instead of all that it would draw. */
static void limit_gain(cp_site_room *w, int32_t j)
{
    const cp_siting *s = w->s;
    double room = s->capacity[j];
    const bool fits = w->want[j] <= room;
    w->want[j] = 0;
    if (fits) return;
    const cp_site_reach *reach = NULL;
    const int32_t n = cp_site_flow_reach(w->flow, j, &reach);
    int32_t len = 0;
    for (int32_t k = 0; k < n; k++) {
        const double saves = w->rates.pay[reach[k].client] - reach[k].unit;
        if (saves > 0) w->piece[len++] = (piece){saves, s->demand[reach[k].client]};
    }
    qsort(w->piece, (size_t)len, sizeof *w->piece, most_saving);
    w->gain[j] = 0;
    for (int32_t k = 0; k < len && room > 0; k++) {
        const double take = fmin(room, w->piece[k].demand);
        w->gain[j] += w->piece[k].saves * take;
        room -= take;
    }
}

/* What the clients of r lose without it, in room that is worth something too, and in gives[] what
 * each closed site would give back of it. */
static double count_loss(cp_site_room *w, int32_t r)
{
    const cp_siting *s = w->s;
    double loss = s->capacity[r] * w->rates.rent[r];
    memset(w->gives, 0, (size_t)s->n_sites * sizeof *w->gives);
    for (int32_t g = w->first[r]; g < w->first[r + 1]; g++) {
        const int32_t i = w->guest[g];
        const double pay = s->demand[i] * w->rates.pay[i];
        const double next = fmin(s->demand[i] * w->rates.next[i], pay + w->apart);
        loss += next - pay;
        for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < next; a++)
            w->gives[s->arc_site[a]] += next - fmax(pay, s->arc_cost[a]);
    }
    return loss;
}

/* Among the few that promise most, in ascending order of bound. */
static void note(cp_site_room *w, const change *c)
{
    int32_t at = w->n_tried < N_TRIED ? w->n_tried : N_TRIED - 1;
    for (; at > 0 && c->bound < w->tried[at - 1].bound; at--)
        w->tried[at] = w->tried[at - 1];
    w->tried[at] = *c;
    if (w->n_tried < N_TRIED) w->n_tried++;
}

static double least_noted(const cp_site_room *w, double below)
{
    return w->n_tried < N_TRIED ? below : fmin(below, w->tried[N_TRIED - 1].bound);
}

/* Opening j, with or without closing r (whose loss and gives are at hand). */
static void weigh(cp_site_room *w, int32_t j, int32_t r, double loss, double below)
{
    const cp_siting *s = w->s;
    if (w->open[j] || duty_of(s, j) == CP_SITING_SHUT) return;
    if (r != NONE && w->spare + s->capacity[j] < s->capacity[r]) return;
    const double base = s->fixed[j] + (r == NONE ? 0 : loss - s->fixed[r] - w->gives[j]);
    if (base - w->gain[j] >= least_noted(w, below)) return;
    if (w->want[j] > 0) limit_gain(w, j);
    const change c = {j, r, base - w->gain[j]};
    if (c.bound < least_noted(w, below)) note(w, &c);
}

/* The changes that promise to save more than -below. */
static void find_changes(cp_site_room *w, double below)
{
    const cp_siting *s = w->s;
    w->n_tried = 0;
    look_again(w);
    count_gains(w);
    for (int32_t j = 0; j < s->n_sites && w->n_open < s->most_open; j++)
        weigh(w, j, NONE, 0, below);
    for (int32_t r = 0; r < s->n_sites; r++) {
        if (!w->open[r] || duty_of(s, r) == CP_SITING_OPEN) continue;
        const double loss = count_loss(w, r);
        const change c = {NONE, r, loss - s->fixed[r]};
        if (w->n_open > s->least_open && w->spare >= s->capacity[r] &&
            c.bound < least_noted(w, below))
            note(w, &c);
        for (int32_t j = 0; j < s->n_sites; j++)
            weigh(w, j, r, loss, below);
    }
}

/* ---- the search ---- */

typedef struct limits {
    const cp_ctx *ctx;
    double until_s;
    int32_t trials; /* left */
} limits;

static bool is_over(const limits *l)
{
    return l->trials <= 0 || cp_should_stop(l->ctx) || cp_cpu_s() >= l->until_s;
}

/* The first of the promising changes that saves, step by step. */
static void descend(cp_site_room *w, limits *l)
{
    bool better = true;
    while (better && !is_over(l)) {
        const double cost = cp_site_room_cost(w);
        if (!isfinite(cost)) return;
        const double below = -1e-9 * (1 + fabs(cost));
        better = false;
        find_changes(w, below);
        for (int32_t k = 0; k < w->n_tried && !better && !is_over(l); k++, l->trials--)
            better = keep_if(w, w->tried[k].in, w->tried[k].out, cost + below);
    }
}

/* Closes the sites that are missed least while there are too many and the rest has room. */
static void mend_count(cp_site_room *w)
{
    const cp_siting *s = w->s;
    while (w->n_open > s->most_open) {
        int32_t out = NONE;
        double least = INFINITY;
        look_again(w);
        for (int32_t r = 0; r < s->n_sites; r++) {
            if (!w->open[r] || duty_of(s, r) == CP_SITING_OPEN || w->spare < s->capacity[r])
                continue;
            const double loss = count_loss(w, r) - s->fixed[r];
            if (!(loss < least)) continue;
            least = loss;
            out = r;
        }
        if (out == NONE) return;
        turn(w, out);
    }
}

void cp_site_room_prune(cp_site_room *w)
{
    const cp_siting *s = w->s;
    mend_count(w);
    bool fresh = false;
    for (int32_t r = 0; r < s->n_sites; r++) {
        const double cost = cp_site_room_cost(w);
        if (!isfinite(cost) || w->n_open == s->least_open) return;
        if (!fresh) look_again(w);
        fresh = true;
        if (!w->open[r] || duty_of(s, r) == CP_SITING_OPEN) continue;
        if (count_loss(w, r) <= s->fixed[r]) fresh = !keep_if(w, NONE, r, cost);
    }
}

/* A random exchange where some client lives: its vault closes, one of its next sites opens. */
static void kick(cp_site_room *w, cp_rng *rng)
{
    const cp_siting *s = w->s;
    const int32_t i = (int32_t)cp_rng_below(rng, (uint32_t)s->n_clients);
    const int32_t b = s->first[i], len = s->first[i + 1] - b;
    if (len == 0) return;
    const int32_t span = len < 8 ? len : 8 + len / 8;
    const int32_t in =
        s->arc_site[b + (int32_t)cp_rng_below(rng, (uint32_t)(span < len ? span : len))];
    int32_t a = b;
    while (a < b + len && !w->open[s->arc_site[a]])
        a++;
    if (w->open[in] || duty_of(s, in) == CP_SITING_SHUT || a == b + len) return;
    const int32_t out = s->arc_site[a];
    turn(w, in);
    if (duty_of(s, out) != CP_SITING_OPEN) turn(w, out);
}

void cp_site_room_shake(const cp_ctx *ctx, cp_site_room *w, cp_rng *rng, int32_t rounds,
                        double until_s)
{
    limits l = {ctx, until_s, rounds};
    if (w->s->n_clients == 0) return;
    descend(w, &l);
    memcpy(w->best, w->open, (size_t)w->s->n_sites);
    double best = cp_site_room_cost(w);
    while (!is_over(&l)) {
        const uint32_t kicks = 1 + cp_rng_below(rng, MOST_KICKS);
        for (uint32_t k = 0; k < kicks; k++, l.trials--)
            kick(w, rng);
        make_room(w);
        descend(w, &l);
        const double cost = cp_site_room_cost(w);
        if (cost <= best) {
            best = cost;
            memcpy(w->best, w->open, (size_t)w->s->n_sites);
        } else {
            cp_site_room_set(w, w->best);
        }
    }
}

const uint8_t *cp_site_room_open(const cp_site_room *w)
{
    return w->open;
}

void cp_site_room_shares(const cp_site_room *w, double *share)
{
    cp_site_flow_shares(w->flow, share);
}
