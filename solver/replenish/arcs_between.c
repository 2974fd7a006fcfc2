/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs_between.c - a swap of some denominations between two visits that leave nothing of before.
 *
 * What such a visit on t leaves in the slots it does not touch depends on the load of the visit on
 * s before it, so the two intervals are one way from s to u: a lead (s to t) with the trails that
 * may follow it (t to u), all simulated from the load on s. Kept slots are loaded on s for u, the
 * swapped ones for t, and on t for u: the loads that were found best for whole swaps between these
 * days; machines with few loads get all of them.
 *
 * Two cases have such swaps as first visits alone. Machines with slot options: the slots that stay
 * hold what the mix of s put there, so that a partial swap on t has a choice of mixes of its own
 * for each mix of s, and a lead and its trails would be told by a pair of mixes; the tables know
 * one mix a load. Days with a pinned amount: it is spread as in the greatest whole load, and of a
 * swap that follows a load of ours nobody has said what part of it the swapped slots get. Their
 * bound is that of plans without such visits. */
#include <math.h>
#include <string.h>

#include "solver/replenish/arc_builder.h"

/* Loads on s, loads on t, days s and days t: so many combinations at most are all tried. */
#define MOST_TRIED 8192
#define DEAR_PACKING 4.0 /* times its tariff: what limits may make packing cost more */

typedef struct level_pool {
    cp_level *level; /* each once */
    int32_t n, cap;
} level_pool;

typedef struct whole_swap {
    double cost; /* the least of an interval that whole visits begin and end; INFINITY = none */
    const cp_level *level;
} whole_swap;

typedef struct between {
    cp_arc_builder *b;
    level_pool before, after; /* loads of leads and of trails */
    cp_arc *lead;
    int32_t n_leads, cap_leads;
    uint8_t *lead_mode;
    int32_t *lead_first, *trail_first; /* by day; by lead, in b->list */
    int32_t n_ends;                    /* days a visit may be laid for: u < n_ends */
    whole_swap *whole;                 /* [s * n_ends + u] */
    int32_t *residual;                 /* [t * cells]: stock before a visit on t */
    cp_arc *part;                      /* [t]: the interval up to t, without its end */
    int64_t *left;                     /* [t * n_channels + k]: notes there, sum over the paths */
    cp_level **loads;                  /* by day: all there are; NULL where they are too many */
    int32_t *n_loads;
} between;

static size_t cells_of(const between *w)
{
    return (size_t)w->b->sim.n_channels * (size_t)w->b->sim.n_paths;
}

static bool is_swapped(const between *w, int32_t mode, int32_t k)
{
    return w->b->out->mode[mode].swapped >> k & 1;
}

static cp_minor value_of(const between *w, const int64_t *notes)
{
    cp_minor value = 0;
    for (int32_t k = 0; k < w->b->sim.n_channels; k++)
        if (notes[k] > 0) value += notes[k] * w->b->sim.channel[k].value_minor;
    return value;
}

static double value_cost(const between *w, int32_t t, cp_minor out)
{
    return (double)cp_mul_div(out, w->b->out->out_ppm[t], 1000000);
}

/* ---- pools ----------------------------------------------------------------------------------- */

/* Where the load stands in the pool, put there if it is new; -1: arcs cannot count so many. */
static cp_status keep_level(between *w, const int64_t *notes, level_pool *pool, int32_t *at)
{
    cp_ctx *ctx = w->b->ctx;
    const size_t bytes = (size_t)w->b->sim.n_channels * sizeof *notes;
    int64_t *own = NULL;
    for (*at = 0; *at < pool->n; (*at)++)
        if (memcmp(pool->level[*at].notes, notes, bytes) == 0) return CP_OK;
    if (pool->n >= INT16_MAX) {
        *at = -1;
        return CP_OK;
    }
    if (pool->n >= pool->cap) {
        cp_level *more = NULL;
        pool->cap = pool->cap > 0 ? 2 * pool->cap : 64;
        CP_NEW(ctx, ctx->scratch, more, pool->cap + 1);
        if (pool->n > 0) memcpy(more, pool->level, (size_t)pool->n * sizeof *more);
        pool->level = more;
    }
    CP_NEW(ctx, ctx->scratch, own, w->b->sim.n_channels);
    memcpy(own, notes, bytes);
    pool->level[pool->n++] = (cp_level){.notes = own, .out_minor = value_of(w, notes)};
    return CP_OK;
}

