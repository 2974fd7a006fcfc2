/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Road times kept in the database: the same travel with and without them, and only while they fit.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "data/store/network_store.h"
#include "data/store/road_store.h"
#include "data/store/schema.h"
#include "data/store/sql.h"
#include "models/net/network_build.h"
#include "tests/unit/net_bank.h"
#include "tests/unit/store_toy.h"

/* Fractions of seconds, an observed pair, a factor, a stop without a way. */
static void road_rows(cp_ctx *ctx, cp_rows *rows)
{
    static const cp_road_node nodes[] = {
        {"N1", 30.82, 117.58},   {"N2", 30.91, 117.71}, {"N3", 30.793, 117.634},
        {"N4", 30.8801, 117.69}, {"N6", 30.80, 117.60}, {"N7", 30.90, 117.70},
        {"N8", 30.5, 117.5},
    };
    static const cp_road_link links[] = {
        {"N6", "N1", 3001, 59, -1, -1}, {"N1", "N6", 3001, 31, -1, -1},
        {"N1", "N3", 6007, 0, -1, -1},  {"N3", "N2", 1003, 37, -1, -1},
        {"N2", "N7", 1711, 43, -1, -1}, {"N7", "N4", 2111, 0, -1, -1},
        {"N4", "N6", 9001, 61, -1, -1},
    };
    bank_rows(ctx, rows);
    memcpy(bank_add(ctx, rows, CP_ENTITY_ROAD_NODE, LEN(nodes)), nodes, sizeof nodes);
    memcpy(bank_add(ctx, rows, CP_ENTITY_ROAD_LINK, LEN(links)), links, sizeof links);
    cp_travel_pair *pair = bank_add(ctx, rows, CP_ENTITY_TRAVEL_PAIR, 1);
    *pair = (cp_travel_pair){"S-1", "S-4", 100, 900, false};
    bank_set(ctx, bank_add(ctx, rows, CP_ENTITY_SETTING, 1), CP_ENTITY_SETTING, "key",
             "overload_factor");
    bank_set(ctx, &rows->setting[rows->n_setting - 1], CP_ENTITY_SETTING, "value", "1.137");
    rows->site[4].road_node_code = "N8";
}

static const cp_network *build(cp_ctx *ctx, const cp_rows *rows, const cp_road_legs *legs)
{
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build_with_roads(ctx, rows, BANK_DAY, 0, legs, &net, NULL));
    return net;
}

static void assert_same_travel(const cp_network *a, const cp_network *b)
{
    assert_int_equal(a->travel.n, b->travel.n);
    assert_int_equal(a->travel.n_unreachable, b->travel.n_unreachable);
    assert_int_equal(a->travel.n_estimated, b->travel.n_estimated);
    for (int32_t i = 0; i < a->travel.n; i++)
        for (int32_t j = 0; j < a->travel.n; j++) {
            assert_int_equal(cp_travel_s(a, i, j), cp_travel_s(b, i, j));
            assert_int_equal(cp_travel_m(a, i, j), cp_travel_m(b, i, j));
            assert_int_equal(cp_travel_estimated(a, i, j), cp_travel_estimated(b, i, j));
        }
}

/* Through the database and back. */
static cp_road_legs *kept(store_toy *toy, const cp_rows *rows)
{
    cp_road_legs *legs = NULL;
    assert_ok(&toy->ctx, cp_network_roads(&toy->ctx, rows, NULL, &legs));
    assert_non_null(legs);
    assert_int_equal(legs->n, 7 * 6);
    assert_ok(&toy->ctx, cp_roads_save(&toy->ctx, toy->db, legs));
    assert_ok(&toy->ctx, cp_roads_load(&toy->ctx, toy->db, &legs));
    assert_non_null(legs);
    return legs;
}

