/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arcs.h"

cp_minor cp_arcs_node_cost(const cp_arcs *a, int32_t t, int32_t mode, const cp_level *level)
{
    const int64_t ppm = mode == a->branch_mode ? a->branch_ppm[t] : a->out_ppm[t];
    return a->node[mode * a->n_days + t] + cp_mul_div(level->out_minor, ppm, 1000000);
}

cp_minor cp_arc_end(const cp_arcs *a, int32_t t, const cp_arc *arc, const cp_level *level,
                    int32_t mode)
{
    if (mode >= a->n_modes) return arc->end[0]; /* a partial swap's last interval */
    if (mode != a->branch_mode) return arc->end[mode];
    if (arc->until < a->n_days) return 0;
    const int64_t num = a->n_days - t, den = arc->until - t;
    return cp_mul_div(a->node[mode * a->n_days + t], num, den) +
           cp_mul_div(level->out_minor, a->branch_ppm[t] * num, 1000000 * den);
}

cp_arc cp_arcs_get(const cp_arcs *a, int32_t first_add, int32_t t, int32_t i)
{
    const cp_arc_table *tab = cp_arcs_table(a, first_add);
    const cp_level *level = &tab->levels[tab->level[i]];
    const int32_t mode = first_add > 0 ? a->way[first_add - 1].mode : 0;
    cp_arc arc = {0};
    arc.until = tab->until[i];
    arc.level = tab->level[i];
    arc.misses = cp_table_misses(tab, i);
    arc.cost = (cp_minor)tab->cost[i] - tab->end[i];
    if (tab->entry) arc.cost -= level->entry_minor;
    for (int32_t m = 0; m < cp_center_modes(a); m++)
        arc.back[m] = tab->back[m][i];
    arc.end[0] = tab->end[i];
    if (arc.until < a->n_days)
        arc.cost -= cp_arcs_node_cost(a, t, mode, level) - a->node[mode * a->n_days + t];
    else if (first_add > 0 && mode < cp_center_modes(a))
        arc.end[mode] = tab->end[i];
    if (tab->more && (first_add == 0 || arc.until < a->n_days))
        arc.end[1] = arc.end[0] + (cp_minor)tab->more[i];
    return arc;
}

int32_t cp_first_way(const cp_arcs *a, int32_t mode)
{
    for (int32_t i = 0; i < a->n_firsts; i++)
        if (a->way[i].mode == mode) return i;
    return -1;
}
