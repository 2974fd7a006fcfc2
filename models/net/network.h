/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.h - the cash network as it stands on the planning day (read-only once built).
 *
 * Every struct below is one table of the store and one CSV file of an import; field by field they
 * are described in fields.h (names, ranges, defaults), which drives import, store and export. Texts
 * ending in _code name rows of other tables; the int32_t next to them is the dense index that
 * network_build fills in (-1: none). An empty text means "not given". */
#ifndef CP_NETWORK_H
#define CP_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/clock.h"
#include "models/base/ctx.h"
#include "models/base/money.h"

typedef struct cp_currency {
    const char *code; /* ISO 4217 */
    int32_t exponent; /* minor units per unit = 10^exponent */
} cp_currency;

typedef struct cp_denomination {
    const char *code; /* e.g. CNY100 */
    const char *currency_code;
    cp_minor value_minor;
    int32_t strap_notes, bundle_notes; /* 100, 1000: whole packing units */
    int32_t currency;
} cp_denomination;

typedef struct cp_cassette_model {
    const char *code;
    int32_t capacity_notes; /* new notes */
    int32_t fill_ppm;       /* share of the capacity that used notes may fill */
    int32_t volume_cm3;     /* outside volume, for the car */
} cp_cassette_model;

/* Source and sink of notes. */
typedef struct cp_central_bank {
    const char *code, *name;
    double lat_deg, lon_deg;
    int32_t order_unit_notes; /* orders and lodgements are whole multiples */
    int32_t lead_days;        /* ordered on day t, in the vault on t + lead_days */
    int32_t cutoff_min;       /* orders of a day are placed before this minute */
    int32_t service_days;     /* bit 0 = Monday .. bit 6 = Sunday */
    const char *calendar_code;
    int32_t cross_ship_days; /* an order and a lodgement of one denomination are due at least so
                                many days apart: 1 = not on one day; 0 = free (but charged) */
    int32_t calendar;
} cp_central_bank;

typedef enum cp_vault_status {
    CP_VAULT_EXISTING,
    CP_VAULT_CANDIDATE,
    CP_VAULT_CLOSED
} cp_vault_status;

/* Cash center. Capacities: 0 = not limited, except where said otherwise. */
typedef struct cp_vault {
    const char *code, *name;
    double lat_deg, lon_deg;
    cp_vault_status status;
    const char *central_bank_code, *calendar_code, *gln;
    cp_minor insured_minor;      /* most value at night */
    cp_minor out_minor_per_day;  /* most value leaving a day */
    int32_t open_min, close_min; /* cars leave and return between */
    int32_t dock_slots;          /* cars loaded at once */
    int32_t stops_per_day,
        crew_min_per_day; /* most stops, most crew minutes (driving and service) */
    int32_t pack_cassettes_per_day, pack_overtime_cassettes;
    int32_t sort_notes_per_day, sort_overtime_notes, sort_outsource_notes;
    int32_t sort_lead_days;   /* returned on day t, usable again on t + sort_lead_days (>= 1) */
    int32_t service_radius_m; /* 0 = any distance */
    cp_minor fixed_minor_per_day;
    int32_t central_bank, calendar;
} cp_vault;

typedef enum cp_note_state {
    CP_NOTE_NEW,
    CP_NOTE_ATM_FIT,
    CP_NOTE_COUNTER_FIT,
    CP_NOTE_UNFIT,
    CP_NOTE_SUSPECT,
    CP_NOTE_UNCOUNTED
} cp_note_state;

typedef struct cp_vault_stock {
    const char *vault_code, *denomination_code;
    cp_note_state state;
    cp_day day; /* evening of */
    int64_t notes;
    int32_t vault, denomination;
} cp_vault_stock;

/* Spare cassettes of a vault: not in a machine at the start of the plan. */
typedef struct cp_cassette_pool {
    const char *vault_code, *cassette_model_code;
    int32_t spare; /* usable (full or empty) on the first day; 0 rows for a model = not limited */
    int32_t vault, cassette_model;
} cp_cassette_pool;

typedef enum cp_carrier_kind { CP_CARRIER_OWN, CP_CARRIER_THIRD_PARTY } cp_carrier_kind;

typedef struct cp_carrier {
    const char *code, *name;
    cp_carrier_kind kind;
} cp_carrier;

