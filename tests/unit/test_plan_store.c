/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/plan_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/likeness_store.h"
#include "data/store/network_store.h"
#include "data/store/plan_dump.h"
#include "data/store/price_store.h"
#include "data/store/sql.h"
#include "models/net/network_build.h"
#include "tests/unit/export_plan.h"
#include "tests/unit/store_toy.h"

static char *dump(store_toy *toy, const cp_stored_plan *stored)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    assert_ok(&toy->ctx, cp_plan_store_dump(&toy->ctx, stored, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

/* A plan in memory with its bank in the store. */
static export_bank *prepare(store_toy *toy)
{
    export_bank *bank = export_bank_make(&toy->ctx, 25, 7, false);
    store_open(toy);
    assert_ok(&toy->ctx, cp_network_save(&toy->ctx, toy->db, &bank->net->rows, "test", NULL));
    return bank;
}

static void a_plan_comes_back_as_it_was(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_stored_plan *stored = NULL;
    int64_t id = 0, latest = 0;
    cp_db_set_user(toy->db, "Li");
    assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id));
    assert_ok(ctx, cp_plan_store_load(ctx, toy->db, id, &stored));
    const cp_stored_plan made = {.plan = bank->plan, .record = bank->record, .net = bank->net};
    char *before = dump(toy, &made), *after = dump(toy, stored);
    assert_string_equal(before, after);
    assert_true(strlen(before) > 1000);
    free(before);
    free(after);
    assert_string_equal(stored->made_by, "Li");
    assert_int_equal(stored->plan_id, id);
    assert_int_equal(stored->plan->n_visits, bank->plan->n_visits);
    assert_ok(ctx, cp_plan_store_latest(ctx, toy->db, bank->plan->first_day, &latest));
    assert_int_equal(latest, id);
    assert_ok(ctx, cp_plan_store_latest(ctx, toy->db, bank->plan->first_day + 1, &latest));
    assert_int_equal(latest, 0);
    assert_ok(ctx, cp_db_verify(ctx, toy->db));
}

/* The prices to start from are those of the latest plan of an earlier day that reaches the day. */
static void prices_are_of_the_day_before(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_limit_prices *found = NULL;
    cp_plan *plan = bank->plan;
    const cp_day first = plan->first_day;
    int64_t id[3] = {0};
    int32_t n_priced = 0;
    for (int32_t i = 0; i < plan->n_limits; i++)
        n_priced += plan->limits[i].dual_minor > 0.0 && cp_limit_is_shared(plan->limits[i].kind);
    assert_true(n_priced > 0);
    assert_ok(ctx, cp_price_store_before(ctx, toy->db, first + 1, &found));
    assert_int_equal(found->plan_id, 0);
    for (int32_t i = 0; i < 3; i++) { /* two good ones, then one that was refused */
        bank->record->status = i < 2 ? CP_PLAN_PROPOSED : CP_PLAN_REFUSED;
        assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, plan, bank->record, &id[i]));
    }
    const struct {
        int32_t day; /* after the plans' first one */
        bool found;
    } cases[] = {
        {0, false}, {1, true}, {plan->n_days - 1, true}, {plan->n_days, false}, {-1, false}};
    for (int32_t i = 0; i < LEN(cases); i++) {
        assert_ok(ctx, cp_price_store_before(ctx, toy->db, first + cases[i].day, &found));
        assert_int_equal(found->plan_id, cases[i].found ? id[1] : 0);
        assert_int_equal(found->n, cases[i].found ? n_priced : 0);
    }
    assert_ok(ctx, cp_price_store_before(ctx, toy->db, first + 1, &found));
    assert_int_equal(found->first_day, first);
    assert_int_equal(found->n_days, plan->n_days);
    for (int32_t i = 0, k = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->dual_minor <= 0.0 || !cp_limit_is_shared(l->kind)) continue;
        const cp_limit_price *price = &found->price[k++];
        assert_int_equal(price->kind, l->kind);
        assert_int_equal(price->day, first + l->t);
        assert_string_equal(price->vault_code, bank->net->vaults[l->vault].code);
        assert_string_equal(price->item_code, l->item < 0 ? ""
                                              : l->kind == CP_LIMIT_VAULT_STOCK
                                                  ? bank->net->denoms[l->item].code
                                                  : bank->net->models[l->item].code);
        assert_true(price->price_minor >= l->dual_minor && price->price_minor <= l->dual_minor);
    }
}

