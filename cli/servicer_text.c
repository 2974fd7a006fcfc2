/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/servicer_text.h"

#include <inttypes.h>
#include <stdio.h>

const char *cp_servicer_money(const cp_network *net, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, net->rows.currency[net->currency].exponent, buf);
}

const char *cp_servicer_break_even(const cp_network *net, const cp_servicer_study *s, char buf[80])
{
    char money[40];
    if (s->crosses)
        (void)snprintf(buf, 80, "%s, the %s below it",
                       cp_servicer_money(net, s->break_even_minor, money),
                       s->branch_below ? "branch" : "center");
    else if (s->center_minor < 0 || s->branch_minor < 0)
        (void)snprintf(buf, 80, "only the %s can", s->center_minor < 0 ? "branch" : "center");
    else
        (void)snprintf(buf, 80, "%s",
                       s->center_minor < s->branch_minor   ? "none, the center at any volume"
                       : s->center_minor > s->branch_minor ? "none, the branch at any volume"
                                                           : "none, they cost the same");
    return buf;
}

static void print_way(const cp_network *net, const char *who, cp_minor amount)
{
    char money[40];
    printf("  %-24s %16s\n", who, amount < 0 ? "no plan" : cp_servicer_money(net, amount, money));
}

void cp_servicer_print(const cp_network *net, const cp_servicer_study *s)
{
    char money[40], words[80];
    printf("who services it, planned alone over %d days, its site's stops at their full price\n",
           (int)net->n_days);
    print_way(net, "the center only", s->center_minor);
    print_way(net, "the branch only", s->branch_minor);
    print_way(net, "whoever is cheaper", s->either_minor);
    printf("  withdrawn a day %s; break-even a day: %s\n",
           cp_servicer_money(net, s->volume_minor, money), cp_servicer_break_even(net, s, words));
}

static void json_amount(const char *name, bool known, cp_minor amount)
{
    if (known)
        printf(", \"%s\": %" PRId64, name, amount);
    else
        printf(", \"%s\": null", name);
}

void cp_servicer_json(const cp_servicer_study *s)
{
    printf("{\"withdrawn_a_day_minor\": %" PRId64, s->volume_minor);
    json_amount("center_minor", s->center_minor >= 0, s->center_minor);
    json_amount("branch_minor", s->branch_minor >= 0, s->branch_minor);
    json_amount("either_minor", s->either_minor >= 0, s->either_minor);
    json_amount("break_even_minor", s->crosses, s->break_even_minor);
    printf(", \"cheaper_below\": %s, \"plans\": %d}",
           !s->crosses       ? "null"
           : s->branch_below ? "\"branch\""
                             : "\"center\"",
           (int)s->n_plans);
}
