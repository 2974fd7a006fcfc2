/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mip/vault_choice.h"

#include <math.h>

double cp_vault_growth(const cp_vault_choice *c, int32_t state, int32_t client)
{
    if (c->growth == NULL) return 1;
    return c->growth[(size_t)state * (size_t)c->n_clients + (size_t)client];
}

bool cp_vault_is_out(const cp_vault_choice *c, int32_t what_if, int32_t site)
{
    return c->out != NULL && c->out[(size_t)what_if * (size_t)c->n_sites + (size_t)site] != 0;
}

cp_siting_duty cp_vault_duty(const cp_vault_choice *c, int32_t period, int32_t site)
{
    if (c->duty == NULL) return CP_SITING_FREE;
    return (cp_siting_duty)c->duty[(size_t)period * (size_t)c->n_sites + (size_t)site];
}

int32_t cp_vault_now(const cp_vault_choice *c, int32_t site)
{
    return c->now == NULL ? -1 : c->now[site];
}

double cp_vault_unit_cost(const cp_vault_choice *c, int32_t size, int32_t client)
{
    if (c->unit_cost == NULL) return 0;
    const double *price = &c->unit_cost[(size_t)size * (size_t)c->n_loads];
    const double *load = &c->load[(size_t)client * (size_t)c->n_loads];
    double sum = 0;
    for (int32_t l = 0; l < c->n_loads; l++)
        sum += price[l] * load[l];
    return sum;
}

/* A list of numbers, all finite and >= lo; `what` names it. */
static cp_status check_numbers(cp_ctx *ctx, const char *what, const double *v, int64_t n, double lo)
{
    for (int64_t k = 0; k < n && v != NULL; k++)
        if (!isfinite(v[k]) || v[k] < lo)
            CP_FAIL(ctx, CP_E_INPUT, "%s %lld: %g; it must be a finite number%s", what,
                    (long long)k, v[k], lo >= 0 ? " and not below 0" : "");
    return CP_OK;
}

static cp_status check_dimensions(cp_ctx *ctx, const cp_vault_choice *c)
{
    if (c->n_sites < 1 || c->n_sizes < 0 || c->n_clients < 0 || c->n_loads < 0)
        CP_FAIL(ctx, CP_E_INPUT, "%d sites, %d sizes, %d clients, %d loads: at least one site",
                (int)c->n_sites, (int)c->n_sizes, (int)c->n_clients, (int)c->n_loads);
    if (c->n_periods < 1 || c->n_what_ifs < 1)
        CP_FAIL(ctx, CP_E_INPUT, "%d periods and %d what-ifs: at least one of each",
                (int)c->n_periods, (int)c->n_what_ifs);
    if (c->least_open < 0 || c->least_open > c->most_open || c->most_open > c->n_sites)
        CP_FAIL(ctx, CP_E_INPUT, "%d to %d sites that run, of %d, are asked for",
                (int)c->least_open, (int)c->most_open, (int)c->n_sites);
    if (c->n_loads > 0 && (c->load == NULL || c->room == NULL))
        CP_FAIL(ctx, CP_E_INPUT, "%d loads without the clients' loads or the sizes' rooms",
                (int)c->n_loads);
    if (c->weight == NULL && c->n_what_ifs > 1)
        CP_FAIL(ctx, CP_E_INPUT, "%d what-ifs without weights", (int)c->n_what_ifs);
    return CP_OK;
}

static cp_status check_room(cp_ctx *ctx, const cp_vault_choice *c, int32_t o, int32_t l)
{
    const size_t at = (size_t)o * (size_t)c->n_loads + (size_t)l;
    if (!(c->room[at] >= 0))
        CP_FAIL(ctx, CP_E_INPUT, "size %d, load %d: room %g; it must not be below 0", (int)o,
                (int)l, c->room[at]);
    if (c->least == NULL) return CP_OK;
    if (!(c->least[at] >= 0) || !(c->least[at] <= c->room[at]) || !isfinite(c->least[at]))
        CP_FAIL(ctx, CP_E_INPUT,
                "size %d, load %d: least load %g; it must lie within 0 and room %g", (int)o, (int)l,
                c->least[at], c->room[at]);
    return CP_OK;
}

