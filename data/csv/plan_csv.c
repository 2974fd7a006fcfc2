/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/plan_csv.h"

#include <inttypes.h>
#include <string.h>

/* A row being written: fields are separated as they come. */
typedef struct row {
    cp_outfile *out;
    bool some;
} row;

static void field(row *r, const char *text)
{
    if (r->some) cp_outfile_text(r->out, ",");
    r->some = true;
    if (text == NULL) return;
    if (strpbrk(text, ",\"\r\n") == NULL) {
        cp_outfile_text(r->out, text);
        return;
    }
    cp_outfile_text(r->out, "\"");
    for (const char *s = text; *s != '\0';) {
        const size_t n = strcspn(s, "\"");
        cp_outfile_bytes(r->out, s, n);
        s += n;
        if (*s == '"') {
            cp_outfile_text(r->out, "\"\"");
            s++;
        }
    }
    cp_outfile_text(r->out, "\"");
}

static void number(row *r, int64_t value)
{
    if (r->some) cp_outfile_text(r->out, ",");
    r->some = true;
    cp_outfile_format(r->out, "%" PRId64, value);
}

static void real(row *r, double value)
{
    if (r->some) cp_outfile_text(r->out, ",");
    r->some = true;
    cp_outfile_format(r->out, "%.6g", value);
}

static void day_field(row *r, cp_day day)
{
    char text[16];
    field(r, cp_day_text(day, text));
}

static void minute_field(row *r, int32_t minute)
{
    char text[16];
    field(r, cp_minute_text(minute, text));
}

static void end(row *r)
{
    cp_outfile_text(r->out, "\n");
    r->some = false;
}

typedef void body_fn(const cp_export_plan *ex, row *r);

static cp_status write_file(cp_ctx *ctx, const cp_export_plan *ex, const char *path,
                            const char *header, body_fn *body)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_text(&out, header);
    row r = {&out, false};
    body(ex, &r);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static void visit_row(const cp_export_plan *ex, row *r, int32_t v)
{
    const cp_network *net = ex->net;
    const cp_plan_visit *visit = &ex->plan->visits[v];
    const cp_point *point = &net->points[visit->point];
    const cp_site *site = &net->sites[point->site];
    const int32_t stop = ex->index.visit_stop[v];
    day_field(r, ex->plan->first_day + visit->t);
    field(r, point->code);
    field(r, point->name);
    field(r, site->code);
    field(r, site->district);
    field(r, cp_visit_kind_name(visit->kind));
    number(r, visit->load_minor);
    number(r, visit->return_minor);
    number(r, visit->return_q_minor);
    number(r, visit->cassettes);
    if (visit->until < ex->plan->n_days)
        day_field(r, ex->plan->first_day + visit->until);
    else
        field(r, "");
    field(r, stop >= 0 ? net->cars[ex->plan->routes[ex->index.stop_route[stop]].car].code : "");
    if (stop >= 0) {
        minute_field(r, ex->plan->stops[stop].arrive_min);
        minute_field(r, ex->plan->stops[stop].start_min);
        minute_field(r, ex->plan->stops[stop].leave_min);
    } else {
        for (int32_t k = 0; k < 3; k++)
            field(r, "");
    }
    field(r, visit->pin >= 0 ? net->rows.pin[visit->pin].code : "");
    number(r, visit->relief);
    number(r, visit->by_branch);
    number(r, visit->t >= net->settings.released_days);
    end(r);
}

static void visits_body(const cp_export_plan *ex, row *r)
{
    for (int32_t v = 0; v < ex->plan->n_visits; v++)
        visit_row(ex, r, v);
}

cp_status cp_visits_csv_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    return write_file(ctx, ex, path,
                      "day,point,name,site,district,kind,load_minor,return_minor,"
                      "return_quantile_minor,cassettes,next_visit,car,arrival,start,leave,pin,"
                      "relief,by_branch,advisory\n",
                      visits_body);
}

static void routes_body(const cp_export_plan *ex, row *r)
{
    for (int32_t k = 0; k < ex->plan->n_routes; k++) {
        const cp_plan_route *route = &ex->plan->routes[k];
        const cp_car *car = &ex->net->cars[route->car];
        day_field(r, ex->plan->first_day + route->t);
        field(r, ex->net->vaults[route->vault].code);
        field(r, car->code);
        field(r, car->carrier >= 0 ? ex->net->rows.carrier[car->carrier].code : "");
        number(r, route->n_trips);
        number(r, route->n_stops);
        minute_field(r, route->depart_min);
        minute_field(r, route->return_min);
        number(r, route->dist_m);
        number(r, route->drive_s);
        number(r, route->wait_min);
        number(r, route->service_min);
        number(r, route->overtime_min);
        number(r, route->most_on_board_minor);
        number(r, car->insured_minor);
        number(r, route->legs);
        number(r, route->estimated_legs);
        number(r, route->t >= ex->net->settings.released_days);
        end(r);
    }
}

