/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real country's road graph (tests/cases/andorra-osm): shortest times against Bellman-Ford, and
 * what can be reached from where. */
#include <math.h>
#include <stdio.h>

#include "models/net/travel.h"
#include "tests/check.h"

#define NODES 1526
#define LINKS 2985

static bool main_part[NODES];

static void read_graph(cp_ctx *ctx, cp_network *net)
{
    char line[256];
    FILE *f = fopen("tests/cases/andorra-osm/nodes.csv", "r");
    assert_non_null(f);
    net->rows.n_road_node = NODES;
    net->rows.road_node = cp_alloc(ctx, ctx->run, NODES, sizeof(cp_road_node));
    assert_non_null(fgets(line, (int)sizeof line, f));
    for (int32_t v = 0; v < NODES; v++) {
        int id = 0, scc = 0;
        long long osm = 0;
        cp_road_node *node = &net->rows.road_node[v];
        assert_non_null(fgets(line, (int)sizeof line, f));
        assert_int_equal(
            sscanf(line, "%d,%lld,%lf,%lf,%d", &id, &osm, &node->lat_deg, &node->lon_deg, &scc), 5);
        assert_int_equal(id, v + 1);
        main_part[v] = scc == 1;
    }
    fclose(f);
    f = fopen("tests/cases/andorra-osm/links.csv", "r");
    assert_non_null(f);
    net->rows.n_road_link = LINKS;
    net->rows.road_link = cp_alloc(ctx, ctx->run, LINKS, sizeof(cp_road_link));
    assert_non_null(fgets(line, (int)sizeof line, f));
    for (int32_t e = 0; e < LINKS; e++) {
        cp_road_link *link = &net->rows.road_link[e];
        assert_non_null(fgets(line, (int)sizeof line, f));
        assert_int_equal(sscanf(line, "%d,%d,%lf,%lf", &link->from, &link->to, &link->length_m,
                                &link->speed_kmh),
                         4);
        link->from--;
        link->to--;
    }
    fclose(f);
}

static void bellman_ford(const cp_network *net, int32_t start, double *s)
{
    for (int32_t v = 0; v < NODES; v++)
        s[v] = INFINITY;
    s[start] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t e = 0; e < LINKS; e++) {
            const cp_road_link *l = &net->rows.road_link[e];
            const double t = s[l->from] + l->length_m * 3.6 / l->speed_kmh;
            if (!(t < s[l->to])) continue;
            s[l->to] = t;
            changed = true;
        }
    }
}

static void times_in_a_real_country(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_network net = {.settings = {.road_speed_kmh = 30}};
    read_graph(&ctx, &net);
    cp_graph graph;
    assert_ok(&ctx, cp_graph_of_roads(&ctx, ctx.run, &net, &graph));
    static double want[NODES], got[NODES], metres[NODES];
    int32_t unreached = 0;
    for (int32_t start = 0; start < NODES; start += 61) {
        bellman_ford(&net, start, want);
        assert_ok(&ctx, cp_graph_shortest(&ctx, &graph, start, got, metres));
        for (int32_t v = 0; v < NODES; v++) {
            assert_true(isinf(want[v]) ? isinf(got[v]) : fabs(want[v] - got[v]) < 1e-6);
            if (main_part[start] && main_part[v]) assert_true(!isinf(got[v]));
            if (isinf(got[v])) unreached++;
            if (isinf(got[v])) continue;
            const cp_road_node *a = &net.rows.road_node[start], *b = &net.rows.road_node[v];
            const double straight = cp_circle_m(a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg);
            assert_true(metres[v] >= straight - 5); /* lengths are rounded to a decimetre a link */
            assert_true(got[v] >= straight * 3.6 / 90 - 1); /* nothing is quicker than 90 km/h */
        }
    }
    assert_true(unreached > 0);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(times_in_a_real_country)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