/* The lead and the trails flushed behind the list. */
static cp_status keep_lead(between *w, const cp_arc *arc, int32_t mode)
{
    cp_ctx *ctx = w->b->ctx;
    if (w->n_leads >= w->cap_leads) {
        const size_t n = (size_t)w->n_leads;
        cp_arc *lead = NULL;
        uint8_t *modes = NULL;
        int32_t *first = NULL;
        w->cap_leads = w->cap_leads > 0 ? 2 * w->cap_leads : 128;
        CP_NEW(ctx, ctx->scratch, lead, w->cap_leads);
        CP_NEW(ctx, ctx->scratch, modes, w->cap_leads);
        CP_NEW(ctx, ctx->scratch, first, w->cap_leads + 1);
        if (n > 0) memcpy(lead, w->lead, n * sizeof *lead);
        if (n > 0) memcpy(modes, w->lead_mode, n * sizeof *modes);
        if (n > 0) memcpy(first, w->trail_first, n * sizeof *first);
        w->lead = lead;
        w->lead_mode = modes;
        w->trail_first = first;
    }
    w->lead[w->n_leads] = *arc;
    w->lead_mode[w->n_leads] = (uint8_t)mode;
    w->trail_first[w->n_leads++] = w->b->n_list;
    return cp_arcb_flush(w->b);
}

/* ---- whole swaps, to compare with ------------------------------------------------------------ */

static cp_status read_whole(between *w)
{
    cp_arc_builder *b = w->b;
    const cp_arc_table *tab = b->out->table;
    w->n_ends = b->n_days + b->longest + 1;
    CP_NEW(b->ctx, b->ctx->scratch, w->whole, b->n_days * w->n_ends);
    for (int32_t i = 0; i < b->n_days * w->n_ends; i++)
        w->whole[i].cost = INFINITY;
    for (int32_t t = 0; t < b->n_days; t++)
        for (int32_t i = tab->first[t]; i < tab->first[t + 1]; i++) {
            whole_swap *best =
                tab->until[i] < w->n_ends ? &w->whole[t * w->n_ends + tab->until[i]] : NULL;
            if (best == NULL || tab->cost[i] >= best->cost) continue;
            *best = (whole_swap){tab->cost[i], &tab->levels[tab->level[i]]};
        }
    return CP_OK;
}

static const whole_swap *whole_of(const between *w, int32_t s, int32_t u)
{
    return &w->whole[s * w->n_ends + u];
}

/* What a way from s to u must stay below: that without a visit between them. Both without the visit
 * on s. */
static double limit_of(const between *w, int32_t s, int32_t u)
{
    const cp_arcs *a = w->b->out;
    return whole_of(w, s, u)->cost - (u >= a->n_days ? (double)a->node[s] : 0.0);
}

/* Is there room below that for the visit on t? */
static bool may_pay(const between *w, int32_t s, int32_t t, int32_t u, int32_t mode)
{
    const cp_arcs *a = w->b->out;
    const double share = u >= a->n_days ? (double)(a->n_days - t) / (u - t) : 1.0;
    return share * (double)a->node[mode * a->n_days + t] < limit_of(w, s, u);
}

/* Can a partial swap on t pay, of which `cost` is the way from s to u without the visit on s? Not
 * where none at all is as cheap at the tariffs, or a whole one is even if limits make packing much
 * dearer. */
static bool can_pay(const between *w, int32_t s, int32_t t, int32_t u, int32_t mode, double cost)
{
    const cp_arcs *a = w->b->out;
    const double whole = (double)a->node[t], some = (double)a->node[mode * a->n_days + t];
    const bool last = u >= a->n_days;
    const double by_whole =
        whole_of(w, s, t)->cost + whole_of(w, t, u)->cost + (last ? 0.0 : whole);
    if (cost >= limit_of(w, s, u)) return false;
    return cost < by_whole + DEAR_PACKING * (whole > some ? whole - some : 0.0);
}

/* ---- one load on s --------------------------------------------------------------------------- */

/* Carried from s up to every next day: stocks before a visit, and what the interval costs. Returns
 * the last day, at most `last`, on which one may come. */
