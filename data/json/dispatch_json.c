/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/dispatch_json.h"

#include <string.h>

#include "data/json/split_load.h"
#include "data/store/plan_store.h"
#include "models/net/slot_mix.h"

cp_status cp_export_plan_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              const cp_record *record, cp_export_plan *out)
{
    memset(out, 0, sizeof *out);
    out->net = net;
    out->plan = plan;
    out->record = record;
    CP_TRY(cp_plan_index_make(ctx, net, plan, &out->index));
    const cp_status st = cp_packing_make(ctx, net, plan, &out->index, &out->packing);
    /* A refused plan is only looked at, and may well load more than cassettes hold. */
    if (st != CP_E_RANGE || record->status != CP_PLAN_REFUSED) return st;
    cp_error_clear(ctx);
    out->packing.n_rows = 0;
    return CP_OK;
}

void cp_json_export_head(cp_json *json, const cp_export_plan *ex, const char *schema)
{
    const cp_network *net = ex->net;
    const cp_currency *currency = &net->rows.currency[net->currency];
    cp_json_text(json, "schema", schema);
    cp_json_text(json, "bank", net->settings.bank_name);
    cp_json_text(json, "currency", currency->code);
    cp_json_int(json, "exponent", currency->exponent);
    cp_json_object(json, "plan");
    cp_json_text(json, "policy", ex->plan->policy);
    cp_json_day(json, "first_day", ex->plan->first_day);
    cp_json_int(json, "n_days", ex->plan->n_days);
    cp_json_text(json, "status", cp_plan_status_name(ex->record->status));
    cp_json_bool(json, "approved", ex->record->status >= CP_PLAN_APPROVED);
    cp_json_end(json);
}

/* "driver;custodian" as an array. */
static void write_roles(cp_json *json, const char *roles)
{
    cp_json_array_flat(json, "roles");
    while (*roles != '\0') {
        const size_t n = strcspn(roles, ";");
        char role[80];
        if (n > 0 && n < sizeof role) {
            memcpy(role, roles, n);
            role[n] = '\0';
            cp_json_text(json, NULL, role);
        }
        roles += n;
        if (*roles == ';') roles++;
    }
    cp_json_end(json);
}

static void write_car(cp_json *json, const cp_network *net, const cp_plan_route *route)
{
    const cp_car *car = &net->cars[route->car];
    const cp_vault *vault = &net->vaults[route->vault];
    cp_json_object(json, "vault");
    cp_json_text(json, "code", vault->code);
    cp_json_text(json, "name", vault->name);
    cp_json_real(json, "lat", vault->lat_deg, 6);
    cp_json_real(json, "lon", vault->lon_deg, 6);
    cp_json_end(json);
    cp_json_object(json, "car");
    cp_json_text(json, "code", car->code);
    cp_json_text(json, "carrier", car->carrier >= 0 ? net->rows.carrier[car->carrier].code : "");
    cp_json_int(json, "insured_minor", car->insured_minor);
    cp_json_int(json, "volume_cm3", car->volume_cm3);
    cp_json_minute(json, "shift_start", car->shift_start_min);
    cp_json_minute(json, "shift_end", car->shift_end_min);
    cp_json_int(json, "overtime_allowed_min", car->overtime_min);
    cp_json_bool(json, "open_route", car->open_route);
    cp_json_end(json);
    cp_json_object(json, "crew");
    cp_json_text(json, "code", car->crew >= 0 ? net->rows.crew[car->crew].code : "");
    write_roles(json, car->crew >= 0 ? net->rows.crew[car->crew].roles : "");
    cp_json_end(json);
}

static const char *role_name(cp_role role)
{
    static const char *const names[] = {"dispense", "deposit", "recycle", "reject"};
    return names[role];
}

/* Slots that a partial swap leaves alone. */
static void write_kept(cp_json *json, const cp_export_plan *ex, const cp_plan_visit *visit)
{
    const cp_network *net = ex->net;
    const cp_point *point = &net->points[visit->point];
    cp_json_array(json, "cassettes_kept");
    for (int32_t c = point->first_cassette; c < point->first_cassette + point->n_cassettes; c++) {
        const cp_cassette *box = &net->cassettes[c];
        if (box->role == CP_ROLE_REJECT || cp_visit_takes_cassette(net, ex->plan, visit, c))
            continue;
        cp_json_object_flat(json, NULL);
        cp_json_int(json, "slot", box->slot);
        cp_json_text(json, "role", role_name(box->role));
        cp_json_text(json, "denomination", net->denoms[box->denomination].code);
        cp_json_end(json);
    }
    cp_json_end(json);
}