static void a_second_person_approves(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_stored_plan *stored = NULL;
    int64_t id = 0;
    cp_db_set_user(toy->db, "Li");
    assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id));
    const bool may =
        bank->record->status == CP_PLAN_PROPOSED || bank->record->status == CP_PLAN_PROPOSED_RELIEF;
    assert_fails(ctx, CP_E_INPUT, cp_plan_store_approve(ctx, toy->db, id + 1, "Wang"));
    assert_fails(ctx, CP_E_INPUT, cp_plan_store_approve(ctx, toy->db, id, "Li"));
    if (!may) return;
    assert_ok(ctx, cp_plan_store_approve(ctx, toy->db, id, "Wang"));
    assert_fails(ctx, CP_E_INPUT, cp_plan_store_approve(ctx, toy->db, id, "Chen"));
    assert_ok(ctx, cp_plan_store_load(ctx, toy->db, id, &stored));
    assert_int_equal(stored->record->status, CP_PLAN_APPROVED);
    assert_string_equal(stored->approved_by, "Wang");
}

/* Routes of plan `plan` on its day t stand on day t - 2 of a plan that begins two days later. */
static void compare_drives(const cp_plan *plan, const cp_drives *d)
{
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *r = &plan->routes[i];
        if (r->t > 1) continue;
        assert_true(n < d->n_routes);
        const cp_plan_route *got = &d->routes[n++];
        assert_int_equal(got->t, r->t - 2);
        assert_int_equal(got->vault, r->vault);
        assert_int_equal(got->n_stops, r->n_stops);
        for (int32_t k = 0; k < r->n_stops; k++) {
            const cp_plan_stop *a = &plan->stops[r->first_stop + k];
            const cp_plan_stop *b = &d->stops[got->first_stop + k];
            assert_int_equal(a->site, b->site);
            assert_int_equal(a->trip, b->trip);
            assert_int_equal(a->arrive_min, b->arrive_min);
        }
    }
    assert_int_equal(n, d->n_routes);
    assert_true(n > 0);
}

static void routes_of_approved_plans_are_looked_back_at(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_network later = *bank->net;
    cp_drives *d = NULL;
    int64_t id[3] = {0};
    later.first_day += 2;
    for (int32_t i = 0; i < 3; i++) {
        bank->record->status = i < 2 ? CP_PLAN_APPROVED : CP_PLAN_PROPOSED;
        if (i == 0) bank->plan->first_day -= 1; /* an older one, which the next replaces */
        if (i == 1) bank->plan->first_day += 1;
        if (i == 1) {
            assert_ok(ctx, cp_drives_load(ctx, toy->db, &later, 2, &d));
            assert_true(d->n_routes == 0 || d->routes[0].t >= -2);
        }
        assert_ok(ctx,
                  cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id[i]));
    }
    assert_ok(ctx, cp_drives_load(ctx, toy->db, &later, 2, &d));
    compare_drives(bank->plan, d);
    const uint64_t hash = cp_drives_hash(1, &later, d);
    assert_ok(ctx, cp_drives_load(ctx, toy->db, &later, 0, &d));
    assert_int_equal(d->n_routes, 0);
    assert_true(cp_drives_hash(1, &later, d) != hash);
}

static void likeness_comes_back_as_it_was(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_stored_plan *stored = NULL;
    cp_plan_likeness rows[2] = {{0, 0, 3, -2, 9, 0, -1, -1, -1, 0, 0, 40, 0, 7},
                                {1, 0, 4, 0, 9, 5, 1, 2, 3, 555556, 100, 40, 16, 7}};
    int64_t id = 0;
    bank->plan->likeness = rows;
    bank->plan->n_likeness = 2;
    assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id));
    assert_ok(ctx, cp_plan_store_load(ctx, toy->db, id, &stored));
    assert_int_equal(stored->plan->n_likeness, 2);
    const cp_stored_plan made = {.plan = bank->plan, .record = bank->record, .net = bank->net};
    char *before = dump(toy, &made), *after = dump(toy, stored);
    assert_non_null(strstr(before, "\nlikeness "));
    assert_string_equal(before, after);
    assert_int_equal(stored->plan->likeness[1].price_minor, 7);
    free(before);
    free(after);
    assert_ok(ctx, cp_sql_exec(ctx, toy->db, "UPDATE plan_likeness SET likeness_ppm = 1000001"));
    assert_fails(ctx, CP_E_IO, cp_plan_store_load(ctx, toy->db, id, &stored));
    assert_ok(ctx, cp_sql_exec(ctx, toy->db,
                               "UPDATE plan_likeness SET likeness_ppm = 0, vault_code = 'X'"
                               " WHERE n_common = 0"));
    assert_fails(ctx, CP_E_IO, cp_plan_store_load(ctx, toy->db, id, &stored));
}