static cp_status check_sizes(cp_ctx *ctx, const cp_vault_choice *c)
{
    for (int32_t o = 0; o < c->n_sizes; o++) {
        if (c->size_site[o] < 0 || c->size_site[o] >= c->n_sites)
            CP_FAIL(ctx, CP_E_INPUT, "size %d: site %d; sites are 0 to %d", (int)o,
                    (int)c->size_site[o], (int)c->n_sites - 1);
        if (o > 0 && c->size_site[o] < c->size_site[o - 1])
            CP_FAIL(ctx, CP_E_INPUT, "size %d: its site comes before that of the size before it",
                    (int)o);
        for (int32_t l = 0; l < c->n_loads; l++)
            CP_TRY(check_room(ctx, c, o, l));
    }
    CP_TRY(check_numbers(ctx, "run cost of size", c->run_cost, c->n_sizes, 0));
    CP_TRY(check_numbers(ctx, "begin cost of size", c->begin_cost, c->n_sizes, 0));
    CP_TRY(check_numbers(ctx, "end cost of site", c->end_cost, c->n_sites, -INFINITY));
    return check_numbers(ctx, "unit cost", c->unit_cost, (int64_t)c->n_sizes * c->n_loads, 0);
}

static cp_status check_duties(cp_ctx *ctx, const cp_vault_choice *c)
{
    for (int32_t j = 0; j < c->n_sites; j++) {
        const int32_t now = cp_vault_now(c, j);
        if (now < -1 || now >= c->n_sizes || (now >= 0 && c->size_site[now] != j))
            CP_FAIL(ctx, CP_E_INPUT, "site %d: its size today, %d, is none of its sizes", (int)j,
                    (int)now);
        for (int32_t t = 0; t < c->n_periods; t++)
            if (cp_vault_duty(c, t, j) > CP_SITING_SHUT)
                CP_FAIL(ctx, CP_E_INPUT, "site %d, period %d: duty %d is none of free, open, shut",
                        (int)j, (int)t, (int)cp_vault_duty(c, t, j));
    }
    return CP_OK;
}

static cp_status check_pairs(cp_ctx *ctx, const cp_vault_choice *c, int32_t i, int32_t *seen)
{
    if (c->first[i + 1] < c->first[i])
        CP_FAIL(ctx, CP_E_INPUT, "client %d: its list of sites ends before it begins", (int)i);
    for (int32_t a = c->first[i]; a < c->first[i + 1]; a++) {
        const int32_t j = c->arc_site[a];
        if (j < 0 || j >= c->n_sites)
            CP_FAIL(ctx, CP_E_INPUT, "client %d: site %d; sites are 0 to %d", (int)i, (int)j,
                    (int)c->n_sites - 1);
        if (seen[j] == i + 1)
            CP_FAIL(ctx, CP_E_INPUT, "client %d: site %d is listed twice", (int)i, (int)j);
        seen[j] = i + 1;
        if (!isfinite(c->arc_cost[a]) || c->arc_cost[a] < 0)
            CP_FAIL(ctx, CP_E_INPUT, "client %d, site %d: cost %g; it must be a number >= 0",
                    (int)i, (int)j, c->arc_cost[a]);
        if (a > c->first[i] && c->arc_cost[a - 1] > c->arc_cost[a])
            CP_FAIL(ctx, CP_E_INPUT, "client %d: its sites are not in ascending order of cost",
                    (int)i);
    }
    return CP_OK;
}

static cp_status check_clients(cp_ctx *ctx, const cp_vault_choice *c)
{
    int32_t *seen = NULL;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_NEW(ctx, ctx->scratch, seen, c->n_sites);
    for (int32_t i = 0; i < c->n_clients; i++) {
        CP_TRY(check_pairs(ctx, c, i, seen));
        if (c->leave != NULL && !(c->leave[i] >= 0))
            CP_FAIL(ctx, CP_E_INPUT,
                    "client %d: price of leaving it out %g; it must not be below 0", (int)i,
                    c->leave[i]);
    }
    cp_arena_rewind(ctx->scratch, mark);
    CP_TRY(check_numbers(ctx, "load", c->load, (int64_t)c->n_clients * c->n_loads, 0));
    return check_numbers(ctx, "growth", c->growth,
                         (int64_t)c->n_periods * c->n_what_ifs * c->n_clients, 0);
}

