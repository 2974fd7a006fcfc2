/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_rolling.c - a stored network run day by day: every evening all is planned anew with what is
 * known by then, only the next day's routes are driven, and what really happens sets the next
 * balances. Days and routes are decided together (solver/irp).
 *
 *   bench_rolling --db FILE --from DATE --days N [--work N] [--first-work N] [--threads N]
 *                 [--seed N] [--foresight] [--steady] [--guide F] [--rent F] [--executed FILE]
 *
 * --steady takes the forecast for short histories without censoring (forecast.h); --guide and
 * --rent are guide_share and rent_share of irp_solve.h.
 * With --foresight the planner knows the true days; behind the last one it takes those of 28 days
 * before. A machine above its capacity goes on taking cash and is counted. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/history_store.h"
#include "models/demand/paths.h"
#include "models/net/network_build.h"
#include "solver/irp/irp_solve.h"
#include "solver/par/job.h"
#include "solver/run/demand_run.h"

#define REPEAT_DAYS 28

typedef struct args {
    const char *db, *executed;
    cp_day from;
    int32_t n_days, n_threads;
    int64_t work, first_work;
    double guide, rent; /* cp_irp_opts; negative = its default */
    uint64_t seed;
    bool foresight, steady;
} args;

typedef struct totals {
    cp_minor hold, visit, cars;
    int64_t stops, legs, estimated, over, dry, left_out, late;
    double drive_s;
} totals;

typedef struct roll {
    cp_ctx *ctx; /* lives as long as the run */
    const args *a;
    const cp_network *base;
    const cp_history *history;
    cp_point_paths *truth; /* by point, one path, n_days */
    int64_t *stock;        /* by channel, evening */
    int32_t *since;        /* by point: days since the last visit, on the day to plan */
    cp_irp_route *plan;    /* routes of yesterday's plan, days counted from today */
    int32_t n_plan;
    totals sum;
    FILE *executed;
} roll;

static cp_minor limit_of(const cp_network *net, const cp_point *point)
{
    cp_minor limit = 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_channel *c = &net->channels[point->first_channel + k];
        limit += c->capacity_notes * c->value_minor;
    }
    return limit;
}

/* ---- what is known ----------------------------------------------------------------------------
 */

/* With foresight the limit is a rule wherever it can be kept: the last day on which a machine's
 * next visit still prevents every overrun that one day's cash alone does not force. */
static cp_day keeps_limit_until(const roll *r, int32_t p, cp_day day)
{
    const cp_network *net = r->base;
    const cp_point *point = &net->points[p];
    cp_minor room = 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_channel *c = &net->channels[point->first_channel + k];
        room += (c->capacity_notes - r->stock[point->first_channel + k]) * c->value_minor;
    }
    cp_minor most = room; /* that may still come; more than the limit in one day forces the first */
    for (cp_day d = day; d < r->a->from + r->a->n_days && d < day + net->n_days; d++) {
        const cp_minor seen = cp_history_at(r->history, CP_FLOW_DEPOSIT, p, d);
        const cp_minor came = seen > 0 ? seen : 0;
        if (came > most && came <= limit_of(net, point)) return d;
        most -= came;
    }
    return CP_DAY_NONE;
}

/* The network as it stands on the evening before `day`. */
static cp_status network_on(cp_ctx *ctx, const roll *r, cp_day day, cp_network *net)
{
    cp_point *points = NULL;
    cp_channel *channels = NULL;
    *net = *r->base;
    net->first_day = day;
    CP_NEW(ctx, ctx->run, points, net->n_points);
    CP_NEW(ctx, ctx->run, channels, net->n_channels);
    memcpy(points, r->base->points, (size_t)net->n_points * sizeof *points);
    memcpy(channels, r->base->channels, (size_t)net->n_channels * sizeof *channels);
    for (int32_t p = 0; p < net->n_points; p++) {
        points[p].days_since_visit = r->since[p];
        if (r->a->foresight) points[p].latest_day = keeps_limit_until(r, p, day);
    }
    for (int32_t k = 0; k < net->n_channels; k++) {
        channels[k].balance_notes = r->stock[k];
        if (channels[k].balance_notes > channels[k].capacity_notes)
            channels[k].balance_notes = channels[k].capacity_notes;
    }
    if (r->a->foresight) net->settings.n_paths = 1;
    net->points = points;
    net->channels = channels;
    return CP_OK;
}

