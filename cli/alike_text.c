/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/alike_text.h"

#include <inttypes.h>

#include "cli/quote.h"
#include "models/route/likeness.h"

/* What is written about. */
typedef struct page {
    FILE *out;
    const cp_network *net;
    const cp_plan *plan;
} page;

static const char *money(const page *p, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, p->net->rows.currency[p->net->currency].exponent, buf);
}

static const char *place(const page *p, const cp_alike_day *d, int32_t site)
{
    return site == CP_BASE_SITE ? p->net->vaults[d->row->vault].code : p->net->sites[site].code;
}

/* ---- text ---- */

static void print_again(const page *p, const cp_alike_day *d, int32_t rows)
{
    fprintf(p->out, "    ways again  ");
    for (int32_t k = 0; k < d->n_ways && k < rows; k++)
        fprintf(p->out, "%s%s - %s", k > 0 ? ", " : "", place(p, d, d->ways[k].from),
                place(p, d, d->ways[k].to));
    if (d->n_ways > rows) fprintf(p->out, " and %d more", (int)(d->n_ways - rows));
    fprintf(p->out, "%s\n    same time   ", d->n_ways == 0 ? "none" : "");
    for (int32_t k = 0; k < d->n_slots && k < rows; k++)
        fprintf(p->out, "%s%s", k > 0 ? ", " : "", place(p, d, d->slots[k]));
    if (d->n_slots > rows) fprintf(p->out, " and %d more", (int)(d->n_slots - rows));
    fprintf(p->out, "%s\n", d->n_slots == 0 ? "none" : "");
}

static void print_way(const page *p, const cp_alike_day *d, const cp_likeness_level *l)
{
    char a[40];
    const cp_minor more = l->cost_minor - d->cost_minor;
    fprintf(p->out, "    drive otherwise: %s (%.1f %% alike, found at a price of ",
            money(p, more, a), l->likeness.likeness_ppm / 1e4);
    fprintf(p->out, "%s a point)", money(p, l->price_minor, a));
    if (l->likeness.likeness_ppm > d->row->limit_pct * (CP_LIKENESS_ONE / 100))
        fprintf(p->out, "; %d points stay above: nothing found keeps the limit",
                (int)cp_likeness_above(l->likeness.likeness_ppm, d->row->limit_pct));
    fprintf(p->out, "\n");
}

static void print_day(const page *p, const cp_alike_day *d, int32_t rows)
{
    const cp_plan_likeness *l = d->row;
    char day[16], with[16], none[40];
    fprintf(p->out,
            "routes of vault %s on %s: %.1f %% alike with %s, limit %d %%; %d of %d stops again\n",
            p->net->vaults[l->vault].code, cp_day_text(p->plan->first_day + l->t, day),
            l->likeness_ppm / 1e4, cp_day_text(p->plan->first_day + l->with_t, with),
            (int)l->limit_pct, (int)l->n_common, (int)l->n_stops);
    print_again(p, d, rows);
    fprintf(p->out, "    drive as planned: %s\n", money(p, 0, none));
    if (d->keeps >= 0)
        print_way(p, d, &d->levels.level[d->keeps]);
    else if (d->least >= 0)
        print_way(p, d, &d->levels.level[d->least]);
}

void cp_alike_print(FILE *out, const cp_likeness_ask *ask, const cp_alike_days *days, int32_t rows)
{
    const page p = {out, ask->net, ask->plan};
    for (int32_t k = 0; k < days->n; k++)
        print_day(&p, &days->day[k], rows);
}

/* ---- JSON ---- */

static void json_again(const page *p, const cp_alike_day *d)
{
    fprintf(p->out, ", \"ways_again\": [");
    for (int32_t k = 0; k < d->n_ways; k++) {
        fprintf(p->out, "%s[", k > 0 ? ", " : "");
        cp_cli_quote_json(p->out, place(p, d, d->ways[k].from));
        fprintf(p->out, ", ");
        cp_cli_quote_json(p->out, place(p, d, d->ways[k].to));
        fprintf(p->out, "]");
    }
    fprintf(p->out, "], \"same_time\": [");
    for (int32_t k = 0; k < d->n_slots; k++) {
        fprintf(p->out, "%s", k > 0 ? ", " : "");
        cp_cli_quote_json(p->out, place(p, d, d->slots[k]));
    }
    fprintf(p->out, "]");
}

static void json_ways_out(const page *p, const cp_alike_day *d)
{
    const int32_t best = d->keeps >= 0 ? d->keeps : d->least;
    fprintf(p->out, ", \"ways\": [{\"way\": \"accept\", \"cost_minor\": 0, \"likeness_ppm\": %d}",
            (int)d->row->likeness_ppm);
    if (best >= 0) {
        const cp_likeness_level *l = &d->levels.level[best];
        fprintf(p->out,
                ", {\"way\": \"drive_otherwise\", \"cost_minor\": %" PRId64
                ", \"likeness_ppm\": %d, \"price_minor\": %" PRId64 ", \"keeps\": %s}",
                l->cost_minor - d->cost_minor, (int)l->likeness.likeness_ppm, l->price_minor,
                d->keeps >= 0 ? "true" : "false");
    }
    fprintf(p->out, "]");
}

void cp_alike_json(FILE *out, const cp_likeness_ask *ask, const cp_alike_days *days)
{
    const page p = {out, ask->net, ask->plan};
    fprintf(out, "\"likeness\": [");
    for (int32_t k = 0; k < days->n; k++) {
        const cp_alike_day *d = &days->day[k];
        char day[16], with[16];
        fprintf(out, "%s{\"vault\": ", k > 0 ? ", " : "");
        cp_cli_quote_json(out, p.net->vaults[d->row->vault].code);
        fprintf(out,
                ", \"day\": \"%s\", \"with\": \"%s\", \"likeness_ppm\": %d, \"limit_pct\": %d, "
                "\"above_pct\": %d, \"stops\": %d, \"stops_again\": %d",
                cp_day_text(p.plan->first_day + d->row->t, day),
                cp_day_text(p.plan->first_day + d->row->with_t, with), (int)d->row->likeness_ppm,
                (int)d->row->limit_pct, (int)d->row->above_pct, (int)d->row->n_stops,
                (int)d->row->n_common);
        json_again(&p, d);
        json_ways_out(&p, d);
        fprintf(out, "}");
    }
    fprintf(out, "]");
}
