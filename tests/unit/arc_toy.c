/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/arc_toy.h"

#include <string.h>

#define TOY_PLANS 20000
#define TOY_LEVELS 3

/* The arcs as they were made, also those that are left out of the tables: brute force knows them
 * all. Its cp_arcs come first, so that one is found by the other. */
typedef struct arc_toy {
    cp_arcs a;
    cp_arc_list any, own[CP_MAX_FIRSTS]; /* of any visits, by way */
    cp_arc_list lead, trail;             /* of later partial swaps; trails by lead */
} arc_toy;

static cp_status toy_levels(cp_ctx *ctx, cp_rng *rng, bool entry, cp_level **out)
{
    CP_NEW(ctx, ctx->run, *out, TOY_LEVELS + 1); /* ends with notes == NULL */
    for (int32_t i = 0; i < TOY_LEVELS; i++) {
        int64_t *notes = NULL;
        CP_NEW(ctx, ctx->run, notes, 1);
        notes[0] = 100 * (i + 1);
        (*out)[i].notes = notes;
        (*out)[i].out_minor = 1000 * (i + 1);
        if (entry) {
            (*out)[i].entry_minor = cp_rng_below(rng, 50);
            (*out)[i].entry_back = (int32_t)cp_rng_below(rng, 20);
        }
    }
    return CP_OK;
}

static cp_arc toy_arc(cp_rng *rng, int32_t until)
{
    cp_arc a = {0};
    a.until = (int16_t)until;
    a.level = (int16_t)cp_rng_below(rng, TOY_LEVELS);
    a.cost = cp_rng_below(rng, 1000);
    a.misses = a.cost % 3 == 0;
    for (int32_t m = 0; m < CP_CENTER_MODES; m++) {
        a.end[m] = cp_rng_below(rng, 200);
        a.back[m] = (int32_t)cp_rng_below(rng, 50);
    }
    return a;
}

static cp_status toy_arc_list(cp_ctx *ctx, cp_rng *rng, int32_t n_days, const cp_level *level,
                              cp_arc_list *out)
{
    cp_arc *arc = NULL;
    int32_t *first = NULL, n = 0;
    CP_NEW(ctx, ctx->run, arc, 4 * n_days * n_days + 1);
    CP_NEW(ctx, ctx->run, first, n_days + 1);
    for (int32_t t = 0; t < n_days; t++) {
        first[t] = n;
        for (int32_t s = t + 1; s <= n_days + 1; s++)
            for (uint32_t i = cp_rng_below(rng, 3); i > 0; i--)
                arc[n++] = toy_arc(rng, s);
    }
    first[n_days] = n;
    *out = (cp_arc_list){arc, first, level, "toy"};
    return CP_OK;
}

/* First visits of one mode. */
static cp_status toy_way(cp_ctx *ctx, cp_rng *rng, int32_t mode, arc_toy *toy)
{
    cp_arcs *a = &toy->a;
    a->way[a->n_firsts].mode = mode;
    return toy_arc_list(ctx, rng, a->n_days, a->amount, &toy->own[a->n_firsts++]);
}

static cp_status toy_modes(cp_ctx *ctx, cp_rng *rng, int32_t variety, arc_toy *toy)
{
    cp_arcs *a = &toy->a;
    CP_NEW(ctx, ctx->run, a->mode, CP_MAX_ALL_MODES);
    CP_NEW(ctx, ctx->run, a->way, CP_MAX_FIRSTS);
    a->add_mode = a->branch_mode = -1;
    a->mode[a->n_modes++] = (cp_mode){CP_VISIT_SWAP, 5, 2, false, 1};
    if (variety & ARC_TOY_ADD) {
        a->add_mode = a->n_modes;
        a->mode[a->n_modes++] = (cp_mode){CP_VISIT_ADD, 9, 0, false, 0};
        CP_TRY(toy_way(ctx, rng, a->add_mode, toy));
    }
    if (variety & ARC_TOY_BRANCH) {
        a->branch_mode = a->n_modes;
        a->mode[a->n_modes++] = (cp_mode){CP_VISIT_ADD, 0, 0, true, 0};
        CP_TRY(toy_way(ctx, rng, a->branch_mode, toy));
    }
    a->n_all_modes = a->n_modes;
    for (int32_t i = 0; i < 2 && (variety & ARC_TOY_PARTIAL); i++) {
        a->mode[a->n_all_modes] = (cp_mode){CP_VISIT_PARTIAL_SWAP, 5, 0, false, 1};
        CP_TRY(toy_way(ctx, rng, a->n_all_modes++, toy));
    }
    return CP_OK;
}

