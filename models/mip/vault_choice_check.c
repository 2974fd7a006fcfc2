/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The referee of siting: reads the problem as vault_choice.h states it, row by row. */
#include <math.h>

#include "models/mip/vault_choice.h"

typedef struct referee {
    cp_ctx *ctx;
    const cp_vault_choice *c;
    cp_vault_plan *plan;
    double *load;       /* [site * n_loads + load] of a state */
    const char *broken; /* the first rule that is broken */
    bool no_size;       /* a size is none of its site's: nothing else can be read */
} referee;

static int32_t size_of(const referee *r, int32_t t, int32_t j)
{
    return t < 0 ? cp_vault_now(r->c, j)
                 : r->plan->size[(size_t)t * (size_t)r->c->n_sites + (size_t)j];
}

static bool runs(const referee *r, int32_t t, int32_t j)
{
    return size_of(r, t, j) >= 0;
}

static bool below(double a, double b)
{
    return a < b - CP_VAULT_TOL * fmax(1, fabs(b));
}

/* Keeps the first text; memory that is exhausted is noticed at the end by ctx->error. */
#define BROKEN(r, ...)                                                                             \
    do {                                                                                           \
        if ((r)->broken == NULL) (r)->broken = cp_strf((r)->ctx, (r)->ctx->run, __VA_ARGS__);      \
    } while (0)

static void price_size(referee *r, int32_t t, int32_t j)
{
    const cp_vault_choice *c = r->c;
    const int32_t o = size_of(r, t, j), before = size_of(r, t - 1, j);
    if (o >= 0) r->plan->run_cost += c->years[t] * c->run_cost[o];
    if (o >= 0 && o != before && c->begin_cost != NULL) r->plan->begin_cost += c->begin_cost[o];
    if (o < 0 && before >= 0 && c->end_cost != NULL) r->plan->end_cost += c->end_cost[j];
}

static void judge_site(referee *r, int32_t j)
{
    const cp_vault_choice *c = r->c;
    int32_t changes = 0;
    for (int32_t t = 0; t < c->n_periods; t++) {
        const int32_t o = size_of(r, t, j);
        if (o < -1 || o >= c->n_sizes || (o >= 0 && c->size_site[o] != j)) {
            BROKEN(r, "size: site %d has size %d in period %d, which is none of its sizes", (int)j,
                   (int)o, (int)t);
            r->no_size = true;
            return;
        }
        price_size(r, t, j);
        changes += (o >= 0) != runs(r, t - 1, j);
        const cp_siting_duty duty = cp_vault_duty(c, t, j);
        if ((duty == CP_SITING_OPEN && o < 0) || (duty == CP_SITING_SHUT && o >= 0))
            BROKEN(r, "duty: site %d must%s run in period %d", (int)j, o < 0 ? "" : " not", (int)t);
    }
    if (changes > 1)
        BROKEN(r, "end: site %d changes between open and closed %d times", (int)j, (int)changes);
}

static void judge_counts(referee *r, int32_t t)
{
    const cp_vault_choice *c = r->c;
    int32_t n = 0;
    for (int32_t j = 0; j < c->n_sites; j++)
        n += runs(r, t, j);
    if (n < c->least_open || n > c->most_open)
        BROKEN(r, "count: %d sites run in period %d; %d to %d are asked for", (int)n, (int)t,
               (int)c->least_open, (int)c->most_open);
    for (int32_t g = 0; g < c->n_groups; g++) {
        const cp_site_group *group = &c->groups[g];
        int32_t m = 0;
        for (int32_t k = 0; k < group->n; k++)
            m += runs(r, t, group->site[k]);
        if (m < group->least || m > group->most)
            BROKEN(r, "group: %d sites of group %d run in period %d; %d to %d are asked for",
                   (int)m, (int)g, (int)t, (int)group->least, (int)group->most);
    }
}

static int32_t n_running(const referee *r, const cp_site_lists *lists, int32_t i, int32_t t)
{
    int32_t n = 0;
    for (int32_t k = lists->first[i]; k < lists->first[i + 1]; k++)
        n += runs(r, t, lists->site[k]);
    return n;
}

