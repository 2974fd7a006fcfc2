/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/point_price.h"

#include <math.h>
#include <string.h>

/* Extra and relief of being `over` the limit. */
static double over_cost(const cp_use_price *price, double over)
{
    if (over <= 0.0) return 0.0;
    const double extra = over < price->extra ? over : price->extra;
    const double rest = over - extra;
    const double second = rest < price->second ? rest : price->second;
    return price->p1 * extra + price->p_second * second + price->p2 * (rest - second);
}

double cp_use_cost(const cp_use_price *price, double u)
{
    const double cost = price->slope * u;
    if (price->p2 <= 0.0 || u <= price->slack) return cost;
    return cost + over_cost(price, u - price->slack) - over_cost(price, -price->slack);
}

typedef struct search {
    const cp_arcs *a;
    const cp_point_prices *p;
    double *best;    /* [mode * T + t] from the visit (t, mode) on; its own entry is not in it */
    int32_t *choice; /* arc */
    uint8_t *next;   /* mode of the next visit */
    double *x, *out; /* costs of leaving one day, by entry of the table; value carried out */
    bool even_sort;  /* sorting has one price a day and no limit, as in column generation */
    uint8_t *leads;  /* [mode * T + t]: the choice is a lead; NULL without any */
    int32_t *trail;  /* by lead: the entry that follows, and the mode of the visit after it */
    uint8_t *after;
    double *lead_x; /* what the levels of one day's leads use */
} search;

/* Entries of one day of a table, or of one lead's trails: [from, last) go on, the rest end. */
typedef struct span {
    int32_t from, last, to;
} span;

static span span_of(const cp_arc_table *tab, int32_t group)
{
    const span s = {tab->first[group], tab->last[group], tab->first[group + 1]};
    return s;
}

/* A way of leaving a day. */
typedef struct leaving {
    double cost;
    int32_t at; /* entry of the table */
} leaving;

/* Nobody drives to a fill by the branch's staff. */
static bool stops(const search *s, int32_t mode)
{
    return mode != s->a->branch_mode;
}

static double stop_price(const search *s, int32_t t, int32_t mode, double share)
{
    if (!stops(s, mode)) return 0.0;
    const double paid = s->p->paid_share ? s->p->paid_share[t] : 0.0;
    return share > paid ? s->p->stop[t] * (share - paid) : 0.0;
}

static double sort_price(const search *s, int32_t t, int32_t back)
{
    return s->p->sort ? cp_use_cost(&s->p->sort[t], (double)back) : 0.0;
}

/* x += cost of using u[i] at one price, no u above `most`. */
static void add_use(double *restrict x, const double *restrict u, double most,
                    const cp_use_price *p, int32_t n)
{
    const double slope = p->slope, slack = p->slack, extra = p->extra, p1 = p->p1, p2 = p->p2;
    if (p2 > 0.0 && p->second > 0.0 && most > slack) { /* sorting alone has a second tier */
        for (int32_t i = 0; i < n; i++)
            x[i] += cp_use_cost(p, u[i]);
        return;
    }
    if (p2 <= 0.0 || most <= slack) {
        if (slope == 0.0) return;
        for (int32_t i = 0; i < n; i++)
            x[i] += slope * u[i];
        return;
    }
    const double over_now = slack < 0.0 ? -slack : 0.0; /* paid already, whatever is used */
    const double extra_now = over_now < extra ? over_now : extra;
    const double paid = p1 * extra_now + p2 * (over_now - extra_now);
    for (int32_t i = 0; i < n; i++) {
        const double over = u[i] > slack ? u[i] - slack : 0.0;
        const double first = over < extra ? over : extra;
        x[i] += slope * u[i] + p1 * first + p2 * (over - first) - paid;
    }
}

/* Notes of a level in some channels. */
static double notes_in(const cp_arcs *a, const cp_level *level, uint32_t channels)
{
    int64_t notes = 0;
    for (int32_t k = 0; k < a->n_channels; k++)
        if ((channels >> k & 1) != 0 && level->notes[k] > 0) notes += level->notes[k];
    return (double)notes;
}

