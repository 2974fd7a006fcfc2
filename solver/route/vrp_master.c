/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_master.h"

#include <math.h>
#include <string.h>

#define MOST_ENTRIES (CP_RELAX_NODES + 1 + CP_CUTS_MAX + CP_SETS_MAX)

cp_status cp_duals_new(cp_ctx *ctx, const cp_relax *r, cp_duals *out)
{
    CP_NEW(ctx, ctx->run, out->node, r->p->n_nodes + 1);
    CP_NEW(ctx, ctx->run, out->kind, r->p->n_vehicles + 1);
    CP_NEW(ctx, ctx->run, out->set, CP_SETS_MAX);
    CP_NEW(ctx, ctx->run, out->enter, (size_t)(r->p->n_nodes + 2) * (size_t)r->p->n_nodes + 1);
    out->cuts.n = 0;
    out->n_sets = 0;
    return CP_OK;
}

void cp_duals_copy(const cp_relax *r, const cp_duals *from, cp_duals *to)
{
    memcpy(to->node, from->node, (size_t)r->p->n_nodes * sizeof(*to->node));
    memcpy(to->kind, from->kind, (size_t)r->p->n_vehicles * sizeof(*to->kind));
    memcpy(to->set, from->set, CP_SETS_MAX * sizeof(*to->set));
    to->n_sets = from->n_sets;
    to->cuts = from->cuts;
}

cp_status cp_vrp_master_new(cp_ctx *ctx, const cp_relax *r, cp_vrp_master **out)
{
    cp_vrp_master *m = NULL;
    CP_NEW(ctx, ctx->run, m, 1);
    m->ctx = ctx;
    m->r = r;
    m->unit = (double)r->large;
    CP_NEW(ctx, ctx->run, m->low, r->p->n_nodes + CP_SETS_MAX);
    CP_NEW(ctx, ctx->run, m->high, r->p->n_nodes + CP_SETS_MAX);
    CP_TRY(cp_duals_new(ctx, r, &m->duals));
    *out = m;
    return CP_OK;
}

void cp_vrp_master_free(cp_vrp_master *m)
{
    if (m == NULL) return;
    cp_lp_free(m->lp);
    m->lp = NULL;
}

/* ---- columns --------------------------------------------------------------------------------- */

bool cp_column_simple(const cp_vrp_master *m, const cp_column *c)
{
    cp_node_set seen = {0};
    for (int32_t i = 0; i < c->n; i++) {
        const int32_t x = m->nodes[c->first + i];
        if (cp_in_set(seen, x)) return false;
        cp_set_add(seen, x);
    }
    return true;
}

/* How often a route pays for a cut. */
static int32_t cut_times(const cp_vrp_master *m, const cp_column *c, const cp_cut *cut)
{
    int32_t times = 0;
    bool odd = false;
    for (int32_t i = 0; i < c->n; i++) {
        const int32_t x = m->nodes[c->first + i];
        if (!cp_in_set(cut->memory, x)) odd = false;
        if (x != cut->node[0] && x != cut->node[1] && x != cut->node[2]) continue;
        if (odd) times++;
        odd = !odd;
    }
    return times;
}

bool cp_column_enters(const cp_vrp_master *m, const cp_column *c, int32_t i,
                      const cp_enter_set *set)
{
    const int32_t at = c->first + i;
    if (!cp_in_set(set->in, m->nodes[at])) return false;
    if (set->starts) return i == 0;
    return i == 0 || m->ways[at] >= 0 || !cp_in_set(set->in, m->nodes[at - 1]);
}

int64_t cp_column_reduced(const cp_vrp_master *m, const cp_column *c, const cp_duals *d)
{
    int64_t cost = c->ticks - d->kind[c->kind];
    const int32_t n = m->r->p->n_nodes;
    for (int32_t i = 0; i < c->n; i++) {
        const int32_t at = c->first + i;
        const int32_t from = i == 0 ? n : m->ways[at] >= 0 ? n + 1 : m->nodes[at - 1];
        cost -= d->node[m->nodes[at]] + d->enter[from * n + m->nodes[at]];
    }
    for (int32_t k = 0; k < d->cuts.n; k++)
        if (d->cuts.penalty[k] > 0) cost += d->cuts.penalty[k] * cut_times(m, c, &m->cuts[k]);
    return cost;
}

