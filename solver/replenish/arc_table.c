/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_table.h"

#include <string.h>

#include "solver/replenish/arcs.h"

/* The list of arcs that a table is made of. */
typedef struct arc_list {
    const cp_arcs *a;
    const cp_arc *arc;
    const int32_t *first;
    const cp_level *level;
    int32_t mode;              /* of first visits of a way; else 0: one of the center */
    bool way;                  /* levels are those of a way, costs those of its mode */
    bool entry;                /* they end the opening and pay for it */
    bool all;                  /* none is left out */
    int32_t n;                 /* days, or leads */
    const int16_t *day;        /* by lead: of its partial swap; NULL: by day */
    const uint8_t *group_mode; /* by lead: its mode; NULL: that of all */
} arc_list;

static int32_t day_of(const arc_list *list, int32_t group)
{
    return list->day ? list->day[group] : group;
}

/* The list as that of one group: with its mode. */
static arc_list of_group(const arc_list *list, int32_t group)
{
    arc_list own = *list;
    if (list->group_mode) own.mode = list->group_mode[group];
    return own;
}

static bool is_last(const arc_list *list, int32_t i)
{
    return list->arc[i].until >= list->a->n_days;
}

static cp_minor end_of(const arc_list *list, int32_t t, int32_t i, int32_t mode)
{
    const cp_arc *arc = &list->arc[i];
    return cp_arc_end(list->a, t, arc, &list->level[arc->level], mode);
}

/* STOP_VALUE, or what the branch takes for the value, of a visit on t that another one follows. */
static cp_minor value_cost(const arc_list *list, int32_t t, int32_t i, int32_t mode)
{
    const cp_level *level = &list->level[list->arc[i].level];
    return cp_arcs_node_cost(list->a, t, mode, level) - list->a->node[mode * list->a->n_days + t];
}

static double cost_of(const arc_list *list, int32_t t, int32_t i)
{
    const cp_arc *arc = &list->arc[i];
    cp_minor cost = arc->cost + end_of(list, t, i, is_last(list, i) ? list->mode : 0);
    if (!is_last(list, i)) cost += value_cost(list, t, i, list->mode);
    if (list->entry) cost += list->level[arc->level].entry_minor;
    return (double)cost;
}

/* What a visit on t by the branch's staff costs more than one by the center, without its node. */
static double fill_of(const arc_list *list, int32_t t, int32_t i)
{
    const cp_arcs *a = list->a;
    if (list->way || is_last(list, i)) return 0.0;
    return (double)(value_cost(list, t, i, a->branch_mode) - value_cost(list, t, i, 0));
}

/* How much more an end by this mode costs than one by mode 0; nothing to choose in a way's last
 * interval. */
static double more_of(const arc_list *list, int32_t t, int32_t i, int32_t mode)
{
    if (list->way && is_last(list, i)) return 0.0;
    return (double)(end_of(list, t, i, mode) - end_of(list, t, i, 0));
}

/* An arc as the comparison sees it, computed once. */
typedef struct entry {
    double cost, fill;         /* cost_of, fill_of */
    double more[CP_MAX_MODES]; /* more_of */
    cp_minor out;
    int32_t entry_back, back[CP_MAX_MODES];
    const int64_t *notes; /* by channel, on days on which the vault's notes are scarce; else NULL */
    int32_t until;
    bool last;
} entry;

static entry entry_of(const arc_list *list, int32_t t, int32_t i)
{
    const cp_arcs *a = list->a;
    const cp_arc *arc = &list->arc[i];
    const cp_level *level = &list->level[arc->level];
    entry e;
    memset(&e, 0, sizeof e);
    e.cost = cost_of(list, t, i);
    e.fill = a->branch_mode >= 0 ? fill_of(list, t, i) : 0.0;
    e.out = level->out_minor;
    e.entry_back = list->entry ? level->entry_back : 0;
    for (int32_t m = 0; m < a->n_modes; m++) {
        e.more[m] = more_of(list, t, i, m);
        e.back[m] = cp_arc_back(a, arc, m);
    }
    e.notes = t < a->n_early ? level->notes : NULL;
    e.until = arc->until;
    e.last = is_last(list, i);
    return e;
}

