/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/plan_dump.h"

#include <inttypes.h>

#include "models/plan/route_bounds.h"

typedef struct dumper {
    const cp_stored_plan *s;
    const cp_plan *plan;
    const cp_network *net;
    FILE *out;
} dumper;

static const char *day_text(const dumper *d, int32_t t, char buf[16])
{
    return cp_day_text(d->plan->first_day + t, buf);
}

static void dump_head(const dumper *d)
{
    const cp_plan *p = d->plan;
    const cp_record *r = d->s->record;
    char day[16];
    fprintf(d->out, "plan %s days %d policy %s status %s\n", day_text(d, 0, day), (int)p->n_days,
            p->policy, cp_plan_status_name(r->status));
    fprintf(d->out, "input %016" PRIx64 " seed %" PRIu64 " work %" PRId64 " stopped_by %s\n",
            r->input_hash, r->seed, p->work_done, p->stopped_by);
    fprintf(d->out,
            "proof has_bound %d bound %" PRId64 " plan %" PRId64 " paths %d seed %" PRIu64 "\n",
            p->proof.has_bound, p->proof.bound_minor, p->proof.plan_minor, (int)p->proof.n_paths,
            p->proof.seed);
    fprintf(d->out,
            "service %.9g asked %.9g rolled %d repaired %d estimated %" PRId64 " of %" PRId64 "\n",
            r->service_pct, r->service_asked_pct, (int)r->balances_rolled, (int)r->n_repaired,
            r->estimated_legs, r->legs);
}

static void dump_visits(const dumper *d)
{
    char day[16], until[16];
    for (int32_t i = 0; i < d->plan->n_visits; i++) {
        const cp_plan_visit *v = &d->plan->visits[i];
        fprintf(d->out,
                "visit %s %s %s%s until %s load %" PRId64 " return %" PRId64 " q %" PRId64
                " cassettes %d%s%s\n",
                day_text(d, v->t, day), d->net->points[v->point].code, cp_visit_kind_name(v->kind),
                v->fixed_amount ? " fixed" : "", day_text(d, v->until, until), v->load_minor,
                v->return_minor, v->return_q_minor, (int)v->cassettes, v->relief ? " relief" : "",
                v->by_branch ? " by_branch" : "");
        if (d->net->points[v->point].n_mixes > 0) fprintf(d->out, "  mix %d\n", (int)v->mix);
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_plan_load *l = &d->plan->loads[k];
            const cp_channel *c = &d->net->channels[l->channel];
            fprintf(d->out,
                    "  load %s role %d level %" PRId64 " load %" PRId64 " return %" PRId64
                    " q %" PRId64 "%s",
                    d->net->denoms[c->denomination].code, (int)c->role, l->level_notes,
                    l->load_notes, l->return_notes, l->return_q_notes,
                    v->kind == CP_VISIT_PARTIAL_SWAP && l->swapped ? " swapped" : "");
            if (l->sealed_notes > 0) fprintf(d->out, " sealed %" PRId64, l->sealed_notes);
            fputc('\n', d->out);
        }
    }
}

static void dump_routes(const dumper *d)
{
    char day[16];
    for (int32_t i = 0; i < d->plan->n_routes; i++) {
        const cp_plan_route *r = &d->plan->routes[i];
        fprintf(d->out,
                "route %s %s %s trips %d depart %d return %d drive_s %d dist_m %" PRId64
                " most %" PRId64 "\n",
                day_text(d, r->t, day), d->net->vaults[r->vault].code, d->net->cars[r->car].code,
                (int)r->n_trips, (int)r->depart_min, (int)r->return_min, (int)r->drive_s, r->dist_m,
                r->most_on_board_minor);
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
            const cp_plan_stop *s = &d->plan->stops[k];
            fprintf(d->out, "  stop %s trip %d %d %d %d on_board %" PRId64 " cm3 %" PRId64 "\n",
                    d->net->sites[s->site].code, (int)s->trip, (int)s->arrive_min,
                    (int)s->start_min, (int)s->leave_min, s->on_board_minor, s->on_board_cm3);
        }
    }
}

static void dump_limits(const dumper *d)
{
    char day[16];
    for (int32_t i = 0; i < d->plan->n_limits; i++) {
        const cp_plan_limit *l = &d->plan->limits[i];
        const char *item = l->item < 0                       ? "-"
                           : l->kind == CP_LIMIT_POOL        ? d->net->models[l->item].code
                           : l->kind == CP_LIMIT_VAULT_STOCK ? d->net->denoms[l->item].code
                           : l->kind == CP_LIMIT_SERVICE_LEVEL || l->kind == CP_LIMIT_ROUTE
                               ? d->net->points[l->item].code
                               : "-";
        fprintf(d->out,
                "limit %s %s %s %s cap %" PRId64 " use %" PRId64 " extra %" PRId64
                " outsourced %" PRId64 " relief %" PRId64 " at %" PRId64 " dual %.9g\n",
                cp_limit_kind_name(l->kind), l->vault >= 0 ? d->net->vaults[l->vault].code : "-",
                day_text(d, l->t, day), item, l->cap, l->use, l->extra, l->outsourced, l->relief,
                l->relief_price_minor, l->dual_minor);
    }
}

