/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/network_build.h"
#include "models/net/travel.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

#define NODES 12

static void great_circles_have_known_lengths(void **state)
{
    (void)state;
    assert_true(fabs(cp_circle_m(0, 0, 0, 180) - 3.14159265358979 * 6371008.8) < 1);
    assert_true(fabs(cp_circle_m(0, 0, 1, 0) - 111195.08) < 0.1);
    /* London - Paris, 51.5007 N 0.1246 W to 48.8584 N 2.2945 E: about 340.5 km. */
    assert_true(fabs(cp_circle_m(51.5007, -0.1246, 48.8584, 2.2945) - 340500) < 500);
    assert_true(cp_circle_m(10, 20, 10, 20) < 1e-9);
}

static void without_any_travel_data_all_is_estimated(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const cp_network *net = bank_build(&ctx, &rows);
    assert_int_equal(net->travel.source, CP_TRAVEL_CIRCLE);
    assert_int_equal(net->travel.n_pairs, 7 * 6);
    assert_int_equal(net->travel.n_estimated, 7 * 6);
    const double m = cp_circle_m(net->sites[0].lat_deg, net->sites[0].lon_deg,
                                 net->sites[3].lat_deg, net->sites[3].lon_deg);
    assert_int_equal(cp_travel_m(net, 0, 3), (int32_t)floor(m * 1.4 + 0.5));
    assert_int_equal(cp_travel_s(net, 0, 3), (int32_t)ceil(m * 1.4 * 3.6 / 25 - 1e-9));
    assert_int_equal(cp_travel_s(net, 0, 3), cp_travel_far_s(net, 0, 3));
    assert_int_equal(cp_travel_s(net, 2, 2), 0);
    assert_true(cp_travel_estimated(net, 0, 3));
    cp_ctx_done(&ctx);
}

static void observed_pairs_are_kept_and_the_rest_estimated(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_travel_pair *pair = bank_add(&ctx, &rows, CP_ENTITY_TRAVEL_PAIR, 4);
    pair[0] = (cp_travel_pair){"S-1", "S-4", 100, 900, false};
    pair[1] = (cp_travel_pair){"V-1", "S-1", 600, -1, false};
    pair[2] = (cp_travel_pair){"S-1", "V-1", -1, -1, false};
    pair[3] = (cp_travel_pair){"S-2", "S-1", 300, 2000, true};
    cp_setting_row *setting = bank_add(&ctx, &rows, CP_ENTITY_SETTING, 2);
    setting[0] = (cp_setting_row){"overload_factor", "1.1"};
    setting[1] = (cp_setting_row){"estimate_factor", "2"};
    const cp_network *net = bank_build(&ctx, &rows);
    assert_int_equal(net->travel.source, CP_TRAVEL_PAIRS);
    assert_int_equal(cp_travel_s(net, 0, 3), 110);
    assert_int_equal(cp_travel_m(net, 0, 3), 900);
    assert_false(cp_travel_estimated(net, 0, 3));
    assert_int_equal(cp_travel_s(net, 5, 0), 660);
    assert_true(cp_travel_m(net, 5, 0) > 0);
    assert_int_equal(cp_travel_s(net, 0, 5), -1);  /* asymmetric, no way back */
    assert_int_equal(cp_travel_s(net, 1, 0), 660); /* 300 x 1.1 x 2: itself an estimate */
    assert_true(cp_travel_estimated(net, 1, 0));
    assert_true(cp_travel_estimated(net, 3, 0)); /* the other direction was not observed */
    assert_int_equal(net->travel.n_unreachable, 1);
    assert_int_equal(net->travel.n_estimated, 7 * 6 - 3);
    cp_ctx_done(&ctx);
}

static void a_law_is_fitted_from_enough_pairs(void **state)
{
    (void)state;
    double km[200], minutes[200];
    for (int i = 0; i < 200; i++) {
        km[i] = 0.3 + 0.1 * i;
        minutes[i] = 4.0 * pow(km[i], 0.7);
    }
    double a = 0, b = 0;
    assert_true(cp_travel_fit(km, minutes, 200, &a, &b));
    assert_true(fabs(a - 4.0) < 1e-9 && fabs(b - 0.7) < 1e-9);
    assert_false(cp_travel_fit(km, minutes, CP_TRAVEL_FIT_MIN - 1, &a, &b));
    for (int i = 0; i < 200; i++)
        km[i] = 1;
    assert_false(cp_travel_fit(km, minutes, 200, &a, &b));
}