static void judge_reserve(referee *r, int32_t t)
{
    const cp_vault_choice *c = r->c;
    for (int32_t i = 0; i < c->n_clients && c->reserve > 0; i++) {
        if (c->near.first[i] == c->near.first[i + 1]) continue;
        const int32_t n = n_running(r, &c->near, i, t);
        if (n < c->reserve)
            BROKEN(r, "reserve: %d sites near client %d run in period %d; %d are asked for", (int)n,
                   (int)i, (int)t, (int)c->reserve);
    }
}

static void judge_cover(referee *r, int32_t t)
{
    const cp_vault_choice *c = r->c;
    if (!(c->cover_floor > 0)) return;
    double all = 0, covered = 0;
    for (int32_t i = 0; i < c->n_clients; i++) {
        all += c->cover_weight[i];
        if (n_running(r, &c->cover, i, t) > 0) covered += c->cover_weight[i];
    }
    if (below(covered, c->cover_floor * all))
        BROKEN(r, "cover: %g of %g is covered in period %d; the floor is %g", covered, all, (int)t,
               c->cover_floor * all);
}

/* Serves a share of client i by the site of pair a: its cost a year, its load on the site. */
static double serve(referee *r, int32_t state, int32_t i, int32_t a, double share)
{
    const cp_vault_choice *c = r->c;
    const int32_t t = state / c->n_what_ifs, w = state % c->n_what_ifs, j = c->arc_site[a];
    const int32_t o = size_of(r, t, j);
    const double growth = cp_vault_growth(c, state, i);
    if (o < 0 || cp_vault_is_out(c, w, j)) {
        BROKEN(r, "link: site %d serves client %d in period %d, what-if %d, but %s", (int)j, (int)i,
               (int)t, (int)w, o < 0 ? "does not run" : "is out of service");
        return 0;
    }
    for (int32_t l = 0; l < c->n_loads; l++)
        r->load[(size_t)j * (size_t)c->n_loads + (size_t)l] +=
            share * growth * c->load[(size_t)i * (size_t)c->n_loads + (size_t)l];
    return share * growth * (c->arc_cost[a] + cp_vault_unit_cost(c, o, i));
}

static double leave(referee *r, int32_t state, int32_t i, double share)
{
    const cp_vault_choice *c = r->c;
    if (c->leave != NULL && isfinite(c->leave[i]))
        return share * cp_vault_growth(c, state, i) * c->leave[i];
    BROKEN(r, "assign: client %d is not served in period %d, what-if %d", (int)i,
           (int)(state / c->n_what_ifs), (int)(state % c->n_what_ifs));
    return 0;
}

static double serve_single(referee *r, int32_t state, int32_t i)
{
    const cp_vault_choice *c = r->c;
    const int32_t j = r->plan->server[(size_t)state * (size_t)c->n_clients + (size_t)i];
    const bool absent = cp_vault_growth(c, state, i) <= 0;
    if (j == CP_SITING_NOBODY) return absent ? 0 : leave(r, state, i, 1);
    if (absent)
        BROKEN(r, "assign: client %d is served in state %d, in which it is not there", (int)i,
               (int)state);
    for (int32_t a = c->first[i]; a < c->first[i + 1]; a++)
        if (c->arc_site[a] == j) return serve(r, state, i, a, 1);
    BROKEN(r, "link: site %d may not serve client %d", (int)j, (int)i);
    return 0;
}

static double serve_split(referee *r, int32_t state, int32_t i)
{
    const cp_vault_choice *c = r->c;
    const double *share = &r->plan->share[(size_t)state * (size_t)c->first[c->n_clients]];
    const bool absent = cp_vault_growth(c, state, i) <= 0;
    double sum = 0, cost = 0;
    for (int32_t a = c->first[i]; a < c->first[i + 1]; a++) {
        if (!(share[a] >= 0) || !(share[a] <= 1 + CP_VAULT_TOL))
            BROKEN(r, "assign: site %d serves %g of client %d", (int)c->arc_site[a], share[a],
                   (int)i);
        if (!(share[a] > 0)) continue;
        sum += share[a];
        cost += serve(r, state, i, a, share[a]);
    }
    if (sum > (absent ? 0 : 1) + CP_VAULT_TOL)
        BROKEN(r, "assign: client %d is served %g times in state %d", (int)i, sum, (int)state);
    if (!absent && sum < 1 - CP_VAULT_TOL) cost += leave(r, state, i, 1 - sum);
    return cost;
}