static void dump_likeness(const dumper *d)
{
    char day[16], with[16];
    for (int32_t i = 0; i < d->plan->n_likeness; i++) {
        const cp_plan_likeness *l = &d->plan->likeness[i];
        fprintf(d->out,
                "likeness %s %s %d with %s of %d days common %d of %d arcs %d order %d slots %d "
                "mean %d limit %d above %d\n",
                d->net->vaults[l->vault].code, day_text(d, l->t, day), (int)l->likeness_ppm,
                day_text(d, l->with_t, with), (int)l->n_days, (int)l->n_common, (int)l->n_stops,
                (int)l->arcs_ppm, (int)l->order_ppm, (int)l->slots_ppm, (int)l->mean_ppm,
                (int)l->limit_pct, (int)l->above_pct);
    }
}

static void dump_bounds(const dumper *d)
{
    char day[16];
    for (int32_t i = 0; i < d->plan->n_bounds; i++) {
        const cp_plan_route_bound *b = &d->plan->bounds[i];
        fprintf(d->out, "route_bound %s %s stops %d routes %d cost %" PRId64,
                d->net->vaults[b->vault].code, day_text(d, b->t, day), (int)b->n_stops,
                (int)b->n_routes, b->routed_minor);
        if (b->why == CP_BOUND_KNOWN)
            fprintf(d->out, " bound %" PRId64 " gap %.9g%s\n", b->bound_minor, b->gap,
                    b->proven ? " proven" : "");
        else
            fprintf(d->out, " no bound: %s\n", cp_no_bound_name(b->why));
    }
}

static void dump_rest(const dumper *d)
{
    const cp_record *r = d->s->record;
    char day[16], due[16];
    for (int32_t i = 0; i < d->plan->n_orders; i++) {
        const cp_plan_order *o = &d->plan->orders[i];
        fprintf(d->out, "order %s %s placed %s due %s notes %" PRId64 "\n",
                d->net->vaults[o->vault].code, d->net->denoms[o->denomination].code,
                day_text(d, o->t, day), day_text(d, o->due_t, due), o->notes);
    }
    for (int32_t i = 0; i < d->plan->n_pool; i++) {
        const cp_plan_pool *p = &d->plan->pool[i];
        fprintf(d->out,
                "pool %s %s %s full %" PRId64 " in_machine %" PRId64 " in_transit %" PRId64
                " uncounted %" PRId64 " empty %" PRId64 " borrowed %" PRId64 "\n",
                d->net->vaults[p->vault].code, d->net->models[p->model].code,
                day_text(d, p->t, day), p->full, p->in_machine, p->in_transit, p->uncounted,
                p->empty, p->borrowed);
    }
    for (int32_t i = 0; i < d->plan->n_unserved; i++)
        fprintf(d->out, "unserved %s %s %s\n", day_text(d, d->plan->unserved[i].t, day),
                d->net->points[d->plan->unserved[i].point].code, d->plan->unserved[i].reason);
    for (int32_t k = 0; k < CP_N_COST_ITEMS; k++)
        fprintf(d->out, "cost %s %" PRId64 "\n", cp_cost_item_name((cp_cost_item)k),
                d->plan->cost.item[k]);
    fprintf(d->out, "cost total %" PRId64 " refill %" PRId64 "\n", d->plan->cost.total_minor,
            d->plan->cost.refill_minor);
    for (int32_t i = 0; i < r->n_rivals; i++)
        fprintf(d->out, "rival %s total %" PRId64 " visits %d service %.9g\n", r->rivals[i].policy,
                r->rivals[i].cost.total_minor, (int)r->rivals[i].n_visits,
                r->rivals[i].service_pct);
    for (int32_t i = 0; i < r->n_kpis; i++)
        fprintf(d->out, "kpi %s %s %.9g\n", r->kpis[i].scope, r->kpis[i].name, r->kpis[i].value);
}

cp_status cp_plan_store_dump(cp_ctx *ctx, const cp_stored_plan *stored, FILE *out)
{
    const dumper d = {stored, stored->plan, stored->net, out};
    dump_head(&d);
    dump_visits(&d);
    dump_routes(&d);
    dump_limits(&d);
    dump_likeness(&d);
    dump_bounds(&d);
    dump_rest(&d);
    for (int32_t i = 0; i < stored->record->n_notes; i++)
        fprintf(out, "note %s\n", stored->record->notes[i]);
    if (fflush(out) != 0 || ferror(out)) CP_FAIL(ctx, CP_E_IO, "the dump could not be written");
    return CP_OK;
}
