/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/site_graph.h"

#include <math.h>
#include <string.h>

typedef struct maker {
    const cp_arcs *a;
    const cp_graph_prices *p;
    cp_site_graph *g;
    cp_graph_way *on; /* room for all that follow */
    cp_graph_end *end;
} maker;

int32_t cp_graph_kinds(const cp_arcs *arcs)
{
    return CP_MAX_MODES + arcs->n_firsts + arcs->n_lead_ranks;
}

/* Node of the partial swap that ends lead i. */
static int32_t lead_node(const cp_arcs *a, int32_t i)
{
    const int32_t kind = CP_MAX_MODES + a->n_firsts + a->lead_rank[i];
    return kind * a->n_days + cp_arcs_table(a, cp_lead_way(a))->until[i];
}

/* Of later partial swaps? */
static bool is_trail(const cp_arcs *a, int32_t kind)
{
    return kind >= CP_MAX_MODES + a->n_firsts;
}

/* Way of a kind of node; < 0: a mode. */
static int32_t way_of(int32_t kind)
{
    return kind - CP_MAX_MODES;
}

/* -1: the machine has no such mode. */
static int32_t mode_of(const cp_arcs *a, int32_t kind)
{
    if (kind < CP_MAX_MODES) return kind < a->n_modes ? kind : -1;
    return a->way[way_of(kind)].mode;
}

static const cp_arc_table *table_of(const cp_arcs *a, int32_t kind)
{
    return cp_arcs_table(a, kind < CP_MAX_MODES ? 0 : way_of(kind) + 1);
}

/* Entries that a visit may leave by. */
typedef struct exits {
    const cp_arc_table *tab;
    int32_t mode, group; /* of the table: its day, or its lead */
} exits;

/* Is a visit of this kind allowed on day t? */
static bool is_allowed(const cp_arcs *a, int32_t kind, int32_t t)
{
    const int32_t mode = mode_of(a, kind);
    if (mode < 0 || !a->may_visit[mode * a->n_days + t]) return false;
    return kind < CP_MAX_MODES || a->may_open[t];
}

static void add_end(cp_graph_node *e, cp_graph_end o)
{
    int32_t at = e->n_ends;
    while (at > 0 && e->end[at - 1].share > o.share)
        at--;
    if (at > 0 && e->end[at - 1].cost <= o.cost) return;
    int32_t over = at; /* those of greater share that are no cheaper fall away */
    while (over < e->n_ends && e->end[over].cost >= o.cost)
        over++;
    memmove(e->end + at + 1, e->end + over, (size_t)(e->n_ends - over) * sizeof o);
    e->n_ends += 1 - (over - at);
    e->end[at] = o;
}

/* Of those from `first` on, which lead to the same day, one each for a next visit is kept. */
static void add_on(cp_graph_node *e, int32_t first, cp_graph_way o)
{
    for (int32_t i = e->n - 1; i >= first; i--)
        if (e->on[i].to == o.to) {
            if (o.cost < e->on[i].cost) e->on[i] = o;
            return;
        }
    e->on[e->n++] = o;
}

/* What an end by the mode costs more than the table says. */
static double more_of(const cp_arcs *a, const cp_arc_table *tab, int32_t mode, int32_t i)
{
    return mode == a->branch_mode ? tab->branch[i] : mode == 1 && tab->more ? tab->more[i] : 0.0;
}

/* What the levels of day t use, as far as it has one price for all of them: most days. */
typedef struct day_price {
    bool even;
    double out, sort; /* of a unit of value carried out; of a note that comes back on the day */
} day_price;

static day_price price_of_day(const maker *w, const cp_arc_table *tab, int32_t t)
{
    const cp_use_price *value = &w->p->value[t];
    return (day_price){value->p2 <= 0.0 && !(w->p->stock && t < w->p->stock->n_days), value->slope,
                       tab->entry ? w->p->sort[t].slope : 0.0};
}

