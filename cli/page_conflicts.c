/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/page_conflicts.h"

#include <stdlib.h>

#include "cli/load.h"
#include "data/csv/plan_csv.h"
#include "models/route/likeness.h"
#include "solver/run/alike_run.h"
#include "solver/run/conflict_run.h"

#define MOST_WAYS 4 /* of a level or a visit; limits bring their own number */

typedef struct writer {
    cp_ctx *ctx;
    const cp_network *net;
    cp_page_conflicts *out;
} writer;

static cp_page_way no_way(const char *way, cp_minor cost)
{
    return (cp_page_way){.way = way, .cost_minor = cost, .t = -1, .kind = -1, .code = ""};
}

static cp_page_conflict *add(writer *w, const char *kind, int32_t vault, int32_t t)
{
    cp_page_conflict *c = &w->out->list[w->out->n++];
    *c = (cp_page_conflict){
        .kind = kind, .vault = vault, .t = t, .item = "", .point = -1, .reason = ""};
    return c;
}

static int32_t vault_of(const writer *w, int32_t point)
{
    return w->net->sites[w->net->points[point].site].vault;
}

static const char *user_code(const writer *w, const cp_conflict_user *u)
{
    return u->point >= 0 ? w->net->points[u->point].code : w->net->sites[u->site].code;
}

static int by_cost(const void *a, const void *b)
{
    const cp_page_way *x = a, *y = b;
    if (x->cost_minor != y->cost_minor) return x->cost_minor < y->cost_minor ? -1 : 1;
    return (x->way[0] > y->way[0]) - (x->way[0] < y->way[0]); /* no way is there twice */
}

static cp_status put_move(writer *w, const cp_conflict *c, const cp_conflict_way *from,
                          cp_page_way *to)
{
    CP_NEW(w->ctx, w->ctx->run, to->who, from->n_users + 1);
    CP_NEW(w->ctx, w->ctx->run, to->to, from->n_users + 1);
    to->n_moves = from->n_users;
    for (int32_t i = 0; i < from->n_users; i++) {
        to->who[i] = user_code(w, &c->user[from->users[i]]);
        to->to[i] = from->to[i];
    }
    return CP_OK;
}

static cp_status put_limit(writer *w, const cp_conflict *c)
{
    const cp_plan_limit limit = {.kind = c->kind, .item = c->item};
    cp_page_conflict *out = add(w, cp_limit_kind_name(c->kind), c->vault, c->t);
    if (c->item >= 0) out->item = cp_limit_item_code(w->net, &limit);
    out->cap = c->cap;
    out->use = c->use;
    out->over = c->over;
    CP_NEW(w->ctx, w->ctx->run, out->user, c->n_users + 1);
    CP_NEW(w->ctx, w->ctx->run, out->user_use, c->n_users + 1);
    out->n_users = c->n_users;
    for (int32_t i = 0; i < c->n_users; i++) {
        out->user[i] = user_code(w, &c->user[i]);
        out->user_use[i] = c->user[i].use;
    }
    CP_NEW(w->ctx, w->ctx->run, out->way, c->n_ways + 1);
    out->n_ways = c->n_ways;
    for (int32_t i = 0; i < c->n_ways; i++) {
        const cp_conflict_way *from = &c->way[i];
        out->way[i] = no_way(cp_way_kind_name(from->kind), from->cost_minor);
        out->way[i].left = from->left;
        out->way[i].misses = from->misses;
        CP_TRY(put_move(w, c, from, &out->way[i]));
    }
    return CP_OK;
}

static cp_status put_rule(writer *w, const cp_rule_relief *r, cp_page_conflict *out)
{
    cp_page_way *way = &out->way[out->n_ways];
    if (r->t < 0) return CP_OK;
    out->n_ways++;
    *way = no_way("rule", r->more_minor);
    way->misses = r->misses;
    way->t = r->t;
    way->kind = (int32_t)r->kind;
    if (r->pin >= 0) way->code = w->net->rows.pin[r->pin].code;
    CP_NEW(w->ctx, w->ctx->run, way->rule, CP_N_DAY_RULES);
    for (int32_t k = 0; k < CP_N_DAY_RULES; k++)
        if (r->rules >> k & 1) way->rule[way->n_rules++] = cp_day_rule_name((cp_day_rule)k);
    return CP_OK;
}

static void put_visit(const cp_choice *choice, cp_minor cost, cp_page_conflict *out)
{
    cp_page_way *way = &out->way[out->n_ways++];
    *way = no_way("visit", cost);
    way->misses = choice->misses;
    way->t = choice->t;
    way->kind = choice->t >= 0 ? (int32_t)choice->kind : -1;
}