static int32_t carry(between *w, int32_t s, int32_t last, const int64_t *notes)
{
    cp_arc_builder *b = w->b;
    const size_t n_channels = (size_t)b->sim.n_channels;
    if (last > s + b->longest) last = s + b->longest;
    cp_arc_sim_start(&b->sim, NULL, notes);
    cp_arc_sim_after_visit(&b->sim, s);
    for (int32_t t = s + 1; t <= last; t++) {
        cp_arc_sim_residual(&b->sim, t, w->residual + cells_of(w) * (size_t)t);
        memcpy(w->left + n_channels * (size_t)t, b->sim.peek_notes, n_channels * sizeof *w->left);
        w->part[t] = cp_arcb_arc(b, s, t, 0);
        if (b->must[t]) last = t;
        cp_arc_sim_day(&b->sim, t);
    }
    return last;
}

/* The interval from s that a partial swap on t ends. */
static cp_arc lead_of(const between *w, int32_t s, int32_t t, int32_t mode)
{
    const cp_arc_builder *b = w->b;
    const cp_arc_share whole = {1, 1};
    const int64_t *left = w->left + (size_t)t * (size_t)b->sim.n_channels;
    cp_arc arc = w->part[t];
    int64_t notes = 0, value = 0;
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        if (!is_swapped(w, mode, k)) continue;
        notes += left[k];
        value += left[k] * b->sim.channel[k].value_minor;
    }
    arc.end[0] = arc.end[1] = cp_arcb_back_cost(b, s, whole, notes, value);
    arc.back[0] = arc.back[1] = cp_arcb_mean_up(notes, b->sim.n_paths);
    return arc;
}

/* Every way on from t with `notes` in the slots swapped then. */
static cp_status walk(between *w, int32_t t, int32_t mode, const int64_t *notes)
{
    cp_arc_builder *b = w->b;
    const int32_t *residual = w->residual + cells_of(w) * (size_t)t;
    int64_t cut[CP_MAX_CHANNELS] = {0};
    int32_t level = -1;
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        cut[k] = is_swapped(w, mode, k) ? notes[k] : 0;
    if (!cp_arcb_is_insured(b, b->out->mode[mode].swapped, cut, residual)) return CP_OK;
    CP_TRY(keep_level(w, cut, &w->after, &level));
    if (level < 0) return CP_OK;
    cp_arc_sim_begin(&b->sim, NULL);
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const size_t n = (size_t)b->sim.n_paths;
        cp_arc_sim_put(&b->sim, k, false, cut[k]);
        if (!is_swapped(w, mode, k))
            memcpy(b->sim.stock + (size_t)k * n, residual + (size_t)k * n,
                   n * sizeof *b->sim.stock);
    }
    cp_arc_sim_clear(&b->sim);
    cp_arcb_walk(b, w->after.level, t, level, mode);
    return CP_OK;
}

/* Of the ways on that were found those that can pay stay. Returns how many. */
static int32_t choose_trails(between *w, int32_t s, int32_t t, int32_t mode, double lead_cost)
{
    cp_arc_builder *b = w->b;
    const cp_arcs *a = b->out;
    int32_t n = 0;
    for (int32_t d = 1; d <= b->longest + b->n_days; d++) {
        cp_arc *arc = b->pair + (size_t)d * CP_ARCS_PER_PAIR;
        int32_t kept = 0;
        for (int32_t i = 0; i < b->n_pair[d]; i++) {
            double cost = lead_cost + (double)(arc[i].cost + arc[i].end[0]);
            if (arc[i].until < a->n_days)
                cost += (double)a->node[mode * a->n_days + t] +
                        value_cost(w, t, w->after.level[arc[i].level].out_minor);
            if (arc[i].until < w->n_ends && can_pay(w, s, t, arc[i].until, mode, cost))
                arc[kept++] = arc[i];
        }
        b->n_pair[d] = kept;
        n += kept;
    }
    return n;
}

/* The load that a visit on s has for a partial swap on t and the next visit on u: false where whole
 * swaps know none. */
static bool matched_load(const between *w, int32_t s, int32_t t, int32_t u, int32_t mode,
                         int64_t *notes)
{
    const cp_level *kept = whole_of(w, s, u)->level, *swapped = whole_of(w, s, t)->level;
    memset(notes, 0, CP_MAX_CHANNELS * sizeof *notes);
    if (kept == NULL || swapped == NULL || !may_pay(w, s, t, u, mode)) return false;
    for (int32_t k = 0; k < w->b->sim.n_channels; k++)
        notes[k] = (is_swapped(w, mode, k) ? swapped : kept)->notes[k];
    return w->b->point->insured_minor <= 0 || value_of(w, notes) <= w->b->point->insured_minor;
}