typedef struct cp_crew {
    const char *code, *vault_code;
    const char *roles; /* e.g. "driver;custodian;custodian": roles, never persons' names */
    int32_t vault;
} cp_crew;

typedef struct cp_car {
    const char *code, *carrier_code, *vault_code, *crew_code;
    cp_minor insured_minor;                 /* most value on board at any moment; hard */
    int64_t volume_cm3;                     /* 0 = not limited */
    int32_t shift_start_min, shift_end_min; /* the crew's paid shift; all work lies inside */
    int32_t overtime_min;                   /* minutes allowed after shift_end_min */
    int32_t max_trips;                      /* trips a day, >= 1 */
    int32_t reload_min;                     /* at the vault between two trips */
    bool open_route; /* no leg from and to the vault: the first stop begins the shift */
    bool paid_daily; /* its car-day is paid whether it drives or not (constant fleet) */
    int32_t carrier, vault, crew;
} cp_car;

/* What things cost, each with the days on which it holds. The narrowest matching scope wins
 * (model > site > carrier > vault > none), then the latest valid_from. */
typedef enum cp_tariff_item {
    CP_TARIFF_HOLD_PPM_YEAR,        /* idle cash: ppm of value a year (365 days) */
    CP_TARIFF_STOP_SITE_MINOR,      /* per site and day visited */
    CP_TARIFF_STOP_MACHINE_MINOR,   /* per machine or branch visited */
    CP_TARIFF_STOP_VALUE_PPM,       /* of value loaded + returned, per visit ... */
    CP_TARIFF_STOP_VALUE_MIN_MINOR, /* ... but at least this */
    CP_TARIFF_CAR_DAY_MINOR,
    CP_TARIFF_KM_MINOR,
    CP_TARIFF_HOUR_MINOR,
    CP_TARIFF_OVERTIME_HOUR_MINOR,
    CP_TARIFF_PACK_CASSETTE_MINOR,
    CP_TARIFF_PACK_OVERTIME_MINOR, /* the latter per cassette above */
    CP_TARIFF_SORT_1000_MINOR,
    CP_TARIFF_SORT_OVERTIME_1000_MINOR,
    CP_TARIFF_SORT_OUTSOURCE_1000_MINOR, /* notes sorted by somebody else */
    CP_TARIFF_CASH_OUT_PPM,    /* penalty, ppm of the value refused (unmet or not accepted) */
    CP_TARIFF_EMERGENCY_MINOR, /* an emergency trip, per interval in which service failed */
    CP_TARIFF_ORDER_ACCESS_MINOR,
    CP_TARIFF_ORDER_BUNDLE_MINOR,      /* central bank */
    CP_TARIFF_CROSS_SHIP_BUNDLE_MINOR, /* a bundle ordered and lodged in the same week */
    CP_TARIFF_VAULT_HOLD_PPM_YEAR,     /* idle cash in a vault: ppm of value a year (365 days) */
    CP_TARIFF_RELIEF_PPM,        /* declared relief of a soft limit: ppm of `relief unit price` */
    CP_TARIFF_BRANCH_FILL_MINOR, /* per fill of a machine by its branch's own staff ... */
    CP_TARIFF_BRANCH_VALUE_PPM,  /* ... and of the value filled: handled and held in the branch */
    CP_N_TARIFF_ITEMS
} cp_tariff_item;

typedef struct cp_tariff {
    cp_tariff_item item;
    const char *vault_code, *carrier_code, *site_code, *cassette_model_code; /* "" = all */
    cp_day valid_from, valid_to;                                             /* both included */
    int64_t amount; /* minor units or ppm, as the item says */
    int32_t vault, carrier, site, cassette_model;
} cp_tariff;

typedef struct cp_calendar {
    const char *code, *name;
    cp_day covered_from, covered_to; /* the coverage decides, not the last holiday */
    int32_t weekend_days;            /* bit 0 = Monday .. bit 6 = Sunday */
} cp_calendar;

typedef enum cp_day_kind { CP_DAY_OFF, CP_DAY_WORK, CP_DAY_PAYDAY, CP_DAY_EVENT } cp_day_kind;

/* Several rows a day are allowed (two holidays on one date, a payday on a holiday). */
typedef struct cp_calendar_day {
    const char *calendar_code;
    cp_day day;
    cp_day_kind kind; /* work: a weekend day worked in exchange */
    const char *name;
    int32_t calendar;
} cp_calendar_day;

