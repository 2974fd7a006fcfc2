/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_notes.h"

#include <math.h>

#include "models/demand/override.h"
#include "models/demand/substitution.h"

typedef struct teller {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_plan *plan;
    cp_record *record;
} teller;

/* The days from .. until - 1 of one interval of a point that misses its level. */
typedef struct missed {
    int32_t point, from, until;
    bool opening; /* it begins with the plan, not with a visit */
} missed;

static const char *money(const teller *w, double amount, char buf[40])
{
    const cp_minor whole = (cp_minor)llround(amount);
    return cp_minor_text(whole, w->net->rows.currency[w->net->currency].exponent, buf);
}

/* Mean demand of the flow on day t; 0 beyond the forecast. */
static double expected(const teller *w, cp_flow flow, int32_t point, int32_t t)
{
    const cp_forecast *f = w->forecast;
    const int32_t d = w->plan->first_day + t - f->first_day;
    if (d < 0 || d >= f->n_days) return 0.0;
    return f->mean[((int64_t)flow * f->n_points + point) * f->n_days + d];
}

/* What the point holds at most (or held on the evening before) for a flow, in money. */
static double holds(const teller *w, cp_flow flow, int32_t point, bool balance)
{
    const cp_point *p = &w->net->points[point];
    double value = 0.0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
        const cp_channel *ch = &w->net->channels[c];
        if (!cp_channel_serves(ch, (int32_t)flow)) continue;
        value +=
            (double)(balance ? ch->balance_notes : ch->capacity_notes) * (double)ch->value_minor;
    }
    if (!balance && p->insured_minor > 0 && value > (double)p->insured_minor)
        value = (double)p->insured_minor;
    return value;
}

static const cp_plan_unserved *unserved_visit(const teller *w, const missed *m)
{
    for (int32_t i = 0; i < w->plan->n_unserved; i++)
        if (w->plan->unserved[i].point == m->point && w->plan->unserved[i].t >= m->from)
            return &w->plan->unserved[i];
    return NULL;
}

/* The first day from t on which the point may be visited; n_days when there is none. */
static int32_t visit_day(const teller *w, int32_t point, int32_t t)
{
    while (t < w->plan->n_days && !cp_point_serviceable(w->net, point, w->plan->first_day + t))
        t++;
    return t;
}

/* The day of the interval on which more is expected than the point may hold; NULL: none. */
static const char *too_much(const teller *w, const missed *m)
{
    static const char *const verb[] = {"withdrawn", "paid in"};
    char day[16], asked[40], room[40];
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const double most = holds(w, (cp_flow)flow, m->point, false);
        for (int32_t t = m->from; t < m->until; t++) {
            const double mean = expected(w, (cp_flow)flow, m->point, t);
            if (mean <= most) continue;
            return cp_strf(w->ctx, w->ctx->run,
                           "%s are expected to be %s on %s, and it may hold %s",
                           money(w, mean, asked), verb[flow],
                           cp_day_text(w->plan->first_day + t, day), money(w, most, room));
        }
    }
    return "";
}

/* The stock of the evening before that does not last until a visit is possible; "": it does. */
static const char *too_late(const teller *w, const missed *m)
{
    char day[16], asked[40], held[40];
    const int32_t first = visit_day(w, m->point, 0);
    double sum = 0.0;
    if (!m->opening) return "";
    for (int32_t t = 0; t <= first && t < w->plan->n_days; t++)
        sum += expected(w, CP_FLOW_WITHDRAWAL, m->point, t);
    const double stock = holds(w, CP_FLOW_WITHDRAWAL, m->point, true);
    if (sum <= stock) return "";
    return cp_strf(
        w->ctx, w->ctx->run,
        "it holds %s, and %s are expected to be withdrawn until the end of %s, the first "
        "day on which it may be visited",
        money(w, stock, held), money(w, sum, asked), cp_day_text(w->plan->first_day + first, day));
}