/* The true days, and behind them those of REPEAT_DAYS before. */
static cp_status known_ahead(cp_ctx *ctx, const roll *r, cp_day day, int32_t n, cp_history **out)
{
    const cp_day last = r->a->from + r->a->n_days;
    CP_TRY(cp_history_new(ctx, r->base, day, n, out));
    for (int32_t f = 0; f < CP_N_FLOWS; f++)
        for (int32_t p = 0; p < r->base->n_points; p++)
            for (int32_t d = 0; d < n; d++) {
                cp_day from = day + d;
                while (from >= last)
                    from -= REPEAT_DAYS;
                (*out)->amount[((int64_t)f * r->base->n_points + p) * n + d] =
                    cp_history_at(r->history, (cp_flow)f, p, from);
            }
    return CP_OK;
}

static cp_status demand_on(cp_ctx *ctx, const roll *r, const cp_network *net,
                           cp_forecast **forecast, cp_shares **shares)
{
    const int32_t n = net->n_days + net->settings.longest_interval_days;
    cp_forecast_opts opts = cp_forecast_defaults();
    opts.steady = r->a->steady;
    cp_history *past = NULL, *ahead = NULL;
    CP_TRY(cp_history_until(ctx, r->history, net->first_day, &past));
    CP_TRY(cp_shares_make(ctx, net, past, shares));
    if (!r->a->foresight) return cp_demand_run(ctx, net, past, net->first_day, n, &opts, forecast);
    CP_TRY(known_ahead(ctx, r, net->first_day, n, &ahead));
    return cp_forecast_truth(ctx, net, ahead, net->first_day, n, forecast);
}

static cp_status build_arcs(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    return cp_arcs_build(ctx, shared, index, out_slot);
}

/* ---- one day ----------------------------------------------------------------------------------
 */

static const cp_step *step_today(const cp_irp_result *res, int32_t k)
{
    for (int32_t i = res->first[k]; i < res->first[k + 1]; i++)
        if (res->steps[i].t == 0) return &res->steps[i];
    return NULL;
}

/* The visit at the start of the day: what is inside afterwards, and what is paid. */
static void visit(roll *r, const cp_network *net, const cp_arcs *arcs, const cp_step *step)
{
    const cp_point *p = &net->points[arcs->point];
    const int32_t site = p->site, vault = net->sites[site].vault;
    const cp_day day = net->first_day;
    const cp_level *level = cp_step_level(arcs, step);
    cp_minor back = 0, out = 0;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &net->channels[p->first_channel + k];
        int64_t *stock = &r->stock[p->first_channel + k];
        const int64_t load = level->notes[k];
        const int64_t after = c->role == CP_ROLE_DEPOSIT ? 0
                              : step->first_add          ? *stock + load
                                                         : load;
        if ((arcs->mode[step->mode].swapped >> k & 1) != 0 || c->role == CP_ROLE_DEPOSIT)
            back += *stock * c->value_minor;
        if (c->role != CP_ROLE_DEPOSIT) out += load * c->value_minor;
        *stock = after < 0 ? 0 : after;
    }
    const int64_t ppm = cp_tariff_get(net, CP_TARIFF_STOP_VALUE_PPM, day, vault, -1, site, -1);
    const cp_minor least =
        cp_tariff_get(net, CP_TARIFF_STOP_VALUE_MIN_MINOR, day, vault, -1, site, -1);
    const cp_minor by_value = cp_mul_div(back + (out > 0 ? out : 0), ppm, 1000000);
    r->sum.visit += by_value > least ? by_value : least;
    r->sum.visit += cp_tariff_get(net, CP_TARIFF_STOP_MACHINE_MINOR, day, vault, -1, site, -1);
    r->since[arcs->point] = 0;
}

static void write_stop(const roll *r, const cp_network *net, const cp_irp_route *route, int32_t k,
                       int32_t arrive_s)
{
    char day[16];
    const bool leg = k > 0;
    const int32_t from = leg ? route->sites[k - 1] : -1;
    fprintf(r->executed, "%s,%s,%d,%s,%d,%d,%d\n", cp_day_text(net->first_day, day),
            net->cars[route->car].code, (int)k + 1, net->sites[route->sites[k]].code, (int)arrive_s,
            leg ? (int)cp_travel_s(net, from, route->sites[k]) : 0,
            leg && cp_travel_estimated(net, from, route->sites[k]) ? 1 : 0);
}