/* Is x never better than y, both of one day? */
static bool no_better(const cp_arcs *a, const entry *x, const entry *y)
{
    const double dearer = x->cost - y->cost, fill = x->fill - y->fill;
    if (x->last != y->last || (x->last ? y->until < x->until : y->until != x->until)) return false;
    if (y->out > x->out || y->entry_back > x->entry_back) return false;
    for (int32_t k = 0; x->notes != NULL && k < a->n_channels; k++)
        if (y->notes[k] > x->notes[k]) return false;
    for (int32_t m = 0; m < a->n_modes; m++) {
        const double more = dearer + (x->more[m] - y->more[m]);
        if (more < 0.0 || more + fill < 0.0 || y->back[m] > x->back[m]) return false;
    }
    return true;
}

/* Of the n arcs of one day; of arcs that are no better than each other the first is kept. */
static void find_needed(const cp_arcs *a, const entry *e, int32_t n, uint8_t *needed)
{
    for (int32_t i = 0; i < n; i++) {
        needed[i] = 1;
        for (int32_t j = 0; j < n && needed[i]; j++)
            if (j != i && no_better(a, &e[i], &e[j]) && (j < i || !no_better(a, &e[j], &e[i])))
                needed[i] = 0;
    }
}

static cp_status mark_needed(cp_ctx *ctx, const arc_list *list, uint8_t *needed)
{
    int32_t most = 0;
    entry *e = NULL;
    for (int32_t g = 0; g < list->n; g++)
        if (list->first[g + 1] - list->first[g] > most) most = list->first[g + 1] - list->first[g];
    CP_NEW_RAW(ctx, ctx->scratch, e, most + 1);
    for (int32_t g = 0; g < list->n; g++) {
        const int32_t from = list->first[g], n = list->first[g + 1] - from;
        const arc_list own = of_group(list, g);
        for (int32_t i = 0; i < n; i++)
            e[i] = entry_of(&own, day_of(list, g), from + i);
        find_needed(list->a, e, n, needed + from);
        if (list->all) memset(needed + from, 1, (size_t)n);
    }
    return CP_OK;
}

static void put_arc(const arc_list *list, cp_arc_table *tab, int32_t t, int32_t i, int32_t at)
{
    const cp_arcs *a = list->a;
    const cp_arc *arc = &list->arc[i];
    const cp_level *level = &list->level[arc->level];
    const double out = (double)level->out_minor;
    tab->until[at] = arc->until;
    tab->level[at] = arc->level;
    tab->cost[at] = cost_of(list, t, i);
    tab->end[at] = (int32_t)end_of(list, t, i, is_last(list, i) ? list->mode : 0);
    if (arc->misses) tab->misses[at >> 3] = (uint8_t)(tab->misses[at >> 3] | 1u << (at & 7));
    if (out > tab->most_out) tab->most_out = out;
    if (tab->more) tab->more[at] = more_of(list, t, i, 1);
    if (tab->branch) tab->branch[at] = more_of(list, t, i, a->branch_mode);
    if (tab->fill) tab->fill[at] = fill_of(list, t, i);
    for (int32_t m = 0; m < cp_center_modes(a); m++) {
        tab->back[m][at] = arc->back[m];
        if (arc->back[m] > tab->most_back) tab->most_back = arc->back[m];
    }
    if (list->entry && level->entry_back > tab->most_back) tab->most_back = level->entry_back;
}

static cp_status new_table(cp_ctx *ctx, const arc_list *list, size_t n, cp_arc_table *tab)
{
    const int32_t n_center = cp_center_modes(list->a);
    CP_NEW(ctx, ctx->run, tab->until, n);
    CP_NEW(ctx, ctx->run, tab->level, n);
    CP_NEW(ctx, ctx->run, tab->cost, n);
    CP_NEW(ctx, ctx->run, tab->end, n);
    CP_NEW(ctx, ctx->run, tab->misses, n / 8 + 1);
    if (n_center > 1) CP_NEW(ctx, ctx->run, tab->more, n);
    if (list->a->branch_mode >= 0) CP_NEW(ctx, ctx->run, tab->branch, n);
    if (list->a->branch_mode >= 0) CP_NEW(ctx, ctx->run, tab->fill, n);
    for (int32_t m = 0; m < n_center; m++)
        CP_NEW(ctx, ctx->run, tab->back[m], n);
    tab->levels = list->level;
    tab->entry = list->entry;
    return CP_OK;
}