/* Cost of an entry of day t with what its level uses. */
static inline double entry_cost(const maker *w, const cp_arc_table *tab, const day_price *day,
                                int32_t t, int32_t i)
{
    const cp_level *level = &tab->levels[tab->level[i]];
    const double cost = tab->cost[i] + day->sort * level->entry_back;
    if (day->even) return cost + day->out * (double)level->out_minor;
    return cost + cp_use_cost(&w->p->value[t], (double)level->out_minor) +
           (w->p->stock && t < w->p->stock->n_days ? cp_stock_out_price(w->a, w->p->stock, t, level)
                                                   : 0.0);
}

static void read_ends(const maker *w, const exits *x, cp_graph_node *e)
{
    const cp_arcs *a = w->a;
    const cp_arc_table *tab = x->tab;
    const double own = w->p->node[x->mode * a->n_days + e->t];
    const day_price day = price_of_day(w, tab, e->t);
    for (int32_t i = tab->last[x->group]; i < tab->first[x->group + 1]; i++) {
        const double more = x->mode < a->n_modes ? more_of(a, tab, x->mode, i) : 0.0;
        const double cost = entry_cost(w, tab, &day, e->t, i) + own + more;
        const double share = (double)(a->n_days - e->t) / (tab->until[i] - e->t);
        add_end(e, (cp_graph_end){cost, e->crew ? share : 0.0, i});
    }
}

/* Leads to partial swaps, each a visit of its own; the arc of lead i is -2 - i. */
static void read_leads(const maker *w, int32_t mode, cp_graph_node *e)
{
    const cp_arcs *a = w->a;
    const cp_arc_table *tab = cp_arcs_table(a, cp_lead_way(a));
    const double visit =
        w->p->node[mode * a->n_days + e->t] + (double)a->node[mode * a->n_days + e->t];
    const day_price price = price_of_day(w, tab, e->t);
    for (int32_t i = tab->first[e->t]; i < tab->last[e->t]; i++) {
        const int32_t to = lead_node(a, i);
        if (w->g->place[to] < 0) continue;
        const double cost = entry_cost(w, tab, &price, e->t, i) + visit +
                            (e->crew ? 0.0 : tab->fill[i]) +
                            w->p->sort[tab->until[i]].slope * tab->back[0][i];
        e->on[e->n++] = (cp_graph_way){cost, to, -2 - i};
    }
}

static void read_ways(const maker *w, const exits *x, cp_graph_node *e)
{
    const cp_arcs *a = w->a;
    const cp_arc_table *tab = x->tab;
    const int32_t T = a->n_days, *place = w->g->place;
    const double visit = w->p->node[x->mode * T + e->t] + (double)a->node[x->mode * T + e->t];
    const day_price price = price_of_day(w, tab, e->t);
    int32_t day = -1, first = 0; /* the ways that lead to the day: entries come by day */
    for (int32_t i = tab->first[x->group]; i < tab->last[x->group]; i++) {
        const int32_t s = tab->until[i];
        const double sort = w->p->sort[s].slope;
        const double cost =
            entry_cost(w, tab, &price, e->t, i) + visit + (e->crew ? 0.0 : tab->fill[i]);
        if (s != day) first = e->n;
        day = s;
        for (int32_t m = 0; m < a->n_modes; m++) {
            if (place[m * T + s] < 0) continue;
            const int32_t back = m == a->branch_mode ? 0 : tab->back[m][i];
            const double c = cost + more_of(a, tab, m, i) + sort * back;
            add_on(e, first, (cp_graph_way){c, m * T + s, i});
        }
    }
}

/* A visit, if there is any way on from it. */
static void make_node(maker *w, int32_t node, const exits *x)
{
    cp_site_graph *g = w->g;
    cp_graph_node *e = &g->visit[g->n];
    *e = (cp_graph_node){.node = node,
                         .t = node % g->n_days,
                         .crew = x->mode != w->a->branch_mode,
                         .on = w->on,
                         .end = w->end};
    read_ways(w, x, e);
    if (x->tab == w->a->table && w->a->n_leads > 0) read_leads(w, x->mode, e);
    read_ends(w, x, e);
    if (e->n + e->n_ends == 0) return;
    w->on += e->n;
    w->end += e->n_ends;
    g->place[e->node] = g->n++;
}