static void drive(roll *r, const cp_network *net, const cp_irp_route *route)
{
    const cp_car *car = &net->cars[route->car];
    int32_t now_s = 60 * car->shift_start_min;
    r->sum.stops += route->n_sites;
    r->sum.drive_s += route->drive_s;
    for (int32_t k = 0; k < route->n_sites; k++) {
        const int32_t site = route->sites[k];
        if (k > 0) {
            r->sum.legs++;
            r->sum.estimated += cp_travel_estimated(net, route->sites[k - 1], site);
            now_s += cp_travel_s(net, route->sites[k - 1], site);
        }
        if (r->executed) write_stop(r, net, route, k, now_s);
        now_s += 60 * net->sites[site].service_min;
    }
    if (!car->paid_daily)
        r->sum.cars += cp_tariff_get(net, CP_TARIFF_CAR_DAY_MINOR, net->first_day, car->vault,
                                     car->carrier, -1, -1);
}

static void pay_fleet(roll *r, const cp_network *net)
{
    for (int32_t c = 0; c < net->n_cars; c++)
        if (net->cars[c].paid_daily)
            r->sum.cars += cp_tariff_get(net, CP_TARIFF_CAR_DAY_MINOR, net->first_day,
                                         net->cars[c].vault, net->cars[c].carrier, -1, -1);
}

/* What the public does during the day, and the evening's count. */
static void live(roll *r, const cp_network *net, int32_t day)
{
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_point *point = &net->points[p];
        const int32_t vault = net->sites[point->site].vault;
        cp_minor value = 0;
        bool over = false, dry = false;
        for (int32_t k = 0; k < point->n_channels; k++) {
            const cp_channel *c = &net->channels[point->first_channel + k];
            int64_t *stock = &r->stock[point->first_channel + k];
            const int64_t at = (int64_t)k * r->a->n_days + day;
            *stock += r->truth[p].in[at] - r->truth[p].out[at];
            if (*stock < 0) {
                dry = true;
                *stock = 0;
            }
            if (*stock > c->capacity_notes) over = true;
            value += *stock * c->value_minor;
        }
        const int64_t ppm =
            cp_tariff_get(net, CP_TARIFF_HOLD_PPM_YEAR, net->first_day, vault, -1, point->site, -1);
        r->sum.hold += cp_mul_div(value, ppm, INT64_C(365000000));
        r->sum.over += over;
        r->sum.dry += dry;
        r->since[p]++;
        if (point->max_interval_days > 0 && r->since[p] > point->max_interval_days) r->sum.late++;
    }
}

/* The rest of the plan, counted from tomorrow, outlives the day. */
static cp_status keep_plan(roll *r, const cp_irp_result *res)
{
    for (int32_t i = 0; i < r->n_plan; i++)
        free((void *)(uintptr_t)r->plan[i].sites);
    free(r->plan);
    r->n_plan = 0;
    r->plan = calloc((size_t)res->n_routes + 1, sizeof *r->plan);
    for (int32_t i = 0; r->plan && i < res->n_routes; i++) {
        const cp_irp_route *from = &res->routes[i];
        const size_t size = (size_t)from->n_sites * sizeof *from->sites;
        if (from->t == 0) continue;
        int32_t *sites = malloc(size);
        if (sites == NULL) break;
        memcpy(sites, from->sites, size);
        r->plan[r->n_plan] = *from;
        r->plan[r->n_plan].sites = sites;
        r->plan[r->n_plan++].t--;
    }
    return r->plan ? CP_OK : CP_E_NOMEM;
}

