/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_fields.c - every field of a study's JSON as a table. */
#include "data/json/study_raw.h"

#define IN(kind, type, key, member)                                                                \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, false, NULL, NULL                                 \
    }
#define IN_RANGE(kind, type, key, member, lo, hi)                                                  \
    {                                                                                              \
        key, kind, offsetof(type, member), lo, hi, false, NULL, NULL                               \
    }
#define MUST_RANGE(kind, type, key, member, lo, hi)                                                \
    {                                                                                              \
        key, kind, offsetof(type, member), lo, hi, true, NULL, NULL                                \
    }
#define IN_TABLE(kind, type, key, member, table)                                                   \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, false, table, NULL                                \
    }
#define CHOICE(type, key, member, must, words)                                                     \
    {                                                                                              \
        key, CP_IN_CHOICE, offsetof(type, member), 0, 0, must, NULL, words                         \
    }
#define MUST(kind, type, key, member)                                                              \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, true, NULL, NULL                                  \
    }
#define END_OF_TABLE                                                                               \
    {                                                                                              \
        NULL, CP_IN_INT, 0, 0, 0, false, NULL, NULL                                                \
    }

#define MINUTES_MAX 10000 /* a week of driving */
#define KM_MAX 20000      /* half round the Earth */
#define VAULTS_MAX 100000
#define MONEY_MAX ((double)CP_MINOR_MAX)
#define LOADS "value|notes|stops"
#define WEIGHTS "stops|value|sites"

#define REACH(type, member)                                                                        \
    IN_RANGE(CP_IN_REAL, type, "minutes", member.minutes, 0.01, MINUTES_MAX),                      \
        IN_RANGE(CP_IN_REAL, type, "km", member.km, 0.001, KM_MAX)
#define MONEY(type, member)                                                                        \
    IN_RANGE(CP_IN_INT, type, "run_minor_per_year", member.run, 0, MONEY_MAX),                     \
        IN_RANGE(CP_IN_INT, type, "begin_minor", member.begin, 0, MONEY_MAX),                      \
        IN_RANGE(CP_IN_INT, type, "end_minor", member.end, 0, MONEY_MAX)
#define NO_MONEY                                                                                   \
    {                                                                                              \
        -1, -1, -1, -1                                                                             \
    }

static const cp_json_field radius_fields[] = {
    REACH(cp_raw_radius, reach), CHOICE(cp_raw_radius, "rule", wish, false, "must|wish"),
    IN_RANGE(CP_IN_REAL, cp_raw_radius, "extra_pct", extra_pct, 0, 10000), END_OF_TABLE};
static const cp_json_table radius_table = {sizeof(cp_raw_radius), NULL, radius_fields};

static const cp_json_field reserve_fields[] = {
    REACH(cp_raw_reserve, reach),
    IN_RANGE(CP_IN_INT, cp_raw_reserve, "vaults", vaults, 1, VAULTS_MAX), END_OF_TABLE};
static const cp_raw_reserve reserve_defaults = {.vaults = 2};
static const cp_json_table reserve_table = {sizeof(cp_raw_reserve), &reserve_defaults,
                                            reserve_fields};

static const cp_json_field cover_fields[] = {
    REACH(cp_raw_cover, reach),
    MUST_RANGE(CP_IN_REAL, cp_raw_cover, "floor_pct", floor_pct, 0.01, 100),
    CHOICE(cp_raw_cover, "by", by, false, WEIGHTS), END_OF_TABLE};
static const cp_json_table cover_table = {sizeof(cp_raw_cover), NULL, cover_fields};

static const cp_json_field balance_fields[] = {
    MUST_RANGE(CP_IN_REAL, cp_raw_balance, "ratio", ratio, 1, 1000),
    CHOICE(cp_raw_balance, "load", load, false, LOADS), END_OF_TABLE};
static const cp_raw_balance balance_defaults = {.load = CP_STUDY_STOPS};
static const cp_json_table balance_table = {sizeof(cp_raw_balance), &balance_defaults,
                                            balance_fields};

static const cp_json_field demand_fields[] = {
    CHOICE(cp_raw_demand, "from", from, false, "auto|plan|forecast|history"),
    IN_RANGE(CP_IN_INT, cp_raw_demand, "days", days, 7, 730),
    IN_RANGE(CP_IN_REAL, cp_raw_demand, "residual_pct", residual_pct, 0, 90),
    IN_RANGE(CP_IN_REAL, cp_raw_demand, "days_per_year", days_per_year, 1, 366), END_OF_TABLE};
#define DEMAND_DEFAULTS                                                                            \
    {                                                                                              \
        .days = 56, .residual_pct = 25, .days_per_year = 365                                       \
    }
static const cp_raw_demand demand_defaults = DEMAND_DEFAULTS;
static const cp_json_table demand_table = {sizeof(cp_raw_demand), &demand_defaults, demand_fields};