double cp_stock_out_price(const cp_arcs *a, const cp_stock_prices *stock, int32_t t,
                          const cp_level *level)
{
    double price = 0.0;
    if (stock == NULL || t >= stock->n_days) return price;
    const double *slope = stock->slope ? stock->slope + t * CP_MAX_CHANNELS : NULL;
    const cp_note_range *range = stock->range ? stock->range + t * CP_MAX_CHANNELS : NULL;
    for (int32_t k = 0; k < a->n_channels; k++) {
        const int64_t notes = level->notes[k] > 0 ? level->notes[k] : 0;
        if (slope) price += slope[k] * (double)notes;
        if (range && (notes < range[k].least || notes > range[k].most)) price += stock->range_price;
    }
    for (int32_t r = 0; r < stock->n; r++) {
        const cp_stock_price *row = &stock->row[r];
        if (row->t >= t) price += cp_use_cost(&row->price, notes_in(a, level, row->channels));
    }
    return price;
}

double cp_stock_first_price(const cp_stock_prices *stock, int32_t t, int32_t mode)
{
    if (stock == NULL || stock->first == NULL || t >= stock->n_days) return 0.0;
    return stock->first[t * CP_MAX_ALL_MODES + mode];
}

static void add_stock_prices(const search *s, const cp_arc_table *tab, int32_t t, int32_t from,
                             int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        s->x[i] += cp_stock_out_price(s->a, s->p->stock, t, &tab->levels[tab->level[from + i]]);
}

/* x += what the levels of entries [from, from + n) of day t use. */
static void add_level_prices(const search *s, const cp_arc_table *tab, int32_t t, int32_t from,
                             int32_t n)
{
    const cp_use_price *value = s->p->value ? &s->p->value[t] : NULL;
    if (value && (value->slope != 0.0 || (value->p2 > 0.0 && tab->most_out > value->slack))) {
        for (int32_t i = 0; i < n; i++)
            s->out[i] = (double)tab->levels[tab->level[from + i]].out_minor;
        add_use(s->x, s->out, tab->most_out, value, n);
    }
    if (s->p->stock && t < s->p->stock->n_days) add_stock_prices(s, tab, t, from, n);
    if (!tab->entry || !s->p->sort) return;
    for (int32_t i = 0; i < n; i++)
        s->x[i] += sort_price(s, t, tab->levels[tab->level[from + i]].entry_back);
}

static leaving cheapest(const search *s, int32_t from, int32_t n)
{
    leaving best = {INFINITY, -1};
    for (int32_t i = 0; i < n; i++)
        best.cost = s->x[i] < best.cost ? s->x[i] : best.cost;
    for (int32_t i = 0; i < n && best.at < 0 && isfinite(best.cost); i++)
        if (s->x[i] <= best.cost) best.at = from + i;
    return best;
}

/* x = the least cost of what comes after each entry, as far as it is not in the table's cost. */
static void add_next_modes(const search *s, const cp_arc_table *tab, int32_t from, int32_t n)
{
    const int16_t *until = tab->until + from;
    const double *b1 = s->best + s->a->n_days;
    const double *fill = s->best + (size_t)(s->a->n_modes - 1) * (size_t)s->a->n_days;
    const cp_use_price *sort = s->p->sort;
    double *x = s->x;
    for (int32_t i = 0; tab->more && i < n; i++) {
        const double y =
            tab->more[from + i] + b1[until[i]] +
            (sort ? cp_use_cost(&sort[until[i]], (double)tab->back[1][from + i]) : 0.0);
        x[i] = y < x[i] ? y : x[i];
    }
    for (int32_t i = 0; tab->branch && i < n; i++) {
        const double y = tab->branch[from + i] + fill[until[i]];
        x[i] = y < x[i] ? y : x[i];
    }
}

/* Is every use of day t charged at one price? */
static bool is_even(const search *s, const cp_arc_table *tab, int32_t t)
{
    const cp_use_price *value = s->p->value ? &s->p->value[t] : NULL;
    return s->even_sort && !tab->branch && !tab->entry &&
           !(s->p->stock && t < s->p->stock->n_days) &&
           (!value || value->p2 <= 0.0 || tab->most_out <= value->slack);
}

