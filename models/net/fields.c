/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fields.c - the tables of fields.h. Defaults follow common practice (100 notes a strap, ten straps
 * a bundle, 2,500 new notes a cassette of 121 x 218 x 444 mm); every one is data and may be set. */
#include "models/net/fields.h"

#include <stddef.h>
#include <string.h>

#define MONEY_MAX 1e15 /* CP_MINOR_MAX */
#define DAY_MAX 200000 /* year 2517: anything later is a typing error */
#define DAYS_ALL 127

/* A required code of its own, a required and an optional reference, a free text. */
#define OWN(T, m, help_)                                                                           \
    {                                                                                              \
#m, CP_FIELD_CODE, offsetof(T, m), true, 0, 0, NULL, NULL, -1, help_                       \
    }
#define REF(T, m, entity, help_)                                                                   \
    {                                                                                              \
#m, CP_FIELD_CODE, offsetof(T, m), true, 0, 0, NULL, NULL, CP_ENTITY_##entity, help_       \
    }
#define MAYREF(T, m, entity, help_)                                                                \
    {                                                                                              \
#m, CP_FIELD_CODE, offsetof(T, m), false, 0, 0, "", NULL, CP_ENTITY_##entity, help_        \
    }
#define FREE(T, m, help_)                                                                          \
    {                                                                                              \
#m, CP_FIELD_TEXT, offsetof(T, m), false, 0, 0, "", NULL, -1, help_                        \
    }
/* A value with a default, and one that must be given. */
#define VAL(T, m, type, lo, hi, dflt, help_)                                                       \
    {                                                                                              \
#m, CP_FIELD_##type, offsetof(T, m), false, lo, hi, dflt, NULL, -1, help_                  \
    }
#define MUST(T, m, type, lo, hi, help_)                                                            \
    {                                                                                              \
#m, CP_FIELD_##type, offsetof(T, m), true, lo, hi, NULL, NULL, -1, help_                   \
    }
/* A choice whose first name has the value `lo`. */
#define PICK(T, m, lo, names_, dflt, help_)                                                        \
    {                                                                                              \
#m, CP_FIELD_ENUM, offsetof(T, m), (dflt) == NULL, lo, LAST(lo, names_), dflt, names_, -1, \
            help_                                                                                  \
    }
#define LAST(lo, names) ((lo) + (double)(sizeof(names) / sizeof((names)[0])) - 2)

static const char *const vault_status[] = {"existing", "candidate", "closed", NULL};
static const char *const note_state[] = {"new",     "atm_fit",   "counter_fit", "unfit",
                                         "suspect", "uncounted", NULL};
static const char *const carrier_kind[] = {"own", "third_party", NULL};
static const char *const tariff_item[] = {"hold_ppm_year",
                                          "stop_site_minor",
                                          "stop_machine_minor",
                                          "stop_value_ppm",
                                          "stop_value_min_minor",
                                          "car_day_minor",
                                          "km_minor",
                                          "hour_minor",
                                          "overtime_hour_minor",
                                          "pack_cassette_minor",
                                          "pack_overtime_minor",
                                          "sort_1000_minor",
                                          "sort_overtime_1000_minor",
                                          "sort_outsource_1000_minor",
                                          "cash_out_ppm",
                                          "emergency_minor",
                                          "order_access_minor",
                                          "order_bundle_minor",
                                          "cross_ship_bundle_minor",
                                          "vault_hold_ppm_year",
                                          "relief_ppm",
                                          "branch_fill_minor",
                                          "branch_value_ppm",
                                          NULL};
_Static_assert(sizeof(tariff_item) / sizeof(tariff_item[0]) == CP_N_TARIFF_ITEMS + 1,
               "every tariff item has a name");
static const char *const day_kind[] = {"off", "work", "payday", "event", NULL};
static const char *const point_kind[] = {"atm", "branch", NULL};
static const char *const servicer[] = {"center", "branch", "either", NULL};
static const char *const dispense_rule[] = {"drain", "rotate", "mix", NULL};
/* Bits CP_MAY_...: swap 1, add 2, partial swap 4. */
static const char *const visit_kinds[] = {
    "none", "swap", "add", "swap_add", "partial", "swap_partial", "add_partial", "swap_add_partial",
    NULL};
static const char *const role[] = {"dispense", "deposit", "recycle", "reject", NULL};
static const char *const pin_rule[] = {"must", "forbid", NULL};
static const char *const flow[] = {"withdrawal", "deposit", NULL};
static const char *const pin_kind[] = {"any", "swap", "add", "pickup", "partial_swap", NULL};

