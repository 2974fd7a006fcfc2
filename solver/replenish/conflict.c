/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/conflict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *cp_way_kind_name(cp_way_kind kind)
{
    static const char *const names[CP_N_WAYS] = {"pay", "move", "unit"};
    return names[kind];
}

/* Zone points that move together. */
typedef struct group {
    int32_t first, n; /* in study.member */
    cp_conflict_user user;
} group;

typedef struct study {
    cp_ctx *ctx;
    cp_zone *z;
    cp_refill_state *s;
    cp_zone_row *row;
    int32_t r;
    int64_t *use;    /* by row, while one point's uses are counted */
    int32_t *member; /* zone points, group by group */
    int32_t n_members;
    group *group;
    int32_t n_groups;
    cp_step *steps; /* zone point * n_days: as planned */
    int32_t *n_steps;
    cp_minor before; /* the zone's cost as planned */
    cp_conflict *out;
} study;

/* ---- who uses the row --------------------------------------------------------------------------
 */

static void add_use(void *user, int32_t row, int64_t amount)
{
    int64_t *use = user;
    use[row] += amount;
}

static int64_t point_use(study *c, int32_t p)
{
    const cp_refill_state *s = c->s;
    memset(c->use, 0, (size_t)c->z->n_rows * sizeof *c->use);
    cp_zone_point_uses(c->z, p, s->steps + (size_t)p * (size_t)c->z->n_days, s->n_steps[p], add_use,
                       c->use);
    return c->use[c->r];
}

static int64_t stop_use(study *c, int32_t site)
{
    memset(c->use, 0, (size_t)c->z->n_rows * sizeof *c->use);
    if (c->s->n_at[site * c->z->n_days + c->row->t] > 0)
        cp_zone_stop_uses(c->z, site, c->row->t, add_use, c->use);
    return c->use[c->r];
}

static bool comes_on(const study *c, int32_t p, int32_t t)
{
    const cp_step *steps = c->s->steps + (size_t)p * (size_t)c->z->n_days;
    for (int32_t i = 0; i < c->s->n_steps[p]; i++)
        if (steps[i].t == t) return true;
    return false;
}

static void put_group(study *c, int32_t first, int64_t use)
{
    const cp_zone *z = c->z;
    const int32_t p = c->member[first], n = c->n_members - first;
    c->group[c->n_groups++] =
        (group){first, n, {z->site[z->site_of[p]], n > 1 ? -1 : z->point[p], use}};
}

/* A use that hangs on the stop goes only when all machines visited there go. */
static void find_users(study *c)
{
    const cp_zone *z = c->z;
    for (int32_t i = 0; i < z->n_sites; i++) {
        const int64_t stop = stop_use(c, i);
        const int32_t begin = c->n_members;
        int64_t sum = stop;
        for (int32_t p = z->first_point[i]; p < z->first_point[i + 1]; p++) {
            const int64_t own = point_use(c, p);
            if (own <= 0 && !(stop > 0 && comes_on(c, p, c->row->t))) continue;
            const int32_t first = c->n_members;
            c->member[c->n_members++] = p;
            sum += own;
            if (stop <= 0) put_group(c, first, own);
        }
        if (stop > 0 && c->n_members > begin) put_group(c, begin, sum);
    }
}