/* Days of a calendar by a rule (calendar_rule.h); the network's calendar_day holds them too. */
typedef struct cp_calendar_rule {
    const char *calendar_code;
    cp_day_kind kind;
    const char *rule, *name;
    int32_t calendar;
} cp_calendar_rule;

/* What draws or keeps away the public at some points: those that fit all of point, segment and
 * vault. */
typedef struct cp_event {
    const char *code, *name;
    cp_day first_day, last_day;                    /* both included */
    const char *point_code, *segment, *vault_code; /* "" = all */
    int32_t point, vault;
} cp_event;

/* One address: the stop of a route. Its machines and branch share the stop's fixed time. */
typedef struct cp_site {
    const char *code, *name, *address, *district;
    double lat_deg, lon_deg;
    const char *vault_code;        /* its zone */
    int32_t open_min, close_min;   /* service starts between; first window */
    int32_t open2_min, close2_min; /* second window, both -1 = none */
    int32_t service_min;           /* fixed minutes of a stop */
    const char *road_node_code;    /* "" = nearest */
    int32_t vault, road_node;
    int32_t first_point, n_points; /* filled by network_build: points are sorted by site */
} cp_site;

typedef enum cp_point_kind { CP_POINT_ATM, CP_POINT_BRANCH } cp_point_kind;
typedef enum cp_servicer { CP_BY_CENTER, CP_BY_BRANCH, CP_BY_EITHER } cp_servicer;
/* How a machine draws on its cassettes; what follows from it is in plan_cost.h. */
typedef enum cp_dispense_rule {
    CP_DISPENSE_DRAIN,
    CP_DISPENSE_ROTATE,
    CP_DISPENSE_MIX
} cp_dispense_rule;

/* Bits of cp_point.visit_kinds. */
#define CP_MAY_SWAP 1         /* whole cassettes exchanged */
#define CP_MAY_ADD 2          /* machine: notes added on site; branch: delivery and pick-up */
#define CP_MAY_PARTIAL_SWAP 4 /* the cassettes of some denominations exchanged */

/* A machine or a branch: a place where the public draws cash down or pays it in. */
typedef struct cp_point {
    const char *code, *name, *site_code, *owner_branch_code, *segment, *calendar_code, *gln;
    cp_point_kind kind;
    bool on_site;            /* ATM in a branch */
    cp_servicer serviced_by; /* center: planned here; branch: only its cost is shown; either (an
                                on-site ATM): planned here, and each visit is made by a crew of the
                                center or by the branch's own staff (plan.h, by_branch) */
    cp_dispense_rule dispense_rule;
    cp_minor
        insured_minor;   /* most value inside after a visit; a branch's overnight limit; 0 = none */
    int32_t visit_kinds; /* CP_MAY_... bits: what the center's crews may do */
    int32_t service_days; /* bit 0 = Monday ..; holidays of the calendar are no service days
                             unless works_holidays */
    bool works_holidays;
    int32_t service_level_ppm; /* probability of no cash-out until the next visit; 0 = by penalty
                                  only; -1 on input: the setting (network_build puts it in) */
    int32_t max_interval_days; /* most days between visits; 0 = not limited */
    int32_t days_since_visit;  /* on the first plan day; with max_interval_days: the latest first
                                  visit */
    cp_day earliest_day, latest_day;           /* of the next visit, CP_DAY_NONE = free */
    int32_t service_min_swap, service_min_add; /* minutes at the machine besides the site's */
    int32_t site, owner_branch, calendar;
    int32_t first_cassette, n_cassettes; /* filled by network_build: sorted by point, slot */
    int32_t first_channel, n_channels;
    int32_t first_option, n_options;  /* rows.slot_option */
    int32_t first_mix, n_mixes;       /* cp_network.mixes; n_mixes 0: no options, read slot_mix.h */
    int32_t mix;                      /* inside today, of them */
    const char *demand_calendar_code; /* holidays and paydays that its demand follows; "" = those of
                                         calendar_code (the public may keep other days than the
                                         service) */
    int32_t demand_calendar;
} cp_point;