static const cp_field currency_fields[] = {
    OWN(cp_currency, code, "ISO 4217 code of three capital letters"),
    VAL(cp_currency, exponent, INT, 0, 4, "2", "decimal places: minor units a unit = 10^exponent"),
};

static const cp_field denomination_fields[] = {
    OWN(cp_denomination, code, "the bank's code, e.g. CNY100"),
    REF(cp_denomination, currency_code, CURRENCY, "currency of the note"),
    MUST(cp_denomination, value_minor, MINOR, 1, 1e12, "value of one note, minor units"),
    VAL(cp_denomination, strap_notes, INT, 1, 10000, "100", "notes in a strap"),
    VAL(cp_denomination, bundle_notes, INT, 1, 100000, "1000", "notes in a bundle"),
};

static const cp_field cassette_model_fields[] = {
    OWN(cp_cassette_model, code, "the bank's code of the model"),
    VAL(cp_cassette_model, capacity_notes, INT, 1, 100000, "2500", "new notes it holds"),
    VAL(cp_cassette_model, fill_ppm, INT, 1, 1000000, "800000",
        "share of the capacity that used notes may fill, millionths"),
    VAL(cp_cassette_model, volume_cm3, INT, 0, 1000000, "11712",
        "outside volume, cubic centimetres"),
};

static const cp_field calendar_fields[] = {
    OWN(cp_calendar, code, "the calendar's code"),
    FREE(cp_calendar, name, "name to show"),
    MUST(cp_calendar, covered_from, DAY, -DAY_MAX, DAY_MAX, "first day the calendar speaks of"),
    MUST(cp_calendar, covered_to, DAY, -DAY_MAX, DAY_MAX,
         "last day the calendar speaks of; no plan goes beyond it"),
    VAL(cp_calendar, weekend_days, DAYS, 0, DAYS_ALL, "0000011",
        "weekly days off, Monday first, 1 = off"),
};

static const cp_field calendar_day_fields[] = {
    REF(cp_calendar_day, calendar_code, CALENDAR, "calendar of the day"),
    MUST(cp_calendar_day, day, DAY, -DAY_MAX, DAY_MAX, "the day"),
    PICK(cp_calendar_day, kind, 0, day_kind, NULL,
         "off: holiday; work: weekend day worked in exchange; payday; event"),
    FREE(cp_calendar_day, name, "name of the holiday or event"),
};

static const cp_field calendar_rule_fields[] = {
    REF(cp_calendar_rule, calendar_code, CALENDAR, "calendar of the days"),
    PICK(cp_calendar_rule, kind, 0, day_kind, "payday",
         "off: holiday; work: weekend day worked in exchange; payday (pension days too); event"),
    MUST(cp_calendar_rule, rule, TEXT, 0, 0,
         "which days: \"day 25 or the working day before\", \"last working day\", \"every second "
         "friday from 2026-01-02\", \"easter -2\" (all forms: models/net/calendar_rule.h)"),
    FREE(cp_calendar_rule, name, "name of the days; each name's effect is learned on its own"),
};

static const cp_field event_fields[] = {
    OWN(cp_event, code, "code of the event"),
    MUST(cp_event, name, TEXT, 0, 0, "name; what events of one name did is expected of the next"),
    MUST(cp_event, first_day, DAY, -DAY_MAX, DAY_MAX, "first day of the event"),
    MUST(cp_event, last_day, DAY, -DAY_MAX, DAY_MAX, "last day of the event"),
    MAYREF(cp_event, point_code, POINT, "this machine or branch only; none: all"),
    FREE(cp_event, segment, "machines and branches of this segment only; empty = all"),
    MAYREF(cp_event, vault_code, VAULT, "machines and branches of this vault only; none: all"),
};

