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

int32_t cp_first_way(const cp_arcs *a, int32_t mode)
{
    for (int32_t i = 0; i < a->n_firsts; i++)
        if (a->way[i].mode == mode) return i;
    return -1;
}
