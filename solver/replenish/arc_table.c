/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_table.h"

#include "solver/replenish/arcs.h"

/* The list of arcs that a table is made of. */
typedef struct arc_list {
    const cp_arcs *a;
    const cp_arc *arc;
    const int32_t *first;
    const cp_level *level;
    bool adds; /* first adds: levels are amounts and end the opening */
} arc_list;

static bool is_last(const arc_list *list, int32_t i)
{
    return list->arc[i].until >= list->a->n_days;
}

static double cost_of(const arc_list *list, int32_t t, int32_t i)
{
    const cp_arc *arc = &list->arc[i];
    const cp_level *level = &list->level[arc->level];
    cp_minor cost = arc->cost + arc->end[0];
    if (!is_last(list, i)) cost += cp_arcs_node_cost(list->a, t, 0, level) - list->a->node[t];
    if (list->adds) cost += level->entry_minor;
    return (double)cost;
}

/* Is arc i never better than arc j, both of day t? */
static bool no_better(const arc_list *list, int32_t t, int32_t i, int32_t j)
{
    const cp_arc *x = &list->arc[i], *y = &list->arc[j];
    const cp_level *lx = &list->level[x->level], *ly = &list->level[y->level];
    const double dearer = cost_of(list, t, i) - cost_of(list, t, j);
    if (is_last(list, i) != is_last(list, j)) return false;
    if (is_last(list, i) ? y->until < x->until : y->until != x->until) return false;
    if (ly->out_minor > lx->out_minor || (list->adds && ly->entry_back > lx->entry_back))
        return false;
    for (int32_t m = 0; m < list->a->n_modes; m++) {
        const double end = (double)(x->end[m] - x->end[0] - y->end[m] + y->end[0]);
        if (dearer + end < 0.0 || y->back[m] > x->back[m]) return false;
    }
    return true;
}

/* Of arcs that are no better than each other the first is kept. */
static bool is_needed(const arc_list *list, int32_t t, int32_t i)
{
    for (int32_t j = list->first[t]; j < list->first[t + 1]; j++)
        if (j != i && no_better(list, t, i, j) && (j < i || !no_better(list, t, j, i)))
            return false;
    return true;
}

static void put_arc(const arc_list *list, cp_arc_table *tab, int32_t t, int32_t i, int32_t at)
{
    const cp_arcs *a = list->a;
    const cp_arc *arc = &list->arc[i];
    const cp_level *level = &list->level[arc->level];
    tab->arc[at] = i;
    tab->until[at] = arc->until;
    tab->cost[at] = cost_of(list, t, i);
    tab->out[at] = (double)level->out_minor;
    tab->share[at] = is_last(list, i) ? (double)(a->n_days - t) / (arc->until - t) : 1.0;
    if (tab->out[at] > tab->most_out) tab->most_out = tab->out[at];
    if (tab->more) tab->more[at] = (double)(arc->end[1] - arc->end[0]);
    for (int32_t m = 0; m < a->n_modes; m++) {
        tab->back[m][at] = arc->back[m];
        if (arc->back[m] > tab->most_back) tab->most_back = arc->back[m];
    }
    if (!list->adds) return;
    tab->entry[at] = level->entry_back;
    if (level->entry_back > tab->most_back) tab->most_back = level->entry_back;
}

static cp_status new_table(cp_ctx *ctx, const arc_list *list, size_t n, cp_arc_table *tab)
{
    CP_NEW(ctx, ctx->run, tab->arc, n + 1);
    CP_NEW(ctx, ctx->run, tab->until, n + 1);
    CP_NEW(ctx, ctx->run, tab->cost, n + 1);
    CP_NEW(ctx, ctx->run, tab->out, n + 1);
    CP_NEW(ctx, ctx->run, tab->share, n + 1);
    if (list->a->n_modes > 1) CP_NEW(ctx, ctx->run, tab->more, n + 1);
    if (list->adds) CP_NEW(ctx, ctx->run, tab->entry, n + 1);
    for (int32_t m = 0; m < list->a->n_modes; m++)
        CP_NEW(ctx, ctx->run, tab->back[m], n + 1);
    return CP_OK;
}

static cp_status make(cp_ctx *ctx, const arc_list *list, cp_arc_table **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n_days = list->a->n_days;
    cp_arc_table *tab = NULL;
    uint8_t *needed = NULL;
    size_t n = 0;
    CP_NEW(ctx, ctx->run, tab, 1);
    CP_NEW(ctx, ctx->run, tab->first, n_days + 1);
    CP_NEW(ctx, ctx->run, tab->last, n_days + 1);
    CP_NEW(ctx, ctx->scratch, needed, list->first[n_days] + 1);
    for (int32_t t = 0; t < n_days; t++)
        for (int32_t i = list->first[t]; i < list->first[t + 1]; i++)
            n += needed[i] = is_needed(list, t, i);
    CP_TRY(new_table(ctx, list, n, tab));
    int32_t at = 0;
    for (int32_t t = 0; t < n_days; t++) {
        tab->first[t] = tab->last[t] = at;
        for (int32_t i = list->first[t]; i < list->first[t + 1]; i++) {
            if (!needed[i]) continue;
            put_arc(list, tab, t, i, at++);
            if (!is_last(list, i)) tab->last[t] = at;
        }
        if (at - tab->first[t] > tab->most_a_day) tab->most_a_day = at - tab->first[t];
    }
    tab->first[n_days] = at;
    cp_arena_rewind(ctx->scratch, mark);
    *out = tab;
    return CP_OK;
}

cp_status cp_arc_tables_make(cp_ctx *ctx, cp_arcs *arcs)
{
    const arc_list plain = {arcs, arcs->arc, arcs->first, arcs->level, false};
    const arc_list adds = {arcs, arcs->add_arc, arcs->add_first, arcs->amount, true};
    arcs->table = arcs->add_table = NULL;
    CP_TRY(make(ctx, &plain, &arcs->table));
    return arcs->add_mode >= 0 ? make(ctx, &adds, &arcs->add_table) : CP_OK;
}