static const cp_field central_bank_fields[] = {
    OWN(cp_central_bank, code, "code of the central bank's branch"),
    FREE(cp_central_bank, name, "name to show"),
    MUST(cp_central_bank, lat_deg, DEG, -90, 90, "latitude, degrees north"),
    MUST(cp_central_bank, lon_deg, DEG, -180, 180, "longitude, degrees east"),
    VAL(cp_central_bank, order_unit_notes, INT, 1, 1000000, "1000",
        "orders and lodgements are whole multiples, notes"),
    VAL(cp_central_bank, lead_days, INT, 0, 60, "2", "days from the order to the vault"),
    VAL(cp_central_bank, cutoff_min, MINUTE, 0, 1440, "11:00", "orders of a day end at this time"),
    VAL(cp_central_bank, service_days, DAYS, 0, DAYS_ALL, "1111100",
        "days it serves, Monday first"),
    MAYREF(cp_central_bank, calendar_code, CALENDAR, "its holidays"),
    VAL(cp_central_bank, cross_ship_days, INT, 0, 60, "0",
        "an order and a lodgement of one denomination are due at least so many days apart; 0 = "
        "free, "
        "only charged by cross_ship_bundle_minor"),
};

static const cp_field vault_fields[] = {
    OWN(cp_vault, code, "code of the vault"),
    FREE(cp_vault, name, "name to show"),
    MUST(cp_vault, lat_deg, DEG, -90, 90, "latitude, degrees north"),
    MUST(cp_vault, lon_deg, DEG, -180, 180, "longitude, degrees east"),
    PICK(cp_vault, status, 0, vault_status, "existing", "existing, candidate (studies) or closed"),
    MAYREF(cp_vault, central_bank_code, CENTRAL_BANK, "where it orders"),
    MAYREF(cp_vault, calendar_code, CALENDAR, "its working days; none: Monday to Friday"),
    FREE(cp_vault, gln, "GS1 location number, 13 digits"),
    VAL(cp_vault, insured_minor, MINOR, 0, MONEY_MAX, "0",
        "most value at night, minor units; 0 = no limit"),
    VAL(cp_vault, out_minor_per_day, MINOR, 0, MONEY_MAX, "0",
        "most value leaving a day, minor units; 0 = no limit"),
    VAL(cp_vault, open_min, MINUTE, 0, 1440, "07:00", "no car leaves before"),
    VAL(cp_vault, close_min, MINUTE, 0, 2880, "20:00", "every car is back by"),
    VAL(cp_vault, dock_slots, INT, 0, 1000, "0", "cars loaded at once; 0 = no limit"),
    VAL(cp_vault, stops_per_day, INT, 0, 1000000, "0", "most stops a day; 0 = no limit"),
    VAL(cp_vault, crew_min_per_day, INT, 0, 10000000, "0",
        "most crew minutes a day, driving and service; 0 = no limit"),
    VAL(cp_vault, pack_cassettes_per_day, INT, 0, 1000000, "0",
        "cassettes packed a day; 0 = no limit"),
    VAL(cp_vault, pack_overtime_cassettes, INT, 0, 1000000, "0", "more of them in overtime"),
    VAL(cp_vault, sort_notes_per_day, INT, 0, 1000000000, "0", "notes sorted a day; 0 = no limit"),
    VAL(cp_vault, sort_overtime_notes, INT, 0, 1000000000, "0", "more of them in overtime"),
    VAL(cp_vault, sort_lead_days, INT, 1, 60, "1",
        "days until a returned cassette is usable again"),
    VAL(cp_vault, service_radius_m, INT, 0, 10000000, "0", "farthest site, metres; 0 = any"),
    VAL(cp_vault, fixed_minor_per_day, MINOR, 0, MONEY_MAX, "0", "fixed cost a day, minor units"),
    VAL(cp_vault, sort_outsource_notes, INT, 0, 1000000000, "0",
        "notes a day that others may sort for it; 0 = none"),
};

static const cp_field vault_stock_fields[] = {
    REF(cp_vault_stock, vault_code, VAULT, "vault"),
    REF(cp_vault_stock, denomination_code, DENOMINATION, "denomination"),
    PICK(cp_vault_stock, state, 0, note_state, NULL, "state of the notes"),
    MUST(cp_vault_stock, day, DAY, -DAY_MAX, DAY_MAX, "evening of this day"),
    MUST(cp_vault_stock, notes, INT64, 0, 1e12, "notes on the shelf"),
};

static const cp_field cassette_pool_fields[] = {
    REF(cp_cassette_pool, vault_code, VAULT, "vault"),
    REF(cp_cassette_pool, cassette_model_code, CASSETTE_MODEL, "model"),
    MUST(cp_cassette_pool, spare, INT, 0, 1000000, "usable spare cassettes on the first day"),
};

static const cp_field carrier_fields[] = {
    OWN(cp_carrier, code, "code of the carrier"),
    FREE(cp_carrier, name, "name to show"),
    PICK(cp_carrier, kind, 0, carrier_kind, "own", "own fleet or third party"),
};

