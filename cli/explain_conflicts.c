/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain_conflicts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/alike_text.h"
#include "cli/load.h"
#include "cli/quote.h"
#include "data/csv/plan_csv.h"
#include "solver/run/conflict_run.h"

/* What is printed about, and how amounts and days are written. */
typedef struct page {
    const cp_network *net;
    const cp_plan *plan;
    const cp_conflicts *c;
    const cp_likeness_ask *alike_ask;
    const cp_alike_days *alike;
    int64_t plan_id;
    int32_t rows;
    char a[40], b[40], day[16], to[16];
} page;

static const char *money(const page *p, cp_minor amount, char *buf)
{
    return cp_minor_text(amount, p->net->rows.currency[p->net->currency].exponent, buf);
}

static const char *day_of(const page *p, int32_t t, char *buf)
{
    return cp_day_text(p->net->first_day + t, buf);
}

/* Name of a shared limit, and the unit it is counted in. */
typedef struct limit_words {
    const char *name, *unit;
} limit_words;

static limit_words words_of(cp_limit_kind kind)
{
    switch (kind) {
    case CP_LIMIT_STOPS:
        return (limit_words){"stops a day", "stops"};
    case CP_LIMIT_CREW_MIN:
        return (limit_words){"crew time", "minutes"};
    case CP_LIMIT_VALUE_OUT:
        return (limit_words){"value leaving the vault", ""};
    case CP_LIMIT_PACK:
        return (limit_words){"packing", "cassettes"};
    case CP_LIMIT_SORT:
        return (limit_words){"sorting", "notes"};
    case CP_LIMIT_POOL:
        return (limit_words){"cassette pool", "cassettes"};
    case CP_LIMIT_VAULT_VALUE:
        return (limit_words){"value in the vault", ""};
    case CP_LIMIT_VAULT_STOCK:
        return (limit_words){"vault stock", "notes"};
    default:
        return (limit_words){cp_limit_kind_name(kind), "units"};
    }
}

static bool in_money(cp_limit_kind kind)
{
    return kind == CP_LIMIT_VALUE_OUT || kind == CP_LIMIT_VAULT_VALUE;
}

/* An amount in the limit's own unit. */
static const char *amount_of(const page *p, cp_limit_kind kind, int64_t amount, char buf[40])
{
    if (in_money(kind)) return money(p, amount, buf);
    snprintf(buf, 40, "%" PRId64 " %s", amount, words_of(kind).unit);
    return buf;
}

static const char *item_of(const page *p, cp_limit_kind kind, int32_t item)
{
    const cp_plan_limit limit = {.kind = kind, .item = item};
    return item >= 0 ? cp_limit_item_code(p->net, &limit) : NULL;
}