/* The calendar index that the point's demand follows; -1: none. */
static inline int32_t cp_point_demand_calendar(const cp_point *point)
{
    const char *own = point->demand_calendar_code;
    return own != NULL && own[0] != '\0' ? point->demand_calendar : point->calendar;
}

typedef enum cp_role { CP_ROLE_DISPENSE, CP_ROLE_DEPOSIT, CP_ROLE_RECYCLE, CP_ROLE_REJECT } cp_role;

/* One slot of a machine; for a branch one row a denomination (role recycle, no model). */
typedef struct cp_cassette {
    const char *point_code;
    int32_t slot; /* 1.. */
    const char *cassette_model_code, *denomination_code, *grai;
    cp_role role;
    int32_t capacity_notes; /* -1 on input: model capacity x fill */
    int32_t step_notes;     /* whole loading step, >= 1 */
    int32_t min_load_notes; /* a swap loads at least this */
    int32_t low_notes;      /* low level: replenish before */
    int32_t share_ppm;      /* of the machine's demand value; -1 = from history, else by capacity */
    int32_t balance_notes;  /* at the evening before the plan; set by the balance rows */
    int32_t point, cassette_model, denomination;
} cp_cassette;

/* What else a slot of a machine may hold, besides the denomination of its cassette row: a swap may
 * bring it (slot_mix.h). */
typedef struct cp_slot_option {
    const char *point_code;
    int32_t slot;
    const char *denomination_code;
    int32_t capacity_notes; /* -1 on input: as the slot's row; so with the next two */
    int32_t step_notes;
    int32_t min_load_notes;
    int32_t share_ppm; /* of the machine's demand value, where it holds none today; -1 = history */
    int32_t point, denomination;
} cp_slot_option;

/* Observed stock; the latest row a slot on or before the evening before the plan counts. */
typedef struct cp_balance {
    const char *point_code;
    cp_day day;
    int32_t slot;
    int64_t notes;
    int32_t point;
} cp_balance;

/* Travel between two places (site or vault codes) as observed or from a matrix. */
typedef struct cp_travel_pair {
    const char *from_code, *to_code;
    int32_t seconds; /* -1 = unreachable */
    int32_t metres;  /* -1 = not given */
    bool estimated;  /* the pair itself is an estimate: counts as estimated wherever it is used */
} cp_travel_pair;

typedef struct cp_road_node {
    const char *code;
    double lat_deg, lon_deg;
} cp_road_node;

typedef struct cp_road_link {
    const char *from_code, *to_code;
    double length_m;
    double speed_kmh; /* 0 = setting road_speed_kmh */
    int32_t from, to;
} cp_road_link;

/* Free settings of the bank; known keys, ranges and defaults in settings.h. */
typedef struct cp_setting_row {
    const char *key, *value;
} cp_setting_row;

typedef enum cp_visit_kind {
    CP_VISIT_SWAP,         /* the full set replaces the old set; residual travels back uncounted */
    CP_VISIT_ADD,          /* notes added to what is left; deposit bins are emptied */
    CP_VISIT_PICKUP,       /* deposit bins (or a branch's surplus) emptied, nothing delivered */
    CP_VISIT_PARTIAL_SWAP, /* as swap, but only the cassettes of some denominations and the deposit
                              bins; the others keep what they hold */
    CP_N_VISIT_KINDS
} cp_visit_kind;

/* A planner's word that every re-plan keeps. */
typedef enum cp_pin_rule { CP_PIN_MUST, CP_PIN_FORBID } cp_pin_rule;
typedef struct cp_pin {
    const char *code, *point_code;
    cp_pin_rule rule;
    cp_day day;
    int32_t kind;         /* cp_visit_kind or -1 = any */
    int64_t amount_minor; /* value to load, -1 = free */
    const char *car_code; /* "" = any */
    const char *author, *reason;
    int32_t point, car;
} cp_pin;

/* A planner's word about the demand of a point: just one of factor and amount is given. What it
 * does is told in models/demand/override.h. */
typedef struct cp_demand_override {
    const char *code, *point_code;
    int32_t flow;                  /* cp_flow of models/demand/history.h */
    const char *denomination_code; /* "" = all together */
    cp_day first_day, last_day;    /* both included */
    int32_t factor_ppm;            /* times the forecast; -1 = not given */
    cp_minor amount_minor;         /* expected of each day; -1 = not given */
    const char *author, *reason;
    int32_t point, denomination; /* -1 = all denominations */
} cp_demand_override;