static cp_status check_times(cp_ctx *ctx, const cp_vault_choice *c)
{
    double sum = 0;
    for (int32_t t = 0; t < c->n_periods; t++)
        if (!isfinite(c->years[t]) || !(c->years[t] > 0))
            CP_FAIL(ctx, CP_E_INPUT, "period %d: %g years; it must be a number above 0", (int)t,
                    c->years[t]);
    if (c->weight == NULL) return CP_OK;
    CP_TRY(check_numbers(ctx, "weight of what-if", c->weight, c->n_what_ifs, 0));
    for (int32_t w = 0; w < c->n_what_ifs; w++)
        sum += c->weight[w];
    if (fabs(sum - 1) > CP_VAULT_TOL)
        CP_FAIL(ctx, CP_E_INPUT, "the weights of the what-ifs sum to %g, not 1", sum);
    return CP_OK;
}

static cp_status check_list(cp_ctx *ctx, const cp_vault_choice *c, const char *what,
                            const cp_site_lists *lists)
{
    for (int32_t i = 0; i < c->n_clients && lists->first != NULL; i++) {
        if (lists->first[i + 1] < lists->first[i])
            CP_FAIL(ctx, CP_E_INPUT, "client %d: its %s list ends before it begins", (int)i, what);
        for (int32_t k = lists->first[i]; k < lists->first[i + 1]; k++) {
            const int32_t j = lists->site[k];
            if (j < 0 || j >= c->n_sites || (k > lists->first[i] && j <= lists->site[k - 1]))
                CP_FAIL(ctx, CP_E_INPUT,
                        "client %d: site %d of its %s list is none or not in order", (int)i, (int)j,
                        what);
        }
    }
    return CP_OK;
}

static cp_status check_groups(cp_ctx *ctx, const cp_vault_choice *c)
{
    for (int32_t g = 0; g < c->n_groups; g++) {
        const cp_site_group *group = &c->groups[g];
        if (group->least > group->most || group->most < 0)
            CP_FAIL(ctx, CP_E_INPUT, "group %d: %d to %d sites are asked for", (int)g,
                    (int)group->least, (int)group->most);
        for (int32_t k = 0; k < group->n; k++)
            if (group->site[k] < 0 || group->site[k] >= c->n_sites)
                CP_FAIL(ctx, CP_E_INPUT, "group %d: site %d; sites are 0 to %d", (int)g,
                        (int)group->site[k], (int)c->n_sites - 1);
    }
    return CP_OK;
}

static cp_status check_rules(cp_ctx *ctx, const cp_vault_choice *c)
{
    CP_TRY(check_groups(ctx, c));
    CP_TRY(check_list(ctx, c, "near", &c->near));
    CP_TRY(check_list(ctx, c, "cover", &c->cover));
    if (c->reserve < 0) CP_FAIL(ctx, CP_E_INPUT, "a reserve of %d sites", (int)c->reserve);
    if (c->reserve > 0 && c->near.first == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "a reserve is asked for, but no list says which sites are near");
    if (!(c->cover_floor >= 0) || !(c->cover_floor <= 1))
        CP_FAIL(ctx, CP_E_INPUT, "coverage floor %g; it must lie within 0 and 1", c->cover_floor);
    if (c->cover_floor > 0 && (c->cover.first == NULL || c->cover_weight == NULL))
        CP_FAIL(ctx, CP_E_INPUT, "a coverage floor is asked for without lists or weights");
    CP_TRY(check_numbers(ctx, "coverage weight", c->cover_weight, c->n_clients, 0));
    if (!(c->balance >= 1) && !(c->balance >= 0 && c->balance <= 0))
        CP_FAIL(ctx, CP_E_INPUT, "balance %g; it must be 0 or at least 1", c->balance);
    if (c->balance > 0 &&
        (!isfinite(c->balance) || c->balance_load < 0 || c->balance_load >= c->n_loads))
        CP_FAIL(ctx, CP_E_INPUT, "balance by load %d; loads are 0 to %d", (int)c->balance_load,
                (int)c->n_loads - 1);
    return CP_OK;
}

cp_status cp_vault_choice_valid(cp_ctx *ctx, const cp_vault_choice *c)
{
    CP_TRY(check_dimensions(ctx, c));
    CP_TRY(check_sizes(ctx, c));
    CP_TRY(check_duties(ctx, c));
    CP_TRY(check_clients(ctx, c));
    CP_TRY(check_times(ctx, c));
    return check_rules(ctx, c);
}