/* All pairs but one are given by a law: the missing one is estimated by the same law. */
static void the_missing_pair_follows_the_law_of_the_others(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const cp_network *net = bank_build(&ctx, &rows);
    const int32_t n = net->travel.n;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            if (i == j || (i == 0 && j == 1)) continue;
            const double la = i < 5 ? net->sites[i].lat_deg : net->vaults[i - 5].lat_deg;
            const double oa = i < 5 ? net->sites[i].lon_deg : net->vaults[i - 5].lon_deg;
            const double lb = j < 5 ? net->sites[j].lat_deg : net->vaults[j - 5].lat_deg;
            const double ob = j < 5 ? net->sites[j].lon_deg : net->vaults[j - 5].lon_deg;
            cp_travel_pair *pair = bank_add(&ctx, &rows, CP_ENTITY_TRAVEL_PAIR, 1);
            pair->from_code = i < 5 ? net->sites[i].code : net->vaults[i - 5].code;
            pair->to_code = j < 5 ? net->sites[j].code : net->vaults[j - 5].code;
            pair->seconds =
                (int32_t)(60 * 6.0 * pow(cp_circle_m(la, oa, lb, ob) / 1000, 0.8) + 0.5);
        }
    const double m = cp_circle_m(net->sites[0].lat_deg, net->sites[0].lon_deg,
                                 net->sites[1].lat_deg, net->sites[1].lon_deg);
    const cp_network *full = bank_build(&ctx, &rows);
    assert_true(cp_travel_estimated(full, 0, 1));
    assert_int_equal(full->travel.n_estimated, 1);
    assert_true(fabs(cp_travel_s(full, 0, 1) - 60 * 6.0 * pow(m / 1000, 0.8)) < 3);
    cp_ctx_done(&ctx);
}

static void a_pair_of_an_unknown_place_is_refused(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_travel_pair *pair = bank_add(&ctx, &rows, CP_ENTITY_TRAVEL_PAIR, 1);
    *pair = (cp_travel_pair){"S-1", "S-44", 100, 900, false};
    cp_network *net = NULL;
    assert_int_equal(cp_network_build(&ctx, &rows, BANK_DAY, 0, &net, NULL), CP_E_INPUT);
    assert_non_null(strstr(ctx.error.text, "'S-44' is no site and no vault"));
    cp_ctx_done(&ctx);
}

static void floyd_warshall(const cp_graph *g, double d[NODES][NODES])
{
    for (int32_t i = 0; i < NODES; i++)
        for (int32_t j = 0; j < NODES; j++)
            d[i][j] = i == j ? 0 : INFINITY;
    for (int32_t i = 0; i < NODES; i++)
        for (int32_t e = g->first[i]; e < g->first[i + 1]; e++)
            if (g->seconds[e] < d[i][g->to[e]]) d[i][g->to[e]] = g->seconds[e];
    for (int32_t k = 0; k < NODES; k++)
        for (int32_t i = 0; i < NODES; i++)
            for (int32_t j = 0; j < NODES; j++)
                if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
}

static void shortest_times_agree_with_floyd_warshall(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        cp_rng rng = cp_rng_new(seed, 0);
        int32_t first[NODES + 1] = {0}, to[200];
        double seconds[200], metres[200], d[NODES][NODES], s[NODES], m[NODES];
        int32_t n = 0;
        for (int32_t v = 0; v < NODES; v++) {
            const int32_t links = (int32_t)cp_rng_below(&rng, 5);
            for (int32_t k = 0; k < links; k++) {
                to[n] = (int32_t)cp_rng_below(&rng, NODES);
                seconds[n] = (double)cp_rng_below(&rng, 20); /* zero and equal times occur */
                metres[n] = 10 * seconds[n];
                n++;
            }
            first[v + 1] = n;
        }
        const cp_graph g = {NODES, first, to, seconds, metres};
        floyd_warshall(&g, d);
        for (int32_t v = 0; v < NODES; v++) {
            assert_ok(&ctx, cp_graph_shortest(&ctx, &g, v, s, m));
            for (int32_t w = 0; w < NODES; w++) {
                assert_true(isinf(d[v][w]) ? isinf(s[w]) : fabs(d[v][w] - s[w]) < 1e-9);
                if (!isinf(s[w])) assert_true(fabs(m[w] - 10 * s[w]) < 1e-6);
            }
        }
    }
    cp_ctx_done(&ctx);
}