/* A planner's word that a point is closed for some days and that a share of its demand goes to
 * another; one row for each receiver. What it does is told in models/demand/substitution.h. */
typedef struct cp_substitution {
    const char *code, *point_code, *receiver_code;
    cp_day first_day, last_day; /* both included */
    int32_t share_ppm;          /* of the closed point's demand; what no row names is lost */
    const char *author, *reason;
    int32_t point, receiver;
} cp_substitution;

/* The entities, in an order in which references point backwards. */
#define CP_ENTITY_LIST(X)                                                                          \
    X(CURRENCY, currency, cp_currency)                                                             \
    X(DENOMINATION, denomination, cp_denomination)                                                 \
    X(CASSETTE_MODEL, cassette_model, cp_cassette_model)                                           \
    X(CALENDAR, calendar, cp_calendar)                                                             \
    X(CALENDAR_DAY, calendar_day, cp_calendar_day)                                                 \
    X(CALENDAR_RULE, calendar_rule, cp_calendar_rule)                                              \
    X(CENTRAL_BANK, central_bank, cp_central_bank)                                                 \
    X(VAULT, vault, cp_vault)                                                                      \
    X(VAULT_STOCK, vault_stock, cp_vault_stock)                                                    \
    X(CASSETTE_POOL, cassette_pool, cp_cassette_pool)                                              \
    X(CARRIER, carrier, cp_carrier)                                                                \
    X(CREW, crew, cp_crew)                                                                         \
    X(CAR, car, cp_car)                                                                            \
    X(ROAD_NODE, road_node, cp_road_node)                                                          \
    X(ROAD_LINK, road_link, cp_road_link)                                                          \
    X(SITE, site, cp_site)                                                                         \
    X(POINT, point, cp_point)                                                                      \
    X(EVENT, event, cp_event)                                                                      \
    X(CASSETTE, cassette, cp_cassette)                                                             \
    X(SLOT_OPTION, slot_option, cp_slot_option)                                                    \
    X(BALANCE, balance, cp_balance)                                                                \
    X(TRAVEL_PAIR, travel_pair, cp_travel_pair)                                                    \
    X(TARIFF, tariff, cp_tariff)                                                                   \
    X(SETTING, setting, cp_setting_row)                                                            \
    X(PIN, pin, cp_pin)                                                                            \
    X(DEMAND_OVERRIDE, demand_override, cp_demand_override)                                        \
    X(SUBSTITUTION, substitution, cp_substitution)

typedef enum cp_entity_id {
#define CP_ENTITY_ENUM(up, low, type) CP_ENTITY_##up,
    CP_ENTITY_LIST(CP_ENTITY_ENUM)
#undef CP_ENTITY_ENUM
        CP_N_ENTITIES
} cp_entity_id;

/* Rows of every entity in any order, as read. */
typedef struct cp_rows {
#define CP_ENTITY_MEMBER(up, low, type)                                                            \
    type *low;                                                                                     \
    int32_t n_##low;
    CP_ENTITY_LIST(CP_ENTITY_MEMBER)
#undef CP_ENTITY_MEMBER
} cp_rows;

/* Cassettes of one machine that hold one denomination in one role: the unit of stock in the
 * mathematics. A dispense channel only falls, a deposit channel only rises, a recycle channel does
 * both. Reject cassettes form no channel. */
typedef struct cp_channel {
    int32_t point, denomination;
    cp_role role;
    int64_t capacity_notes; /* sum over its cassettes */
    int64_t balance_notes;  /* evening before the first plan day */
    int32_t step_notes;     /* greatest step of its cassettes */
    int32_t min_load_notes; /* sum */
    int32_t low_notes;      /* sum */
    int32_t n_cassettes;    /* 0 for a branch */
    int32_t cassette_model; /* of its first cassette, -1 for a branch */
    int32_t share_ppm;      /* of withdrawals (dispense, recycle) resp. deposits (deposit, recycle);
                               -1 = from history */
    cp_minor value_minor;   /* of one note */
    int64_t
        load_most_notes; /* what its cassettes hold in whole steps of their own: most of a load */
} cp_channel;