/* What cannot be written down is refused before any of it is. */
static cp_status check_ends(cp_ctx *ctx, const arc_list *list, const char *whose,
                            const uint8_t *needed)
{
    for (int32_t g = 0; g < list->n; g++)
        for (int32_t i = list->first[g]; i < list->first[g + 1]; i++) {
            const arc_list own = of_group(list, g);
            const cp_minor end = end_of(&own, day_of(list, g), i, is_last(list, i) ? own.mode : 0);
            if (needed[i] && (end > INT32_MAX || end < INT32_MIN))
                CP_FAIL(ctx, CP_E_RANGE,
                        "point %s: the end of one interval costs %lld minor units; at most %d are "
                        "handled",
                        whose, (long long)end, (int)INT32_MAX);
        }
    return CP_OK;
}

static cp_status make(cp_ctx *ctx, const arc_list *list, const char *whose, cp_arc_table *tab)
{
    uint8_t *needed = NULL;
    size_t n = 0;
    CP_NEW(ctx, ctx->scratch, needed, list->first[list->n] + 1);
    CP_TRY(mark_needed(ctx, list, needed));
    CP_TRY(check_ends(ctx, list, whose, needed));
    for (int32_t i = list->first[0]; i < list->first[list->n]; i++)
        n += needed[i];
    CP_TRY(new_table(ctx, list, n, tab));
    int32_t at = 0;
    for (int32_t g = 0; g < list->n; g++) {
        const arc_list own = of_group(list, g);
        tab->first[g] = tab->last[g] = at;
        for (int32_t i = list->first[g]; i < list->first[g + 1]; i++) {
            if (!needed[i]) continue;
            put_arc(&own, tab, day_of(list, g), i, at++);
            if (!is_last(list, i)) tab->last[g] = at;
        }
        if (at - tab->first[g] > tab->most_a_day) tab->most_a_day = at - tab->first[g];
    }
    tab->first[list->n] = at;
    return CP_OK;
}

static cp_status new_and_make(cp_ctx *ctx, const arc_list *list, const char *whose,
                              cp_arc_table **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_arc_table *tab = NULL;
    CP_NEW(ctx, ctx->run, tab, 1);
    CP_NEW(ctx, ctx->run, tab->first, list->n + 1);
    CP_NEW(ctx, ctx->run, tab->last, list->n + 1);
    CP_TRY(make(ctx, list, whose, tab));
    cp_arena_rewind(ctx->scratch, mark);
    *out = tab;
    return CP_OK;
}

static arc_list plain_list(const cp_arcs *arcs, const cp_arc_list *list)
{
    const arc_list own = {
        .a = arcs, .arc = list->arc, .first = list->first, .level = list->level, .n = arcs->n_days};
    return own;
}

cp_status cp_arc_table_make(cp_ctx *ctx, const cp_arcs *arcs, const cp_arc_list *list, int32_t mode,
                            cp_arc_table **out)
{
    arc_list own = plain_list(arcs, list);
    own.way = mode >= 0;
    own.mode = own.way ? mode : 0;
    own.entry = own.way && mode != arcs->branch_mode;
    return new_and_make(ctx, &own, list->whose, out);
}

cp_status cp_arc_table_leads(cp_ctx *ctx, const cp_arcs *arcs, const cp_arc_list *list,
                             cp_arc_table **out)
{
    arc_list own = plain_list(arcs, list);
    own.all = true;
    return new_and_make(ctx, &own, list->whose, out);
}

cp_status cp_arc_table_trails(cp_ctx *ctx, const cp_arcs *arcs, const cp_arc_list *list,
                              cp_arc_table **out)
{
    arc_list own = plain_list(arcs, list);
    own.way = true;
    own.n = arcs->n_leads;
    own.day = arcs->way[cp_lead_way(arcs) - 1].table->until;
    own.group_mode = arcs->lead_mode;
    return new_and_make(ctx, &own, list->whose, out);
}