/* go_on where every use has one price: one pass. `carried`: value out has a price. */
static inline leaving one_pass(const search *s, const cp_arc_table *tab, span in, int32_t t,
                               bool carried)
{
    const double *b0 = s->best, *b1 = s->best + s->a->n_days;
    const cp_use_price *sort = s->p->sort;
    const double worth = carried ? s->p->value[t].slope : 0.0;
    leaving best = {INFINITY, -1};
    for (int32_t i = in.from; i < in.last; i++) {
        const int32_t until = tab->until[i];
        const double slope = sort ? sort[until].slope : 0.0;
        double x = b0[until] + slope * tab->back[0][i];
        if (tab->more) {
            const double y = tab->more[i] + b1[until] + slope * tab->back[1][i];
            x = y < x ? y : x;
        }
        x += carried ? tab->cost[i] + worth * (double)tab->levels[tab->level[i]].out_minor
                     : tab->cost[i];
        if (x < best.cost) best = (leaving){x, i};
    }
    return best;
}

static leaving go_on_evenly(const search *s, const cp_arc_table *tab, span in, int32_t t)
{
    const bool carried = s->p->value && s->p->value[t].slope != 0.0;
    return carried ? one_pass(s, tab, in, t, true) : one_pass(s, tab, in, t, false);
}

/* Cheapest way on from a visit on t to a next visit inside the horizon; by_branch: the visit on t
 * is made by the branch's staff. */
static leaving go_on(const search *s, const cp_arc_table *tab, span in, int32_t t, bool by_branch)
{
    if (is_even(s, tab, t)) return go_on_evenly(s, tab, in, t);
    const int32_t from = in.from, n = in.last - from;
    const int16_t *until = tab->until + from;
    const double *b0 = s->best;
    const cp_use_price *sort = s->p->sort;
    double *x = s->x;
    for (int32_t i = 0; i < n; i++)
        x[i] = b0[until[i]] +
               (sort ? cp_use_cost(&sort[until[i]], (double)tab->back[0][from + i]) : 0.0);
    add_next_modes(s, tab, from, n);
    for (int32_t i = 0; i < n; i++)
        x[i] += tab->cost[from + i];
    for (int32_t i = 0; by_branch && i < n; i++)
        x[i] += tab->fill[from + i];
    add_level_prices(s, tab, t, from, n);
    return cheapest(s, from, n);
}

/* Cheapest last interval from the visit (t, mode), the stop's share included. */
static leaving end_with(const search *s, const cp_arc_table *tab, span in, int32_t t, int32_t mode)
{
    const int32_t from = in.last, n = in.to - from;
    const double paid = s->p->paid_share ? s->p->paid_share[t] : 0.0;
    const double stop = stops(s, mode) ? s->p->stop[t] : 0.0;
    double *x = s->x;
    for (int32_t i = 0; i < n; i++) {
        const double share = (double)(s->a->n_days - t) / (tab->until[from + i] - t);
        const double unpaid = share - paid;
        x[i] = tab->cost[from + i] + stop * (unpaid > 0.0 ? unpaid : 0.0);
    }
    const double *more = mode == s->a->branch_mode ? tab->branch : mode == 1 ? tab->more : NULL;
    for (int32_t i = 0; more && i < n; i++)
        x[i] += more[from + i];
    add_level_prices(s, tab, t, from, n);
    return cheapest(s, from, n);
}

/* The mode of the visit after the arc of an entry. */
static uint8_t next_mode(const search *s, const cp_arc_table *tab, int32_t at)
{
    const int32_t until = tab->until[at], n_days = s->a->n_days, branch = s->a->branch_mode;
    double least = s->best[until] + sort_price(s, until, tab->back[0][at]);
    uint8_t mode = 0;
    if (tab->more) {
        const double other =
            tab->more[at] + s->best[n_days + until] + sort_price(s, until, tab->back[1][at]);
        if (other < least) mode = 1;
        least = other < least ? other : least;
    }
    if (tab->branch && tab->branch[at] + s->best[branch * n_days + until] < least)
        mode = (uint8_t)branch;
    return mode;
}