static void travel_is_the_same_with_kept_legs(void **state)
{
    store_toy *toy = *state;
    cp_rows rows;
    road_rows(&toy->ctx, &rows);
    store_open(toy);
    const cp_road_legs *legs = kept(toy, &rows);
    const cp_network *without = build(&toy->ctx, &rows, NULL);
    const cp_network *with = build(&toy->ctx, &rows, legs);
    assert_int_equal(without->travel.roads, CP_ROADS_MADE);
    assert_int_equal(with->travel.roads, CP_ROADS_STORED);
    assert_true(with->travel.n_unreachable > 0);
    assert_same_travel(without, with);
    /* The overload factor is applied afterwards: kept legs stay good when it changes. */
    rows.setting[rows.n_setting - 1].value = "1.3";
    with = build(&toy->ctx, &rows, legs);
    assert_int_equal(with->travel.roads, CP_ROADS_STORED);
    assert_same_travel(build(&toy->ctx, &rows, NULL), with);
}

/* Kept legs are really what is used: other figures with the same hash show in the travel. */
static void kept_legs_are_used(void **state)
{
    store_toy *toy = *state;
    cp_rows rows;
    road_rows(&toy->ctx, &rows);
    store_open(toy);
    (void)kept(toy, &rows);
    cp_road_legs *legs = NULL;
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db,
                                     "UPDATE road_leg SET seconds = 1000, metres = 7 WHERE"
                                     " from_code = 'V-1' AND to_code = 'S-1'"));
    assert_ok(&toy->ctx, cp_roads_load(&toy->ctx, toy->db, &legs));
    const cp_network *net = build(&toy->ctx, &rows, legs);
    assert_int_equal(cp_travel_s(net, 5, 0), 1137);
    assert_int_equal(cp_travel_m(net, 5, 0), 7);
    /* A table that lost a row is of no use. */
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db,
                                     "DELETE FROM road_leg WHERE from_code = 'V-1'"
                                     " AND to_code = 'S-1'"));
    assert_ok(&toy->ctx, cp_roads_load(&toy->ctx, toy->db, &legs));
    assert_null(legs);
}

static void a_link(cp_rows *r)
{
    r->road_link[0].length_m += 1;
}
static void a_speed(cp_rows *r)
{
    r->road_link[1].speed_kmh = 30;
}
static void a_node(cp_rows *r)
{
    r->road_node[2].lat_deg += 0.001;
}
static void a_site(cp_rows *r)
{
    r->site[0].lon_deg += 0.001;
}
static void a_site_code(cp_rows *r)
{
    for (int32_t i = 0; i < r->n_site; i++)
        if (strcmp(r->site[i].code, "S-5") == 0) r->site[i].road_node_code = "N1";
}
static void a_vault(cp_rows *r)
{
    r->vault[0].lat_deg += 0.001;
}
static void a_link_less(cp_rows *r)
{
    r->n_road_link--;
}
static void the_speed(cp_rows *r)
{
    r->setting[r->n_setting - 1] = (cp_setting_row){"road_speed_kmh", "33"};
}

static void other_inputs_do_not_fit(void **state)
{
    static void (*const change[])(cp_rows *) = {a_link,      a_speed, a_node,      a_site,
                                                a_site_code, a_vault, a_link_less, the_speed};
    store_toy *toy = *state;
    store_open(toy);
    for (int32_t i = 0; i < LEN(change); i++) {
        cp_rows rows;
        road_rows(&toy->ctx, &rows);
        const cp_road_legs *legs = kept(toy, &rows);
        cp_road_legs *other = NULL;
        assert_ok(&toy->ctx, cp_network_roads(&toy->ctx, &rows, &legs->inputs, &other));
        assert_null(other); /* nothing to do */
        change[i](&rows);
        const cp_network *net = build(&toy->ctx, &rows, legs);
        if (net->travel.roads != CP_ROADS_STALE) fail_msg("change %d is not noticed", (int)i);
        assert_same_travel(build(&toy->ctx, &rows, NULL), net);
        assert_ok(&toy->ctx, cp_network_roads(&toy->ctx, &rows, &legs->inputs, &other));
        assert_non_null(other);
    }
}