static cp_status plan_vault(cp_ctx *ctx, roll *r, const cp_network *net, const cp_arcs *arcs,
                            int32_t vault, int32_t day)
{
    const cp_irp_input in = {net, arcs, vault, r->plan, r->n_plan};
    cp_irp_opts opts = cp_irp_defaults();
    cp_irp_result *res = NULL;
    opts.work = day == 0 && r->a->first_work > 0 ? r->a->first_work : r->a->work;
    opts.seed = r->a->seed + (uint64_t)day;
    if (r->a->guide >= 0.0) opts.guide_share = r->a->guide;
    if (r->a->rent >= 0.0) opts.rent_share = r->a->rent;
    CP_TRY(cp_irp_solve(ctx, &in, &opts, &res));
    int64_t stops = 0;
    int32_t cars = 0;
    double drive_s = 0.0;
    for (int32_t i = 0; i < res->n_routes && res->routes[i].t == 0; i++) {
        drive(r, net, &res->routes[i]);
        stops += res->routes[i].n_sites;
        drive_s += res->routes[i].drive_s;
        cars++;
    }
    for (int32_t k = 0; k < res->n_points; k++) {
        const cp_step *step = step_today(res, k);
        if (step) visit(r, net, &arcs[res->point[k]], step);
    }
    r->sum.left_out += res->n_left_out;
    char text[16];
    printf("%s  stops %4" PRId64 "  cars %d  drive %6.0f min  left out %d  work %" PRId64
           "  plan %d stops, objective %.2f",
           cp_day_text(net->first_day, text), stops, (int)cars, drive_s / 60.0,
           (int)res->n_left_out, res->work_done, (int)res->first[res->n_points],
           res->objective / 100.0);
    return keep_plan(r, res);
}

static cp_status run_day(cp_ctx *ctx, roll *r, int32_t day)
{
    const double start = cp_now_s();
    const totals before = r->sum;
    cp_network net;
    cp_forecast *forecast = NULL;
    cp_shares *shares = NULL;
    cp_arcs *arcs = NULL;
    CP_TRY(network_on(ctx, r, r->a->from + day, &net));
    CP_TRY(demand_on(ctx, r, &net, &forecast, &shares));
    const cp_arc_input in = {&net, forecast, shares, r->a->seed, NULL};
    CP_NEW(ctx, ctx->run, arcs, net.n_points);
    CP_TRY(cp_job_run(ctx, net.n_points, build_arcs, &in, arcs, sizeof *arcs));
    const double ready = cp_now_s();
    pay_fleet(r, &net);
    for (int32_t v = 0; v < net.n_vaults; v++)
        if (net.vaults[v].status == CP_VAULT_EXISTING)
            CP_TRY(plan_vault(ctx, r, &net, arcs, v, day));
    live(r, &net, day);
    printf("  hold %.2f  visits %.2f  over %" PRId64 "  %.1f + %.1f s\n",
           (double)(r->sum.hold - before.hold) / 100.0,
           (double)(r->sum.visit - before.visit) / 100.0, r->sum.over - before.over, ready - start,
           cp_now_s() - ready);
    fflush(stdout);
    return CP_OK;
}

/* ---- the run ----------------------------------------------------------------------------------
 */

static cp_status load(cp_ctx *ctx, const args *a, cp_network **net, cp_history **history)
{
    cp_rows rows;
    cp_db *db = NULL;
    cp_day *balance_day = NULL, first = CP_DAY_NONE, last = CP_DAY_NONE;
    CP_TRY(cp_db_open(ctx, a->db, CP_DB_READ, &db));
    cp_status st = cp_db_begin_read(ctx, db);
    if (st == CP_OK) st = cp_network_load(ctx, db, &rows);
    if (st == CP_OK) st = cp_network_build(ctx, &rows, a->from, 0, net, &balance_day);
    if (st == CP_OK) st = cp_history_span(ctx, db, &first, &last);
    if (st == CP_OK) st = cp_history_load(ctx, db, *net, first, last - first + 1, history);
    cp_db_rollback(db);
    cp_db_close(db);
    return st;
}

static cp_status true_paths(roll *r)
{
    cp_ctx *ctx = r->ctx;
    cp_forecast *truth = NULL;
    cp_shares *shares = NULL;
    CP_TRY(cp_shares_make(ctx, r->base, r->history, &shares));
    CP_TRY(cp_forecast_truth(ctx, r->base, r->history, r->a->from, r->a->n_days, &truth));
    CP_NEW(ctx, ctx->run, r->truth, r->base->n_points);
    for (int32_t p = 0; p < r->base->n_points; p++)
        CP_TRY(cp_point_paths_make(ctx, ctx->run, r->base, truth, shares, p, 1, 1, &r->truth[p]));
    return CP_OK;
}