/* The cheapest way of leaving (t, mode): `inside` and the last interval compared. */
static double leave(const search *s, const cp_arc_table *tab, span in, int32_t t, int32_t mode,
                    const leaving *inside, int32_t *arc, uint8_t *next)
{
    const cp_arcs *a = s->a;
    const leaving last = end_with(s, tab, in, t, mode);
    const double own = s->p->node[mode * a->n_days + t];
    const double on =
        inside->cost + (double)a->node[mode * a->n_days + t] + stop_price(s, t, mode, 1.0);
    const bool ends = last.cost <= on;
    const int32_t at = ends ? last.at : inside->at;
    *next = 0;
    if (at < 0) return INFINITY;
    *arc = at;
    if (!ends) *next = next_mode(s, tab, at);
    return own + (ends ? last.cost : on);
}

/* The partial swap that ends lead i, and all that follows. */
static double follow_lead(const search *s, int32_t i)
{
    const cp_arcs *a = s->a;
    const cp_arc_table *trail = cp_arcs_table(a, cp_trail_way(a));
    const int32_t t = cp_arcs_table(a, cp_lead_way(a))->until[i];
    const span in = span_of(trail, i);
    if (!a->may_visit[a->lead_mode[i] * a->n_days + t]) return INFINITY;
    const leaving inside = go_on(s, trail, in, t, false); /* costs are those of its mode */
    return leave(s, trail, in, t, a->lead_mode[i], &inside, &s->trail[i], &s->after[i]);
}

/* The cheapest lead from a visit on t with all that follows, but without that visit itself. */
static leaving follow_leads(const search *s, int32_t t, bool by_branch)
{
    const cp_arcs *a = s->a;
    const cp_arc_table *lead = cp_arcs_table(a, cp_lead_way(a));
    const span in = span_of(lead, t);
    leaving best = {INFINITY, -1};
    memset(s->x, 0, (size_t)(in.last - in.from) * sizeof *s->x);
    add_level_prices(s, lead, t, in.from, in.last - in.from);
    memcpy(s->lead_x, s->x, (size_t)(in.last - in.from) * sizeof *s->x);
    for (int32_t i = in.from; i < in.last; i++) {
        const double x = lead->cost[i] + s->lead_x[i - in.from] +
                         (by_branch ? lead->fill[i] : 0.0) +
                         sort_price(s, lead->until[i], lead->back[0][i]) + follow_lead(s, i);
        if (x < best.cost) best = (leaving){x, i};
    }
    return best;
}

/* A lead from the visit (t, mode), where that is cheaper than its best way so far. */
static void try_leads(const search *s, int32_t t, int32_t mode, const leaving *lead)
{
    const cp_arcs *a = s->a;
    const int32_t at = mode * a->n_days + t;
    const double cost =
        s->p->node[at] + lead->cost + (double)a->node[at] + stop_price(s, t, mode, 1.0);
    s->leads[at] = cost < s->best[at];
    if (!s->leads[at]) return;
    s->best[at] = cost;
    s->choice[at] = lead->at;
}

static void solve_day(const search *s, int32_t t)
{
    const cp_arcs *a = s->a;
    const span in = span_of(a->table, t);
    leaving inside = {INFINITY, -1}, lead = {INFINITY, -1};
    bool any = false;
    for (int32_t m = 0; m < a->n_modes; m++) {
        const int32_t at = m * a->n_days + t;
        const bool by_branch = m == a->branch_mode;
        s->best[at] = INFINITY;
        if (!a->may_visit[at]) continue;
        if (!any || by_branch) { /* the last mode */
            inside = go_on(s, a->table, in, t, by_branch);
            if (s->leads) lead = follow_leads(s, t, by_branch);
        }
        any = true;
        s->best[at] = leave(s, a->table, in, t, m, &inside, &s->choice[at], &s->next[at]);
        if (s->leads) try_leads(s, t, m, &lead);
    }
}

/* The first visit: plain, or in a way of its own. */
typedef struct opening {
    double cost;
    int32_t t; /* n_days = no visit */
    uint8_t mode, first_add, next;
    int32_t arc;
} opening;

static void open_plain(const search *s, int32_t t, opening *best)
{
    const cp_arcs *a = s->a;
    for (int32_t m = 0; m < a->n_modes; m++) {
        if (!a->may_visit[m * a->n_days + t] || cp_first_way(a, m) >= 0) continue;
        const cp_arc *o = &a->opening[t];
        const double c = (double)(o->cost + cp_arc_end(a, -1, o, NULL, m)) +
                         sort_price(s, t, cp_arc_back(a, o, m)) +
                         cp_stock_first_price(s->p->stock, t, m) + s->best[m * a->n_days + t];
        if (c < best->cost) *best = (opening){c, t, (uint8_t)m, 0, 0, -1};
    }
}