static void add_node(cp_ctx *ctx, cp_rows *rows, const char *code, double lat, double lon)
{
    cp_road_node *node = bank_add(ctx, rows, CP_ENTITY_ROAD_NODE, 1);
    *node = (cp_road_node){code, lat, lon};
}

static void add_link(cp_ctx *ctx, cp_rows *rows, const char *a, const char *b, double m, double kmh)
{
    cp_road_link *link = bank_add(ctx, rows, CP_ENTITY_ROAD_LINK, 1);
    *link = (cp_road_link){a, b, m, kmh, -1, -1};
}

/* Four sites and both vaults lie on nodes; S-5 lies on a node without links. */
static void roads_give_times_and_say_where_there_is_no_way(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    add_node(&ctx, &rows, "N1", 30.82, 117.58); /* S-1 */
    add_node(&ctx, &rows, "N2", 30.91, 117.71); /* S-2 */
    add_node(&ctx, &rows, "N3", 30.79, 117.63); /* S-3 */
    add_node(&ctx, &rows, "N4", 30.88, 117.69); /* S-4 */
    add_node(&ctx, &rows, "N5", 30.81, 117.61); /* S-5 */
    add_node(&ctx, &rows, "N6", 30.80, 117.60); /* V-1 */
    add_node(&ctx, &rows, "N7", 30.90, 117.70); /* V-2 */
    add_link(&ctx, &rows, "N6", "N1", 3000, 60);
    add_link(&ctx, &rows, "N1", "N6", 3000, 30);
    add_link(&ctx, &rows, "N1", "N3", 6000, 0);  /* 30 km/h by setting: 720 s */
    add_link(&ctx, &rows, "N1", "N3", 7000, 60); /* longer and quicker: 420 s */
    add_link(&ctx, &rows, "N3", "N2", 1000, 36);
    const cp_network *net = bank_build(&ctx, &rows);
    assert_int_equal(net->travel.source, CP_TRAVEL_ROADS);
    assert_int_equal(cp_travel_s(net, 5, 0), 180);
    assert_int_equal(cp_travel_s(net, 0, 5), 360);
    assert_int_equal(cp_travel_s(net, 0, 2), 420);
    assert_int_equal(cp_travel_m(net, 0, 2), 7000);
    assert_int_equal(cp_travel_s(net, 5, 1), 180 + 420 + 100);
    assert_int_equal(cp_travel_s(net, 4, 5), -1);
    assert_int_equal(cp_travel_m(net, 4, 5), -1);
    assert_false(cp_travel_estimated(net, 0, 2));
    assert_int_equal(net->travel.n_estimated, 0);
    assert_true(net->travel.n_unreachable > 0);
    cp_ctx_done(&ctx);
}

/* The nearest node found by latitude is the nearest of all. */
static void connectors_start_at_the_nearest_node(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rng rng = cp_rng_new(5, 0);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_road_node *nodes = bank_add(&ctx, &rows, CP_ENTITY_ROAD_NODE, 300);
    for (int32_t v = 0; v < 300; v++) {
        nodes[v].code = cp_strf(&ctx, ctx.run, "N%03d", (int)v);
        nodes[v].lat_deg = 30.7 + 0.3 * cp_rng_unit(&rng);
        nodes[v].lon_deg = 117.5 + 0.3 * cp_rng_unit(&rng);
    }
    for (int32_t v = 0; v < 300; v++) {
        cp_road_link *link = bank_add(&ctx, &rows, CP_ENTITY_ROAD_LINK, 1);
        *link = (cp_road_link){nodes[v].code, nodes[(v + 1) % 300].code, 0, 36, -1, -1};
    }
    const cp_network *net = bank_build(&ctx, &rows);
    for (int32_t i = 0; i < net->n_sites; i++)
        for (int32_t j = 0; j < net->n_sites; j++) {
            double ends = 0;
            for (int32_t k = 0; k < 2; k++) {
                const cp_site *s = &net->sites[k == 0 ? i : j];
                double best = INFINITY;
                for (int32_t v = 0; v < 300; v++)
                    best = fmin(best, cp_circle_m(s->lat_deg, s->lon_deg, nodes[v].lat_deg,
                                                  nodes[v].lon_deg));
                ends += best;
            }
            if (i != j) assert_true(abs(cp_travel_m(net, i, j) - (int32_t)floor(ends + 0.5)) <= 1);
        }
    cp_ctx_done(&ctx);
}