static const cp_json_field vault_fields[] = {
    MUST(CP_IN_TEXT, cp_raw_vault, "code", code), MONEY(cp_raw_vault, money),
    IN_RANGE(CP_IN_INT, cp_raw_vault, "upgrade_minor", money.upgrade, 0, MONEY_MAX),
    CHOICE(cp_raw_vault, "must", must, false, "may|run|shut"), END_OF_TABLE};
static const cp_raw_vault vault_defaults = {.money = NO_MONEY};
static const cp_json_table vault_table = {sizeof(cp_raw_vault), &vault_defaults, vault_fields};

static const cp_json_field place_fields[] = {MUST(CP_IN_TEXT, cp_raw_place, "code", code),
                                             IN(CP_IN_TEXT, cp_raw_place, "name", name),
                                             IN(CP_IN_TEXT, cp_raw_place, "like", like),
                                             MUST(CP_IN_SPOT, cp_raw_place, "location", at),
                                             MONEY(cp_raw_place, money),
                                             END_OF_TABLE};
static const cp_raw_place place_defaults = {.money = NO_MONEY};
static const cp_json_table place_table = {sizeof(cp_raw_place), &place_defaults, place_fields};

static const cp_json_field candidate_fields[] = {
    IN(CP_IN_BOOL, cp_raw_candidates, "database", database),
    IN(CP_IN_TEXT, cp_raw_candidates, "like", like),
    MONEY(cp_raw_candidates, money),
    IN_RANGE(CP_IN_INT, cp_raw_candidates, "clusters", clusters, 0, 1000),
    IN_RANGE(CP_IN_INT, cp_raw_candidates, "road_nodes", road_nodes, 0, 1000),
    CHOICE(cp_raw_candidates, "center", means, false, "median|mean"),
    CHOICE(cp_raw_candidates, "weight", weight, false, WEIGHTS),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_candidates, "places", places, &place_table),
    END_OF_TABLE};
#define CANDIDATE_DEFAULTS                                                                         \
    {                                                                                              \
        .database = true, .money = NO_MONEY                                                        \
    }
static const cp_raw_candidates candidate_defaults = CANDIDATE_DEFAULTS;
static const cp_json_table candidate_table = {sizeof(cp_raw_candidates), &candidate_defaults,
                                              candidate_fields};

static const cp_json_field size_fields[] = {
    MUST(CP_IN_TEXT, cp_raw_size, "name", name),
    IN_RANGE(CP_IN_INT, cp_raw_size, "value_minor_per_day", value, 0, MONEY_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_size, "notes_per_day", notes, 0, 1e12),
    IN_RANGE(CP_IN_INT, cp_raw_size, "stops_per_day", stops, 0, 1e9),
    MUST_RANGE(CP_IN_INT, cp_raw_size, "run_minor_per_year", run, 0, MONEY_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_size, "begin_minor", begin, 0, MONEY_MAX),
    IN(CP_IN_TEXTS, cp_raw_size, "vaults", sites),
    END_OF_TABLE};
static const cp_raw_size size_defaults = {.value = -1, .notes = -1, .stops = -1, .begin = -1};
static const cp_json_table size_table = {sizeof(cp_raw_size), &size_defaults, size_fields};

static const cp_json_field group_fields[] = {
    MUST(CP_IN_TEXTS, cp_raw_group, "vaults", sites),
    IN_RANGE(CP_IN_INT, cp_raw_group, "least", least, 0, VAULTS_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_group, "most", most, 0, VAULTS_MAX), END_OF_TABLE};
static const cp_raw_group group_defaults = {.most = 1};
static const cp_json_table group_table = {sizeof(cp_raw_group), &group_defaults, group_fields};

static const cp_json_field period_fields[] = {
    MUST(CP_IN_TEXT, cp_raw_period, "name", name),
    IN_RANGE(CP_IN_REAL, cp_raw_period, "years", years, 0.01, 100),
    IN_RANGE(CP_IN_REAL, cp_raw_period, "growth_pct", growth_pct, -99, 10000), END_OF_TABLE};
static const cp_raw_period period_defaults = {.years = 1};
static const cp_json_table period_table = {sizeof(cp_raw_period), &period_defaults, period_fields};

static const cp_json_field growth_fields[] = {
    MUST_RANGE(CP_IN_REAL, cp_raw_growth, "pct", pct, -99, 10000),
    IN(CP_IN_TEXT, cp_raw_growth, "district", district),
    IN(CP_IN_TEXT, cp_raw_growth, "site", site), END_OF_TABLE};
static const cp_json_table growth_table = {sizeof(cp_raw_growth), NULL, growth_fields};

static const cp_json_field what_if_fields[] = {
    MUST(CP_IN_TEXT, cp_raw_what_if, "name", name),
    MUST_RANGE(CP_IN_REAL, cp_raw_what_if, "weight", weight, 1e-6, 1e6),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_what_if, "growth", growth, &growth_table),
    IN(CP_IN_TEXTS, cp_raw_what_if, "outage", outage), END_OF_TABLE};
static const cp_json_table what_if_table = {sizeof(cp_raw_what_if), NULL, what_if_fields};