/* Cassettes of a swap by slot, with what is in them; of a partial swap also those that stay. */
static cp_status write_cassettes(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex,
                                 const cp_plan_visit *visit)
{
    const cp_network *net = ex->net;
    const cp_point *point = &net->points[visit->point];
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int64_t *sum = NULL, *split = NULL;
    CP_NEW(ctx, ctx->scratch, sum, point->n_cassettes);
    CP_NEW(ctx, ctx->scratch, split, point->n_cassettes);
    for (int32_t l = 0; l < visit->n_loads; l++) {
        const cp_plan_load *load = &ex->plan->loads[visit->first_load + l];
        if (!cp_load_swaps(visit, load)) continue;
        CP_TRY(cp_split_load(ctx, net, load->channel, visit->mix, load->load_notes, split));
        for (int32_t k = 0; k < point->n_cassettes; k++)
            sum[k] += split[k];
    }
    cp_json_array(json, "cassettes_out");
    for (int32_t k = 0; k < point->n_cassettes; k++) {
        const cp_cassette *box = &cp_mix_cassettes(net, visit->point, visit->mix)[k];
        if (!cp_visit_takes_cassette(net, ex->plan, visit, point->first_cassette + k)) continue;
        cp_json_object_flat(json, NULL);
        cp_json_int(json, "slot", box->slot);
        cp_json_text(json, "role", role_name(box->role));
        cp_json_text(json, "model",
                     box->cassette_model >= 0 ? net->models[box->cassette_model].code : "");
        cp_json_text(json, "denomination", net->denoms[box->denomination].code);
        cp_json_int(json, "notes", sum[k]);
        cp_json_end(json);
    }
    cp_json_end(json);
    if (visit->kind == CP_VISIT_PARTIAL_SWAP) write_kept(json, ex, visit);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* Notes of an addition or a branch delivery; a negative load is a surplus to be picked up. */
static void write_notes_out(cp_json *json, const cp_export_plan *ex, const cp_plan_visit *visit)
{
    const cp_network *net = ex->net;
    cp_json_array(json, "notes_out");
    for (int32_t l = 0; l < visit->n_loads; l++) {
        const cp_plan_load *load = &ex->plan->loads[visit->first_load + l];
        const cp_channel *channel = &net->channels[load->channel];
        if (channel->role == CP_ROLE_DEPOSIT) continue;
        const cp_denomination *denom = &net->denoms[channel->denomination];
        const int64_t out = load->load_notes > 0 ? load->load_notes : 0;
        const cp_bundled b = cp_bundle_notes(denom, out);
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "denomination", denom->code);
        cp_json_text(json, "role", role_name(channel->role));
        cp_json_int(json, "notes", out);
        cp_json_int(json, "bundles", b.bundles);
        cp_json_int(json, "straps", b.straps);
        cp_json_int(json, "single_notes", b.notes);
        if (!visit->fixed_amount) cp_json_int(json, "fill_to_notes", load->level_notes);
        if (load->load_notes < 0) cp_json_int(json, "pick_up_notes", -load->load_notes);
        cp_json_end(json);
    }
    cp_json_end(json);
}

/* What travels back, or, where the branch's staff comes, what it takes out and keeps. */
static void write_returned(cp_json *json, const cp_export_plan *ex, const cp_plan_visit *visit)
{
    const cp_network *net = ex->net;
    cp_json_object(json, visit->by_branch ? "taken_out" : "returned");
    cp_json_int(json, "cassettes", cp_visit_swaps(visit) ? visit->cassettes : 0);
    cp_json_array(json, "notes");
    for (int32_t l = 0; l < visit->n_loads; l++) {
        const cp_plan_load *load = &ex->plan->loads[visit->first_load + l];
        const cp_channel *channel = &net->channels[load->channel];
        if (load->return_notes == 0 && load->return_q_notes == 0) continue;
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "denomination", net->denoms[channel->denomination].code);
        cp_json_text(json, "role", role_name(channel->role));
        cp_json_int(json, "expected_notes", load->return_notes);
        cp_json_int(json, "quantile_notes", load->return_q_notes);
        if (load->sealed_notes > 0) cp_json_int(json, "sealed_notes", load->sealed_notes);
        cp_json_end(json);
    }
    cp_json_end(json);
    cp_json_int(json, "expected_minor", visit->return_minor);
    cp_json_int(json, "quantile_minor", visit->return_q_minor);
    cp_json_end(json);
}