/* The lead to the partial swap on t, if any way on that was found can pay. */
static cp_status end_lead(between *w, int32_t s, int32_t t, int32_t mode, const int64_t *notes)
{
    cp_arc_builder *b = w->b;
    cp_arc lead = lead_of(w, s, t, mode);
    const double cost = (double)(lead.cost + lead.end[0]) + value_cost(w, s, value_of(w, notes));
    int32_t level = -1;
    if (choose_trails(w, s, t, mode, cost) == 0) return CP_OK;
    CP_TRY(keep_level(w, notes, &w->before, &level));
    lead.level = (int16_t)level;
    if (level >= 0) return keep_lead(w, &lead, mode);
    memset(b->n_pair, 0, (size_t)(b->longest + b->n_days + 1) * sizeof *b->n_pair);
    return CP_OK;
}

static bool may_part(const between *w, int32_t t, int32_t mode)
{
    return w->b->out->may_visit[mode * w->b->n_days + t] && w->b->pin_amount[t] < 0;
}

/* All loads on t after one on s. */
static cp_status try_all(between *w, int32_t s, const int64_t *notes)
{
    const cp_arcs *a = w->b->out;
    const int32_t last = carry(w, s, w->b->n_days - 1, notes);
    for (int32_t t = s + 1; t <= last; t++)
        for (int32_t mode = a->n_modes; mode < a->n_all_modes; mode++) {
            if (!may_part(w, t, mode)) continue;
            for (int32_t i = 0; i < w->n_loads[t]; i++)
                CP_TRY(walk(w, t, mode, w->loads[t][i].notes));
            CP_TRY(end_lead(w, s, t, mode, notes));
        }
    return CP_OK;
}

/* ---- one day s ------------------------------------------------------------------------------- */

/* Days and mode for which a load on s is matched. */
typedef struct task {
    int32_t load, t, u, mode;
} task;

/* All of them by day t, mode and day u, and the loads that they are for, each once. */
static cp_status list_tasks(between *w, int32_t s, level_pool *loads, task *tasks, int32_t *n)
{
    const cp_arcs *a = w->b->out;
    *n = 0;
    for (int32_t t = s + 1; t < w->b->n_days; t++)
        for (int32_t mode = a->n_modes; mode < a->n_all_modes; mode++)
            for (int32_t u = t + 1; u < w->n_ends && may_part(w, t, mode); u++) {
                int64_t notes[CP_MAX_CHANNELS];
                int32_t load = -1;
                if (whole_of(w, t, u)->level == NULL || !matched_load(w, s, t, u, mode, notes))
                    continue;
                CP_TRY(keep_level(w, notes, loads, &load));
                if (load >= 0) tasks[(*n)++] = (task){load, t, u, mode};
            }
    return CP_OK;
}

/* The tasks of one load, in their order. */
static cp_status try_matched(between *w, int32_t s, const int64_t *notes, const task *tasks,
                             int32_t n)
{
    const int32_t last = carry(w, s, tasks[n - 1].t, notes);
    for (int32_t i = 0; i < n && tasks[i].t <= last;) {
        const int32_t t = tasks[i].t, mode = tasks[i].mode;
        const cp_level *tried = NULL;
        for (; i < n && tasks[i].t == t && tasks[i].mode == mode; i++) {
            const cp_level *load = whole_of(w, t, tasks[i].u)->level;
            if (load != tried) CP_TRY(walk(w, t, mode, load->notes));
            tried = load;
        }
        CP_TRY(end_lead(w, s, t, mode, notes));
    }
    return CP_OK;
}

static cp_status matched_leads(between *w, int32_t s)
{
    const int32_t n_partials = w->b->out->n_all_modes - w->b->out->n_modes;
    level_pool loads = {NULL, 0, 0};
    task *tasks = NULL, *own = NULL;
    int32_t n = 0;
    CP_NEW(w->b->ctx, w->b->ctx->scratch, tasks, w->b->n_days * w->n_ends * n_partials);
    CP_TRY(list_tasks(w, s, &loads, tasks, &n));
    CP_NEW(w->b->ctx, w->b->ctx->scratch, own, n + 1);
    for (int32_t k = 0; k < loads.n; k++) {
        int32_t n_own = 0;
        for (int32_t i = 0; i < n; i++)
            if (tasks[i].load == k) own[n_own++] = tasks[i];
        CP_TRY(try_matched(w, s, loads.level[k].notes, own, n_own));
    }
    return CP_OK;
}