static const cp_field crew_fields[] = {
    OWN(cp_crew, code, "code of the crew"),
    REF(cp_crew, vault_code, VAULT, "vault it works from"),
    VAL(cp_crew, roles, TEXT, 0, 0, "driver;custodian;custodian",
        "roles, separated by semicolons; never persons' names"),
};

static const cp_field car_fields[] = {
    OWN(cp_car, code, "code of the car"),
    REF(cp_car, carrier_code, CARRIER, "its carrier"),
    REF(cp_car, vault_code, VAULT, "vault it starts from"),
    MAYREF(cp_car, crew_code, CREW, "its crew"),
    MUST(cp_car, insured_minor, MINOR, 1, MONEY_MAX,
         "most value on board at any moment, minor units"),
    VAL(cp_car, volume_cm3, INT64, 0, 1e12, "0",
        "room for cassettes, cubic centimetres; 0 = no limit"),
    VAL(cp_car, shift_start_min, MINUTE, 0, 1440, "08:00", "start of the crew's shift"),
    VAL(cp_car, shift_end_min, MINUTE, 0, 2880, "17:00", "end of the crew's shift"),
    VAL(cp_car, overtime_min, INT, 0, 1440, "60", "minutes allowed after the shift"),
    VAL(cp_car, max_trips, INT, 1, 20, "2", "trips a day"),
    VAL(cp_car, reload_min, INT, 0, 1440, "30", "minutes at the vault between two trips"),
    VAL(cp_car, open_route, BOOL, 0, 1, "0", "no leg from and to the vault"),
    VAL(cp_car, paid_daily, BOOL, 0, 1, "0", "its day is paid even when it stands"),
};

static const cp_field road_node_fields[] = {
    OWN(cp_road_node, code, "code of the node"),
    MUST(cp_road_node, lat_deg, DEG, -90, 90, "latitude, degrees north"),
    MUST(cp_road_node, lon_deg, DEG, -180, 180, "longitude, degrees east"),
};

static const cp_field road_link_fields[] = {
    REF(cp_road_link, from_code, ROAD_NODE, "node it starts from; one direction a row"),
    REF(cp_road_link, to_code, ROAD_NODE, "node it leads to"),
    MUST(cp_road_link, length_m, REAL, 0, 1e7, "length, metres"),
    VAL(cp_road_link, speed_kmh, REAL, 0, 200, "0",
        "speed, kilometres an hour; 0 = setting road_speed_kmh"),
};

static const cp_field site_fields[] = {
    OWN(cp_site, code, "code of the address"),
    FREE(cp_site, name, "name to show"),
    FREE(cp_site, address, "postal address"),
    FREE(cp_site, district, "district"),
    MUST(cp_site, lat_deg, DEG, -90, 90, "latitude, degrees north"),
    MUST(cp_site, lon_deg, DEG, -180, 180, "longitude, degrees east"),
    MAYREF(cp_site, vault_code, VAULT, "vault that serves it; none: the nearest existing one"),
    VAL(cp_site, open_min, MINUTE, 0, 2880, "09:00", "service starts from"),
    VAL(cp_site, close_min, MINUTE, 0, 2880, "18:00", "service starts before"),
    VAL(cp_site, open2_min, MINUTE, -1, 2880, "", "second window from; empty = none"),
    VAL(cp_site, close2_min, MINUTE, -1, 2880, "", "second window until; empty = none"),
    VAL(cp_site, service_min, INT, 0, 1440, "8", "fixed minutes of a stop"),
    MAYREF(cp_site, road_node_code, ROAD_NODE, "its node; none: the nearest"),
};