static const char *reason(const teller *w, const missed *m)
{
    char day[16];
    const cp_plan_unserved *unserved = unserved_visit(w, m);
    if (unserved != NULL)
        return cp_strf(w->ctx, w->ctx->run, "no route takes its visit of %s: %s",
                       cp_day_text(w->plan->first_day + unserved->t, day), unserved->reason);
    if (visit_day(w, m->point, m->from + (m->opening ? 0 : 1)) >= w->plan->n_days)
        return "it may not be visited on any later day of the plan";
    const char *text = too_much(w, m);
    if (text == NULL || text[0] != '\0') return text;
    text = too_late(w, m);
    if (text == NULL || text[0] != '\0') return text;
    return "a visit in time is dearer than the relief, by its own price or that of shared limits";
}

static cp_status tell(teller *w, const missed *m, int32_t n)
{
    char from[16], until[16];
    const cp_point *p = &w->net->points[m->point];
    const char *why = reason(w, m);
    const char *more = "";
    if (n > 1)
        more = cp_strf(w->ctx, w->ctx->run, " (and after %d later visit%s)", (int)n - 1,
                       n > 2 ? "s" : "");
    if (why == NULL || more == NULL) return CP_E_NOMEM;
    const char *text =
        cp_strf(w->ctx, w->ctx->run, "%s %s misses its service level from %s to %s%s: %s",
                p->kind == CP_POINT_ATM ? "ATM" : "branch", p->code,
                cp_day_text(w->plan->first_day + m->from, from),
                cp_day_text(w->plan->first_day + m->until - 1, until), more, why);
    if (text == NULL) return CP_E_NOMEM;
    w->record->notes[w->record->n_notes++] = text;
    return CP_OK;
}

static cp_status tell_overrides(teller *w)
{
    const cp_forecast_overrides *over = w->forecast->overrides;
    for (int32_t i = 0; over != NULL && i < over->n_effects; i++) {
        const char *text = cp_override_text(w->ctx, w->net, &over->effect[i]);
        if (text == NULL) return CP_E_NOMEM;
        w->record->notes[w->record->n_notes++] = text;
    }
    return CP_OK;
}

static cp_status tell_substitutions(teller *w)
{
    for (int32_t i = 0; w->forecast->moves != NULL && i < w->net->rows.n_substitution; i++) {
        const char *text = NULL;
        CP_TRY(cp_substitution_text(w->ctx, w->net, w->forecast, i, &text));
        if (text != NULL) w->record->notes[w->record->n_notes++] = text;
    }
    return CP_OK;
}

/* Day of the point's first visit after day t; n_days when there is none. */
static int32_t next_visit(const cp_plan *plan, int32_t point, int32_t t)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].point == point && plan->visits[i].t > t) return plan->visits[i].t;
    return plan->n_days;
}

cp_status cp_plan_notes_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                             const cp_plan *plan, cp_record *record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    teller w = {ctx, net, forecast, plan, record};
    int32_t *count = NULL, *first = NULL; /* of a point: intervals missed, day of the first */
    CP_NEW(ctx, ctx->scratch, count, net->n_points + 1);
    CP_NEW(ctx, ctx->scratch, first, net->n_points + 1);
    CP_NEW(ctx, ctx->run, record->notes,
           net->n_points + net->rows.n_demand_override + net->rows.n_substitution);
    record->n_notes = 0;
    CP_TRY(tell_overrides(&w));
    CP_TRY(tell_substitutions(&w));
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind != CP_LIMIT_SERVICE_LEVEL || l->relief <= 0) continue;
        if (count[l->item]++ == 0 || l->t < first[l->item]) first[l->item] = l->t;
    }
    for (int32_t p = 0; p < net->n_points; p++) {
        if (count[p] == 0) continue;
        const missed m = {p, first[p] < 0 ? 0 : first[p], next_visit(plan, p, first[p]),
                          first[p] < 0};
        CP_TRY(tell(&w, &m, count[p]));
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}