static void judge_room(referee *r, int32_t state, int32_t j)
{
    const cp_vault_choice *c = r->c;
    const int32_t t = state / c->n_what_ifs, w = state % c->n_what_ifs, o = size_of(r, t, j);
    if (o < 0 || cp_vault_is_out(c, w, j)) return;
    for (int32_t l = 0; l < c->n_loads; l++) {
        const size_t at = (size_t)o * (size_t)c->n_loads + (size_t)l;
        const double load = r->load[(size_t)j * (size_t)c->n_loads + (size_t)l];
        if (below(c->room[at], load))
            BROKEN(r, "room: load %d of site %d is %g in period %d, what-if %d; its room is %g",
                   (int)l, (int)j, load, (int)t, (int)w, c->room[at]);
        if (c->least != NULL && below(load, c->least[at]))
            BROKEN(r, "least: load %d of site %d is %g in period %d, what-if %d; at least %g",
                   (int)l, (int)j, load, (int)t, (int)w, c->least[at]);
    }
}

static void judge_balance(referee *r, int32_t state)
{
    const cp_vault_choice *c = r->c;
    const int32_t t = state / c->n_what_ifs, w = state % c->n_what_ifs;
    double smallest = INFINITY, largest = 0;
    if (!(c->balance > 0)) return;
    for (int32_t j = 0; j < c->n_sites; j++) {
        if (!runs(r, t, j) || cp_vault_is_out(c, w, j)) continue;
        const double load = r->load[(size_t)j * (size_t)c->n_loads + (size_t)c->balance_load];
        smallest = fmin(smallest, load);
        largest = fmax(largest, load);
    }
    if (isfinite(smallest) && below(c->balance * smallest, largest))
        BROKEN(r,
               "balance: zones of period %d, what-if %d have loads of %g to %g; at most %g times",
               (int)t, (int)w, smallest, largest, c->balance);
}

static void judge_state(referee *r, int32_t state)
{
    const cp_vault_choice *c = r->c;
    const int32_t t = state / c->n_what_ifs, w = state % c->n_what_ifs;
    double cost = 0;
    for (size_t k = 0; k < (size_t)c->n_sites * (size_t)c->n_loads; k++)
        r->load[k] = 0;
    for (int32_t i = 0; i < c->n_clients; i++)
        cost += c->single ? serve_single(r, state, i) : serve_split(r, state, i);
    r->plan->service[w] += c->years[t] * cost;
    for (int32_t j = 0; j < c->n_sites; j++)
        judge_room(r, state, j);
    judge_balance(r, state);
}

static double risk(const cp_vault_choice *c, const double *service)
{
    double worst = 0, mean = 0;
    for (int32_t w = 0; w < c->n_what_ifs; w++) {
        worst = fmax(worst, service[w]);
        mean += service[w] * (c->weight == NULL ? 1 : c->weight[w]);
    }
    return c->robust ? worst : mean;
}

cp_status cp_vault_choice_check(cp_ctx *ctx, const cp_vault_choice *c, cp_vault_plan *plan,
                                const char **broken)
{
    referee r = {.ctx = ctx, .c = c, .plan = plan};
    *broken = NULL;
    if (plan->service == NULL) CP_NEW(ctx, ctx->run, plan->service, c->n_what_ifs);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_NEW(ctx, ctx->scratch, r.load, (size_t)c->n_sites * (size_t)c->n_loads);
    plan->run_cost = plan->begin_cost = plan->end_cost = 0;
    for (int32_t w = 0; w < c->n_what_ifs; w++)
        plan->service[w] = 0;
    for (int32_t j = 0; j < c->n_sites; j++)
        judge_site(&r, j);
    for (int32_t t = 0; t < c->n_periods && !r.no_size; t++) {
        judge_counts(&r, t);
        judge_reserve(&r, t);
        judge_cover(&r, t);
    }
    for (int32_t s = 0; s < c->n_periods * c->n_what_ifs && !r.no_size; s++)
        judge_state(&r, s);
    cp_arena_rewind(ctx->scratch, mark);
    plan->cost = plan->run_cost + plan->begin_cost + plan->end_cost + risk(c, plan->service);
    if (ctx->error.status == CP_E_NOMEM) return CP_E_NOMEM;
    *broken = r.broken;
    return CP_OK;
}