/* Rows of what legs do not hang on leave them alone. */
static void other_rows_do_not_matter(void **state)
{
    store_toy *toy = *state;
    cp_rows rows;
    road_rows(&toy->ctx, &rows);
    store_open(toy);
    const cp_road_legs *legs = kept(toy, &rows);
    rows.n_travel_pair = 0;
    rows.n_balance = 0;
    rows.car[0].insured_minor += 1;
    assert_int_equal(build(&toy->ctx, &rows, legs)->travel.roads, CP_ROADS_STORED);
}

static void a_code_of_two_places_has_no_leg(void **state)
{
    store_toy *toy = *state;
    cp_rows rows;
    cp_road_legs *legs = NULL;
    road_rows(&toy->ctx, &rows);
    rows.n_travel_pair = 0;
    cp_site *site = bank_add(&toy->ctx, &rows, CP_ENTITY_SITE, 1);
    *site = rows.site[0];
    site->code = "V-1";
    site->lat_deg += 0.01;
    assert_fails(&toy->ctx, CP_E_INPUT, cp_network_roads(&toy->ctx, &rows, NULL, &legs));
    assert_null(legs);
    assert_int_equal(build(&toy->ctx, &rows, NULL)->travel.roads, CP_ROADS_MADE);
}

/* A failing write leaves the legs that were there. */
static void a_failed_write_leaves_the_old_legs(void **state)
{
    store_toy *toy = *state;
    cp_rows rows;
    cp_road_legs *legs = NULL;
    road_rows(&toy->ctx, &rows);
    store_open(toy);
    const uint64_t before = kept(toy, &rows)->inputs;
    a_link(&rows);
    assert_ok(&toy->ctx, cp_network_roads(&toy->ctx, &rows, NULL, &legs));
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db,
                                     "CREATE TRIGGER t BEFORE INSERT ON road_leg"
                                     " WHEN new.from_code = 'S-3'"
                                     " BEGIN SELECT raise(ABORT, 'no'); END"));
    assert_fails(&toy->ctx, CP_E_INPUT, cp_roads_save(&toy->ctx, toy->db, legs));
    assert_ok(&toy->ctx, cp_roads_load(&toy->ctx, toy->db, &legs));
    assert_non_null(legs);
    assert_true(legs->inputs == before);
    assert_int_equal(legs->n, 7 * 6);
}

/* A database of version 1, with rows in it, is brought up to date and keeps them. */
static void version_1_is_migrated(void **state)
{
    store_toy *toy = *state;
    sqlite3 *old = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s", store_path(toy, "t.db"));
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old, cp_schema_steps[0], NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old,
                                  "PRAGMA application_id = 0x4350504C; PRAGMA user_version = 1;"
                                  "INSERT INTO setting (key, value) VALUES ('horizon_days', '9')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(old);
    assert_fails(&toy->ctx, CP_E_IO, cp_db_open(&toy->ctx, path, CP_DB_READ, &toy->db));
    toy->db = NULL;
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, path, CP_DB_WRITE, &toy->db));
    int64_t n = -1;
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, "PRAGMA user_version", &n));
    assert_int_equal(n, cp_db_schema_version());
    assert_true(n >= 2);
    assert_ok(&toy->ctx,
              cp_sql_int(&toy->ctx, toy->db, "SELECT count(*) FROM setting WHERE value = '9'", &n));
    assert_int_equal(n, 1);
    cp_road_legs *legs = NULL;
    assert_ok(&toy->ctx, cp_roads_load(&toy->ctx, toy->db, &legs));
    assert_null(legs);
    cp_rows rows;
    road_rows(&toy->ctx, &rows);
    assert_non_null(kept(toy, &rows));
}

#define T(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(travel_is_the_same_with_kept_legs),
        T(kept_legs_are_used),
        T(other_inputs_do_not_fit),
        T(other_rows_do_not_matter),
        T(a_code_of_two_places_has_no_leg),
        T(a_failed_write_leaves_the_old_legs),
        T(version_1_is_migrated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