static const cp_field point_fields[] = {
    OWN(cp_point, code, "code of the machine or branch"),
    FREE(cp_point, name, "name to show"),
    REF(cp_point, site_code, SITE, "its address"),
    MAYREF(cp_point, owner_branch_code, POINT, "branch that owns the machine"),
    FREE(cp_point, segment, "group of alike points, for forecasts of new ones"),
    MAYREF(cp_point, calendar_code, CALENDAR, "holidays on which it is not served"),
    MAYREF(cp_point, demand_calendar_code, CALENDAR,
           "holidays and paydays its demand follows; none: those of calendar_code"),
    FREE(cp_point, gln, "GS1 location number, 13 digits"),
    PICK(cp_point, kind, 0, point_kind, NULL, "atm or branch"),
    VAL(cp_point, on_site, BOOL, 0, 1, "0", "machine inside a branch"),
    PICK(cp_point, serviced_by, 0, servicer, "center",
         "who fills it; either (an ATM in a branch): the plan chooses for each visit"),
    PICK(cp_point, dispense_rule, 0, dispense_rule, "rotate",
         "drain one cassette before the next (untouched ones of a swap come back sealed), rotate, "
         "or keep a mix (other denominations stand in)"),
    VAL(cp_point, insured_minor, MINOR, 0, MONEY_MAX, "0",
        "most value inside after a visit, minor units; 0 = no limit"),
    PICK(
        cp_point, visit_kinds, 0, visit_kinds, "swap",
        "visits of the center that are allowed; partial: a swap of some denominations only, as the "
        "first visit of a plan"),
    VAL(cp_point, service_days, DAYS, 0, DAYS_ALL, "1111111",
        "days it may be visited, Monday first"),
    VAL(cp_point, works_holidays, BOOL, 0, 1, "1", "may be visited on holidays too"),
    VAL(cp_point, service_level_ppm, INT, -1, 1000000, "-1",
        "probability of no cash-out until the next visit, millionths; 0 = by penalty only, "
        "-1 = setting"),
    VAL(cp_point, max_interval_days, INT, 0, 366, "0", "most days between visits; 0 = no limit"),
    VAL(cp_point, days_since_visit, INT, 0, 3660, "0",
        "days since its last visit on the first plan day"),
    VAL(cp_point, earliest_day, DAY, -DAY_MAX, DAY_MAX, "", "no visit before; empty = free"),
    VAL(cp_point, latest_day, DAY, -DAY_MAX, DAY_MAX, "", "next visit at the latest; empty = free"),
    VAL(cp_point, service_min_swap, INT, 0, 1440, "6", "minutes of a swap besides the site's"),
    VAL(cp_point, service_min_add, INT, 0, 1440, "12",
        "minutes of an add or branch delivery besides the site's"),
};

static const cp_field cassette_fields[] = {
    REF(cp_cassette, point_code, POINT, "machine or branch"),
    MUST(cp_cassette, slot, INT, 1, 99, "slot, counted from 1"),
    MAYREF(cp_cassette, cassette_model_code, CASSETTE_MODEL, "model; none for a branch"),
    REF(cp_cassette, denomination_code, DENOMINATION, "the one denomination it holds"),
    FREE(cp_cassette, grai, "GS1 asset number"),
    PICK(cp_cassette, role, 0, role, NULL, "dispense, deposit, recycle or reject"),
    VAL(cp_cassette, capacity_notes, INT, -1, 100000000, "-1",
        "notes it may hold; -1 = model capacity x fill"),
    VAL(cp_cassette, step_notes, INT, 1, 1000000, "100", "notes of one loading step"),
    VAL(cp_cassette, min_load_notes, INT, 0, 100000000, "0", "a swap loads at least this, notes"),
    VAL(cp_cassette, low_notes, INT, 0, 100000000, "0",
        "low level, notes: replenish before (setting low_level_counts)"),
    VAL(cp_cassette, share_ppm, INT, -1, 1000000, "-1",
        "share of the machine's demand value, millionths; -1 = from history"),
    VAL(cp_cassette, balance_notes, INT, 0, 100000000, "0",
        "notes inside on the evening before the plan where no balance row says otherwise"),
};

static const cp_field slot_option_fields[] = {
    REF(cp_slot_option, point_code, POINT, "machine that is swapped and nothing else"),
    MUST(cp_slot_option, slot, INT, 1, 99, "slot that pays out"),
    REF(cp_slot_option, denomination_code, DENOMINATION, "what it may hold instead"),
    VAL(cp_slot_option, capacity_notes, INT, -1, 100000000, "-1",
        "notes it may hold then; -1 = as its row in cassette"),
    VAL(cp_slot_option, step_notes, INT, -1, 1000000, "-1",
        "notes of one loading step; -1 = as its row in cassette"),
    VAL(cp_slot_option, min_load_notes, INT, -1, 100000000, "-1",
        "a swap loads at least this, notes; -1 = as its row in cassette"),
    VAL(cp_slot_option, share_ppm, INT, -1, 1000000, "-1",
        "share of the machine's demand value that asks for the denomination where it holds none "
        "today, millionths; -1 = from history"),
};

