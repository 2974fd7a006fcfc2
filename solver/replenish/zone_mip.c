/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone_mip.h"

#include <string.h>

#include "solver/replenish/zone_stock.h"

/* One column being put together: entries of a row are summed. */
typedef struct column {
    double cost;
    int32_t n;
    int32_t *row;
    double *value;
    int32_t *at; /* by row: 1 + entry, 0 = none */
} column;

typedef struct writer {
    cp_ctx *ctx;
    const cp_zone *z;
    cp_mip *mip;
    column col;
    int32_t first_row;   /* of the shared limits */
    int32_t *stop_row;   /* [site * n_days + t]: visits of a point <= stop, first point's row; -1 */
    int32_t *share_row;  /* likewise: shares <= paid part of the stop */
    int32_t start, node; /* rows of the point at hand: one opening; [mode * n_days + t] */
    int32_t first_lead;  /* and one for each lead */
    int32_t lead;        /* at hand */
    int32_t point;       /* zone point at hand */
    cp_arena *arena;
    cp_zone_mip_col *cols;
    int32_t cap_cols;
    cp_zone_mip_col means; /* what the column at hand means */
} writer;

/* ---- columns --------------------------------------------------------------------------------- */

static void put(writer *w, int32_t row, double value)
{
    column *c = &w->col;
    if (c->at[row] == 0) {
        c->row[c->n] = row;
        c->value[c->n] = 0.0;
        c->at[row] = ++c->n;
    }
    c->value[c->at[row] - 1] += value;
}

static cp_status remember(writer *w)
{
    if (w->mip->n_cols >= w->cap_cols) {
        cp_zone_mip_col *more = NULL;
        const int32_t cap = w->cap_cols > 0 ? 2 * w->cap_cols : 1024;
        CP_NEW(w->ctx, w->arena, more, cap);
        if (w->cap_cols > 0) memcpy(more, w->cols, (size_t)w->cap_cols * sizeof *more);
        w->cols = more;
        w->cap_cols = cap;
    }
    w->cols[w->mip->n_cols] = w->means;
    return CP_OK;
}

static cp_status flush(writer *w, double lo, double hi, bool integer)
{
    column *c = &w->col;
    CP_TRY(remember(w));
    const cp_mip_col col = {lo, hi, c->cost, integer, NULL, c->n, c->row, c->value};
    const cp_status st = cp_mip_add_col(w->ctx, w->mip, &col, NULL);
    for (int32_t i = 0; i < c->n; i++)
        c->at[c->row[i]] = 0;
    c->n = 0;
    c->cost = 0.0;
    return st;
}

static void use_shared(void *user, int32_t row, int64_t amount)
{
    writer *w = user;
    put(w, w->first_row + row, (double)amount / cp_zone_row_unit(&w->z->row[row]));
}

static void use_if(writer *w, int32_t row, int64_t amount)
{
    if (row >= 0 && amount != 0) use_shared(w, row, amount);
}

static void use_cassettes(writer *w, int32_t mode, int32_t t)
{
    const cp_zone *z = w->z;
    const cp_set_part *set = NULL;
    const int32_t n = cp_zone_set(z, w->point, mode, &set);
    for (int32_t k = 0; k < n; k++) {
        const cp_set_part *part = &set[k];
        use_if(w, z->pack_row[t], part->n);
        for (int32_t u = t; u < z->n_days && u < t + z->lead_days; u++)
            use_if(w, z->pool_row[part->model * z->n_days + u], part->n);
    }
}

/* The stop of a visit whose interval pays the share num/den of it. */
static void use_stop(writer *w, int32_t t, double share)
{
    const cp_zone *z = w->z;
    const int32_t site = z->site_of[w->point];
    const int32_t at = site * z->n_days + t;
    if (w->stop_row[at] < 0) { /* the site's only machine */
        w->col.cost += share * (double)z->site_stop[at];
        cp_zone_stop_uses(z, site, t, use_shared, w);
        return;
    }
    const int32_t own = w->point - z->first_point[site];
    put(w, w->stop_row[at] + own, 1.0);
    put(w, w->share_row[at] + own, share);
}

/* What a visit on t by `mode` uses and costs, leaving by `arc` at `level`. */
static void leave_visit(writer *w, int32_t t, int32_t mode, const cp_arc *arc,
                        const cp_level *level)
{
    const cp_arcs *a = w->z->arcs[w->point];
    const bool last = arc->until >= a->n_days;
    w->col.cost += (double)arc->cost;
    if (last)
        w->col.cost += (double)cp_arc_end(a, t, arc, level, mode);
    else
        w->col.cost += (double)cp_arcs_node_cost(a, t, mode, level);
    if (w->z->n_stock_days > 0) cp_zone_stock_out(w->z, a, t, level, use_shared, w);
    use_if(w, w->z->value_row[t], level->out_minor);
    use_if(w, w->z->crew_row[t], a->mode[mode].service_min);
    use_cassettes(w, mode, t);
    if (mode != a->branch_mode)
        use_stop(w, t, last ? (double)(a->n_days - t) / (double)(arc->until - t) : 1.0);
}