/* The visits of day t. */
static void make_day(maker *w, int32_t t)
{
    const cp_arcs *a = w->a;
    for (int32_t kind = 0; kind < CP_MAX_MODES + a->n_firsts; kind++) {
        const exits x = {is_allowed(a, kind, t) ? table_of(a, kind) : NULL, mode_of(a, kind), t};
        if (x.tab) make_node(w, kind * a->n_days + t, &x);
    }
    const cp_arc_table *lead = a->n_leads > 0 ? cp_arcs_table(a, cp_lead_way(a)) : NULL;
    for (int32_t i = 0; i < a->n_leads; i++) {
        const exits x = {cp_arcs_table(a, cp_trail_way(a)), a->lead_mode[i], i};
        if (lead->until[i] == t && a->may_visit[x.mode * a->n_days + t])
            make_node(w, lead_node(a, i), &x);
    }
}

static cp_status make_start(cp_ctx *ctx, const maker *w)
{
    const cp_arcs *a = w->a;
    cp_site_graph *g = w->g;
    const int32_t T = a->n_days;
    CP_NEW(ctx, ctx->scratch, g->start, g->n + 1);
    for (int32_t i = g->n - 1; i >= 0; i--) {
        const cp_graph_node *e = &g->visit[i];
        const cp_arc *o = &a->opening[e->t];
        const int32_t kind = e->node / T;
        if (is_trail(a, kind)) continue;
        const int32_t mode = mode_of(a, kind);
        const bool plain = kind < CP_MAX_MODES;
        if (!a->may_open[e->t] || (plain && cp_first_way(a, kind) >= 0)) continue;
        double c = (double)o->cost + cp_stock_first_price(w->p->stock, e->t, mode);
        if (plain)
            c += (double)cp_arc_end(a, -1, o, NULL, kind) +
                 w->p->sort[e->t].slope * cp_arc_back(a, o, kind);
        g->start[g->n_start++] = (cp_graph_way){c, e->node, -1};
    }
    if (a->may_open[T])
        g->start[g->n_start++] = (cp_graph_way){(double)a->opening[T].cost, g->done, -1};
    return CP_OK;
}

/* Room for all visits: each entry once for a mode of the visit and of the next one. */
static cp_status make_room(cp_ctx *ctx, maker *w)
{
    const cp_arcs *a = w->a;
    cp_site_graph *g = w->g;
    int32_t n = 0, n_on = 0, n_ends = 0;
    if (a->n_leads > 0) {
        const cp_arc_table *trail = cp_arcs_table(a, cp_trail_way(a));
        n = a->n_leads;
        n_on = trail->first[n] * a->n_modes + n * a->n_modes;
        n_ends = trail->first[n];
    }
    for (int32_t kind = 0; kind < CP_MAX_MODES + a->n_firsts; kind++)
        for (int32_t t = 0; t < a->n_days; t++) {
            if (!is_allowed(a, kind, t)) continue;
            const cp_arc_table *tab = table_of(a, kind);
            n++;
            n_on += (tab->last[t] - tab->first[t]) * a->n_modes;
            n_ends += tab->first[t + 1] - tab->last[t];
        }
    CP_NEW(ctx, ctx->scratch, g->visit, n + 1);
    CP_NEW(ctx, ctx->scratch, w->on, n_on + 1);
    CP_NEW(ctx, ctx->scratch, w->end, n_ends + 1);
    CP_NEW(ctx, ctx->scratch, g->place, g->done + 1);
    CP_NEW(ctx, ctx->scratch, g->need, g->done + 1);
    return CP_OK;
}