static cp_status write_task(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex,
                            const cp_plan_visit *visit)
{
    const cp_point *point = &ex->net->points[visit->point];
    cp_json_object(json, NULL);
    if (visit->by_branch) {
        const bool known = point->owner_branch >= 0;
        cp_json_text(json, "branch", known ? ex->net->points[point->owner_branch].code : "");
        cp_json_text(json, "site", ex->net->sites[point->site].code);
    }
    cp_json_text(json, "point", point->code);
    cp_json_text(json, "name", point->name);
    cp_json_text(json, "type", point->kind == CP_POINT_BRANCH ? "branch" : "atm");
    cp_json_text(json, "kind", cp_visit_kind_name(visit->kind));
    cp_json_int(json, "load_minor", visit->load_minor);
    if (cp_visit_swaps(visit)) CP_TRY(write_cassettes(ctx, json, ex, visit));
    if (visit->kind == CP_VISIT_ADD) write_notes_out(json, ex, visit);
    write_returned(json, ex, visit);
    if (visit->pin >= 0) cp_json_text(json, "pin", ex->net->rows.pin[visit->pin].code);
    if (visit->relief) cp_json_bool(json, "relief", true);
    cp_json_end(json);
    return CP_OK;
}

static void write_window(cp_json *json, int32_t from, int32_t to)
{
    cp_json_object_flat(json, NULL);
    cp_json_minute(json, "from", from);
    cp_json_minute(json, "to", to);
    cp_json_end(json);
}

static cp_status write_stop(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex, int32_t stop,
                            int32_t number)
{
    const cp_plan_stop *s = &ex->plan->stops[stop];
    const cp_site *site = &ex->net->sites[s->site];
    cp_json_object(json, NULL);
    cp_json_int(json, "number", number);
    cp_json_int(json, "trip", s->trip + 1);
    cp_json_object(json, "site");
    cp_json_text(json, "code", site->code);
    cp_json_text(json, "name", site->name);
    cp_json_text(json, "address", site->address);
    cp_json_text(json, "district", site->district);
    cp_json_real(json, "lat", site->lat_deg, 6);
    cp_json_real(json, "lon", site->lon_deg, 6);
    cp_json_end(json);
    cp_json_array_flat(json, "windows");
    write_window(json, site->open_min, site->close_min);
    if (site->open2_min >= 0) write_window(json, site->open2_min, site->close2_min);
    cp_json_end(json);
    cp_json_minute(json, "arrival", s->arrive_min);
    cp_json_minute(json, "start", s->start_min);
    cp_json_minute(json, "leave", s->leave_min);
    cp_json_array(json, "tasks");
    for (int32_t k = 0; k < ex->index.stop_n[stop]; k++) {
        const cp_plan_visit *visit = &ex->plan->visits[ex->index.stop_visit[stop] + k];
        if (!visit->by_branch) CP_TRY(write_task(ctx, json, ex, visit));
    }
    cp_json_end(json);
    cp_json_int(json, "on_board_after_minor", s->on_board_minor);
    cp_json_int(json, "on_board_after_cm3", s->on_board_cm3);
    cp_json_end(json);
    return CP_OK;
}

static void write_departures(cp_json *json, const cp_export_plan *ex, const cp_plan_route *route)
{
    cp_json_array_flat(json, "departures");
    int32_t trip = -1;
    for (int32_t k = 0; k < route->n_stops; k++) {
        const int32_t stop = route->first_stop + k;
        if (ex->plan->stops[stop].trip == trip) continue;
        trip = ex->plan->stops[stop].trip;
        cp_json_minute(json, NULL, cp_trip_departure(ex->net, ex->plan, route, stop));
    }
    cp_json_end(json);
}