static void reach(writer *w, int32_t t, const cp_arc *arc, const cp_level *level, int32_t mode)
{
    const cp_arcs *a = w->z->arcs[w->point];
    w->col.cost += (double)cp_arc_end(a, t, arc, level, mode);
    use_if(w, w->z->sort_row[arc->until], cp_arc_back(a, arc, mode));
    put(w, w->node + mode * a->n_days + arc->until, 1.0);
}

/* One arc from the visit (t, mode): a column for every mode of the next visit. `from` adds what the
 * column's beginning takes: a node, or the opening and a first add. */
typedef void from_fn(writer *w, int32_t t, int32_t mode, const cp_level *level);

static cp_status put_arc(writer *w, int32_t t, int32_t mode, const cp_arc *arc,
                         const cp_level *level, from_fn *from)
{
    const cp_arcs *a = w->z->arcs[w->point];
    if (arc->until >= a->n_days) {
        from(w, t, mode, level);
        leave_visit(w, t, mode, arc, level);
        return flush(w, 0.0, 1.0, true);
    }
    for (int32_t next = 0; next < a->n_modes; next++) {
        if (!a->may_visit[next * a->n_days + arc->until]) continue;
        from(w, t, mode, level);
        leave_visit(w, t, mode, arc, level);
        reach(w, t, arc, level, next);
        CP_TRY(flush(w, 0.0, 1.0, true));
    }
    return CP_OK;
}

static void from_node(writer *w, int32_t t, int32_t mode, const cp_level *level)
{
    (void)level;
    put(w, w->node + mode * w->z->n_days + t, -1.0);
}

static void from_lead(writer *w, int32_t t, int32_t mode, const cp_level *level)
{
    (void)t;
    (void)mode;
    (void)level;
    put(w, w->first_lead + w->lead, -1.0);
}

static void from_opening(writer *w, int32_t t, int32_t mode, const cp_level *level)
{
    const cp_arcs *a = w->z->arcs[w->point];
    put(w, w->start, 1.0);
    w->col.cost += (double)a->opening[t].cost;
    if (w->z->n_stock_days > 0) cp_zone_stock_back(w->z, a, t, mode, use_shared, w);
    if (mode == a->branch_mode) return;
    w->col.cost += (double)level->entry_minor;
    use_if(w, w->z->sort_row[t], level->entry_back);
}

static cp_status put_openings(writer *w)
{
    const cp_arcs *a = w->z->arcs[w->point];
    w->means = (cp_zone_mip_col){w->point, {-1, 0, 0, -1}};
    if (a->may_open[a->n_days]) {
        w->col.cost = (double)a->opening[a->n_days].cost;
        put(w, w->start, 1.0);
        CP_TRY(flush(w, 0.0, 1.0, true));
    }
    for (int32_t t = 0; t < a->n_days; t++)
        for (int32_t m = 0; m < a->n_modes && a->may_open[t]; m++) {
            if (!a->may_visit[m * a->n_days + t] || cp_first_way(a, m) >= 0) continue;
            const cp_arc *o = &a->opening[t];
            w->col.cost = (double)(o->cost + cp_arc_end(a, -1, o, NULL, m));
            use_if(w, w->z->sort_row[t], cp_arc_back(a, o, m));
            if (w->z->n_stock_days > 0) cp_zone_stock_back(w->z, a, t, m, use_shared, w);
            put(w, w->start, 1.0);
            put(w, w->node + m * a->n_days + t, 1.0);
            CP_TRY(flush(w, 0.0, 1.0, true));
        }
    return CP_OK;
}

/* First visits on t in one way of their own. */
static cp_status put_way(writer *w, int32_t t, int32_t k)
{
    const cp_arcs *a = w->z->arcs[w->point];
    const cp_first *way = &a->way[k];
    if (!a->may_visit[way->mode * a->n_days + t]) return CP_OK;
    for (int32_t i = way->table->first[t]; i < way->table->first[t + 1]; i++) {
        const cp_arc arc = cp_arcs_get(a, k + 1, t, i);
        w->means =
            (cp_zone_mip_col){w->point, {(int16_t)t, (uint8_t)way->mode, (uint8_t)(k + 1), i}};
        CP_TRY(put_arc(w, t, way->mode, &arc, &a->amount[arc.level], from_opening));
    }
    return CP_OK;
}