/* Above CP_TRAVEL_ONE_BLOCK_MAX stops a pair of two zones is worked out when asked. */
static void large_networks_are_kept_by_zone(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const int32_t more = CP_TRAVEL_ONE_BLOCK_MAX;
    cp_site *sites = bank_add(&ctx, &rows, CP_ENTITY_SITE, more);
    for (int32_t i = 0; i < more; i++) {
        sites[i].code = cp_strf(&ctx, ctx.run, "T-%05d", (int)i);
        sites[i].lat_deg = 30.5 + 0.0001 * i;
        sites[i].lon_deg = 117.3 + 0.0001 * (i % 997);
        sites[i].vault_code = i % 3 == 0 ? "V-2" : "V-1";
    }
    const cp_network *net = bank_build(&ctx, &rows);
    assert_int_equal(net->travel.n_blocks, 2);
    int64_t cells = 0;
    for (int32_t k = 0; k < 2; k++)
        cells += (int64_t)net->travel.blocks[k].width * net->travel.blocks[k].width;
    assert_true(cells < (int64_t)net->travel.n * net->travel.n * 6 / 10);
    cp_rng rng = cp_rng_new(1, 0);
    for (int32_t k = 0; k < 2000; k++) {
        const int32_t a = (int32_t)cp_rng_below(&rng, (uint32_t)net->travel.n);
        const int32_t b = (int32_t)cp_rng_below(&rng, (uint32_t)net->travel.n);
        if (a == b) continue;
        assert_int_equal(cp_travel_s(net, a, b), cp_travel_far_s(net, a, b));
        assert_int_equal(cp_travel_m(net, a, b), cp_travel_far_m(net, a, b));
        assert_true(cp_travel_estimated(net, a, b));
    }
    cp_ctx_done(&ctx);
}

static void a_given_matrix_is_read_back(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_network *net = bank_build(&ctx, &rows);
    int32_t seconds[49], metres[49];
    for (int32_t i = 0; i < 49; i++) {
        seconds[i] = i % 8 == 0 ? 0 : 10 + i;
        metres[i] = 100 * seconds[i];
    }
    assert_ok(&ctx, cp_travel_set(&ctx, net, seconds, metres, NULL));
    for (int32_t a = 0; a < 7; a++)
        for (int32_t b = 0; b < 7; b++) {
            assert_int_equal(cp_travel_s(net, a, b), seconds[a * 7 + b]);
            assert_int_equal(cp_travel_m(net, a, b), metres[a * 7 + b]);
        }
    assert_int_equal(net->travel.n_estimated, 0);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(great_circles_have_known_lengths),
        cmocka_unit_test(without_any_travel_data_all_is_estimated),
        cmocka_unit_test(observed_pairs_are_kept_and_the_rest_estimated),
        cmocka_unit_test(a_law_is_fitted_from_enough_pairs),
        cmocka_unit_test(the_missing_pair_follows_the_law_of_the_others),
        cmocka_unit_test(a_pair_of_an_unknown_place_is_refused),
        cmocka_unit_test(shortest_times_agree_with_floyd_warshall),
        cmocka_unit_test(roads_give_times_and_say_where_there_is_no_way),
        cmocka_unit_test(connectors_start_at_the_nearest_node),
        cmocka_unit_test(large_networks_are_kept_by_zone),
        cmocka_unit_test(a_given_matrix_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