/* Leads between most pairs of days, and one or two trails after each. */
static cp_status toy_leads(cp_ctx *ctx, cp_rng *rng, arc_toy *toy)
{
    cp_arcs *a = &toy->a;
    const int32_t days = a->n_days, most = days * days;
    cp_arc *lead = NULL, *trail = NULL;
    int32_t *first = NULL, *after = NULL, n = 0;
    CP_NEW(ctx, ctx->run, lead, most);
    CP_NEW(ctx, ctx->run, trail, 2 * most);
    CP_NEW(ctx, ctx->run, first, days + 1);
    CP_NEW(ctx, ctx->run, after, most + 1);
    CP_NEW(ctx, ctx->run, a->lead_mode, most);
    CP_NEW(ctx, ctx->run, a->lead_rank, most);
    for (int32_t t = 0; t < days; t++) {
        first[t] = a->n_leads;
        for (int32_t s = t + 1; s < days; s++) {
            if (cp_rng_below(rng, 3) == 0) continue;
            cp_arc *l = &lead[a->n_leads];
            *l = toy_arc(rng, s);
            l->cost -= 2500; /* else hardly any would be in a best plan */
            l->end[1] = l->end[0];
            l->back[1] = l->back[0];
            a->lead_mode[a->n_leads] = (uint8_t)(a->n_modes + (int32_t)cp_rng_below(rng, 2));
            for (int32_t i = 0; i < a->n_leads; i++)
                a->lead_rank[a->n_leads] += lead[i].until == s;
            if (a->lead_rank[a->n_leads] >= a->n_lead_ranks)
                a->n_lead_ranks = a->lead_rank[a->n_leads] + 1;
            after[a->n_leads++] = n;
            trail[n++] = toy_arc(rng, s + 1 + (int32_t)cp_rng_below(rng, (uint32_t)(days - s + 1)));
            if (cp_rng_below(rng, 2) && trail[n - 1].until <= days)
                trail[n++] = toy_arc(rng, days + 1);
        }
    }
    first[days] = a->n_leads;
    after[a->n_leads] = n;
    toy->lead = (cp_arc_list){lead, first, a->level, "toy"};
    toy->trail = (cp_arc_list){trail, after, a->level, "toy"};
    return CP_OK;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void copy_entry(const cp_arc_table *from, int32_t i, cp_arc_table *to, int32_t at)
{
    to->until[at] = from->until[i];
    to->level[at] = from->level[i];
    to->cost[at] = from->cost[i];
    to->end[at] = from->end[i];
    if (to->more) to->more[at] = from->more[i];
    if (to->branch) to->branch[at] = from->branch[i];
    if (to->fill) to->fill[at] = from->fill[i];
    for (int32_t m = 0; m < 2 && to->back[m]; m++)
        to->back[m][at] = from->back[m][i];
    if (cp_table_misses(from, i)) to->misses[at >> 3] |= (uint8_t)(1u << (at & 7));
}

/* Room for `more` entries behind those of the table. */
static cp_status widen(cp_ctx *ctx, int32_t n, int32_t more, cp_arc_table *tab)
{
    const cp_arc_table before = *tab;
    CP_NEW(ctx, ctx->run, tab->until, n + more);
    CP_NEW(ctx, ctx->run, tab->level, n + more);
    CP_NEW(ctx, ctx->run, tab->cost, n + more);
    CP_NEW(ctx, ctx->run, tab->end, n + more);
    CP_NEW(ctx, ctx->run, tab->misses, (n + more) / 8 + 1);
    if (tab->more) CP_NEW(ctx, ctx->run, tab->more, n + more);
    if (tab->branch) CP_NEW(ctx, ctx->run, tab->branch, n + more);
    if (tab->fill) CP_NEW(ctx, ctx->run, tab->fill, n + more);
    for (int32_t m = 0; m < 2 && tab->back[m]; m++)
        CP_NEW(ctx, ctx->run, tab->back[m], n + more);
    for (int32_t i = 0; i < n; i++)
        copy_entry(&before, i, tab, i);
    return CP_OK;
}

/* The table of a list, and behind its entries, where no search looks, each arc of the list. */
static cp_status toy_table(cp_ctx *ctx, const cp_arcs *a, const cp_arc_list *list, int32_t mode,
                           cp_arc_table **out)
{
    cp_arc_table *tab = NULL, *single = NULL;
    int32_t *first = NULL;
    CP_TRY(cp_arc_table_make(ctx, a, list, mode, &tab));
    const int32_t n = tab->first[a->n_days];
    CP_TRY(widen(ctx, n, list->first[a->n_days], tab));
    CP_NEW(ctx, ctx->run, first, a->n_days + 1);
    for (int32_t t = 0; t < a->n_days; t++)
        for (int32_t i = list->first[t]; i < list->first[t + 1]; i++) {
            for (int32_t u = 0; u <= a->n_days; u++)
                first[u] = i + (u > t);
            const cp_arc_list one = {list->arc, first, list->level, list->whose};
            CP_TRY(cp_arc_table_make(ctx, a, &one, mode, &single));
            copy_entry(single, 0, tab, n + i);
        }
    *out = tab;
    return CP_OK;
}

cp_status arc_toy_tables(cp_ctx *ctx, cp_arcs *a)
{
    const arc_toy *toy = (const arc_toy *)a;
    CP_TRY(toy_table(ctx, a, &toy->any, -1, &a->table));
    for (int32_t i = 0; i < a->n_firsts; i++)
        CP_TRY(toy_table(ctx, a, &toy->own[i], a->way[i].mode, &a->way[i].table));
    if (a->n_leads == 0) return CP_OK;
    cp_first *lead = &a->way[cp_lead_way(a) - 1], *trail = &a->way[cp_trail_way(a) - 1];
    CP_TRY(cp_arc_table_leads(ctx, a, &toy->lead, &lead->table));
    return cp_arc_table_trails(ctx, a, &toy->trail, &trail->table);
}

const cp_arc_list *arc_toy_list(const cp_arcs *a, int32_t first_add, int32_t *at)
{
    const arc_toy *toy = (const arc_toy *)a;
    *at = cp_arcs_table(a, first_add)->first[a->n_days];
    return first_add > 0 ? &toy->own[first_add - 1] : &toy->any;
}

cp_status arc_toy_make(cp_ctx *ctx, cp_rng *rng, int32_t n_days, int32_t variety, cp_arcs **out)
{
    arc_toy *toy = NULL;
    CP_NEW(ctx, ctx->run, toy, 1);
    cp_arcs *a = &toy->a;
    a->n_days = n_days;
    a->n_channels = 1;
    a->n_levels = TOY_LEVELS;
    CP_TRY(toy_levels(ctx, rng, false, &a->level));
    CP_TRY(toy_levels(ctx, rng, true, &a->amount));
    CP_TRY(toy_arc_list(ctx, rng, n_days, a->level, &toy->any));
    CP_TRY(toy_modes(ctx, rng, variety, toy));
    const int32_t cells = n_days * a->n_all_modes;
    CP_NEW(ctx, ctx->run, a->opening, n_days + 1);
    CP_NEW(ctx, ctx->run, a->may_visit, cells);
    CP_NEW(ctx, ctx->run, a->may_open, n_days + 1);
    CP_NEW(ctx, ctx->run, a->node, cells);
    CP_NEW(ctx, ctx->run, a->out_ppm, n_days);
    CP_NEW(ctx, ctx->run, a->branch_ppm, n_days);
    for (int32_t t = 0; t <= n_days; t++) {
        a->opening[t] = toy_arc(rng, t);
        a->opening[t].cost += 700 * t; /* else no visit at all would be best nearly always */
        a->may_open[t] = t == n_days || cp_rng_below(rng, 4) > 0;
    }
    for (int32_t i = 0; i < cells; i++) {
        a->may_visit[i] = cp_rng_below(rng, 5) > 0;
        a->node[i] = 100 + cp_rng_below(rng, 200);
    }
    for (int32_t t = 0; t < n_days; t++) {
        a->out_ppm[t] = cp_rng_below(rng, 20000);
        a->branch_ppm[t] = cp_rng_below(rng, 60000);
    }
    *out = a;
    if (variety & ARC_TOY_PARTIAL) CP_TRY(toy_leads(ctx, rng, toy));
    return arc_toy_tables(ctx, a);
}

/* ---- all plans ----------------------------------------------------------------------------------
 */

typedef struct listing {
    cp_ctx *ctx;
    const cp_arcs *a;
    toy_plan *plans;
    int32_t n;
    cp_step steps[16];
} listing;

static void store(listing *l, int32_t n_steps)
{
    toy_plan *p = &l->plans[l->n];
    if (l->n >= TOY_PLANS) return;
    p->steps = cp_alloc(l->ctx, l->ctx->run, (size_t)n_steps + 1, sizeof *p->steps);
    if (!p->steps) return;
    memcpy(p->steps, l->steps, (size_t)n_steps * sizeof *p->steps);
    p->n = n_steps;
    l->n++;
}

static void extend(listing *l, int32_t n, int32_t t, int32_t mode, int32_t first_add);

/* From the visit (t, mode) by every lead and every trail after it. */
static void extend_leads(listing *l, int32_t n, int32_t t, int32_t mode)
{
    const cp_arcs *a = l->a;
    const cp_arc_table *lead = cp_arcs_table(a, cp_lead_way(a));
    const cp_arc_table *trail = cp_arcs_table(a, cp_trail_way(a));
    for (int32_t i = lead->first[t]; i < lead->first[t + 1]; i++) {
        const int32_t s = lead->until[i], by = a->lead_mode[i];
        for (int32_t k = trail->first[i]; k < trail->first[i + 1]; k++) {
            if (!a->may_visit[by * a->n_days + s]) continue;
            l->steps[n] = (cp_step){(int16_t)t, (uint8_t)mode, (uint8_t)cp_lead_way(a), i};
            l->steps[n + 1] = (cp_step){(int16_t)s, (uint8_t)by, (uint8_t)cp_trail_way(a), k};
            const int32_t u = trail->until[k];
            if (u >= a->n_days) store(l, n + 2);
            for (int32_t m = 0; m < a->n_modes && u < a->n_days; m++)
                if (a->may_visit[m * a->n_days + u]) extend(l, n + 2, u, m, 0);
        }
    }
}

static void extend(listing *l, int32_t n, int32_t t, int32_t mode, int32_t first_add)
{
    const cp_arcs *a = l->a;
    int32_t at = 0;
    const cp_arc_list *list = arc_toy_list(a, first_add, &at);
    if (first_add == 0 && a->n_leads > 0) extend_leads(l, n, t, mode);
    for (int32_t i = list->first[t]; i < list->first[t + 1]; i++) {
        l->steps[n] = (cp_step){(int16_t)t, (uint8_t)mode, (uint8_t)first_add, at + i};
        const int32_t s = list->arc[i].until;
        if (s >= a->n_days) {
            store(l, n + 1);
            continue;
        }
        for (int32_t m = 0; m < a->n_modes; m++)
            if (a->may_visit[m * a->n_days + s]) extend(l, n + 1, s, m, 0);
    }
}

cp_status arc_toy_all_plans(cp_ctx *ctx, const cp_arcs *arcs, toy_plan **out, int32_t *n)
{
    listing l;
    memset(&l, 0, sizeof l);
    l.ctx = ctx;
    l.a = arcs;
    CP_NEW(ctx, ctx->run, l.plans, TOY_PLANS);
    if (arcs->may_open[arcs->n_days]) store(&l, 0);
    for (int32_t t = 0; t < arcs->n_days; t++)
        for (int32_t m = 0; arcs->may_open[t] && m < arcs->n_all_modes; m++) {
            int32_t way = 0;
            for (int32_t i = 0; i < arcs->n_firsts; i++)
                if (arcs->way[i].mode == m) way = i + 1;
            if (arcs->may_visit[m * arcs->n_days + t]) extend(&l, 0, t, m, way);
        }
    *out = l.plans;
    *n = l.n;
    return l.n < TOY_PLANS ? CP_OK : CP_E_RANGE;
}

/* ---- a zone
 * -------------------------------------------------------------------------------------- */

static cp_status toy_rows(cp_ctx *ctx, cp_rng *rng, cp_zone *z)
{
    int32_t **index[] = {&z->stops_row, &z->crew_row, &z->value_row, &z->pack_row, &z->sort_row};
    for (int32_t i = 0; i < 5; i++) {
        CP_NEW(ctx, ctx->run, *index[i], z->n_days);
        for (int32_t t = 0; t < z->n_days; t++)
            (*index[i])[t] = -1;
    }
    CP_NEW(ctx, ctx->run, z->pool_row, z->n_days);
    CP_NEW(ctx, ctx->run, z->row, 3 * z->n_days);
    for (int32_t t = 0; t < z->n_days; t++) {
        z->pool_row[t] = -1;
        z->stops_row[t] = z->n_rows;
        z->row[z->n_rows++] = (cp_zone_row){
            CP_LIMIT_STOPS, t, -1, 1 + cp_rng_below(rng, 2), 0, 0, 900, 1, 0, 0, false};
        z->value_row[t] = z->n_rows;
        z->row[z->n_rows++] = (cp_zone_row){CP_LIMIT_VALUE_OUT,
                                            t,
                                            -1,
                                            1300 + 900 * cp_rng_below(rng, 4),
                                            0,
                                            0,
                                            1,
                                            1000,
                                            0,
                                            0,
                                            false};
        z->sort_row[t] = z->n_rows;
        z->row[z->n_rows++] = (cp_zone_row){
            CP_LIMIT_SORT, t, -1, 10 + cp_rng_below(rng, 50), 20, 3000, 11, 1, 0, 0, false};
        if (t % 2 == 0) { /* some days have a second box */
            z->row[z->n_rows - 1].second_cap = 15;
            z->row[z->n_rows - 1].second_minor = 5000;
        }
    }
    return CP_OK;
}

cp_status arc_toy_zone(cp_ctx *ctx, cp_rng *rng, int32_t n_days, int32_t n_sites,
                       const int32_t *n_points, cp_zone **out)
{
    cp_zone *z = NULL;
    CP_NEW(ctx, ctx->run, z, 1);
    z->n_days = n_days;
    z->n_sites = n_sites;
    z->lead_days = 2;
    CP_NEW(ctx, ctx->run, z->site, n_sites);
    CP_NEW(ctx, ctx->run, z->first_point, n_sites + 1);
    for (int32_t i = 0; i < n_sites; i++)
        z->first_point[i + 1] = z->first_point[i] + n_points[i];
    z->n_points = z->first_point[n_sites];
    CP_NEW(ctx, ctx->run, z->point, z->n_points);
    CP_NEW(ctx, ctx->run, z->site_of, z->n_points);
    CP_NEW(ctx, ctx->run, z->arcs, z->n_points);
    CP_NEW(ctx, ctx->run, z->set, z->n_points);
    CP_NEW(ctx, ctx->run, z->n_set, z->n_points);
    CP_NEW(ctx, ctx->run, z->site_min, n_sites * n_days);
    CP_NEW(ctx, ctx->run, z->site_stop, n_sites * n_days);
    for (int32_t i = 0; i < n_sites; i++) {
        for (int32_t p = z->first_point[i]; p < z->first_point[i + 1]; p++) {
            cp_arcs *a = NULL;
            const bool more = cp_rng_below(rng, 3) == 0;
            const int32_t variety = more ? (int32_t)cp_rng_below(rng, ARC_TOY_VARIETIES) : 0;
            CP_TRY(arc_toy_make(ctx, rng, n_days, variety, &a));
            z->arcs[p] = a;
            z->site_of[p] = i;
        }
        for (int32_t t = 0; t < n_days; t++)
            z->site_stop[i * n_days + t] = 100 + cp_rng_below(rng, 400);
    }
    CP_TRY(toy_rows(ctx, rng, z));
    *out = z;
    return CP_OK;
}

cp_status arc_toy_stock(cp_ctx *ctx, cp_rng *rng, int32_t early, cp_network *net, cp_zone *z)
{
    cp_zone_row *row = NULL;
    int64_t notes = 0;
    cp_point *point = NULL;
    cp_channel *channel = NULL;
    CP_NEW(ctx, ctx->run, point, 1);
    CP_NEW(ctx, ctx->run, channel, 1);
    CP_NEW(ctx, ctx->run, row, z->n_rows + early);
    CP_NEW(ctx, ctx->run, z->stock_row, early);
    point->n_channels = net->n_channels = net->n_denoms = 1;
    channel->capacity_notes = 100 * TOY_LEVELS;
    channel->role = CP_ROLE_DISPENSE;
    net->points = point;
    net->channels = channel;
    memcpy(row, z->row, (size_t)z->n_rows * sizeof *row);
    z->row = row;
    z->net = net;
    z->lead_days = 1;
    z->n_stock_days = early;
    for (int32_t t = 0; t < early; t++) {
        notes += 100 * cp_rng_below(rng, 3);
        z->stock_row[t] = z->n_rows;
        z->row[z->n_rows++] = (cp_zone_row){.kind = CP_LIMIT_VAULT_STOCK,
                                            .t = t,
                                            .item = 0,
                                            .cap = notes + cp_rng_below(rng, 50),
                                            .relief_minor = 1 + cp_rng_below(rng, 5)};
    }
    for (int32_t p = 0; p < z->n_points; p++) {
        arc_toy *toy = NULL;
        CP_NEW(ctx, ctx->run, toy, 1);
        memcpy(toy, z->arcs[p], sizeof *toy);
        cp_arcs *a = &toy->a;
        z->arcs[p] = a;
        CP_NEW(ctx, ctx->run, a->left, early);
        a->n_early = early;
        for (int32_t t = 0; t < early; t++)
            a->left[t] = cp_rng_below(rng, 120);
        CP_TRY(arc_toy_tables(ctx, a)); /* anew: levels are told apart by their notes now */
    }
    return CP_OK;
}

/* Use of the rows of notes, written apart from the search. */
static int64_t stock_use(const cp_zone *z, const toy_plan *plans, int32_t t)
{
    int64_t use = 0;
    for (int32_t p = 0; p < z->n_points; p++) {
        const cp_arcs *a = z->arcs[p];
        const cp_step *s = plans[p].steps;
        for (int32_t i = 0; i < plans[p].n; i++) {
            const cp_level *level = cp_step_level(a, &s[i]);
            if (s[i].t <= t) use += level->notes[0];
        }
        if (plans[p].n > 0 && s[0].t + z->lead_days <= t && a->mode[s[0].mode].swapped)
            use -= a->left[s[0].t];
    }
    return use;
}

static void add_use(void *user, int32_t row, int64_t amount)
{
    int64_t *use = user;
    use[row] += amount;
}

/* Stop cost of a site's day, written apart from the search: greatest share over its machines. */
static cp_minor stop_cost(const cp_zone *z, const toy_plan *plans, int32_t site, int32_t t)
{
    cp_minor most = 0;
    for (int32_t p = z->first_point[site]; p < z->first_point[site + 1]; p++)
        for (int32_t i = 0; i < plans[p].n; i++) {
            const cp_step *s = &plans[p].steps[i];
            const cp_arcs *a = z->arcs[p];
            const int32_t until = cp_step_until(a, s);
            const int64_t num = until < z->n_days ? 1 : z->n_days - t;
            const int64_t den = until < z->n_days ? 1 : until - t;
            if (s->t != t || a->mode[s->mode].by_branch) continue;
            const cp_minor c = cp_mul_div(z->site_stop[site * z->n_days + t], num, den);
            most = c > most ? c : most;
        }
    return most;
}

cp_minor arc_toy_zone_cost(const cp_zone *zone, const toy_plan *plans)
{
    int64_t use[256] = {0};
    cp_minor cost = 0;
    for (int32_t p = 0; p < zone->n_points; p++) {
        cost += cp_steps_cost(zone->arcs[p], plans[p].steps, plans[p].n);
        cp_zone_point_uses(zone, p, plans[p].steps, plans[p].n, add_use, use);
    }
    for (int32_t i = 0; i < zone->n_sites; i++)
        for (int32_t t = 0; t < zone->n_days; t++) {
            bool there = false;
            for (int32_t p = zone->first_point[i]; p < zone->first_point[i + 1]; p++)
                for (int32_t k = 0; k < plans[p].n; k++)
                    there = there || (plans[p].steps[k].t == t &&
                                      !zone->arcs[p]->mode[plans[p].steps[k].mode].by_branch);
            if (!there) continue;
            cost += stop_cost(zone, plans, i, t);
            use[zone->stops_row[t]] += 1;
        }
    for (int32_t t = 0; t < zone->n_stock_days; t++)
        use[zone->stock_row[t]] = stock_use(zone, plans, t);
    for (int32_t r = 0; r < zone->n_rows; r++)
        cost += cp_zone_row_cost(&zone->row[r], use[r]);
    return cost;
}
