/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/likeness_text.h"

#include <inttypes.h>

#include "cli/quote.h"

/* "  61.5 %", or "       -" where there is nothing to compare. */
static const char *share(int32_t ppm, char buf[16])
{
    if (ppm < 0)
        (void)snprintf(buf, 16, "%8s", "-");
    else
        (void)snprintf(buf, 16, "%6.1f %%", ppm / 1e4);
    return buf;
}

static void print_parts(FILE *out, const cp_plan_likeness *l)
{
    char a[16], b[16], c[16], d[16];
    fprintf(out, "%s %s %s %s", share(l->likeness_ppm, a), share(l->arcs_ppm, b),
            share(l->order_ppm, c), share(l->slots_ppm, d));
}

void cp_likeness_print(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                       int32_t vault)
{
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_likeness; i++) {
        const cp_plan_likeness *l = &plan->likeness[i];
        char day[16], with[16], limit[40] = "";
        if ((t >= 0 && l->t != t) || (vault >= 0 && l->vault != vault)) continue;
        if (n++ == 0)
            fprintf(out, "%-10s %-12s %8s %8s %8s %8s  %-10s %s\n", "day", "vault", "alike", "ways",
                    "order", "slots", "with", "stops again");
        if (l->above_pct > 0)
            (void)snprintf(limit, sizeof limit, "  %d points above the limit", (int)l->above_pct);
        fprintf(out, "%s %-12s ", cp_day_text(plan->first_day + l->t, day),
                net->vaults[l->vault].code);
        print_parts(out, l);
        fprintf(out, "  %s %d of %d%s\n", cp_day_text(plan->first_day + l->with_t, with),
                (int)l->n_common, (int)l->n_stops, limit);
    }
    if (n == 0) fprintf(out, "there is no earlier day to compare routes with\n");
}

static void json_ppm(FILE *out, const char *name, int32_t ppm)
{
    if (ppm < 0)
        fprintf(out, ", \"%s_ppm\": null", name);
    else
        fprintf(out, ", \"%s_ppm\": %d", name, (int)ppm);
}

/* Members after others. */
static void json_row(FILE *out, const cp_plan *plan, const cp_plan_likeness *l)
{
    char with[16];
    json_ppm(out, "likeness", l->likeness_ppm);
    json_ppm(out, "ways", l->arcs_ppm);
    json_ppm(out, "order", l->order_ppm);
    json_ppm(out, "slots", l->slots_ppm);
    json_ppm(out, "mean", l->mean_ppm);
    fprintf(out, ", \"with\": \"%s\", \"days\": %d, \"stops\": %d, \"stops_again\": %d",
            cp_day_text(plan->first_day + l->with_t, with), (int)l->n_days, (int)l->n_stops,
            (int)l->n_common);
}

void cp_likeness_json(FILE *out, const cp_network *net, const cp_plan *plan)
{
    fprintf(out, "\"likeness\": [");
    for (int32_t i = 0; i < plan->n_likeness; i++) {
        const cp_plan_likeness *l = &plan->likeness[i];
        char day[16];
        fprintf(out, "%s{\"day\": \"%s\", \"vault\": ", i > 0 ? ", " : "",
                cp_day_text(plan->first_day + l->t, day));
        cp_cli_quote_json(out, net->vaults[l->vault].code);
        json_row(out, plan, l);
        fprintf(out, ", \"limit_pct\": %d, \"above_pct\": %d, \"price_minor\": %" PRId64 "}",
                (int)l->limit_pct, (int)l->above_pct, l->price_minor);
    }
    fprintf(out, "]");
}

static const char *money(const cp_network *net, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, net->rows.currency[net->currency].exponent, buf);
}

void cp_levels_print(FILE *out, const cp_network *net, const cp_likeness_ask *ask,
                     const cp_likeness_levels *levels)
{
    char day[16], a[40], b[40];
    fprintf(out, "vault %s, %s: %d stops, compared with %d days before\n",
            net->vaults[ask->vault].code, cp_day_text(ask->plan->first_day + ask->t, day),
            (int)levels->n_stops, (int)levels->n_days);
    if (levels->n_days == 0) return;
    fprintf(out, "%16s %5s %8s %8s %8s %8s %16s  %s\n", "price a point", "cars", "alike", "ways",
            "order", "slots", "routes cost", "against the cheapest");
    for (int32_t i = 0; i < levels->n; i++) {
        const cp_likeness_level *l = &levels->level[i], *first = &levels->level[0];
        fprintf(out, "%16s %5d ", money(net, l->price_minor, a), (int)l->n_routes);
        print_parts(out, &l->likeness);
        fprintf(out, " %16s", money(net, l->cost_minor, b));
        if (i > 0)
            fprintf(out, "  %.1f points less alike cost %.2f %% more",
                    (first->likeness.likeness_ppm - l->likeness.likeness_ppm) / 1e4,
                    first->cost_minor > 0 ? 100.0 * (double)(l->cost_minor - first->cost_minor) /
                                                (double)first->cost_minor
                                          : 0.0);
        fputc('\n', out);
    }
}

void cp_levels_json(FILE *out, const cp_network *net, const cp_likeness_ask *ask,
                    const cp_likeness_levels *levels)
{
    char day[16];
    fprintf(out, "{\"day\": \"%s\", \"vault\": ", cp_day_text(ask->plan->first_day + ask->t, day));
    cp_cli_quote_json(out, net->vaults[ask->vault].code);
    fprintf(out, ", \"stops\": %d, \"days\": %d, \"work\": %" PRId64 ", \"levels\": [",
            (int)levels->n_stops, (int)levels->n_days, levels->work_done);
    for (int32_t i = 0; i < levels->n && levels->n_days > 0; i++) {
        const cp_likeness_level *l = &levels->level[i];
        fprintf(out,
                "%s{\"price_minor\": %" PRId64 ", \"cost_minor\": %" PRId64
                ", \"more_minor\": %" PRId64 ", \"cars\": %d",
                i > 0 ? ", " : "", l->price_minor, l->cost_minor,
                l->cost_minor - levels->level[0].cost_minor, (int)l->n_routes);
        json_row(out, ask->plan, &l->likeness);
        fprintf(out, "}");
    }
    fprintf(out, "]}");
}