static cp_status run(cp_ctx *ctx, roll *r)
{
    cp_network *net = NULL;
    cp_history *history = NULL;
    CP_TRY(load(ctx, r->a, &net, &history));
    r->ctx = ctx;
    r->base = net;
    r->history = history;
    CP_TRY(true_paths(r));
    CP_NEW(ctx, ctx->run, r->stock, net->n_channels);
    CP_NEW(ctx, ctx->run, r->since, net->n_points);
    for (int32_t k = 0; k < net->n_channels; k++)
        r->stock[k] = net->channels[k].balance_notes;
    for (int32_t p = 0; p < net->n_points; p++)
        r->since[p] = net->points[p].days_since_visit;
    cp_status st = CP_OK;
    for (int32_t day = 0; st == CP_OK && day < r->a->n_days; day++) {
        cp_ctx today;
        st = cp_ctx_init(&today);
        if (st != CP_OK) return st;
        today.seed = r->a->seed;
        today.n_threads = r->a->n_threads;
        st = run_day(&today, r, day);
        if (st != CP_OK) ctx->error = today.error;
        cp_ctx_done(&today);
    }
    return st;
}

static void print_sum(const roll *r, double seconds)
{
    const totals *s = &r->sum;
    const double days = (double)r->base->n_points * r->a->n_days;
    printf("total %.2f = holding %.2f + visits %.2f + cars %.2f\n",
           (double)(s->hold + s->visit + s->cars) / 100.0, (double)s->hold / 100.0,
           (double)s->visit / 100.0, (double)s->cars / 100.0);
    printf("stops %" PRId64 "  drive %.2f min a stop  legs on estimated times %.1f %%\n", s->stops,
           s->drive_s / 60.0 / (double)(s->stops > 0 ? s->stops : 1),
           100.0 * (double)s->estimated / (double)(s->legs > 0 ? s->legs : 1));
    printf("machine-days over capacity %" PRId64 " (%.3f %%)  dry %" PRId64
           "  beyond the longest interval %" PRId64 "  left out %" PRId64 "  %.0f s\n",
           s->over, 100.0 * (double)s->over / days, s->dry, s->late, s->left_out, seconds);
}

static bool parse(int argc, char **argv, args *a)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--foresight") == 0) {
            a->foresight = true;
            continue;
        }
        if (strcmp(argv[i], "--steady") == 0) {
            a->steady = true;
            continue;
        }
        if (value == NULL) return false;
        i++;
        if (strcmp(argv[i - 1], "--db") == 0)
            a->db = value;
        else if (strcmp(argv[i - 1], "--executed") == 0)
            a->executed = value;
        else if (strcmp(argv[i - 1], "--days") == 0)
            a->n_days = atoi(value);
        else if (strcmp(argv[i - 1], "--threads") == 0)
            a->n_threads = atoi(value);
        else if (strcmp(argv[i - 1], "--work") == 0)
            a->work = atoll(value);
        else if (strcmp(argv[i - 1], "--first-work") == 0)
            a->first_work = atoll(value);
        else if (strcmp(argv[i - 1], "--guide") == 0)
            a->guide = atof(value);
        else if (strcmp(argv[i - 1], "--rent") == 0)
            a->rent = atof(value);
        else if (strcmp(argv[i - 1], "--seed") == 0)
            a->seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[i - 1], "--from") != 0 || !cp_day_parse(value, &a->from))
            return false;
    }
    return a->db != NULL && a->from != CP_DAY_NONE && a->n_days > 0 && a->n_threads > 0;
}

int main(int argc, char **argv)
{
    args a = {NULL, NULL, CP_DAY_NONE, 0, 2, 0, 0, -1.0, -1.0, 1, false, false};
    roll r;
    cp_ctx ctx;
    if (!parse(argc, argv, &a)) {
        fprintf(stderr, "bench_rolling: --db FILE --from DATE --days N [--work N] [--first-work N] "
                        "[--threads N] [--seed N] [--foresight] [--steady] [--guide F] [--rent F] "
                        "[--executed FILE]\n");
        return 2;
    }
    memset(&r, 0, sizeof r);
    r.a = &a;
    if (a.executed) {
        r.executed = fopen(a.executed, "w");
        if (r.executed == NULL) {
            fprintf(stderr, "bench_rolling: %s cannot be written\n", a.executed);
            return 1;
        }
        fprintf(r.executed, "day,car,stop,site_code,arrive_s,travel_s,estimated\n");
    }
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const double start = cp_now_s();
    cp_status st = run(&ctx, &r);
    if (st == CP_OK) print_sum(&r, cp_now_s() - start);
    if (st != CP_OK) fprintf(stderr, "bench_rolling: %s\n", ctx.error.text);
    if (r.executed && fclose(r.executed) != 0) st = CP_E_IO;
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}