/* One way of dividing a machine's slots between denominations (slot_mix.h). */
typedef struct cp_mix {
    const cp_cassette *cassettes; /* of the point, by slot */
    const cp_channel *channels;   /* of the point, in order */
} cp_mix;

typedef enum cp_travel_source {
    CP_TRAVEL_MATRIX,
    CP_TRAVEL_PAIRS,
    CP_TRAVEL_ROADS,
    CP_TRAVEL_CIRCLE
} cp_travel_source;

/* Where the legs over the road graph came from. */
typedef enum cp_road_use {
    CP_ROADS_NONE,   /* there is no road graph, or observed pairs give everything */
    CP_ROADS_MADE,   /* made anew, none were offered */
    CP_ROADS_STORED, /* those that were offered */
    CP_ROADS_STALE   /* made anew: those that were offered belong to other inputs */
} cp_road_use;

/* Travel between stops. Stop index: site i -> i, vault v -> n_sites + v. Read it only through
 * cp_travel_s, cp_travel_m and cp_travel_estimated below.
 *
 * Kept as one square block a vault zone (the zone's sites, then all vaults), so that memory grows
 * with the squares of the zones and not with that of the network; small networks are one block. A
 * pair of sites in two different blocks is estimated from the great circle when asked for. */
typedef struct cp_travel_block {
    int32_t width;  /* stops in the block */
    int64_t offset; /* of its first cell; row-major width x width */
} cp_travel_block;

typedef struct cp_travel {
    int32_t n; /* n_sites + n_vaults */
    int32_t n_blocks;
    const cp_travel_block *blocks;
    const int32_t *block; /* by stop; -1 = a vault, which is in every block */
    const int32_t *place; /* by stop: row in its block; of a vault counted back from the width */
    const int32_t *block_seconds;   /* -1 = unreachable */
    const int32_t *block_metres;    /* -1 = unreachable */
    const uint8_t *block_estimated; /* 1 = estimated */
    cp_travel_source source;
    int64_t n_pairs, n_estimated, n_unreachable; /* of the stored cells off the diagonal */
    cp_road_use roads;
} cp_travel;

/* What the planner asked for and the bank's settings, see settings.h for meaning and defaults. */
typedef struct cp_settings {
    int32_t before_visit_ppm; /* share of a day's demand that falls before that day's visit */
    int32_t
        return_quantile_ppm;   /* returns on board are counted at this quantile (default 990000) */
    int32_t service_level_ppm; /* for machines that give none; 0 = penalty only */
    int32_t horizon_days;      /* T */
    int32_t longest_interval_days; /* L: intervals between visits never exceed it */
    int32_t n_paths;               /* W */
    int32_t released_days;         /* the first days of a plan that are sent out */
    double circle_factor;          /* road distance / great circle */
    double circle_speed_kmh;   /* speed on estimated legs = a * km^b fitted from these two ... */
    double pair_a_min, pair_b; /* estimate for unobserved pairs: minutes = a * km^b; 0 = fit */
    double road_speed_kmh;     /* links without a speed */
    double overload_factor;    /* travel times are multiplied by this (1 = as given) */
    bool merge_equal_sites;    /* equal coordinates: merge into one site (true) or warn (false) */
    int32_t stop_drive_min;    /* planning estimate of driving minutes a stop, 0 = estimated */
    double estimate_factor;    /* estimated travel times are multiplied by this too */
    const char *bank_name;     /* shown on pages and exports */
    bool low_level_counts;     /* notes below a cassette's low level miss the service level */
    /* Likeness of the routes with those of earlier days, see models/route/likeness.h. */
    int32_t likeness_days;     /* N: days looked back; 0 = not measured */
    int32_t likeness_slot_min; /* arrivals at most this far apart are in one slot */
    int32_t likeness_arcs_ppm, likeness_order_ppm, likeness_slots_ppm; /* weights of the parts */
    int32_t likeness_limit_pct;    /* of a vault's day with any of the N days; 100 = no limit */
    cp_minor likeness_price_minor; /* of one point (1 %) above the limit, a vault's day */
} cp_settings;