/* Lead i from the visit (t, mode). */
static cp_status put_lead(writer *w, int32_t t, int32_t mode, int32_t i)
{
    const cp_arcs *a = w->z->arcs[w->point];
    const uint8_t way = (uint8_t)cp_lead_way(a);
    const cp_arc arc = cp_arcs_get(a, way, t, i);
    const cp_level *level = &cp_arcs_table(a, way)->levels[arc.level];
    w->means = (cp_zone_mip_col){w->point, {(int16_t)t, (uint8_t)mode, way, i}};
    from_node(w, t, mode, level);
    leave_visit(w, t, mode, &arc, level);
    w->col.cost += (double)arc.end[0];
    use_if(w, w->z->sort_row[arc.until], arc.back[0]);
    put(w, w->first_lead + i, 1.0);
    return flush(w, 0.0, 1.0, true);
}

/* Leads from visits on t, and their trails. */
static cp_status put_leads(writer *w, int32_t t)
{
    const cp_arcs *a = w->z->arcs[w->point];
    const cp_arc_table *lead = cp_arcs_table(a, cp_lead_way(a));
    const cp_arc_table *trail = cp_arcs_table(a, cp_trail_way(a));
    for (int32_t i = lead->first[t]; i < lead->first[t + 1]; i++) {
        const int32_t s = lead->until[i], mode = a->lead_mode[i];
        if (!a->may_visit[mode * a->n_days + s]) continue;
        for (int32_t m = 0; m < a->n_modes; m++)
            if (a->may_visit[m * a->n_days + t]) CP_TRY(put_lead(w, t, m, i));
        w->lead = i;
        for (int32_t j = trail->first[i]; j < trail->first[i + 1]; j++) {
            const cp_arc arc = cp_arcs_get(a, cp_trail_way(a), s, j);
            w->means = (cp_zone_mip_col){w->point,
                                         {(int16_t)s, (uint8_t)mode, (uint8_t)cp_trail_way(a), j}};
            CP_TRY(put_arc(w, s, mode, &arc, &trail->levels[arc.level], from_lead));
        }
    }
    return CP_OK;
}