static const char *who(const page *p, const cp_conflict_user *u)
{
    return u->point >= 0 ? p->net->points[u->point].code : p->net->sites[u->site].code;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void print_users(page *p, const cp_conflict *c)
{
    printf("    used by   ");
    for (int32_t i = 0; i < c->n_users && i < p->rows; i++)
        printf("%s%s%s %s", i > 0 ? ", " : "", c->user[i].point < 0 ? "site " : "",
               who(p, &c->user[i]), amount_of(p, c->kind, c->user[i].use, p->a));
    if (c->n_users > p->rows) printf(" and %d more", (int)(c->n_users - p->rows));
    printf("%s\n", c->n_users == 0 ? "nobody now" : "");
}

static void print_move(page *p, const cp_conflict *c, const cp_conflict_way *w)
{
    printf("plan otherwise ");
    for (int32_t i = 0; i < w->n_users && i < p->rows; i++) {
        printf("%s%s", i > 0 ? ", " : "", who(p, &c->user[w->users[i]]));
        if (w->to[i] < 0)
            printf(" (no visit)");
        else if (w->to[i] == c->t)
            printf(" (with less)");
        else
            printf(" (to %s)", day_of(p, w->to[i], p->to));
    }
    if (w->n_users > p->rows) printf(" and %d more", (int)(w->n_users - p->rows));
    printf(": %s", money(p, w->cost_minor, p->a));
    if (w->left > 0) printf("; %s stay above", amount_of(p, c->kind, w->left, p->b));
    if (w->misses) printf("; misses a service level");
}

static void print_way(page *p, const cp_conflict *c, const cp_conflict_way *w)
{
    switch (w->kind) {
    case CP_WAY_PAY:
        printf("pay the relief: %s", money(p, w->cost_minor, p->a));
        break;
    case CP_WAY_MOVE:
        print_move(p, c, w);
        break;
    default:
        printf("one more unit of the limit: worth up to %s", money(p, w->cost_minor, p->a));
        if (w->left > 0) printf("; %s stay above", amount_of(p, c->kind, w->left, p->b));
    }
}

static void print_limit(page *p, const cp_conflict *c)
{
    const char *item = item_of(p, c->kind, c->item);
    printf("%s%s%s on %s, vault %s: %s used", words_of(c->kind).name, item ? " of " : "",
           item ? item : "", day_of(p, c->t, p->day), p->net->vaults[c->vault].code,
           amount_of(p, c->kind, c->use, p->a));
    printf(" of %s", amount_of(p, c->kind, c->cap, p->a));
    printf(", %s above the limit\n", amount_of(p, c->kind, c->over, p->a));
    print_users(p, c);
    for (int32_t i = 0; i < c->n_ways && i < p->rows; i++) {
        printf("    %s ", i == 0 ? "cheapest " : "or       ");
        print_way(p, c, &c->way[i]);
        printf("\n");
    }
    if (c->n_ways > p->rows) printf("    and %d dearer ways\n", (int)(c->n_ways - p->rows));
}

static void print_pushes(page *p, const cp_level_miss *m)
{
    for (int32_t i = 0; i < m->n_pushes && i < p->rows; i++) {
        const cp_push *push = &m->push[i];
        const char *item = item_of(p, push->kind, push->item);
        printf("%s%s%s%s on %s", i > 0 ? ", " : "    against   ", words_of(push->kind).name,
               item ? " of " : "", item ? item : "", day_of(p, push->t, p->day));
    }
    if (m->n_pushes > 0) printf("%s\n", m->n_pushes > p->rows ? " and others" : "");
}

/* Ways out of one conflict, told by cost. */
typedef struct ways {
    cp_minor cost[4];
    char text[4][200];
    int32_t n;
} ways;

/* Put a way where its cost belongs; returns the room for its words. */
static char *add_way(ways *w, cp_minor cost)
{
    int32_t at = w->n++;
    for (; at > 0 && w->cost[at - 1] > cost; at--) {
        w->cost[at] = w->cost[at - 1];
        memcpy(w->text[at], w->text[at - 1], sizeof w->text[at]);
    }
    w->cost[at] = cost;
    return w->text[at];
}

static void print_ways(page *p, const ways *w)
{
    for (int32_t i = 0; i < w->n; i++)
        printf("    %s %s: %s%s\n", i == 0 ? "cheapest " : "or       ", w->text[i],
               w->cost[i] < 0 ? "saves " : "",
               money(p, w->cost[i] < 0 ? -w->cost[i] : w->cost[i], p->a));
}

/* "give up service_days and holiday of A1 on 2026-11-28 for a swap" */
static void add_rule(page *p, int32_t point, const cp_rule_relief *r, ways *w)
{
    const size_t size = sizeof w->text[0];
    char rules[80] = "";
    for (int32_t k = 0; k < CP_N_DAY_RULES; k++)
        if (r->rules >> k & 1) {
            const size_t used = strlen(rules);
            snprintf(rules + used, sizeof rules - used, "%s%s", used > 0 ? " and " : "",
                     cp_day_rule_name((cp_day_rule)k));
        }
    const char *pin = r->pin >= 0 ? p->net->rows.pin[r->pin].code : "";
    snprintf(add_way(w, r->more_minor), size, "give up %s%s%.60s%s of %.60s on %s for one %s%s",
             rules, r->pin >= 0 ? " (" : "", pin, r->pin >= 0 ? ")" : "",
             p->net->points[point].code, day_of(p, r->t, p->to), cp_visit_kind_name(r->kind),
             r->misses ? "; a level stays missed" : "");
}

static void print_miss(page *p, const cp_level_miss *m)
{
    ways w = {.n = 0};
    printf("service level of %s from %s: missed, relief %s\n", p->net->points[m->point].code,
           day_of(p, m->t < 0 ? 0 : m->t, p->day), money(p, m->relief_minor, p->a));
    print_pushes(p, m);
    if (!m->has_way)
        printf("    rules     %s\n", m->no_car ? "no car takes its visit, as told below"
                                               : "no visit that is allowed would keep it");
    snprintf(add_way(&w, m->relief_minor), sizeof w.text[0], "pay the relief");
    if (m->has_way && m->way.t < 0)
        snprintf(add_way(&w, m->more_minor), sizeof w.text[0], "no visit");
    else if (m->has_way)
        snprintf(add_way(&w, m->more_minor), sizeof w.text[0],
                 "first visit on %s (%s), of which limits %s", day_of(p, m->way.t, p->to),
                 cp_visit_kind_name(m->way.kind), money(p, m->way.limits_minor, p->b));
    if (m->rule.t >= 0 && (!m->rule.misses || m->rule.more_minor < m->relief_minor))
        add_rule(p, m->point, &m->rule, &w);
    print_ways(p, &w);
}

/* "a car like C1 for it alone on 2026-11-28, its shift given up by 42 minutes" */
static void add_car(page *p, const cp_left_out *l, ways *w)
{
    const cp_car_relief *r = &l->car;
    char rule[80] = "";
    if (r->rule == CP_CAR_SHIFT)
        snprintf(rule, sizeof rule, ", its shift longer by %" PRId64 " minutes", r->over);
    else if (r->rule == CP_CAR_VALUE)
        snprintf(rule, sizeof rule, ", insured for %s more", money(p, r->over, p->b));
    else if (r->rule != CP_CAR_OK)
        snprintf(rule, sizeof rule, ", without the limit of %s",
                 r->rule == CP_CAR_WINDOW ? "the site's hours" : "the car's volume");
    snprintf(add_way(w, l->car_minor), sizeof w->text[0],
             "one more car like %.60s on %s for this stop alone%s", p->net->cars[r->car].code,
             day_of(p, l->visit->t, p->to), rule);
}

static void print_left_out(page *p, const cp_left_out *l)
{
    ways w = {.n = 0};
    printf("visit of %s on %s: not served: %s; ", p->net->points[l->visit->point].code,
           day_of(p, l->visit->t, p->day), l->visit->reason);
    if (l->next_t < 0)
        printf("no later visit in the plan\n");
    else
        printf("next visit on %s\n", day_of(p, l->next_t, p->to));
    if (l->has_other)
        snprintf(add_way(&w, l->other_minor), sizeof w.text[0],
                 "first visit on %s (%s) if a car has room", day_of(p, l->other.t, p->to),
                 cp_visit_kind_name(l->other.kind));
    if (l->car.car >= 0) add_car(p, l, &w);
    if (l->rule.t >= 0) add_rule(p, l->visit->point, &l->rule, &w);
    print_ways(p, &w);
}

static void print_rest(page *p)
{
    for (int32_t i = 0; i < p->c->n_left_out; i++)
        print_left_out(p, &p->c->left_out[i]);
    for (int32_t i = 0; i < p->c->n_late; i++) {
        const cp_plan_order *o = p->c->late[i].order;
        printf("order of %" PRId64
               " notes of %s for vault %s: should have been placed on %s; due %s, "
               "%d visits load it before\n",
               o->notes, p->net->denoms[o->denomination].code, p->net->vaults[o->vault].code,
               day_of(p, o->t, p->day), day_of(p, o->due_t, p->to), (int)p->c->late[i].n_points);
    }
}

static void print_text(page *p)
{
    const cp_conflicts *c = p->c;
    const int32_t n = c->n_limits + c->n_misses + c->n_left_out + c->n_late + p->alike->n;
    printf("plan %" PRId64 " from %s: ", p->plan_id, day_of(p, 0, p->day));
    if (n == 0) {
        printf("no conflict: every limit is kept, every visit served, every level met\n");
        return;
    }
    printf("%d conflict%s; costs in %s\n", (int)n, n == 1 ? "" : "s",
           p->net->rows.currency[p->net->currency].code);
    for (int32_t i = 0; i < c->n_limits; i++)
        print_limit(p, &c->limit[i]);
    for (int32_t i = 0; i < c->n_misses; i++)
        print_miss(p, &c->miss[i]);
    print_rest(p);
    cp_alike_print(stdout, p->alike_ask, p->alike, p->rows);
    if (c->n_changed > 0)
        printf("%d machines could not stay as planned: the data has changed since\n",
               (int)c->n_changed);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_text(const char *key, const char *text)
{
    printf("\"%s\": ", key);
    if (text != NULL)
        cp_cli_quote_json(stdout, text);
    else
        printf("null");
}

static void json_day(const page *p, const char *key, int32_t t)
{
    char buf[16];
    if (t < 0)
        printf("\"%s\": null", key);
    else
        printf("\"%s\": \"%s\"", key, day_of(p, t, buf));
}

static void json_user(const page *p, const cp_conflict_user *u)
{
    printf("{");
    json_text("site", p->net->sites[u->site].code);
    printf(", ");
    json_text("machine", u->point >= 0 ? p->net->points[u->point].code : NULL);
    printf(", \"use\": %" PRId64 "}", u->use);
}

static void json_way(const page *p, const cp_conflict *c, const cp_conflict_way *w)
{
    printf("{\"way\": \"%s\", \"cost_minor\": %" PRId64 ", \"left\": %" PRId64
           ", \"misses_service_level\": %s, \"moves\": [",
           cp_way_kind_name(w->kind), w->cost_minor, w->left, w->misses ? "true" : "false");
    for (int32_t i = 0; i < w->n_users; i++) {
        const cp_conflict_user *u = &c->user[w->users[i]];
        printf("%s{", i > 0 ? ", " : "");
        json_text("site", p->net->sites[u->site].code);
        printf(", ");
        json_text("machine", u->point >= 0 ? p->net->points[u->point].code : NULL);
        printf(", ");
        json_day(p, "to", w->to[i]);
        printf("}");
    }
    printf("]}");
}

static void json_limit(const page *p, const cp_conflict *c)
{
    printf("{\"limit\": \"%s\", ", cp_limit_kind_name(c->kind));
    json_text("vault", p->net->vaults[c->vault].code);
    printf(", ");
    json_day(p, "day", c->t);
    printf(", ");
    json_text("item", item_of(p, c->kind, c->item));
    printf(", \"cap\": %" PRId64 ", \"use\": %" PRId64 ", \"over\": %" PRId64
           ", \"relief_minor\": %" PRId64 ", \"dual_minor\": %.4f, \"users\": [",
           c->cap, c->use, c->over, c->relief_minor, c->dual_minor);
    for (int32_t i = 0; i < c->n_users; i++) {
        if (i > 0) printf(", ");
        json_user(p, &c->user[i]);
    }
    printf("], \"ways\": [");
    for (int32_t i = 0; i < c->n_ways; i++) {
        if (i > 0) printf(", ");
        json_way(p, c, &c->way[i]);
    }
    printf("]}");
}

/* The last key of an object: the point's own rules, given up for a day. */
static void json_rule(const page *p, const cp_rule_relief *r)
{
    const char *separator = "";
    printf(", \"give_up\": ");
    if (r->t < 0) {
        printf("null");
        return;
    }
    printf("{\"cost_minor\": %" PRId64 ", ", r->more_minor);
    json_day(p, "day", r->t);
    printf(", ");
    json_text("visit", cp_visit_kind_name(r->kind));
    printf(", ");
    json_text("pin", r->pin >= 0 ? p->net->rows.pin[r->pin].code : NULL);
    printf(", \"misses_service_level\": %s, \"rules\": [", r->misses ? "true" : "false");
    for (int32_t k = 0; k < CP_N_DAY_RULES; k++) {
        if (!(r->rules >> k & 1)) continue;
        printf("%s\"%s\"", separator, cp_day_rule_name((cp_day_rule)k));
        separator = ", ";
    }
    printf("]}");
}

static void json_miss(const page *p, const cp_level_miss *m)
{
    printf("{");
    json_text("machine", p->net->points[m->point].code);
    printf(", ");
    json_day(p, "day", m->t < 0 ? 0 : m->t);
    printf(", \"relief_minor\": %" PRId64 ", \"against\": [", m->relief_minor);
    for (int32_t i = 0; i < m->n_pushes; i++) {
        const cp_push *push = &m->push[i];
        printf("%s{\"limit\": \"%s\", ", i > 0 ? ", " : "", cp_limit_kind_name(push->kind));
        json_day(p, "day", push->t);
        printf(", ");
        json_text("item", item_of(p, push->kind, push->item));
        printf("}");
    }
    printf("], \"keep\": ");
    if (!m->has_way) {
        printf("null");
    } else {
        printf("{\"cost_minor\": %" PRId64 ", \"limits_minor\": %" PRId64 ", ", m->more_minor,
               m->way.limits_minor);
        json_day(p, "first_visit", m->way.t);
        printf("}");
    }
    json_rule(p, &m->rule);
    printf("}");
}

static void json_left_out(const page *p, const cp_left_out *l)
{
    printf("{");
    json_text("machine", p->net->points[l->visit->point].code);
    printf(", ");
    json_day(p, "day", l->visit->t);
    printf(", ");
    json_text("reason", l->visit->reason);
    printf(", ");
    json_day(p, "next_visit", l->next_t);
    printf(", \"other\": ");
    if (l->has_other) {
        printf("{\"cost_minor\": %" PRId64 ", ", l->other_minor);
        json_day(p, "first_visit", l->other.t);
        printf("}");
    } else {
        printf("null");
    }
    printf(", \"car\": ");
    if (l->car.car >= 0) {
        static const char *const rules[] = {[CP_CAR_OK] = NULL,
                                            [CP_CAR_VALUE] = "insured_minor",
                                            [CP_CAR_VOLUME] = "volume_cm3",
                                            [CP_CAR_WINDOW] = "site window",
                                            [CP_CAR_SHIFT] = "shift"};
        printf("{\"cost_minor\": %" PRId64 ", ", l->car_minor);
        json_text("like", p->net->cars[l->car.car].code);
        printf(", ");
        json_text("rule", rules[l->car.rule]);
        printf(", \"over\": %" PRId64 "}", l->car.over);
    } else {
        printf("null");
    }
    json_rule(p, &l->rule);
    printf("}");
}

static void json_rest(const page *p)
{
    printf("], \"unserved\": [");
    for (int32_t i = 0; i < p->c->n_left_out; i++) {
        if (i > 0) printf(", ");
        json_left_out(p, &p->c->left_out[i]);
    }
    printf("], \"late_orders\": [");
    for (int32_t i = 0; i < p->c->n_late; i++) {
        const cp_plan_order *o = p->c->late[i].order;
        char placed[16], due[16];
        printf("%s{", i > 0 ? ", " : "");
        json_text("vault", p->net->vaults[o->vault].code);
        printf(", ");
        json_text("denomination", p->net->denoms[o->denomination].code);
        printf(", \"notes\": %" PRId64 ", \"should_be_placed\": \"%s\", \"due\": \"%s\", "
               "\"visits_before\": %d}",
               o->notes, day_of(p, o->t, placed), day_of(p, o->due_t, due),
               (int)p->c->late[i].n_points);
    }
}

static void print_json(page *p)
{
    const cp_conflicts *c = p->c;
    printf("{\"plan\": %" PRId64 ", \"limits\": [", p->plan_id);
    for (int32_t i = 0; i < c->n_limits; i++) {
        if (i > 0) printf(", ");
        json_limit(p, &c->limit[i]);
    }
    printf("], \"service_levels\": [");
    for (int32_t i = 0; i < c->n_misses; i++) {
        if (i > 0) printf(", ");
        json_miss(p, &c->miss[i]);
    }
    json_rest(p);
    printf("], ");
    cp_alike_json(stdout, p->alike_ask, p->alike);
    printf(", \"others_changed\": %d}\n", (int)c->n_changed);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static cp_status find_scope(cp_cli *cli, const cp_conflict_words *words,
                            const cp_stored_plan *stored, const cp_network *net,
                            cp_conflict_ask *ask)
{
    ask->t = -1;
    if (words->day != CP_DAY_NONE) CP_TRY(cp_cli_find_day(cli, stored, words->day, &ask->t));
    return cp_cli_find_vault(cli, net, words->vault, &ask->vault);
}

/* Days that are too much like earlier ones: judged on the network as it was stored. */
static cp_status find_alike(cp_cli *cli, const cp_stored_plan *stored, const cp_conflict_ask *ask,
                            cp_likeness_ask *alike, cp_alike_days *out)
{
    cp_drives *past = NULL;
    CP_TRY(cp_cli_load_drives(cli, stored->net, &past));
    *alike = (cp_likeness_ask){.net = stored->net,
                               .plan = stored->plan,
                               .past = past,
                               .t = ask->t,
                               .vault = ask->vault,
                               .work_per_task = CP_ALIKE_WORK,
                               .seed = ask->seed};
    return cp_alike_run(&cli->ctx, alike, out);
}

cp_status cp_cli_explain_conflicts(cp_cli *cli, const cp_conflict_words *words)
{
    cp_stored_plan *stored = NULL;
    cp_loaded in;
    cp_conflicts found;
    CP_TRY(cp_cli_load_plan(cli, words->plan_id, &stored));
    CP_TRY(cp_cli_load(cli, stored->plan->first_day, stored->plan->n_days, 0, &in));
    cp_conflict_ask ask = {.net = in.net,
                           .balance_day = in.balance_day,
                           .history = in.history,
                           .plan = stored->plan,
                           .seed = stored->record->seed};
    cp_likeness_ask alike_ask;
    cp_alike_days alike;
    CP_TRY(find_scope(cli, words, stored, in.net, &ask));
    CP_TRY(cp_conflict_run(&cli->ctx, &ask, &found));
    CP_TRY(find_alike(cli, stored, &ask, &alike_ask, &alike));
    cp_cli_progress_end(cli);
    page p = {.net = in.net,
              .plan = stored->plan,
              .c = &found,
              .alike_ask = &alike_ask,
              .alike = &alike,
              .plan_id = stored->plan_id,
              .rows = words->rows};
    if (cli->json)
        print_json(&p);
    else
        print_text(&p);
    return CP_OK;
}