static cp_status write_route(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex, int32_t r)
{
    const cp_plan_route *route = &ex->plan->routes[r];
    char day[16];
    const char *name =
        cp_strf(ctx, ctx->scratch, "%s/%s/%s", cp_day_text(ex->plan->first_day + route->t, day),
                ex->net->vaults[route->vault].code, ex->net->cars[route->car].code);
    if (name == NULL) return CP_E_NOMEM;
    cp_json_object(json, NULL);
    cp_json_text(json, "route", name);
    cp_json_day(json, "day", ex->plan->first_day + route->t);
    write_car(json, ex->net, route);
    write_departures(json, ex, route);
    cp_json_minute(json, "departure", route->depart_min);
    cp_json_minute(json, "return", route->return_min);
    cp_json_int(json, "distance_m", route->dist_m);
    cp_json_int(json, "drive_s", route->drive_s);
    cp_json_int(json, "wait_min", route->wait_min);
    cp_json_int(json, "service_min", route->service_min);
    cp_json_int(json, "overtime_min", route->overtime_min);
    cp_json_int(json, "legs", route->legs);
    cp_json_int(json, "estimated_legs", route->estimated_legs);
    cp_json_int(json, "most_on_board_minor", route->most_on_board_minor);
    cp_json_array(json, "stops");
    for (int32_t k = 0; k < route->n_stops; k++)
        CP_TRY(write_stop(ctx, json, ex, route->first_stop + k, k + 1));
    cp_json_end(json);
    cp_json_end(json);
    return CP_OK;
}

static void write_unserved(cp_json *json, const cp_export_plan *ex, int32_t t)
{
    cp_json_array(json, "unserved");
    for (int32_t k = 0; k < ex->plan->n_unserved; k++) {
        const cp_plan_unserved *u = &ex->plan->unserved[k];
        if (u->t != t) continue;
        cp_json_object(json, NULL);
        cp_json_text(json, "point", ex->net->points[u->point].code);
        cp_json_text(json, "reason", u->reason);
        cp_json_end(json);
    }
    cp_json_end(json);
}

/* What the branches' own staff does on the day, without any car. */
static cp_status write_branch_fills(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex, int32_t t)
{
    cp_json_array(json, "branch_fills");
    for (int32_t v = 0; v < ex->plan->n_visits; v++)
        if (ex->plan->visits[v].by_branch && ex->plan->visits[v].t == t)
            CP_TRY(write_task(ctx, json, ex, &ex->plan->visits[v]));
    cp_json_end(json);
    return CP_OK;
}

/* How alike the routes are with those of days before: the number alone. Which day and which ways it
 * comes from would tell a reader of the file what to look for. */
static void write_likeness(cp_json *json, const cp_export_plan *ex, int32_t t, int32_t only)
{
    cp_json_array(json, "likeness");
    for (int32_t k = 0; k < ex->plan->n_likeness; k++) {
        const cp_plan_likeness *l = &ex->plan->likeness[k];
        if (l->t != t || (only >= 0 && ex->plan->routes[only].vault != l->vault)) continue;
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "vault", ex->net->vaults[l->vault].code);
        cp_json_int(json, "likeness_ppm", l->likeness_ppm);
        cp_json_int(json, "days_compared", l->n_days);
        cp_json_end(json);
    }
    cp_json_end(json);
}

static cp_status write_dispatch(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex, int32_t t,
                                int32_t only)
{
    cp_json_object(json, NULL);
    cp_json_export_head(json, ex, "cashplan.dispatch/1");
    cp_json_day(json, "day", ex->plan->first_day + t);
    cp_json_bool(json, "advisory", t >= ex->net->settings.released_days);
    cp_json_int(json, "return_quantile_ppm", ex->net->settings.return_quantile_ppm);
    cp_json_array(json, "routes");
    for (int32_t r = 0; r < ex->plan->n_routes; r++)
        if (ex->plan->routes[r].t == t && (only < 0 || only == r))
            CP_TRY(write_route(ctx, json, ex, r));
    cp_json_end(json);
    write_likeness(json, ex, t, only);
    if (only < 0) CP_TRY(write_branch_fills(ctx, json, ex, t));
    if (only < 0) write_unserved(json, ex, t);
    cp_json_end(json);
    return CP_OK;
}