static cp_status put_day(writer *w, int32_t t)
{
    const cp_arcs *a = w->z->arcs[w->point];
    const int32_t first = a->table->first[t], end = a->table->first[t + 1];
    for (int32_t m = 0; m < a->n_modes; m++)
        for (int32_t i = first; a->may_visit[m * a->n_days + t] && i < end; i++) {
            const cp_arc arc = cp_arcs_get(a, 0, t, i);
            w->means = (cp_zone_mip_col){w->point, {(int16_t)t, (uint8_t)m, 0, i}};
            CP_TRY(put_arc(w, t, m, &arc, &a->level[arc.level], from_node));
        }
    for (int32_t k = 0; k < a->n_firsts && a->may_open[t]; k++)
        CP_TRY(put_way(w, t, k));
    return a->n_leads > 0 ? put_leads(w, t) : CP_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static cp_status shared_rows(writer *w)
{
    const cp_zone *z = w->z;
    w->first_row = w->mip->n_rows;
    for (int32_t r = 0; r < z->n_rows; r++)
        CP_TRY(cp_mip_add_row(
            w->ctx, w->mip, -CP_MIP_INF, (double)z->row[r].cap / cp_zone_row_unit(&z->row[r]),
            cp_strf(w->ctx, w->ctx->scratch, "%s_t%d_%d", cp_limit_kind_name(z->row[r].kind),
                    (int)z->row[r].t, (int)z->row[r].item),
            NULL));
    return CP_OK;
}

static cp_status relief_columns(writer *w)
{
    for (int32_t r = 0; r < w->z->n_rows; r++) {
        const cp_zone_row *row = &w->z->row[r];
        const double scale = cp_zone_row_unit(row);
        put(w, w->first_row + r, -1.0);
        w->col.cost = (double)row->relief_minor * scale;
        CP_TRY(flush(w, 0.0, CP_MIP_INF, false));
        if (row->extra_cap <= 0) continue;
        put(w, w->first_row + r, -1.0);
        w->col.cost = cp_zone_extra_price(row) * scale;
        CP_TRY(flush(w, 0.0, (double)row->extra_cap / scale, false));
        if (row->second_cap <= 0) continue;
        put(w, w->first_row + r, -1.0);
        w->col.cost = cp_zone_second_price(row) * scale;
        CP_TRY(flush(w, 0.0, (double)row->second_cap / scale, false));
    }
    return CP_OK;
}

/* Sites of several machines: a row for each machine and day under the stop, and under what is paid
 * of it. */
static cp_status stop_rows(writer *w)
{
    const cp_zone *z = w->z;
    for (int32_t s = 0; s < z->n_sites; s++)
        for (int32_t t = 0; t < z->n_days; t++) {
            const int32_t n = z->first_point[s + 1] - z->first_point[s];
            const int32_t at = s * z->n_days + t;
            w->stop_row[at] = w->share_row[at] = -1;
            if (n < 2) continue;
            w->stop_row[at] = w->mip->n_rows;
            w->share_row[at] = w->mip->n_rows + n;
            for (int32_t k = 0; k < 2 * n; k++)
                CP_TRY(cp_mip_add_row(w->ctx, w->mip, -CP_MIP_INF, 0.0, NULL, NULL));
        }
    return CP_OK;
}

static cp_status stop_columns(writer *w)
{
    const cp_zone *z = w->z;
    for (int32_t s = 0; s < z->n_sites; s++)
        for (int32_t t = 0; t < z->n_days; t++) {
            const int32_t n = z->first_point[s + 1] - z->first_point[s];
            const int32_t at = s * z->n_days + t;
            if (n < 2) continue;
            cp_zone_stop_uses(z, s, t, use_shared, w);
            for (int32_t k = 0; k < n; k++)
                put(w, w->stop_row[at] + k, -1.0);
            CP_TRY(flush(w, 0.0, 1.0, true));
            w->col.cost = (double)z->site_stop[at];
            for (int32_t k = 0; k < n; k++)
                put(w, w->share_row[at] + k, -1.0);
            CP_TRY(flush(w, 0.0, 1.0, false));
        }
    return CP_OK;
}

static cp_status point_rows(writer *w)
{
    const cp_arcs *a = w->z->arcs[w->point];
    w->start = w->mip->n_rows;
    CP_TRY(cp_mip_add_row(w->ctx, w->mip, 1.0, 1.0, NULL, NULL));
    w->node = w->mip->n_rows;
    w->first_lead = w->node + a->n_modes * a->n_days;
    for (int32_t i = 0; i < a->n_modes * a->n_days + a->n_leads; i++)
        CP_TRY(cp_mip_add_row(w->ctx, w->mip, 0.0, 0.0, NULL, NULL));
    return CP_OK;
}

static cp_status new_writer(writer *w)
{
    const cp_zone *z = w->z;
    const size_t cells = (size_t)z->n_sites * (size_t)z->n_days;
    size_t rows = (size_t)z->n_rows;
    for (int32_t p = 0; p < z->n_points; p++)
        rows +=
            1 + (size_t)(z->arcs[p]->n_modes + 2) * (size_t)z->n_days + (size_t)z->arcs[p]->n_leads;
    CP_NEW(w->ctx, w->ctx->scratch, w->stop_row, cells + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->share_row, cells + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->col.row, rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->col.value, rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->col.at, rows + 1);
    return CP_OK;
}

cp_status cp_zone_mip(cp_ctx *ctx, cp_arena *arena, const cp_zone *zone, cp_mip **out,
                      cp_zone_mip_col **cols)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    writer w;
    memset(&w, 0, sizeof w);
    w.arena = arena;
    w.means.point = -1;
    w.ctx = ctx;
    w.z = zone;
    CP_TRY(cp_mip_new(ctx, arena, &w.mip));
    CP_TRY(new_writer(&w));
    CP_TRY(shared_rows(&w));
    CP_TRY(stop_rows(&w));
    CP_TRY(relief_columns(&w));
    CP_TRY(stop_columns(&w));
    for (w.point = 0; w.point < zone->n_points; w.point++) {
        CP_TRY(point_rows(&w));
        CP_TRY(put_openings(&w));
        for (int32_t t = 0; t < zone->n_days; t++)
            CP_TRY(put_day(&w, t));
    }
    *out = w.mip;
    *cols = w.cols;
    if (arena != ctx->scratch) cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

void cp_zone_mip_steps(const cp_mip *mip, const cp_zone_mip_col *cols, const double *x,
                       int32_t point, cp_step *steps, int32_t *n_steps)
{
    *n_steps = 0;
    for (int32_t j = 0; j < mip->n_cols; j++) {
        if (cols[j].point != point || x[j] <= 0.5 || cols[j].step.t < 0) continue;
        int32_t at = (*n_steps)++; /* by day: later partial swaps stand with the visit before */
        for (; at > 0 && steps[at - 1].t > cols[j].step.t; at--)
            steps[at] = steps[at - 1];
        steps[at] = cols[j].step;
    }
}
