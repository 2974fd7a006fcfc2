/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bound_text.h"

#include <inttypes.h>

#include "cli/quote.h"
#include "models/plan/route_bounds.h"

static const char *money(const cp_network *net, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, net->rows.currency[net->currency].exponent, buf);
}

/* Vault-days without a bound for one reason, and the most stops of one. */
static void print_reason(FILE *out, const cp_plan *plan, cp_no_bound why)
{
    int32_t n = 0, most = 0;
    for (int32_t i = 0; i < plan->n_bounds; i++) {
        if (plan->bounds[i].why != why) continue;
        n++;
        if (plan->bounds[i].n_stops > most) most = plan->bounds[i].n_stops;
    }
    if (n > 0)
        fprintf(out, "            routes: no bound for %d vault-days (%s; up to %d stops)\n",
                (int)n, cp_no_bound_text(why), (int)most);
}

void cp_bounds_print(FILE *out, const cp_network *net, const cp_plan *plan)
{
    const cp_route_bound_sum s = cp_route_bounds_sum(plan, -1);
    char a[40], b[40];
    if (s.n_days == 0) fprintf(out, "            routes: no bound\n");
    if (s.n_bounded > 0)
        fprintf(out,
                "            routes of %d of %d vault-days, stops as planned: bound %s of %s, gap "
                "%.2f %%, %d proved the cheapest\n",
                (int)s.n_bounded, (int)s.n_days, money(net, s.bound_minor, a),
                money(net, s.routed_minor, b), 100.0 * s.gap, (int)s.n_proven);
    for (int32_t k = CP_BOUND_KNOWN + 1; k < CP_N_NO_BOUND; k++)
        print_reason(out, plan, (cp_no_bound)k);
}

static void json_row(FILE *out, const cp_network *net, const cp_plan *plan,
                     const cp_plan_route_bound *b)
{
    char day[16];
    fprintf(out, "{\"day\": \"%s\", \"vault\": ", cp_day_text(plan->first_day + b->t, day));
    cp_cli_quote_json(out, net->vaults[b->vault].code);
    fprintf(out, ", \"stops\": %d, \"routes\": %d, \"routed_minor\": %" PRId64, (int)b->n_stops,
            (int)b->n_routes, b->routed_minor);
    if (b->why == CP_BOUND_KNOWN)
        fprintf(out, ", \"bound_minor\": %" PRId64 ", \"gap\": %.9f", b->bound_minor, b->gap);
    else
        fprintf(out, ", \"bound_minor\": null, \"gap\": null");
    fprintf(out, ", \"proven\": %s, \"no_bound\": ", b->proven ? "true" : "false");
    if (b->why == CP_BOUND_KNOWN)
        fprintf(out, "null}");
    else
        fprintf(out, "\"%s\"}", cp_no_bound_name(b->why));
}

void cp_bounds_json(FILE *out, const cp_network *net, const cp_plan *plan)
{
    fprintf(out, "\"route_bounds\": [");
    for (int32_t i = 0; i < plan->n_bounds; i++) {
        if (i > 0) fputs(", ", out);
        json_row(out, net, plan, &plan->bounds[i]);
    }
    fprintf(out, "]");
}

void cp_bound_day_print(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                        int32_t vault)
{
    const cp_plan_route_bound *b = cp_route_bound_at(plan, t, vault);
    char day[16], cost[40], bound[40];
    if (b == NULL) return;
    fprintf(out, "routes of vault %s on %s: %d stops on %d routes for %s; ",
            net->vaults[vault].code, cp_day_text(plan->first_day + t, day), (int)b->n_stops,
            (int)b->n_routes, money(net, b->routed_minor, cost));
    if (b->why != CP_BOUND_KNOWN)
        fprintf(out, "no bound (%s)\n", cp_no_bound_text(b->why));
    else if (b->proven)
        fprintf(out, "proved the cheapest for these stops\n");
    else
        fprintf(out, "none for these stops cost less than %s, gap %.2f %%\n",
                money(net, b->bound_minor, bound), 100.0 * b->gap);
}

void cp_bound_day_json(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                       int32_t vault)
{
    const cp_plan_route_bound *b = cp_route_bound_at(plan, t, vault);
    if (b == NULL)
        fprintf(out, "null");
    else
        json_row(out, net, plan, b);
}
