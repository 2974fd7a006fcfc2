/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/settings.h"

#include <stddef.h>
#include <string.h>

#define KEY(m, type, lo, hi, dflt, help)                                                           \
    {                                                                                              \
#m, CP_FIELD_##type, offsetof(cp_settings, m), false, lo, hi, dflt, NULL, -1, help         \
    }

const cp_field cp_setting_keys[] = {
    KEY(before_visit_ppm, INT, 0, 1000000, "400000",
        "share of a day's demand that falls before that day's visit, millionths"),
    KEY(return_quantile_ppm, INT, 500000, 999999, "990000",
        "returns on board are counted at this quantile, millionths"),
    KEY(service_level_ppm, INT, 0, 999999, "990000",
        "probability of no cash-out until the next visit where a point gives none, millionths; "
        "0 = by penalty only"),
    KEY(horizon_days, INT, 1, 60, "14", "days of a plan"),
    KEY(longest_interval_days, INT, 1, 60, "14", "most days between two visits"),
    KEY(n_paths, INT, 1, 10000, "200", "sample paths of demand"),
    KEY(released_days, INT, 0, 60, "1", "first days of a plan that are sent out"),
    KEY(circle_factor, REAL, 1, 5, "1.4", "road distance over great circle where no road is known"),
    KEY(circle_speed_kmh, REAL, 1, 200, "25", "speed where no time is known, kilometres an hour"),
    KEY(pair_a_min, REAL, 0, 1000, "0",
        "pairs not observed take pair_a_min * km^pair_b minutes (great-circle km); 0 = fitted"),
    KEY(pair_b, REAL, 0, 2, "0", "exponent of that estimate; 0 = fitted"),
    KEY(road_speed_kmh, REAL, 1, 200, "30", "speed of links without one, kilometres an hour"),
    KEY(overload_factor, REAL, 0.1, 10, "1", "all travel times are multiplied by this"),
    KEY(merge_equal_sites, BOOL, 0, 1, "1",
        "sites of equal coordinates become one stop (1) or are only warned of (0)"),
    KEY(stop_drive_min, INT, 0, 1440, "0",
        "driving minutes a stop in the first planning step; 0 = estimated from the network"),
    KEY(estimate_factor, REAL, 0.1, 10, "1", "estimated travel times are multiplied by this too"),
    KEY(bank_name, TEXT, 0, 0, "", "name of the bank, shown on pages and exports"),
    KEY(low_level_counts, BOOL, 0, 1, "0",
        "replenish before the low level: notes of a denomination below low_notes count against the "
        "service level as a cash-out does"),
    KEY(likeness_days, INT, 0, 60, "10",
        "routes are compared with those of this many days before; 0 = not compared"),
    KEY(likeness_slot_min, INT, 0, 720, "30",
        "arrivals at a site on two days are alike when at most this many minutes apart"),
    KEY(likeness_arcs_ppm, INT, 0, 1000000, "400000",
        "weight in the likeness of routes: ways from stop to stop that are driven again"),
    KEY(likeness_order_ppm, INT, 0, 1000000, "200000",
        "weight in the likeness of routes: order in which stops follow each other"),
    KEY(likeness_slots_ppm, INT, 0, 1000000, "400000",
        "weight in the likeness of routes: sites reached at the same time of day"),
    KEY(likeness_limit_pct, INT, 0, 100, "100",
        "the routes of a vault's day are at most this alike with those of any day looked back at, "
        "percent; 100 = no limit. Soft: what is above is reported"),
    KEY(likeness_price_minor, MINOR, 0, 1000000000000, "0",
        "what a planner would pay for one point (1 %) of likeness less above the limit, a vault's "
        "day; steers the routes, is no cost of the plan; 0 = routes are not changed"),
};

int32_t cp_n_setting_keys(void)
{
    return (int32_t)(sizeof(cp_setting_keys) / sizeof(cp_setting_keys[0]));
}

const cp_field *cp_setting_by_key(const char *key)
{
    for (int32_t k = 0; k < cp_n_setting_keys(); k++)
        if (strcmp(cp_setting_keys[k].name, key) == 0) return &cp_setting_keys[k];
    return NULL;
}

cp_settings cp_settings_defaults(void)
{
    cp_settings s;
    memset(&s, 0, sizeof s);
    s.before_visit_ppm = 400000;
    s.return_quantile_ppm = 990000;
    s.service_level_ppm = 990000;
    s.horizon_days = 14;
    s.longest_interval_days = 14;
    s.n_paths = 200;
    s.released_days = 1;
    s.circle_factor = 1.4;
    s.circle_speed_kmh = 25;
    s.road_speed_kmh = 30;
    s.overload_factor = 1;
    s.merge_equal_sites = true;
    s.estimate_factor = 1;
    s.bank_name = "";
    s.likeness_days = 10;
    s.likeness_slot_min = 30;
    s.likeness_arcs_ppm = 400000;
    s.likeness_order_ppm = 200000;
    s.likeness_slots_ppm = 400000;
    s.likeness_limit_pct = 100;
    return s;
}

cp_status cp_settings_from_rows(cp_ctx *ctx, const cp_setting_row *rows, int32_t n_rows,
                                cp_settings *out)
{
    cp_settings s = cp_settings_defaults();
    bool given[sizeof(cp_setting_keys) / sizeof(cp_setting_keys[0])] = {false};
    for (int32_t i = 0; i < n_rows; i++) {
        const cp_field *field = cp_setting_by_key(rows[i].key);
        if (field == NULL) CP_FAIL(ctx, CP_E_INPUT, "setting %s: no such key", rows[i].key);
        const size_t k = (size_t)(field - cp_setting_keys);
        if (given[k]) CP_FAIL(ctx, CP_E_INPUT, "setting %s: given twice", rows[i].key);
        given[k] = true;
        const char *why = NULL;
        const cp_status st = cp_field_parse(ctx, ctx->run, field, rows[i].value, &s, &why);
        if (st == CP_E_INPUT)
            CP_FAIL(ctx, CP_E_INPUT, "setting %s: value '%s'; must be %s", rows[i].key,
                    rows[i].value, why);
        CP_TRY(st);
    }
    *out = s; /* its texts stay in ctx->run */
    return CP_OK;
}