static cp_status put_car(writer *w, const cp_left_out *l, cp_page_conflict *out)
{
    static const char *const names[] = {[CP_CAR_VALUE] = "insured_minor",
                                        [CP_CAR_VOLUME] = "volume_cm3",
                                        [CP_CAR_WINDOW] = "window",
                                        [CP_CAR_SHIFT] = "shift"};
    cp_page_way *way = &out->way[out->n_ways];
    if (l->car.car < 0) return CP_OK;
    out->n_ways++;
    *way = no_way("car", l->car_minor);
    way->t = l->visit->t;
    way->code = w->net->cars[l->car.car].code;
    way->over = l->car.over;
    CP_NEW(w->ctx, w->ctx->run, way->rule, 1);
    if (l->car.rule != CP_CAR_OK) way->rule[way->n_rules++] = names[l->car.rule];
    return CP_OK;
}

static cp_status put_miss(writer *w, const cp_level_miss *m)
{
    cp_page_conflict *out =
        add(w, cp_limit_kind_name(CP_LIMIT_SERVICE_LEVEL), vault_of(w, m->point), m->t);
    out->point = m->point;
    CP_NEW(w->ctx, w->ctx->run, out->way, MOST_WAYS);
    out->way[out->n_ways++] = no_way("pay", m->relief_minor);
    if (m->has_way) put_visit(&m->way, m->more_minor, out);
    CP_TRY(put_rule(w, &m->rule, out));
    qsort(out->way, (size_t)out->n_ways, sizeof *out->way, by_cost);
    return CP_OK;
}

static cp_status put_left_out(writer *w, const cp_left_out *l)
{
    cp_page_conflict *out = add(w, "unserved", vault_of(w, l->visit->point), l->visit->t);
    out->point = l->visit->point;
    out->reason = l->visit->reason;
    CP_NEW(w->ctx, w->ctx->run, out->way, MOST_WAYS);
    if (l->has_other) put_visit(&l->other, l->other_minor, out);
    CP_TRY(put_car(w, l, out));
    CP_TRY(put_rule(w, &l->rule, out));
    qsort(out->way, (size_t)out->n_ways, sizeof *out->way, by_cost);
    return CP_OK;
}

static void put_late(writer *w, const cp_late_order *l)
{
    cp_page_conflict *out = add(w, "late_order", l->order->vault, l->order->due_t);
    out->item = w->net->denoms[l->order->denomination].code;
    out->over = -l->order->t; /* days that it is late */
    out->use = l->order->notes;
}

/* ---- days too much like earlier ones --------------------------------------------------------- */

static const char *place(const writer *w, const cp_alike_day *d, int32_t site)
{
    return site == CP_BASE_SITE ? w->net->vaults[d->row->vault].code : w->net->sites[site].code;
}

static cp_status put_again(writer *w, const cp_alike_day *d, cp_page_conflict *out)
{
    CP_NEW(w->ctx, w->ctx->run, out->again, 2 * d->n_ways + 1);
    CP_NEW(w->ctx, w->ctx->run, out->same_time, d->n_slots + 1);
    for (int32_t k = 0; k < d->n_ways; k++) {
        out->again[out->n_again++] = place(w, d, d->ways[k].from);
        out->again[out->n_again++] = place(w, d, d->ways[k].to);
    }
    for (int32_t k = 0; k < d->n_slots; k++)
        out->same_time[out->n_same_time++] = place(w, d, d->slots[k]);
    return CP_OK;
}

static cp_status put_alike(writer *w, const cp_plan *plan, const cp_alike_day *d)
{
    const cp_plan_likeness *l = d->row;
    const int32_t best = d->keeps >= 0 ? d->keeps : d->least;
    cp_page_conflict *out = add(w, "likeness", l->vault, l->t);
    char day[16];
    out->item = cp_strdup(w->ctx, w->ctx->run, cp_day_text(plan->first_day + l->with_t, day));
    if (out->item == NULL) return CP_E_NOMEM;
    out->cap = l->limit_pct * (CP_LIKENESS_ONE / 100);
    out->use = l->likeness_ppm;
    out->over = l->above_pct;
    CP_TRY(put_again(w, d, out));
    CP_NEW(w->ctx, w->ctx->run, out->way, 2);
    cp_page_way *way = &out->way[out->n_ways++];
    *way = no_way("accept", 0);
    way->left = l->above_pct;
    way->over = l->likeness_ppm;
    if (best < 0) return CP_OK;
    const cp_likeness_level *level = &d->levels.level[best];
    way = &out->way[out->n_ways++];
    *way = no_way("drive_otherwise", level->cost_minor - d->cost_minor);
    way->over = level->likeness.likeness_ppm;
    if (d->keeps < 0) way->left = cp_likeness_above(level->likeness.likeness_ppm, l->limit_pct);
    qsort(out->way, (size_t)out->n_ways, sizeof *out->way, by_cost);
    return CP_OK;
}