static int by_use(const void *a, const void *b)
{
    const group *x = a, *y = b;
    if (x->user.use != y->user.use) return x->user.use > y->user.use ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* ---- moving some of them -----------------------------------------------------------------------
 */

static int64_t over(const study *c)
{
    const int64_t most = c->row->cap + c->row->extra_cap + c->row->second_cap;
    return c->s->use[c->r] > most ? c->s->use[c->r] - most : 0;
}

static int32_t n_missed(const study *c, int32_t p)
{
    const cp_arcs *a = c->z->arcs[p];
    const cp_step *steps = c->s->steps + (size_t)p * (size_t)c->z->n_days;
    const int32_t n = c->s->n_steps[p];
    int32_t missed = a->opening[n > 0 ? steps[0].t : a->n_days].misses != 0;
    for (int32_t i = 0; i < n; i++)
        missed += cp_step_misses(a, &steps[i]);
    return missed;
}

static void take_out(study *c, const group *g)
{
    for (int32_t i = 0; i < g->n; i++)
        cp_refill_take_out(c->s, c->member[g->first + i]);
}

static void put_back(study *c, const group *g)
{
    for (int32_t i = 0; i < g->n; i++) {
        const int32_t p = c->member[g->first + i];
        cp_refill_take_out(c->s, p);
        cp_refill_put_in(c->s, p, c->steps + (size_t)p * (size_t)c->z->n_days, c->n_steps[p]);
    }
}

/* Plan a point that is out as if the row were dear, then count it at the true price. */
static cp_status replan_dear(study *c, int32_t p)
{
    const cp_minor price = c->row->relief_minor;
    cp_step *steps = c->s->steps + (size_t)p * (size_t)c->z->n_days;
    const cp_minor total = c->s->total;
    c->s->total -= cp_zone_row_cost(c->row, c->s->use[c->r]);
    c->row->relief_minor = price * CP_CONFLICT_DEAR;
    c->s->total += cp_zone_row_cost(c->row, c->s->use[c->r]);
    const cp_status st = cp_refill_replan(c->ctx, c->s, p);
    const int32_t n = c->s->n_steps[p];
    cp_refill_take_out(c->s, p);
    c->row->relief_minor = price;
    c->s->total = total;
    if (st == CP_OK) cp_refill_put_in(c->s, p, steps, n);
    return st;
}

/* The first visit from the row's day on, else the last one before it. */
static int32_t nearest_visit(const study *c, int32_t p)
{
    const cp_step *steps = c->s->steps + (size_t)p * (size_t)c->z->n_days;
    const int32_t n = c->s->n_steps[p];
    for (int32_t i = 0; i < n; i++)
        if (steps[i].t >= c->row->t) return steps[i].t;
    return n > 0 ? steps[n - 1].t : -1;
}

/* Move the group from the plan at hand; its machines are planned one after the other. */
static cp_status move_group(study *c, const group *g, bool *misses)
{
    int32_t missed = 0;
    for (int32_t i = 0; i < g->n; i++)
        missed -= n_missed(c, c->member[g->first + i]);
    take_out(c, g);
    for (int32_t i = 0; i < g->n; i++)
        CP_TRY(replan_dear(c, c->member[g->first + i]));
    for (int32_t i = 0; i < g->n; i++)
        missed += n_missed(c, c->member[g->first + i]);
    *misses = *misses || missed > 0;
    return CP_OK;
}

/* Move the groups of `order` until nothing is above the limit, note what it costs, and take it all
 * back. */
static cp_status try_move(study *c, const int32_t *order, int32_t n, cp_conflict_way *way)
{
    *way = (cp_conflict_way){.kind = CP_WAY_MOVE};
    CP_NEW(c->ctx, c->ctx->run, way->users, n);
    CP_NEW(c->ctx, c->ctx->run, way->to, n);
    for (int32_t i = 0; i < n && (i == 0 || over(c) > 0); i++) {
        const group *g = &c->group[order[i]];
        CP_TRY(move_group(c, g, &way->misses));
        way->users[way->n_users] = order[i];
        way->to[way->n_users++] = nearest_visit(c, c->member[g->first]);
    }
    way->left = over(c);
    way->cost_minor = c->s->total - c->before + c->out->relief_minor;
    for (int32_t i = 0; i < way->n_users; i++)
        put_back(c, &c->group[way->users[i]]);
    return CP_OK;
}

static double price_of_unit(const cp_conflict *out, const cp_conflict_way *way)
{
    const int64_t freed = out->over - way->left;
    return freed > 0 ? (double)way->cost_minor / (double)freed : INFINITY;
}

/* All together, those that free a unit most cheaply first; only when none is enough alone. */
static cp_status move_several(study *c)
{
    cp_conflict *out = c->out;
    int32_t *order = NULL, n = 0;
    CP_NEW(c->ctx, c->ctx->scratch, order, c->n_groups + 1);
    for (int32_t i = 0; i < out->n_ways; i++) {
        const cp_conflict_way *way = &out->way[i];
        if (way->kind != CP_WAY_MOVE) continue;
        if (way->left == 0) return CP_OK;
        int32_t at = n++;
        while (at > 0 && price_of_unit(out, way) < price_of_unit(out, &out->way[order[at - 1]])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    for (int32_t i = 0; i < n; i++)
        order[i] = out->way[order[i]].users[0];
    if (n < 2) return CP_OK;
    return try_move(c, order, n, &out->way[out->n_ways++]);
}

static int by_cost(const void *a, const void *b)
{
    const cp_conflict_way *x = a, *y = b;
    if ((x->left > 0) != (y->left > 0)) return x->left > 0 ? 1 : -1;
    if (x->cost_minor != y->cost_minor) return x->cost_minor < y->cost_minor ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return x->n_users > 0 && y->n_users > 0
               ? (x->users[0] > y->users[0]) - (x->users[0] < y->users[0])
               : 0;
}

/* ---- one row -----------------------------------------------------------------------------------
 */

static cp_status all_ways(study *c)
{
    cp_conflict *out = c->out;
    CP_NEW(c->ctx, c->ctx->run, out->way, c->n_groups + 3);
    out->way[out->n_ways++] =
        (cp_conflict_way){.kind = CP_WAY_PAY, .cost_minor = out->relief_minor};
    for (int32_t i = 0; i < c->n_groups; i++)
        CP_TRY(try_move(c, &i, 1, &out->way[out->n_ways++]));
    CP_TRY(move_several(c));
    if (out->dual_minor > 0.0)
        out->way[out->n_ways++] =
            (cp_conflict_way){.kind = CP_WAY_UNIT,
                              .cost_minor = (cp_minor)llround(out->dual_minor),
                              .left = out->over - 1};
    qsort(out->way, (size_t)out->n_ways, sizeof *out->way, by_cost);
    return CP_OK;
}

static cp_status list_users(study *c)
{
    CP_NEW(c->ctx, c->ctx->run, c->out->user, c->n_groups + 1);
    qsort(c->group, (size_t)c->n_groups, sizeof *c->group, by_use);
    for (int32_t i = 0; i < c->n_groups; i++)
        c->out->user[i] = c->group[i].user;
    c->out->n_users = c->n_groups;
    return CP_OK;
}

static cp_status keep_plan(study *c)
{
    const size_t cells = (size_t)c->z->n_points * (size_t)c->z->n_days;
    const size_t points = (size_t)c->z->n_points;
    CP_NEW(c->ctx, c->ctx->scratch, c->steps, cells + 1);
    CP_NEW(c->ctx, c->ctx->scratch, c->n_steps, points + 1);
    memcpy(c->steps, c->s->steps, cells * sizeof *c->steps);
    memcpy(c->n_steps, c->s->n_steps, points * sizeof *c->n_steps);
    c->before = c->s->total;
    return CP_OK;
}

cp_status cp_conflict_row(cp_ctx *ctx, cp_zone *zone, cp_refill_state *state, int32_t row,
                          double dual_minor, cp_conflict *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_zone_row *r = &zone->row[row];
    study c = {.ctx = ctx, .z = zone, .s = state, .row = r, .r = row, .out = out};
    *out = (cp_conflict){.kind = r->kind,
                         .vault = zone->vault,
                         .t = r->t,
                         .item = r->item,
                         .cap = r->cap + r->extra_cap + r->second_cap,
                         .use = state->use[row],
                         .price_minor = r->relief_minor,
                         .dual_minor = dual_minor};
    out->over = over(&c);
    out->relief_minor = out->over * r->relief_minor;
    CP_NEW(ctx, ctx->scratch, c.use, zone->n_rows + 1);
    CP_NEW(ctx, ctx->scratch, c.member, zone->n_points + 1);
    CP_NEW(ctx, ctx->scratch, c.group, zone->n_points + 1);
    CP_TRY(keep_plan(&c));
    find_users(&c);
    CP_TRY(list_users(&c));
    if (out->over > 0) CP_TRY(all_ways(&c));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