cp_status cp_routes_csv_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    return write_file(ctx, ex, path,
                      "day,vault,car,carrier,trips,stops,departure,return,distance_m,drive_s,"
                      "wait_min,service_min,overtime_min,most_on_board_minor,insured_minor,legs,"
                      "estimated_legs,advisory\n",
                      routes_body);
}

const char *cp_limit_item_code(const cp_network *net, const cp_plan_limit *limit)
{
    if (limit->item < 0) return "";
    switch (limit->kind) {
    case CP_LIMIT_POOL:
        return net->models[limit->item].code;
    case CP_LIMIT_VAULT_STOCK:
        return net->denoms[limit->item].code;
    case CP_LIMIT_SERVICE_LEVEL:
    case CP_LIMIT_ROUTE:
        return net->points[limit->item].code;
    default:
        return "";
    }
}

static void limits_body(const cp_export_plan *ex, row *r)
{
    for (int32_t k = 0; k < ex->plan->n_limits; k++) {
        const cp_plan_limit *limit = &ex->plan->limits[k];
        field(r, cp_limit_kind_name(limit->kind));
        field(r, limit->vault >= 0 ? ex->net->vaults[limit->vault].code : "");
        day_field(r, ex->plan->first_day + limit->t);
        field(r, cp_limit_item_code(ex->net, limit));
        number(r, limit->cap);
        number(r, limit->use);
        number(r, limit->extra);
        number(r, limit->outsourced);
        number(r, limit->relief);
        number(r, limit->relief_price_minor);
        real(r, limit->dual_minor);
        end(r);
    }
}

cp_status cp_limits_csv_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    return write_file(ctx, ex, path,
                      "limit,vault,day,item,cap,use,overtime,outsourced,relief,relief_price_minor,"
                      "worth_of_one_more_minor\n",
                      limits_body);
}

static void pool_body(const cp_export_plan *ex, row *r)
{
    for (int32_t k = 0; k < ex->plan->n_pool; k++) {
        const cp_plan_pool *p = &ex->plan->pool[k];
        field(r, ex->net->vaults[p->vault].code);
        field(r, ex->net->models[p->model].code);
        day_field(r, ex->plan->first_day + p->t);
        number(r, p->full);
        number(r, p->in_machine);
        number(r, p->in_transit);
        number(r, p->uncounted);
        number(r, p->empty);
        number(r, p->borrowed);
        end(r);
    }
}

cp_status cp_pool_csv_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    return write_file(ctx, ex, path,
                      "vault,model,day,full,in_machine,in_transit,uncounted,empty,borrowed\n",
                      pool_body);
}

static void cost_rows(row *r, const char *policy, const cp_cost *cost)
{
    for (int32_t k = 0; k < CP_N_COST_ITEMS; k++) {
        field(r, policy);
        field(r, cp_cost_item_name((cp_cost_item)k));
        number(r, cost->item[k]);
        end(r);
    }
    field(r, policy);
    field(r, "total");
    number(r, cost->total_minor);
    end(r);
}

static void cost_body(const cp_export_plan *ex, row *r)
{
    cost_rows(r, ex->plan->policy, &ex->plan->cost);
    for (int32_t k = 0; k < ex->record->n_rivals; k++)
        cost_rows(r, ex->record->rivals[k].policy, &ex->record->rivals[k].cost);
}

cp_status cp_cost_csv_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    return write_file(ctx, ex, path, "policy,item,cost_minor\n", cost_body);
}

static void packing_row(const cp_export_plan *ex, row *r, const cp_packing_row *p)
{
    const cp_denomination *denom = &ex->net->denoms[p->denomination];
    const cp_bundled b = cp_bundle_notes(denom, p->notes);
    static const char *const roles[] = {"dispense", "deposit", "recycle", "reject"};
    day_field(r, ex->plan->first_day + p->t);
    field(r, ex->net->vaults[p->vault].code);
    minute_field(r, p->depart_min);
    field(r, ex->net->cars[ex->plan->routes[p->route].car].code);
    number(r, p->trip + 1);
    field(r, p->cassette_model >= 0 ? ex->net->models[p->cassette_model].code : "");
    field(r, p->cassette_model >= 0 ? roles[p->role] : "");
    field(r, denom->code);
    number(r, p->cassettes);
    number(r, p->notes);
    number(r, b.bundles);
    number(r, b.straps);
    number(r, b.notes);
    number(r, p->notes * denom->value_minor);
    end(r);
}

cp_status cp_packing_csv_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t vault,
                               const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_text(&out, "day,vault,departure,car,trip,model,role,denomination,cassettes,notes,"
                          "bundles,straps,single_notes,value_minor\n");
    row r = {&out, false};
    for (int32_t k = 0; k < ex->packing.n_rows; k++)
        if (ex->packing.rows[k].t == t && ex->packing.rows[k].vault == vault)
            packing_row(ex, &r, &ex->packing.rows[k]);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}