static void open_way(const search *s, int32_t t, int32_t way, opening *best)
{
    const cp_arcs *a = s->a;
    const cp_first *f = &a->way[way];
    opening first = {0.0, t, (uint8_t)f->mode, (uint8_t)(way + 1), 0, -1};
    if (!a->may_visit[f->mode * a->n_days + t]) return;
    const span in = span_of(f->table, t);
    const leaving inside = go_on(s, f->table, in, t, false); /* costs are those of its mode */
    first.cost = (double)a->opening[t].cost + cp_stock_first_price(s->p->stock, t, f->mode) +
                 leave(s, f->table, in, t, f->mode, &inside, &first.arc, &first.next);
    if (first.cost < best->cost) *best = first;
}

/* The step at (t, mode), and the partial swap after it if it leads to one; returns the day of the
 * next visit and sets its mode. */
static int32_t read_step(const search *s, int32_t t, uint8_t *mode, cp_step *steps, int32_t *n)
{
    const cp_arcs *a = s->a;
    const int32_t at = *mode * a->n_days + t, i = s->choice[at];
    const bool leads = s->leads && s->leads[at];
    const uint8_t way = leads ? (uint8_t)cp_lead_way(a) : 0;
    steps[(*n)++] = (cp_step){(int16_t)t, *mode, way, i};
    *mode = leads ? s->after[i] : s->next[at];
    const int32_t until = cp_arcs_table(a, way)->until[i];
    if (!leads) return until;
    steps[(*n)++] =
        (cp_step){(int16_t)until, a->lead_mode[i], (uint8_t)cp_trail_way(a), s->trail[i]};
    return cp_arcs_table(a, cp_trail_way(a))->until[s->trail[i]];
}

static void read_plan(const search *s, const opening *o, cp_step *steps, int32_t *n_steps)
{
    const cp_arcs *a = s->a;
    int32_t t = o->t;
    uint8_t mode = o->mode;
    *n_steps = 0;
    if (t < a->n_days && o->first_add) {
        steps[(*n_steps)++] = (cp_step){(int16_t)t, mode, o->first_add, o->arc};
        t = cp_arcs_table(a, o->first_add)->until[o->arc];
        mode = o->next;
    }
    while (t < a->n_days)
        t = read_step(s, t, &mode, steps, n_steps);
}

static cp_status new_search(cp_ctx *ctx, search *s)
{
    const size_t n = (size_t)s->a->n_days * CP_MAX_MODES;
    int32_t most = s->a->table->most_a_day;
    const int32_t n_ways = s->a->n_leads > 0 ? cp_trail_way(s->a) : s->a->n_firsts;
    for (int32_t i = 0; i < n_ways; i++)
        if (s->a->way[i].table->most_a_day > most) most = s->a->way[i].table->most_a_day;
    CP_NEW(ctx, ctx->scratch, s->best, n);
    CP_NEW(ctx, ctx->scratch, s->choice, n);
    CP_NEW(ctx, ctx->scratch, s->next, n);
    CP_NEW(ctx, ctx->scratch, s->x, 2 * most + 1);
    s->out = s->x + most;
    if (s->a->n_leads == 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, s->leads, n);
    CP_NEW(ctx, ctx->scratch, s->trail, s->a->n_leads);
    CP_NEW(ctx, ctx->scratch, s->after, s->a->n_leads);
    CP_NEW(ctx, ctx->scratch, s->lead_x, most + 1);
    return CP_OK;
}