static cp_status leads_of_day(between *w, int32_t s)
{
    w->lead_first[s] = w->n_leads;
    if (!cp_arcb_any_mode(w->b, s)) return CP_OK;
    if (!w->loads) return matched_leads(w, s);
    for (int32_t i = 0; i < w->n_loads[s]; i++)
        CP_TRY(try_all(w, s, w->loads[s][i].notes));
    return CP_OK;
}

/* All loads of every day, where they are few enough. */
static cp_status few_loads(between *w)
{
    cp_arc_builder *b = w->b;
    int64_t most = 0;
    CP_NEW(b->ctx, b->ctx->scratch, w->loads, b->n_days);
    CP_NEW(b->ctx, b->ctx->scratch, w->n_loads, b->n_days);
    bool all = true;
    for (int32_t t = 0; t < b->n_days && all; t++) {
        cp_arcb_flows(b, t, NULL);
        const cp_level_ask ask = cp_arcb_ask(b, t);
        all = cp_arc_levels_are_all(&ask);
        if (!all) break;
        CP_NEW(b->ctx, b->ctx->scratch, w->loads[t], CP_LEVELS_PER_DAY);
        CP_TRY(cp_arc_levels(b->ctx, &ask, w->loads[t], &w->n_loads[t]));
        CP_TRY(cp_arcb_pin_levels(b, t, w->loads[t], &w->n_loads[t]));
        if (w->n_loads[t] > most) most = w->n_loads[t];
    }
    if (!all || most * most * b->n_days * b->n_days > MOST_TRIED) w->loads = NULL;
    return CP_OK;
}

static cp_status new_arrays(between *w)
{
    cp_ctx *ctx = w->b->ctx;
    const size_t days = (size_t)w->b->n_days;
    CP_NEW(ctx, ctx->scratch, w->residual, cells_of(w) * days);
    CP_NEW(ctx, ctx->scratch, w->part, days);
    CP_NEW(ctx, ctx->scratch, w->left, days * (size_t)w->b->sim.n_channels);
    CP_NEW(ctx, ctx->scratch, w->lead_first, days + 1);
    return CP_OK;
}

/* Leads of one day number their nodes (arcs.h). */
static cp_status number_leads(const between *w, cp_arcs *a)
{
    cp_ctx *ctx = w->b->ctx;
    int32_t *n_on = NULL;
    CP_NEW(ctx, ctx->run, a->lead_mode, w->n_leads + 1);
    CP_NEW(ctx, ctx->run, a->lead_rank, w->n_leads + 1);
    CP_NEW(ctx, ctx->scratch, n_on, w->b->n_days);
    for (int32_t i = 0; i < w->n_leads; i++) {
        a->lead_mode[i] = w->lead_mode[i];
        a->lead_rank[i] = n_on[w->lead[i].until]++;
        if (a->lead_rank[i] >= a->n_lead_ranks) a->n_lead_ranks = a->lead_rank[i] + 1;
    }
    a->n_leads = w->n_leads;
    return CP_OK;
}

static cp_status make_tables(between *w)
{
    cp_arc_builder *b = w->b;
    cp_arcs *a = b->out;
    cp_level *levels = NULL;
    int32_t n = 0;
    cp_first *lead = &a->way[cp_lead_way(a) - 1], *trail = &a->way[cp_trail_way(a) - 1];
    const cp_arc_list leads = {w->lead, w->lead_first, w->before.level, b->point->code};
    const cp_arc_list after = {b->list, w->trail_first, w->after.level, b->point->code};
    w->trail_first[w->n_leads] = b->n_list;
    CP_TRY(cp_arc_table_leads(b->ctx, a, &leads, &lead->table));
    CP_TRY(cp_arc_table_trails(b->ctx, a, &after, &trail->table));
    CP_TRY(cp_arcb_pack_levels(b, &lead->table, 1, b->n_days, w->before.n, &levels, &n));
    return cp_arcb_pack_levels(b, &trail->table, 1, w->n_leads, w->after.n, &levels, &n);
}

cp_status cp_arcb_between(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    between w;
    if (a->n_all_modes == a->n_modes || b->point->n_mixes > 0) return CP_OK;
    memset(&w, 0, sizeof w);
    w.b = b;
    b->n_list = 0;
    CP_TRY(new_arrays(&w));
    CP_TRY(read_whole(&w));
    CP_TRY(few_loads(&w));
    for (int32_t s = 0; s < b->n_days; s++)
        CP_TRY(leads_of_day(&w, s));
    w.lead_first[b->n_days] = w.n_leads;
    if (w.n_leads == 0) return CP_OK;
    CP_TRY(number_leads(&w, a));
    return make_tables(&w);
}