static const cp_field balance_fields[] = {
    REF(cp_balance, point_code, POINT, "machine or branch"),
    MUST(cp_balance, day, DAY, -DAY_MAX, DAY_MAX, "evening of this day"),
    MUST(cp_balance, slot, INT, 1, 99, "slot"),
    MUST(cp_balance, notes, INT64, 0, 1e8, "notes inside"),
};

static const cp_field travel_pair_fields[] = {
    OWN(cp_travel_pair, from_code, "site or vault it starts from"),
    OWN(cp_travel_pair, to_code, "site or vault it leads to"),
    MUST(cp_travel_pair, seconds, INT, -1, 1000000, "travel time, seconds; -1 = no way"),
    VAL(cp_travel_pair, metres, INT, -1, 100000000, "-1", "road distance, metres; -1 = not known"),
    VAL(cp_travel_pair, estimated, BOOL, 0, 1, "0", "the figure itself is an estimate"),
};

static const cp_field tariff_fields[] = {
    PICK(cp_tariff, item, 0, tariff_item, NULL, "what is paid for; the name ends in the unit"),
    MAYREF(cp_tariff, vault_code, VAULT, "for this vault only; none: all"),
    MAYREF(cp_tariff, carrier_code, CARRIER, "for this carrier only; none: all"),
    MAYREF(cp_tariff, site_code, SITE, "for this site only; none: all"),
    MAYREF(cp_tariff, cassette_model_code, CASSETTE_MODEL, "for this model only; none: all"),
    MUST(cp_tariff, valid_from, DAY, -DAY_MAX, DAY_MAX, "first day it holds"),
    VAL(cp_tariff, valid_to, DAY, -DAY_MAX, DAY_MAX, "2099-12-31", "last day it holds"),
    MUST(cp_tariff, amount, INT64, 0, MONEY_MAX, "minor units or ppm, as the item says"),
};

static const cp_field setting_fields[] = {
    OWN(cp_setting_row, key, "one of the known keys"),
    FREE(cp_setting_row, value, "its value"),
};

static const cp_field pin_fields[] = {
    OWN(cp_pin, code, "code of the pin"),
    REF(cp_pin, point_code, POINT, "machine or branch"),
    PICK(cp_pin, rule, 0, pin_rule, NULL, "must be visited, or must not"),
    MUST(cp_pin, day, DAY, -DAY_MAX, DAY_MAX, "the day"),
    PICK(cp_pin, kind, -1, pin_kind, "any", "kind of visit"),
    VAL(cp_pin, amount_minor, MINOR, -1, MONEY_MAX, "-1", "value to load, minor units; -1 = free"),
    MAYREF(cp_pin, car_code, CAR, "car that must do it; none: any"),
    FREE(cp_pin, author, "who wished it"),
    FREE(cp_pin, reason, "why"),
};

static const cp_field demand_override_fields[] = {
    OWN(cp_demand_override, code, "code of the override"),
    REF(cp_demand_override, point_code, POINT, "machine or branch"),
    PICK(cp_demand_override, flow, 0, flow, NULL, "what is expected otherwise"),
    MAYREF(cp_demand_override, denomination_code, DENOMINATION,
           "this denomination alone; none: all"),
    MUST(cp_demand_override, first_day, DAY, -DAY_MAX, DAY_MAX, "first day it holds"),
    MUST(cp_demand_override, last_day, DAY, -DAY_MAX, DAY_MAX, "last day it holds"),
    VAL(cp_demand_override, factor_ppm, INT, -1, 100000000, "-1",
        "the forecast is multiplied by this, millionths; -1 = amount_minor is given"),
    VAL(cp_demand_override, amount_minor, MINOR, -1, MONEY_MAX, "-1",
        "expected value of each day, minor units; -1 = factor_ppm is given"),
    FREE(cp_demand_override, author, "who said it"),
    FREE(cp_demand_override, reason, "why"),
};

static const cp_field substitution_fields[] = {
    OWN(cp_substitution, code, "code of the row"),
    REF(cp_substitution, point_code, POINT, "the closed machine or branch"),
    REF(cp_substitution, receiver_code, POINT, "where a share of its customers goes"),
    MUST(cp_substitution, first_day, DAY, -DAY_MAX, DAY_MAX, "first day it is closed"),
    MUST(cp_substitution, last_day, DAY, -DAY_MAX, DAY_MAX, "last day it is closed"),
    MUST(cp_substitution, share_ppm, INT, 0, 1000000,
         "share of its demand that goes there, millionths; what no row names is lost"),
    FREE(cp_substitution, author, "who said it"),
    FREE(cp_substitution, reason, "why"),
};