cp_status cp_point_price(cp_ctx *ctx, const cp_arcs *arcs, const cp_point_prices *prices,
                         double *cost, cp_step *steps, int32_t *n_steps)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    search s;
    memset(&s, 0, sizeof s);
    s.a = arcs;
    s.p = prices;
    CP_TRY(new_search(ctx, &s));
    s.even_sort = true;
    int32_t most_back = arcs->table->most_back;
    if (arcs->n_leads > 0 && cp_arcs_table(arcs, cp_trail_way(arcs))->most_back > most_back)
        most_back = cp_arcs_table(arcs, cp_trail_way(arcs))->most_back;
    for (int32_t t = 0; prices->sort && t < arcs->n_days; t++)
        if (prices->sort[t].p2 > 0.0 && prices->sort[t].slack < most_back) s.even_sort = false;
    for (int32_t t = arcs->n_days - 1; t >= 0; t--)
        solve_day(&s, t);
    opening best = {INFINITY, arcs->n_days, 0, 0, 0, -1};
    if (arcs->may_open[arcs->n_days]) best.cost = (double)arcs->opening[arcs->n_days].cost;
    for (int32_t t = 0; t < arcs->n_days; t++) {
        if (!arcs->may_open[t]) continue;
        open_plain(&s, t, &best);
        for (int32_t i = 0; i < arcs->n_firsts; i++)
            open_way(&s, t, i, &best);
    }
    *cost = best.cost;
    read_plan(&s, &best, steps, n_steps);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_arc cp_step_arc(const cp_arcs *arcs, const cp_step *step)
{
    return cp_arcs_get(arcs, step->first_add, step->t, step->arc);
}

int32_t cp_step_until(const cp_arcs *arcs, const cp_step *step)
{
    return cp_arcs_table(arcs, step->first_add)->until[step->arc];
}

bool cp_step_misses(const cp_arcs *arcs, const cp_step *step)
{
    return cp_table_misses(cp_arcs_table(arcs, step->first_add), step->arc);
}

const cp_level *cp_step_level(const cp_arcs *arcs, const cp_step *step)
{
    const cp_arc_table *tab = cp_arcs_table(arcs, step->first_add);
    return &tab->levels[tab->level[step->arc]];
}

int32_t cp_step_back(const cp_arcs *arcs, const cp_step *steps, int32_t i)
{
    const cp_step *step = &steps[i];
    if (step->mode == arcs->branch_mode) return 0;
    if (cp_step_is_first(arcs, step)) return cp_step_level(arcs, step)->entry_back;
    if (i == 0) return cp_arc_back(arcs, &arcs->opening[step->t], step->mode);
    const cp_step *before = &steps[i - 1];
    const int32_t by = cp_step_leads(arcs, before) ? 0 : step->mode;
    return cp_arcs_table(arcs, before->first_add)->back[by][before->arc];
}

void cp_step_share(const cp_arcs *arcs, const cp_step *step, int64_t *num, int64_t *den)
{
    const int32_t until = cp_step_until(arcs, step);
    *num = until < arcs->n_days ? 1 : arcs->n_days - step->t;
    *den = until < arcs->n_days ? 1 : until - step->t;
    if (step->mode == arcs->branch_mode) *num = 0;
}

/* An interval and the visit that begins it; `next` is the mode of the visit that ends it. */
static cp_minor step_cost(const cp_arcs *a, const cp_step *step, int32_t next)
{
    const cp_arc_table *tab = cp_arcs_table(a, step->first_add);
    const int32_t i = step->arc, mode = step->mode;
    const bool last = tab->until[i] >= a->n_days, way = step->first_add > 0;
    cp_minor cost = (cp_minor)tab->cost[i];
    if (!last) cost += a->node[mode * a->n_days + step->t];
    const bool leads = cp_step_leads(a, step);
    if (!last && (!way || leads) && mode == a->branch_mode) cost += (cp_minor)tab->fill[i];
    if ((last && way) || leads) return cost; /* what ends it is in the table */
    const int32_t end = last ? mode : next;
    if (end == a->branch_mode) return cost + (cp_minor)tab->branch[i];
    return end == 1 ? cost + (cp_minor)tab->more[i] : cost;
}

cp_minor cp_steps_cost(const cp_arcs *arcs, const cp_step *steps, int32_t n_steps)
{
    if (n_steps == 0) return arcs->n_modes > 0 ? arcs->opening[arcs->n_days].cost : 0;
    const cp_arc *open = &arcs->opening[steps[0].t];
    cp_minor cost = open->cost;
    if (!cp_step_is_first(arcs, &steps[0])) cost += cp_arc_end(arcs, -1, open, NULL, steps[0].mode);
    for (int32_t i = 0; i < n_steps; i++)
        cost += step_cost(arcs, &steps[i], i + 1 < n_steps ? steps[i + 1].mode : 0);
    return cost;
}