/* Studied on the network as it was stored, so also when the data have changed since. */
static cp_status study_alike(cp_cli *cli, const cp_stored_plan *stored, cp_alike_days *out)
{
    cp_drives *past = NULL;
    bool any = false;
    *out = (cp_alike_days){0};
    for (int32_t k = 0; k < stored->plan->n_likeness; k++)
        any = any || stored->plan->likeness[k].above_pct > 0;
    if (!any) return CP_OK;
    CP_TRY(cp_cli_load_drives(cli, stored->net, &past));
    const cp_likeness_ask ask = {.net = stored->net,
                                 .plan = stored->plan,
                                 .past = past,
                                 .t = -1,
                                 .vault = -1,
                                 .work_per_task = CP_ALIKE_WORK,
                                 .seed = stored->record->seed};
    CP_TRY(cp_alike_run(&cli->ctx, &ask, out));
    cp_cli_progress_end(cli);
    return CP_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static cp_status convert(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                         const cp_conflicts *found, const cp_alike_days *alike,
                         cp_page_conflicts **out)
{
    writer w = {.ctx = ctx, .net = net};
    CP_NEW(ctx, ctx->run, *out, 1);
    CP_NEW(ctx, ctx->run, (*out)->list,
           found->n_limits + found->n_misses + found->n_left_out + found->n_late + alike->n + 1);
    w.out = *out;
    for (int32_t i = 0; i < found->n_limits; i++)
        CP_TRY(put_limit(&w, &found->limit[i]));
    for (int32_t i = 0; i < found->n_left_out; i++)
        CP_TRY(put_left_out(&w, &found->left_out[i]));
    for (int32_t i = 0; i < found->n_misses; i++)
        CP_TRY(put_miss(&w, &found->miss[i]));
    for (int32_t i = 0; i < found->n_late; i++)
        put_late(&w, &found->late[i]);
    for (int32_t i = 0; i < alike->n; i++)
        CP_TRY(put_alike(&w, plan, &alike->day[i]));
    return CP_OK;
}

static cp_status study(cp_cli *cli, const cp_stored_plan *stored, const cp_alike_days *alike,
                       cp_page_conflicts **out)
{
    cp_loaded in;
    cp_conflicts found;
    CP_TRY(cp_cli_load(cli, stored->plan->first_day, stored->plan->n_days, 0, &in));
    if (in.net->n_points != stored->net->n_points || in.net->n_vaults != stored->net->n_vaults)
        CP_FAIL(&cli->ctx, CP_E_INPUT, "the network has changed since the plan");
    const cp_conflict_ask ask = {.net = in.net,
                                 .balance_day = in.balance_day,
                                 .history = in.history,
                                 .plan = stored->plan,
                                 .seed = stored->record->seed,
                                 .vault = -1,
                                 .t = -1};
    CP_TRY(cp_conflict_run(&cli->ctx, &ask, &found));
    cp_cli_progress_end(cli);
    return convert(&cli->ctx, in.net, stored->plan, &found, alike, out);
}

static bool needs_study(const cp_plan *plan)
{
    bool needs = plan->n_unserved > 0;
    for (int32_t i = 0; i < plan->n_limits; i++)
        needs = needs || plan->limits[i].relief > 0;
    for (int32_t i = 0; i < plan->n_orders; i++)
        needs = needs || plan->orders[i].t < 0;
    return needs;
}

cp_status cp_cli_page_conflicts(cp_cli *cli, const cp_stored_plan *stored, cp_page_conflicts **out)
{
    cp_alike_days alike;
    CP_TRY(study_alike(cli, stored, &alike));
    if (!needs_study(stored->plan)) {
        const cp_conflicts none = {0};
        return convert(&cli->ctx, stored->net, stored->plan, &none, &alike, out);
    }
    const cp_status st = study(cli, stored, &alike, out);
    if (st != CP_E_INPUT) return st;
    cp_error_clear(&cli->ctx);
    *out = NULL;
    return CP_OK;
}