cp_status cp_dispatch_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t route,
                            const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    cp_status st = write_dispatch(ctx, &json, ex, t, route);
    st = cp_outfile_close(ctx, &out, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static void write_packing_row(cp_json *json, const cp_network *net, const cp_packing_row *row)
{
    const cp_denomination *denom = &net->denoms[row->denomination];
    const cp_bundled b = cp_bundle_notes(denom, row->notes);
    cp_json_object_flat(json, NULL);
    if (row->cassette_model >= 0) {
        cp_json_text(json, "model", net->models[row->cassette_model].code);
        cp_json_text(json, "role", role_name(row->role));
    }
    cp_json_text(json, "denomination", denom->code);
    if (row->cassette_model >= 0) cp_json_int(json, "cassettes", row->cassettes);
    cp_json_int(json, "notes", row->notes);
    cp_json_int(json, "bundles", b.bundles);
    cp_json_int(json, "straps", b.straps);
    cp_json_int(json, "single_notes", b.notes);
    cp_json_int(json, "value_minor", row->notes * denom->value_minor);
    cp_json_end(json);
}

/* The rows of one departure from `first` on; returns the first row of the next one. */
static int32_t write_departure(cp_json *json, const cp_export_plan *ex, int32_t first)
{
    const cp_packing *packing = &ex->packing;
    const cp_packing_row *head = &packing->rows[first];
    int32_t end = first;
    while (end < packing->n_rows && packing->rows[end].route == head->route &&
           packing->rows[end].trip == head->trip)
        end++;
    cp_json_object(json, NULL);
    cp_json_minute(json, "departure", head->depart_min);
    cp_json_text(json, "car", ex->net->cars[ex->plan->routes[head->route].car].code);
    cp_json_int(json, "trip", head->trip + 1);
    cp_json_array(json, "cassettes");
    for (int32_t k = first; k < end; k++)
        if (packing->rows[k].cassette_model >= 0)
            write_packing_row(json, ex->net, &packing->rows[k]);
    cp_json_end(json);
    cp_json_array(json, "notes");
    for (int32_t k = first; k < end; k++)
        if (packing->rows[k].cassette_model < 0)
            write_packing_row(json, ex->net, &packing->rows[k]);
    cp_json_end(json);
    cp_json_end(json);
    return end;
}

/* Where the vault's cassettes are on day t (plan_pool.h). */
static void write_pool(cp_json *json, const cp_export_plan *ex, int32_t t, int32_t vault)
{
    cp_json_array(json, "pool");
    for (int32_t k = 0; k < ex->plan->n_pool; k++) {
        const cp_plan_pool *p = &ex->plan->pool[k];
        if (p->t != t || p->vault != vault) continue;
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "model", ex->net->models[p->model].code);
        cp_json_int(json, "full", p->full);
        cp_json_int(json, "in_machine", p->in_machine);
        cp_json_int(json, "in_transit", p->in_transit);
        cp_json_int(json, "uncounted", p->uncounted);
        cp_json_int(json, "empty", p->empty);
        cp_json_int(json, "borrowed", p->borrowed);
        cp_json_end(json);
    }
    cp_json_end(json);
}

/* Notes that go with a branch's own delivery, for machines that its staff fills on the day. */
static void write_for_branches(cp_json *json, const cp_export_plan *ex, int32_t t, int32_t vault)
{
    const cp_network *net = ex->net;
    cp_json_array(json, "for_branches");
    for (int32_t v = 0; v < ex->plan->n_visits; v++) {
        const cp_plan_visit *visit = &ex->plan->visits[v];
        const cp_point *point = &net->points[visit->point];
        if (!visit->by_branch || visit->t != t || visit->load_minor <= 0) continue;
        if (net->sites[point->site].vault != vault) continue;
        const bool known = point->owner_branch >= 0;
        cp_json_object(json, NULL);
        cp_json_text(json, "branch", known ? net->points[point->owner_branch].code : "");
        cp_json_text(json, "site", net->sites[point->site].code);
        cp_json_text(json, "point", point->code);
        cp_json_array(json, "notes");
        for (int32_t l = visit->first_load; l < visit->first_load + visit->n_loads; l++) {
            const cp_plan_load *load = &ex->plan->loads[l];
            const cp_packing_row row = {.cassette_model = -1,
                                        .denomination = net->channels[load->channel].denomination,
                                        .notes = load->load_notes};
            if (load->load_notes > 0) write_packing_row(json, net, &row);
        }
        cp_json_end(json);
        cp_json_end(json);
    }
    cp_json_end(json);
}

cp_status cp_packing_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t vault,
                           const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    cp_json_object(&json, NULL);
    cp_json_export_head(&json, ex, "cashplan.packing/1");
    cp_json_day(&json, "day", ex->plan->first_day + t);
    cp_json_text(&json, "vault", ex->net->vaults[vault].code);
    cp_json_array(&json, "departures");
    for (int32_t k = 0; k < ex->packing.n_rows;) {
        const cp_packing_row *row = &ex->packing.rows[k];
        if (row->t == t && row->vault == vault)
            k = write_departure(&json, ex, k);
        else
            k++;
    }
    cp_json_end(&json);
    write_for_branches(&json, ex, t, vault);
    write_pool(&json, ex, t, vault);
    cp_json_end(&json);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}