typedef struct cp_network {
    cp_rows rows; /* sorted and indexed; the arrays below point into it */
    cp_day first_day;
    int32_t n_days; /* horizon T */
    cp_settings settings;
    int32_t n_sites, n_points, n_vaults, n_cassettes, n_channels, n_cars, n_denoms, n_models;
    const cp_site *sites;         /* sorted by code */
    const cp_point *points;       /* sorted by (site, code) */
    const cp_vault *vaults;       /* sorted by code; existing and candidate */
    const cp_cassette *cassettes; /* sorted by (point, slot) */
    const cp_channel *channels;   /* sorted by (point, role, denomination) */
    const cp_mix *mixes;          /* of the machines with slot options, by point */
    const cp_car *cars;           /* sorted by (vault, code) */
    const cp_denomination *denoms;
    const cp_cassette_model *models;
    int32_t currency; /* the plan's currency: that of all denominations in use */
    cp_travel travel;
    /* Tariff rows are sorted by (item, scope, codes, latest valid_from first); for cp_tariff_get.
     */
    int32_t tariff_first[CP_N_TARIFF_ITEMS + 1];
    uint16_t tariff_scopes[CP_N_TARIFF_ITEMS]; /* bit k: rows of scope k exist (tariff.c) */
    int32_t *day_first; /* rows.calendar_day of calendar c: [day_first[c], day_first[c + 1]) */
} cp_network;

/* The tariff in force for `item` on `day` in the narrowest scope; 0 when none is given.
 * Indexes may be -1. */
int64_t cp_tariff_get(const cp_network *net, cp_tariff_item item, cp_day day, int32_t vault,
                      int32_t carrier, int32_t site, int32_t cassette_model);

/* True when the calendar covers the day; *working: an ordinary working day (weekends and holidays
 * off, make-up days on). calendar -1 = Monday to Friday, always covered. */
bool cp_calendar_lookup(const cp_network *net, int32_t calendar, cp_day day, bool *working);

/* May the point be visited on this day: service days, holidays, earliest/latest, active. */
bool cp_point_serviceable(const cp_network *net, int32_t point, cp_day day);

/* Great-circle metres (haversine, R = 6,371,008.8 m). */
double cp_circle_m(double lat1, double lon1, double lat2, double lon2);

/* Does the channel take part in a flow (cp_flow: 0 withdrawals, 1 deposits)? */
static inline bool cp_channel_serves(const cp_channel *channel, int32_t flow)
{
    return channel->role == CP_ROLE_RECYCLE ||
           channel->role == (flow == 0 ? CP_ROLE_DISPENSE : CP_ROLE_DEPOSIT);
}

/* Estimated travel of a pair that no block holds: road distance = great circle x circle_factor. */
int32_t cp_travel_far_s(const cp_network *net, int32_t a, int32_t b);
int32_t cp_travel_far_m(const cp_network *net, int32_t a, int32_t b);

/* Cell of a pair of stops; -1 when no block holds it. */
static inline int64_t cp_travel_cell(const cp_travel *tr, int32_t a, int32_t b)
{
    const int32_t in_a = tr->block[a], in_b = tr->block[b];
    if (in_a >= 0 && in_b >= 0 && in_a != in_b) return -1;
    const int32_t k = in_a >= 0 ? in_a : (in_b >= 0 ? in_b : 0);
    const int32_t width = tr->blocks[k].width;
    const int32_t row = tr->place[a] < 0 ? width + tr->place[a] : tr->place[a];
    const int32_t col = tr->place[b] < 0 ? width + tr->place[b] : tr->place[b];
    return tr->blocks[k].offset + (int64_t)row * width + col;
}

/* Seconds and metres from stop a to stop b, overload_factor included; -1 = unreachable. */
static inline int32_t cp_travel_s(const cp_network *net, int32_t a, int32_t b)
{
    const int64_t cell = cp_travel_cell(&net->travel, a, b);
    return cell >= 0 ? net->travel.block_seconds[cell] : cp_travel_far_s(net, a, b);
}
static inline int32_t cp_travel_m(const cp_network *net, int32_t a, int32_t b)
{
    const int64_t cell = cp_travel_cell(&net->travel, a, b);
    return cell >= 0 ? net->travel.block_metres[cell] : cp_travel_far_m(net, a, b);
}
/* True when the time was not observed but estimated. */
static inline bool cp_travel_estimated(const cp_network *net, int32_t a, int32_t b)
{
    const int64_t cell = cp_travel_cell(&net->travel, a, b);
    return cell >= 0 ? net->travel.block_estimated[cell] != 0 : true;
}

#endif