static cp_status reserve(cp_vrp_master *m, int32_t n)
{
    if (m->n_columns == m->cap_columns) {
        const int32_t cap = 2 * m->cap_columns + 1024;
        cp_column *more = NULL;
        CP_NEW(m->ctx, m->ctx->run, more, cap);
        if (m->n_columns > 0) memcpy(more, m->columns, (size_t)m->n_columns * sizeof(*more));
        m->columns = more;
        m->cap_columns = cap;
    }
    if (m->n_nodes + n <= m->cap_nodes) return CP_OK;
    const int32_t cap = 2 * (m->n_nodes + n) + 4096;
    int32_t *nodes = NULL, *ways = NULL;
    CP_NEW(m->ctx, m->ctx->run, nodes, cap);
    CP_NEW(m->ctx, m->ctx->run, ways, cap);
    if (m->n_nodes > 0) {
        memcpy(nodes, m->nodes, (size_t)m->n_nodes * sizeof(*nodes));
        memcpy(ways, m->ways, (size_t)m->n_nodes * sizeof(*ways));
    }
    m->nodes = nodes;
    m->ways = ways;
    m->cap_nodes = cap;
    return CP_OK;
}

cp_status cp_vrp_master_add(cp_vrp_master *m, int32_t kind, int64_t ticks, const int32_t *nodes,
                            const int32_t *ways, int32_t n)
{
    CP_TRY(reserve(m, n));
    m->columns[m->n_columns++] = (cp_column){ticks, kind, m->n_nodes, n};
    for (int32_t i = 0; i < n; i++) {
        m->nodes[m->n_nodes] = nodes[i];
        m->ways[m->n_nodes++] = ways == NULL ? -1 : ways[i];
    }
    return CP_OK;
}

static void forget_program(cp_vrp_master *m)
{
    cp_lp_free(m->lp);
    m->lp = NULL;
}

bool cp_vrp_master_cut(cp_vrp_master *m, const cp_cut *cut)
{
    int32_t k = 0;
    while (k < m->n_cuts && memcmp(m->cuts[k].node, cut->node, sizeof(cut->node)) != 0)
        k++;
    if (k == CP_CUTS_MAX) return false;
    if (k == m->n_cuts) m->cuts[m->n_cuts++] = *cut;
    for (int32_t w = 0; w < CP_RELAX_WORDS; w++)
        m->cuts[k].memory[w] |= cut->memory[w];
    forget_program(m);
    return true;
}

bool cp_vrp_master_set(cp_vrp_master *m, const cp_enter_set *set)
{
    for (int32_t k = 0; k < m->n_sets; k++)
        if (m->sets[k].starts == set->starts &&
            memcmp(m->sets[k].in, set->in, sizeof(set->in)) == 0)
            return false;
    if (m->n_sets == CP_SETS_MAX) return false;
    m->low[m->r->p->n_nodes + m->n_sets] = m->high[m->r->p->n_nodes + m->n_sets] = 0;
    m->sets[m->n_sets++] = *set;
    forget_program(m);
    return true;
}

void cp_vrp_master_keep(cp_vrp_master *m, const bool *keep)
{
    int32_t n = 0, at = 0;
    for (int32_t c = 0; c < m->n_columns; c++) {
        if (!keep[c]) continue;
        cp_column col = m->columns[c];
        memmove(m->nodes + at, m->nodes + col.first, (size_t)col.n * sizeof(*m->nodes));
        memmove(m->ways + at, m->ways + col.first, (size_t)col.n * sizeof(*m->ways));
        col.first = at;
        at += col.n;
        m->columns[n++] = col;
    }
    m->n_columns = n;
    m->n_nodes = at;
    forget_program(m);
}