cp_status cp_site_graph_make(cp_ctx *ctx, const cp_arcs *arcs, const cp_graph_prices *prices,
                             cp_site_graph *g)
{
    maker w = {arcs, prices, g, NULL, NULL};
    memset(g, 0, sizeof *g);
    g->arcs = arcs;
    g->n_days = arcs->n_days;
    g->done = cp_graph_kinds(arcs) * arcs->n_days;
    CP_TRY(make_room(ctx, &w));
    for (int32_t i = 0; i <= g->done; i++) {
        g->place[i] = -1;
        g->need[i] = i < g->done ? INFINITY : 0.0;
    }
    for (int32_t t = arcs->n_days - 1; t >= 0; t--)
        make_day(&w, t);
    return make_start(ctx, &w);
}

/* The least need of a visit when its stop costs fixed + each * the share above `paid`. */
static double need_of(const double *need, double fixed, double each, double paid, cp_graph_node *e)
{
    double least = INFINITY, most_paid = 1.0 > paid ? 1.0 - paid : 0.0;
    int32_t choice = 0;
    for (int32_t i = 0; i < e->n; i++) {
        const double c = e->on[i].cost + need[e->on[i].to];
        if (c < least) {
            least = c;
            choice = i;
        }
    }
    e->free_need = least;
    least += each * most_paid;
    for (int32_t i = 0; i < e->n_ends; i++) {
        const double share = e->end[i].share > paid ? e->end[i].share - paid : 0.0;
        const double c = e->end[i].cost + each * share;
        if (c < least) {
            least = c;
            choice = -1 - i;
        }
    }
    if (e->n_ends > 0) e->free_need = fmin(e->free_need, e->end[e->n_ends - 1].cost);
    e->choice = choice;
    return fixed + least;
}

double cp_site_graph_pass(cp_site_graph *g, const cp_stop_charge *charge, int32_t *first)
{
    double least = INFINITY;
    for (int32_t i = 0; i < g->n; i++) {
        cp_graph_node *e = &g->visit[i];
        g->need[e->node] = e->crew ? need_of(g->need, charge->fixed[e->t], charge->each[e->t],
                                             charge->paid ? charge->paid[e->t] : 0.0, e)
                                   : need_of(g->need, 0.0, 0.0, 0.0, e);
    }
    *first = -1;
    for (int32_t i = 0; i < g->n_start; i++) {
        const double c = g->start[i].cost + g->need[g->start[i].to];
        if (c >= least) continue;
        least = c;
        *first = i;
    }
    return least;
}

cp_step cp_graph_step(const cp_site_graph *g, int32_t node, int32_t arc)
{
    const int32_t kind = node / g->n_days, way = way_of(kind);
    const cp_arcs *a = g->arcs;
    const int16_t t = (int16_t)(node % g->n_days);
    if (arc < -1) return (cp_step){t, (uint8_t)mode_of(a, kind), (uint8_t)cp_lead_way(a), -2 - arc};
    if (is_trail(a, kind)) {
        int32_t i = 0;
        while (lead_node(a, i) != node)
            i++;
        return (cp_step){t, a->lead_mode[i], (uint8_t)cp_trail_way(a), arc};
    }
    return (cp_step){(int16_t)(node % g->n_days), (uint8_t)mode_of(g->arcs, kind),
                     (uint8_t)(way >= 0 ? way + 1 : 0), arc};
}

double cp_site_graph_read(const cp_site_graph *g, int32_t first, cp_step *steps, int32_t *n_steps,
                          double *share)
{
    *n_steps = 0;
    memset(share, 0, (size_t)g->n_days * sizeof *share);
    if (first < 0) return INFINITY;
    double cost = g->start[first].cost;
    int32_t at = g->start[first].to;
    while (at != g->done) {
        const cp_graph_node *e = &g->visit[g->place[at]];
        const bool ends = e->choice < 0;
        const int32_t i = ends ? -1 - e->choice : e->choice;
        steps[(*n_steps)++] = cp_graph_step(g, at, ends ? e->end[i].arc : e->on[i].arc);
        cost += ends ? e->end[i].cost : e->on[i].cost;
        if (e->crew) share[e->t] = ends ? e->end[i].share : 1.0;
        at = ends ? g->done : e->on[i].to;
    }
    return cost;
}