static const cp_json_field change_fields[] = {
    CHOICE(cp_raw_change, "do", kind, true,
           "open|close|free|move|radius|capacity|tariff|run_cost|demand|outage|count"),
    IN(CP_IN_TEXT, cp_raw_change, "vault", vault),
    IN(CP_IN_TEXT, cp_raw_change, "item", item),
    IN(CP_IN_TEXT, cp_raw_change, "district", district),
    IN(CP_IN_TEXT, cp_raw_change, "site", site),
    IN(CP_IN_SPOT, cp_raw_change, "to", to),
    REACH(cp_raw_change, reach),
    IN_RANGE(CP_IN_REAL, cp_raw_change, "factor", factor, 0, 1000),
    IN_RANGE(CP_IN_REAL, cp_raw_change, "pct", pct, -99, 10000),
    IN(CP_IN_BOOL, cp_raw_change, "none", none),
    CHOICE(cp_raw_change, "load", load, false, LOADS),
    IN_RANGE(CP_IN_INT, cp_raw_change, "value", value, 0, MONEY_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_change, "once_minor", once, 0, MONEY_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_change, "least", least, 0, VAULTS_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_change, "most", most, 0, VAULTS_MAX),
    END_OF_TABLE};
static const cp_raw_change change_defaults = {.kind = -1,
                                              .factor = -1,
                                              .pct = -100,
                                              .load = -1,
                                              .value = -1,
                                              .once = -1,
                                              .least = -1,
                                              .most = -1};
static const cp_json_table change_table = {sizeof(cp_raw_change), &change_defaults, change_fields};

static const cp_json_field scenario_fields[] = {
    MUST(CP_IN_TEXT, cp_raw_scenario, "name", name),
    IN(CP_IN_TEXT, cp_raw_scenario, "base", base),
    {"changes", CP_IN_OBJECTS, offsetof(cp_raw_scenario, changes), 0, 0, true, &change_table, NULL},
    END_OF_TABLE};
static const cp_json_table scenario_table = {sizeof(cp_raw_scenario), NULL, scenario_fields};

static const cp_json_field curve_fields[] = {
    CHOICE(cp_raw_curve, "of", axis, true, "radius_min|radius_km|rent_pct|demand_pct"),
    MUST_RANGE(CP_IN_REAL, cp_raw_curve, "from", from, -99, 100000),
    MUST_RANGE(CP_IN_REAL, cp_raw_curve, "to", to, -99, 100000),
    MUST_RANGE(CP_IN_INT, cp_raw_curve, "points", points, 2, 1000), END_OF_TABLE};
static const cp_raw_curve curve_defaults = {.axis = -1};
static const cp_json_table curve_table = {sizeof(cp_raw_curve), &curve_defaults, curve_fields};

static const cp_json_field root_fields[] = {
    {"schema", CP_IN_WORD, 0, 0, 0, true, NULL, "cashplan.study/1"},
    MUST(CP_IN_TEXT, cp_raw_study, "name", name),
    IN(CP_IN_TEXT, cp_raw_study, "title", title),
    CHOICE(cp_raw_study, "objective", aim, false, "cost|mean_time|worst_time|fewest|covered"),
    CHOICE(cp_raw_study, "service", service, false, "single|split"),
    CHOICE(cp_raw_study, "break_even", proofs, false, "base|all|none"),
    IN_RANGE(CP_IN_INT, cp_raw_study, "least", least, 0, VAULTS_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_study, "most", most, 1, VAULTS_MAX),
    IN_RANGE(CP_IN_INT, cp_raw_study, "leave_minor_per_stop", leave, 1, MONEY_MAX),
    IN_RANGE(CP_IN_REAL, cp_raw_study, "discount_pct", discount_pct, 0, 100),
    IN(CP_IN_BOOL, cp_raw_study, "robust", robust),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "demand", demand, &demand_table),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "radius", radius, &radius_table),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "reserve", reserve, &reserve_table),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "coverage", cover, &cover_table),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "balance", balance, &balance_table),
    IN_TABLE(CP_IN_OBJECT, cp_raw_study, "candidates", candidates, &candidate_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "vaults", vaults, &vault_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "sizes", sizes, &size_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "groups", groups, &group_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "periods", periods, &period_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "what_ifs", what_ifs, &what_if_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "scenarios", scenarios, &scenario_table),
    IN_TABLE(CP_IN_OBJECTS, cp_raw_study, "curves", curves, &curve_table),
    END_OF_TABLE};
static const cp_raw_study root_defaults = {.title = "",
                                           .least = -1,
                                           .most = -1,
                                           .leave = -1,
                                           .demand = DEMAND_DEFAULTS,
                                           .candidates = CANDIDATE_DEFAULTS};
static const cp_json_table root_table = {sizeof(cp_raw_study), &root_defaults, root_fields};

cp_status cp_study_fields(cp_json_in *in, const char *text, size_t n, cp_raw_study *out)
{
    return cp_json_read_text(in, text, n, &root_table, out);
}