#define ENTITY(up, low, type, key, text)                                                           \
    [CP_ENTITY_##up] = {#low,                                                                      \
                        sizeof(type),                                                              \
                        (int32_t)(sizeof(low##_fields) / sizeof(low##_fields[0])),                 \
                        key,                                                                       \
                        low##_fields,                                                              \
                        offsetof(cp_rows, low),                                                    \
                        offsetof(cp_rows, n_##low),                                                \
                        text}

const cp_entity cp_entities[CP_N_ENTITIES] = {
    ENTITY(CURRENCY, currency, cp_currency, 1, "Currencies by ISO 4217"),
    ENTITY(DENOMINATION, denomination, cp_denomination, 1, "Notes by value"),
    ENTITY(CASSETTE_MODEL, cassette_model, cp_cassette_model, 1, "Kinds of cassette"),
    ENTITY(CALENDAR, calendar, cp_calendar, 1, "Calendars and the period each covers"),
    ENTITY(CALENDAR_DAY, calendar_day, cp_calendar_day, 4,
           "Holidays, worked weekend days, paydays, events"),
    ENTITY(CALENDAR_RULE, calendar_rule, cp_calendar_rule, 4,
           "Days by rule: paydays, pension days, moving feasts"),
    ENTITY(CENTRAL_BANK, central_bank, cp_central_bank, 1, "Source and sink of notes"),
    ENTITY(VAULT, vault, cp_vault, 1, "Cash centers, existing and candidate"),
    ENTITY(VAULT_STOCK, vault_stock, cp_vault_stock, 4, "Notes in the vaults by evening"),
    ENTITY(CASSETTE_POOL, cassette_pool, cp_cassette_pool, 2, "Spare cassettes by vault and model"),
    ENTITY(CARRIER, carrier, cp_carrier, 1, "Own fleet and carriers"),
    ENTITY(CREW, crew, cp_crew, 1, "Crews as roles"),
    ENTITY(CAR, car, cp_car, 1, "Armored cars"),
    ENTITY(ROAD_NODE, road_node, cp_road_node, 1, "Nodes of the road graph"),
    ENTITY(ROAD_LINK, road_link, cp_road_link, 0,
           "Links of the road graph; several between the same nodes are allowed"),
    ENTITY(SITE, site, cp_site, 1, "Addresses: the stops of routes"),
    ENTITY(POINT, point, cp_point, 1, "Machines and branches"),
    ENTITY(EVENT, event, cp_event, 1, "What draws or keeps away the public at some machines"),
    ENTITY(CASSETTE, cassette, cp_cassette, 2,
           "Slots of machines; a branch has one row a denomination"),
    ENTITY(
        SLOT_OPTION, slot_option, cp_slot_option, 3,
        "What else a slot of a machine may hold: the denomination mix is decided visit by visit"),
    ENTITY(BALANCE, balance, cp_balance, 3, "Observed stock by slot and evening"),
    ENTITY(TRAVEL_PAIR, travel_pair, cp_travel_pair, 2, "Observed travel between stops"),
    ENTITY(TARIFF, tariff, cp_tariff, 6, "What things cost, with validity dates"),
    ENTITY(SETTING, setting, cp_setting_row, 1, "Settings of the bank"),
    ENTITY(PIN, pin, cp_pin, 1, "Planners' wishes that every plan keeps"),
    ENTITY(DEMAND_OVERRIDE, demand_override, cp_demand_override, 1,
           "Planners' words about the demand to come"),
    ENTITY(SUBSTITUTION, substitution, cp_substitution, 1,
           "Closed points, and which neighbours their demand goes to"),
};

const cp_entity *cp_entity_by_name(const char *name)
{
    for (int32_t e = 0; e < CP_N_ENTITIES; e++)
        if (strcmp(cp_entities[e].name, name) == 0) return &cp_entities[e];
    return NULL;
}

void **cp_rows_array(cp_rows *rows, const cp_entity *entity)
{
    return (void **)((char *)rows + entity->rows_offset);
}

int32_t *cp_rows_count(cp_rows *rows, const cp_entity *entity)
{
    return (int32_t *)((char *)rows + entity->count_offset);
}