cp_status cp_vrp_master_box(cp_vrp_master *m, const cp_duals *center, int64_t radius)
{
    const int32_t n = m->r->p->n_nodes, n_rows = n + m->n_sets;
    for (int32_t i = 0; i < n_rows; i++) {
        const int64_t out = i < n ? m->r->out[i] : INT64_MAX;
        const int64_t at = i < n                    ? center->node[i]
                           : i - n < center->n_sets ? center->set[i - n]
                                                    : 0;
        m->high[i] = at + radius < out ? at + radius : out;
        m->low[i] = at - radius < m->high[i] ? at - radius : m->high[i];
        if (i >= n && m->low[i] < 0) m->low[i] = 0;
        if (m->lp == NULL) continue;
        CP_TRY(cp_lp_set_cost(m->lp, i, (double)m->high[i] / m->unit));
        CP_TRY(cp_lp_set_cost(m->lp, n_rows + i, -(double)m->low[i] / m->unit));
    }
    return CP_OK;
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Row of a node, or of a set, which come last. */
static int32_t row_of(const cp_vrp_master *m, int32_t i)
{
    const int32_t n = m->r->p->n_nodes;
    return i < n ? i : i + m->r->p->n_vehicles + m->n_cuts;
}

/* The columns `less`, then `more`, of nodes and, unless a whole solution is sought, of sets. */
static cp_status add_slacks(cp_vrp_master *m, bool whole, cp_mip *mip)
{
    const int32_t n = m->r->p->n_nodes, n_rows = whole ? n : n + m->n_sets;
    const double one = 1.0, minus = -1.0;
    for (int32_t i = 0; i < n_rows; i++) {
        const bool must = i >= n || m->r->out[i] == INT64_MAX;
        const double most = !whole ? CP_MIP_INF : must ? 0.0 : 1.0;
        const double price = (double)(!whole ? m->high[i] : must ? 0 : m->r->out[i]) / m->unit;
        const int32_t row = row_of(m, i);
        const cp_mip_col col = {0.0, most, price, whole, NULL, 1, &row, &one};
        CP_TRY(cp_mip_add_col(m->ctx, mip, &col, NULL));
    }
    for (int32_t i = 0; i < n_rows && !whole; i++) {
        const int32_t row = row_of(m, i);
        const double price = -(double)m->low[i] / m->unit;
        const cp_mip_col col = {0.0, CP_MIP_INF, price, false, NULL, 1, &row, &minus};
        CP_TRY(cp_mip_add_col(m->ctx, mip, &col, NULL));
    }
    return CP_OK;
}

static cp_status empty_program(cp_vrp_master *m, bool whole, cp_mip **out)
{
    const cp_vrp *p = m->r->p;
    cp_mip *mip = NULL;
    CP_TRY(cp_mip_new(m->ctx, m->ctx->scratch, &mip));
    for (int32_t i = 0; i < p->n_nodes; i++)
        CP_TRY(cp_mip_add_row(m->ctx, mip, 1.0, 1.0, NULL, NULL));
    for (int32_t k = 0; k < p->n_vehicles; k++)
        CP_TRY(cp_mip_add_row(m->ctx, mip, -CP_MIP_INF, p->vehicles[k].count, NULL, NULL));
    for (int32_t c = 0; !whole && c < m->n_cuts; c++)
        CP_TRY(cp_mip_add_row(m->ctx, mip, -CP_MIP_INF, 1.0, NULL, NULL));
    for (int32_t k = 0; !whole && k < m->n_sets; k++)
        CP_TRY(cp_mip_add_row(m->ctx, mip, m->sets[k].need, m->sets[k].need, NULL, NULL));
    CP_TRY(add_slacks(m, whole, mip));
    *out = mip;
    return CP_OK;
}

/* Entries of a route in rows of nodes, fleet and, unless a whole solution is sought, cuts and sets.
 */
static int32_t entries(const cp_vrp_master *m, const cp_column *c, bool whole, int32_t *row,
                       double *value)
{
    int32_t n = 0;
    for (int32_t i = 0; i < c->n; i++) {
        const int32_t x = m->nodes[c->first + i];
        int32_t e = 0;
        while (e < n && row[e] != x)
            e++;
        if (e == n) {
            row[n] = x;
            value[n++] = 0.0;
        }
        value[e] += 1.0;
    }
    row[n] = m->r->p->n_nodes + c->kind;
    value[n++] = 1.0;
    for (int32_t k = 0; !whole && k < m->n_cuts; k++) {
        const int32_t times = cut_times(m, c, &m->cuts[k]);
        if (times == 0) continue;
        row[n] = m->r->p->n_nodes + m->r->p->n_vehicles + k;
        value[n++] = times;
    }
    for (int32_t k = 0; !whole && k < m->n_sets; k++) {
        int32_t times = 0;
        for (int32_t i = 0; i < c->n; i++)
            times += cp_column_enters(m, c, i, &m->sets[k]);
        if (times == 0) continue;
        row[n] = row_of(m, m->r->p->n_nodes + k);
        value[n++] = times;
    }
    return n;
}

static cp_status make_program(cp_vrp_master *m)
{
    cp_mip *mip = NULL;
    CP_TRY(empty_program(m, false, &mip));
    CP_TRY(cp_lp_new(m->ctx, mip, &m->lp));
    m->n_in_lp = 0;
    m->n_before = 2 * (m->r->p->n_nodes + m->n_sets);
    return CP_OK;
}

/* Columns that the program does not have yet. */
static cp_status add_new(cp_vrp_master *m)
{
    int32_t row[MOST_ENTRIES];
    double value[MOST_ENTRIES];
    for (; m->n_in_lp < m->n_columns; m->n_in_lp++) {
        const cp_column *c = &m->columns[m->n_in_lp];
        const int32_t n = entries(m, c, false, row, value);
        const cp_mip_col col = {0.0, CP_MIP_INF, (double)c->ticks / m->unit, false, NULL, n,
                                row, value};
        CP_TRY(cp_lp_add_cols(m->lp, 1, &col, NULL));
    }
    return CP_OK;
}

/* Which nodes belong to cuts that have a price. */
static void set_cut_bits(const cp_vrp_master *m, cp_label_cuts *cuts)
{
    memset(cuts->of, 0, sizeof(cuts->of));
    memset(cuts->memory, 0, sizeof(cuts->memory));
    for (int32_t c = 0; c < cuts->n; c++) {
        const uint64_t bit = UINT64_C(1) << (c & 63);
        if (cuts->penalty[c] == 0) continue;
        for (int32_t i = 0; i < 3; i++)
            cuts->of[m->cuts[c].node[i]][c >> 6] |= bit;
        for (int32_t i = 0; i < m->r->p->n_nodes; i++)
            if (cp_in_set(m->cuts[c].memory, i)) cuts->memory[i][c >> 6] |= bit;
    }
}

static void sum_enters(const cp_vrp_master *m, cp_duals *d)
{
    const int32_t n = m->r->p->n_nodes;
    memset(d->enter, 0, (size_t)(n + 2) * (size_t)n * sizeof(*d->enter));
    for (int32_t k = 0; k < d->n_sets; k++) {
        const uint64_t *in = m->sets[k].in;
        for (int32_t i = 0; i < n + 2 && d->set[k] > 0; i++) {
            if ((i < n && cp_in_set(in, i)) || (m->sets[k].starts && i != n)) continue;
            for (int32_t j = 0; j < n; j++)
                if (cp_in_set(in, j)) d->enter[i * n + j] += d->set[k];
        }
    }
}

/* Duals in whole ticks; those of the wrong sign are noise. */
static void read_duals(cp_vrp_master *m)
{
    const int32_t n = m->r->p->n_nodes, n_kinds = m->r->p->n_vehicles;
    cp_duals *d = &m->duals;
    for (int32_t i = 0; i < n; i++)
        d->node[i] = llround(cp_lp_row_dual(m->lp, i) * m->unit);
    for (int32_t k = 0; k < n_kinds; k++)
        d->kind[k] = llround(fmin(0.0, cp_lp_row_dual(m->lp, n + k)) * m->unit);
    d->cuts.n = m->n_cuts;
    for (int32_t c = 0; c < m->n_cuts; c++)
        d->cuts.penalty[c] = llround(fmax(0.0, -cp_lp_row_dual(m->lp, n + n_kinds + c)) * m->unit);
    set_cut_bits(m, &d->cuts);
    d->n_sets = m->n_sets;
    for (int32_t k = 0; k < m->n_sets; k++)
        d->set[k] = llround(fmax(0.0, cp_lp_row_dual(m->lp, row_of(m, n + k))) * m->unit);
    sum_enters(m, d);
}

static cp_status read_values(cp_vrp_master *m)
{
    const int32_t n = m->r->p->n_nodes;
    if (m->cap_x < m->n_columns) {
        m->cap_x = m->cap_columns;
        CP_NEW(m->ctx, m->ctx->run, m->x, m->cap_x);
    }
    for (int32_t c = 0; c < m->n_columns; c++)
        m->x[c] = cp_lp_value(m->lp, m->n_before + c);
    m->boxed = 0;
    for (int32_t i = 0; i < n + m->n_sets; i++) {
        if (i >= n || m->high[i] < m->r->out[i]) m->boxed += cp_lp_value(m->lp, i);
        if (i < n || m->low[i] > 0) m->boxed += cp_lp_value(m->lp, n + m->n_sets + i);
    }
    m->objective = cp_lp_objective(m->lp) * m->unit;
    return CP_OK;
}

cp_status cp_vrp_master_solve(cp_vrp_master *m, bool *solved)
{
    const cp_arena_mark mark = cp_arena_here(m->ctx->scratch);
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    if (m->lp == NULL) CP_TRY(make_program(m));
    cp_arena_rewind(m->ctx->scratch, mark);
    CP_TRY(add_new(m));
    CP_TRY(cp_lp_solve(m->lp, &answer));
    *solved = answer == CP_LP_OPTIMAL;
    if (!*solved) return CP_OK;
    read_duals(m);
    return read_values(m);
}

/* ---- whole solutions ------------------------------------------------------------------------- */

static cp_status whole_program(cp_vrp_master *m, int64_t below, int32_t *column, int32_t *n,
                               cp_mip **out)
{
    int32_t row[MOST_ENTRIES];
    double value[MOST_ENTRIES];
    cp_mip *mip = NULL;
    CP_TRY(empty_program(m, true, &mip));
    *n = 0;
    for (int32_t c = 0; c < m->n_columns; c++) {
        const cp_column *col = &m->columns[c];
        if (!cp_column_simple(m, col)) continue;
        /* No solution below the limit can hold a route whose reduced cost is above the gap. */
        const double slack = (double)below - m->objective;
        if ((double)cp_column_reduced(m, col, &m->duals) > slack) continue;
        const int32_t n_entries = entries(m, col, true, row, value);
        const cp_mip_col made = {0.0, 1.0,  (double)col->ticks / m->unit, true, NULL, n_entries,
                                 row, value};
        CP_TRY(cp_mip_add_col(m->ctx, mip, &made, NULL));
        column[(*n)++] = c;
    }
    *out = mip;
    return CP_OK;
}

static cp_status choose(cp_vrp_master *m, int64_t below, const cp_lp_mip_opts *opts,
                        int32_t *column, int32_t *n)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    int32_t n_all = 0;
    CP_TRY(whole_program(m, below, column, &n_all, &mip));
    *n = -1;
    cp_status st = cp_lp_new(m->ctx, mip, &lp);
    if (st == CP_OK) st = cp_lp_solve_mip(lp, opts, &answer);
    const bool found = st == CP_OK && (answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE) &&
                       cp_lp_objective(lp) * m->unit < (double)below - 0.5;
    if (found) *n = 0;
    for (int32_t c = 0; found && c < n_all; c++)
        if (cp_lp_value(lp, m->r->p->n_nodes + c) > 0.5) column[(*n)++] = column[c];
    cp_lp_free(lp);
    return st;
}

cp_status cp_vrp_master_choose(cp_vrp_master *m, int64_t below, int64_t tree_nodes,
                               double time_limit_s, int32_t **chosen, int32_t *n)
{
    int32_t *column = NULL;
    CP_NEW(m->ctx, m->ctx->run, column, m->n_columns + 1);
    const cp_arena_mark mark = cp_arena_here(m->ctx->scratch);
    cp_lp_mip_opts opts = cp_lp_mip_defaults();
    opts.node_limit = tree_nodes;
    opts.time_limit_s = time_limit_s;
    const cp_status st = choose(m, below, &opts, column, n);
    cp_arena_rewind(m->ctx->scratch, mark);
    *chosen = column;
    return st;
}