static void bounds_come_back_as_they_were(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_stored_plan *stored = NULL;
    cp_plan_route_bound rows[] = {{0, 0, 9, 2, 1000, CP_BOUND_KNOWN, 901, 0.099, false},
                                  {1, 0, 4, 1, 500, CP_BOUND_KNOWN, 500, 0.0, true},
                                  {2, 0, 140, 7, 9000, CP_NO_BOUND_STOPS, 0, 0.0, false}};
    int64_t id = 0;
    bank->plan->bounds = rows;
    bank->plan->n_bounds = LEN(rows);
    assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id));
    assert_ok(ctx, cp_plan_store_load(ctx, toy->db, id, &stored));
    assert_int_equal(stored->plan->n_bounds, LEN(rows));
    for (int32_t i = 0; i < LEN(rows); i++) {
        const cp_plan_route_bound *a = &rows[i], *b = &stored->plan->bounds[i];
        assert_true(a->t == b->t && a->vault == b->vault && a->n_stops == b->n_stops &&
                    a->n_routes == b->n_routes && a->routed_minor == b->routed_minor &&
                    a->why == b->why && a->bound_minor == b->bound_minor &&
                    !(a->gap < b->gap || a->gap > b->gap) && a->proven == b->proven);
    }
    const cp_stored_plan made = {.plan = bank->plan, .record = bank->record, .net = bank->net};
    char *before = dump(toy, &made), *after = dump(toy, stored);
    assert_non_null(strstr(before, " cost 500 bound 500 gap 0 proven\n"));
    assert_non_null(strstr(before, " cost 9000 no bound: stops\n"));
    assert_string_equal(before, after);
    free(before);
    free(after);
    static const char *const damages[] = {
        "UPDATE plan_route_bound SET no_bound = 'else' WHERE n_stops = 140",
        "UPDATE plan_route_bound SET no_bound = 'work', gap = NULL, bound_minor = NULL,"
        " n_routes = 200",
        "UPDATE plan_route_bound SET n_routes = 1, vault_code = 'X'"};
    for (int32_t k = 0; k < LEN(damages); k++) {
        assert_ok(ctx, cp_sql_exec(ctx, toy->db, damages[k]));
        assert_fails(ctx, CP_E_IO, cp_plan_store_load(ctx, toy->db, id, &stored));
    }
}

/* A refused plan is kept, but never taken for the latest. */
static void refused_plans_are_not_the_latest(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    cp_stored_plan *stored = NULL;
    int64_t id = 0, latest = -1;
    bank->record->status = CP_PLAN_REFUSED;
    assert_ok(ctx, cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id));
    assert_ok(ctx, cp_plan_store_latest(ctx, toy->db, CP_DAY_NONE, &latest));
    assert_int_equal(latest, 0);
    assert_fails(ctx, CP_E_INPUT, cp_plan_store_load(ctx, toy->db, 0, &stored));
    assert_ok(ctx, cp_plan_store_load(ctx, toy->db, id, &stored));
    assert_int_equal(stored->record->status, CP_PLAN_REFUSED);
}

/* Any failing allocation leaves no half of a plan. */
static void saving_without_memory(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    export_bank *bank = prepare(toy);
    int64_t id = 0, n = -1;
    for (long k = 1; k < 100000; k += 1 + k / 50) {
        cp_arena_fail_at(k);
        const cp_status st =
            cp_plan_store_save(ctx, toy->db, bank->net, bank->plan, bank->record, &id);
        cp_arena_fail_at(0);
        if (st == CP_OK) break;
        assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(ctx);
        assert_ok(ctx, cp_sql_int(ctx, toy->db,
                                  "SELECT (SELECT count(*) FROM plan) + (SELECT count(*) FROM"
                                  " plan_visit) + (SELECT count(*) FROM plan_cost)",
                                  &n));
        assert_int_equal(n, 0);
    }
    assert_true(id > 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
    const struct CMUnitTest tests[] = {
        T(a_plan_comes_back_as_it_was),   T(prices_are_of_the_day_before),
        T(a_second_person_approves),      T(refused_plans_are_not_the_latest),
        T(saving_without_memory),         T(routes_of_approved_plans_are_looked_back_at),
        T(likeness_comes_back_as_it_was), T(bounds_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
