-- SPDX-License-Identifier: GPL-3.0-or-later
-- 001_core.sql - tables of a plan database, version 1. Released steps are never edited: changes
-- come as a next number.
--
-- Conventions: money is INTEGER minor units (columns ..._minor), days are TEXT like 2026-11-24,
-- minutes of the day are INTEGER from midnight (..._min), weekday masks are seven characters of 0
-- and 1, Monday first. NULL in a code or day column means "none"; in a column of a key '' does
-- (columns ..._ref exist so that such codes are foreign keys too). The tables down to `pin` are the
-- bank's data, column by column as in models/net/fields.h; ranges are checked there on the way in.

-- Currencies by ISO 4217.
CREATE TABLE currency (
    code TEXT PRIMARY KEY NOT NULL, -- ISO 4217 code of three capital letters
    -- decimal places: minor units a unit = 10^exponent
    exponent INTEGER NOT NULL CHECK (exponent >= 0)
) STRICT;

-- Notes by value.
CREATE TABLE denomination (
    code TEXT PRIMARY KEY NOT NULL, -- the bank's code, e.g. CNY100
    currency_code TEXT NOT NULL REFERENCES currency, -- currency of the note
    value_minor INTEGER NOT NULL CHECK (value_minor >= 0), -- value of one note, minor units
    strap_notes INTEGER NOT NULL CHECK (strap_notes >= 0), -- notes in a strap
    bundle_notes INTEGER NOT NULL CHECK (bundle_notes >= 0) -- notes in a bundle
) STRICT;

-- Kinds of cassette.
CREATE TABLE cassette_model (
    code TEXT PRIMARY KEY NOT NULL, -- the bank's code of the model
    capacity_notes INTEGER NOT NULL CHECK (capacity_notes >= 0), -- new notes it holds
    -- share of the capacity that used notes may fill, millionths
    fill_ppm INTEGER NOT NULL CHECK (fill_ppm >= 0),
    volume_cm3 INTEGER NOT NULL CHECK (volume_cm3 >= 0) -- outside volume, cubic centimetres
) STRICT;

-- Calendars and the period each covers.
CREATE TABLE calendar (
    code TEXT PRIMARY KEY NOT NULL, -- the calendar's code
    name TEXT NOT NULL, -- name to show
    -- first day the calendar speaks of
    covered_from TEXT NOT NULL CHECK (date(covered_from) IS covered_from),
    -- last day the calendar speaks of; no plan goes beyond it
    covered_to TEXT NOT NULL CHECK (date(covered_to) IS covered_to),
    -- weekly days off, Monday first, 1 = off
    weekend_days TEXT NOT NULL CHECK (weekend_days GLOB '[01][01][01][01][01][01][01]')
) STRICT;

-- Holidays, worked weekend days, paydays, events.
CREATE TABLE calendar_day (
    calendar_code TEXT NOT NULL REFERENCES calendar, -- calendar of the day
    day TEXT NOT NULL CHECK (date(day) IS day), -- the day
    -- off: holiday; work: weekend day worked in exchange; payday; event
    kind TEXT NOT NULL CHECK (kind IN ('off', 'work', 'payday', 'event')),
    name TEXT NOT NULL, -- name of the holiday or event
    PRIMARY KEY (calendar_code, day, kind, name)
) STRICT, WITHOUT ROWID;

-- Source and sink of notes.
CREATE TABLE central_bank (
    code TEXT PRIMARY KEY NOT NULL, -- code of the central bank's branch
    name TEXT NOT NULL, -- name to show
    lat_deg REAL NOT NULL CHECK (lat_deg BETWEEN -90 AND 90), -- latitude, degrees north
    lon_deg REAL NOT NULL CHECK (lon_deg BETWEEN -180 AND 180), -- longitude, degrees east
    -- orders and lodgements are whole multiples, notes
    order_unit_notes INTEGER NOT NULL CHECK (order_unit_notes >= 0),
    lead_days INTEGER NOT NULL CHECK (lead_days >= 0), -- days from the order to the vault
    cutoff_min INTEGER NOT NULL CHECK (cutoff_min >= 0), -- orders of a day end at this time
    -- days it serves, Monday first
    service_days TEXT NOT NULL CHECK (service_days GLOB '[01][01][01][01][01][01][01]'),
    calendar_code TEXT REFERENCES calendar -- its holidays
) STRICT;

-- Cash centers, existing and candidate.
CREATE TABLE vault (
    code TEXT PRIMARY KEY NOT NULL, -- code of the vault
    name TEXT NOT NULL, -- name to show
    lat_deg REAL NOT NULL CHECK (lat_deg BETWEEN -90 AND 90), -- latitude, degrees north
    lon_deg REAL NOT NULL CHECK (lon_deg BETWEEN -180 AND 180), -- longitude, degrees east
    -- existing, candidate (studies) or closed
    status TEXT NOT NULL CHECK (status IN ('existing', 'candidate', 'closed')),
    central_bank_code TEXT REFERENCES central_bank, -- where it orders
    calendar_code TEXT REFERENCES calendar, -- its working days; none: Monday to Friday
    gln TEXT NOT NULL, -- GS1 location number, 13 digits
    -- most value at night, minor units; 0 = no limit
    insured_minor INTEGER NOT NULL CHECK (insured_minor >= 0),
    -- most value leaving a day, minor units; 0 = no limit
    out_minor_per_day INTEGER NOT NULL CHECK (out_minor_per_day >= 0),
    open_min INTEGER NOT NULL CHECK (open_min >= 0), -- no car leaves before
    close_min INTEGER NOT NULL CHECK (close_min >= 0), -- every car is back by
    dock_slots INTEGER NOT NULL CHECK (dock_slots >= 0), -- cars loaded at once; 0 = no limit
    stops_per_day INTEGER NOT NULL CHECK (stops_per_day >= 0), -- most stops a day; 0 = no limit
    -- most crew minutes a day, driving and service; 0 = no limit
    crew_min_per_day INTEGER NOT NULL CHECK (crew_min_per_day >= 0),
    -- cassettes packed a day; 0 = no limit
    pack_cassettes_per_day INTEGER NOT NULL CHECK (pack_cassettes_per_day >= 0),
    -- more of them in overtime
    pack_overtime_cassettes INTEGER NOT NULL CHECK (pack_overtime_cassettes >= 0),
    -- notes sorted a day; 0 = no limit
    sort_notes_per_day INTEGER NOT NULL CHECK (sort_notes_per_day >= 0),
    -- more of them in overtime
    sort_overtime_notes INTEGER NOT NULL CHECK (sort_overtime_notes >= 0),
    -- days until a returned cassette is usable again
    sort_lead_days INTEGER NOT NULL CHECK (sort_lead_days >= 0),
    -- farthest site, metres; 0 = any
    service_radius_m INTEGER NOT NULL CHECK (service_radius_m >= 0),
    -- fixed cost a day, minor units
    fixed_minor_per_day INTEGER NOT NULL CHECK (fixed_minor_per_day >= 0)
) STRICT;

-- Notes in the vaults by evening.
CREATE TABLE vault_stock (
    vault_code TEXT NOT NULL REFERENCES vault, -- vault
    denomination_code TEXT NOT NULL REFERENCES denomination, -- denomination
    -- state of the notes
    state TEXT NOT NULL CHECK (state IN ('new', 'atm_fit', 'counter_fit', 'unfit', 'suspect',
        'uncounted')),
    day TEXT NOT NULL CHECK (date(day) IS day), -- evening of this day
    notes INTEGER NOT NULL CHECK (notes >= 0), -- notes on the shelf
    PRIMARY KEY (vault_code, denomination_code, state, day)
) STRICT, WITHOUT ROWID;

-- Spare cassettes by vault and model.
CREATE TABLE cassette_pool (
    vault_code TEXT NOT NULL REFERENCES vault, -- vault
    cassette_model_code TEXT NOT NULL REFERENCES cassette_model, -- model
    spare INTEGER NOT NULL CHECK (spare >= 0), -- usable spare cassettes on the first day
    PRIMARY KEY (vault_code, cassette_model_code)
) STRICT, WITHOUT ROWID;

-- Own fleet and carriers.
CREATE TABLE carrier (
    code TEXT PRIMARY KEY NOT NULL, -- code of the carrier
    name TEXT NOT NULL, -- name to show
    kind TEXT NOT NULL CHECK (kind IN ('own', 'third_party')) -- own fleet or third party
) STRICT;

-- Crews as roles.
CREATE TABLE crew (
    code TEXT PRIMARY KEY NOT NULL, -- code of the crew
    vault_code TEXT NOT NULL REFERENCES vault, -- vault it works from
    roles TEXT NOT NULL -- roles, separated by semicolons; never persons' names
) STRICT;

-- Armored cars.
CREATE TABLE car (
    code TEXT PRIMARY KEY NOT NULL, -- code of the car
    carrier_code TEXT NOT NULL REFERENCES carrier, -- its carrier
    vault_code TEXT NOT NULL REFERENCES vault, -- vault it starts from
    crew_code TEXT REFERENCES crew, -- its crew
    -- most value on board at any moment, minor units
    insured_minor INTEGER NOT NULL CHECK (insured_minor >= 0),
    -- room for cassettes, cubic centimetres; 0 = no limit
    volume_cm3 INTEGER NOT NULL CHECK (volume_cm3 >= 0),
    shift_start_min INTEGER NOT NULL CHECK (shift_start_min >= 0), -- start of the crew's shift
    shift_end_min INTEGER NOT NULL CHECK (shift_end_min >= 0), -- end of the crew's shift
    overtime_min INTEGER NOT NULL CHECK (overtime_min >= 0), -- minutes allowed after the shift
    max_trips INTEGER NOT NULL CHECK (max_trips >= 0), -- trips a day
    reload_min INTEGER NOT NULL CHECK (reload_min >= 0), -- minutes at the vault between two trips
    open_route INTEGER NOT NULL CHECK (open_route IN (0, 1)), -- no leg from and to the vault
    paid_daily INTEGER NOT NULL CHECK (paid_daily IN (0, 1)) -- its day is paid even when it stands
) STRICT;

-- Nodes of the road graph.
CREATE TABLE road_node (
    code TEXT PRIMARY KEY NOT NULL, -- code of the node
    lat_deg REAL NOT NULL CHECK (lat_deg BETWEEN -90 AND 90), -- latitude, degrees north
    lon_deg REAL NOT NULL CHECK (lon_deg BETWEEN -180 AND 180) -- longitude, degrees east
) STRICT;

-- Links of the road graph; several between the same nodes are allowed.
CREATE TABLE road_link (
    from_code TEXT NOT NULL REFERENCES road_node, -- node it starts from; one direction a row
    to_code TEXT NOT NULL REFERENCES road_node, -- node it leads to
    length_m REAL NOT NULL CHECK (length_m >= 0), -- length, metres
    -- speed, kilometres an hour; 0 = setting road_speed_kmh
    speed_kmh REAL NOT NULL CHECK (speed_kmh >= 0)
) STRICT;

-- Addresses: the stops of routes.
CREATE TABLE site (
    code TEXT PRIMARY KEY NOT NULL, -- code of the address
    name TEXT NOT NULL, -- name to show
    address TEXT NOT NULL, -- postal address
    district TEXT NOT NULL, -- district
    lat_deg REAL NOT NULL CHECK (lat_deg BETWEEN -90 AND 90), -- latitude, degrees north
    lon_deg REAL NOT NULL CHECK (lon_deg BETWEEN -180 AND 180), -- longitude, degrees east
    vault_code TEXT REFERENCES vault, -- vault that serves it; none: the nearest existing one
    open_min INTEGER NOT NULL CHECK (open_min >= 0), -- service starts from
    close_min INTEGER NOT NULL CHECK (close_min >= 0), -- service starts before
    open2_min INTEGER NOT NULL CHECK (open2_min >= -1), -- second window from; empty = none
    close2_min INTEGER NOT NULL CHECK (close2_min >= -1), -- second window until; empty = none
    service_min INTEGER NOT NULL CHECK (service_min >= 0), -- fixed minutes of a stop
    road_node_code TEXT REFERENCES road_node -- its node; none: the nearest
) STRICT;

-- Machines and branches.
CREATE TABLE point (
    code TEXT PRIMARY KEY NOT NULL, -- code of the machine or branch
    name TEXT NOT NULL, -- name to show
    site_code TEXT NOT NULL REFERENCES site, -- its address
    -- branch that owns the machine
    owner_branch_code TEXT REFERENCES point DEFERRABLE INITIALLY DEFERRED,
    segment TEXT NOT NULL, -- group of alike points, for forecasts of new ones
    calendar_code TEXT REFERENCES calendar, -- holidays on which it is not served
    -- holidays and paydays its demand follows; none: those of calendar_code
    demand_calendar_code TEXT REFERENCES calendar,
    gln TEXT NOT NULL, -- GS1 location number, 13 digits
    kind TEXT NOT NULL CHECK (kind IN ('atm', 'branch')), -- atm or branch
    on_site INTEGER NOT NULL CHECK (on_site IN (0, 1)), -- machine inside a branch
    serviced_by TEXT NOT NULL CHECK (serviced_by IN ('center', 'branch')), -- who fills it
    -- drain one cassette before the next, rotate, or keep a mix
    dispense_rule TEXT NOT NULL CHECK (dispense_rule IN ('drain', 'rotate', 'mix')),
    -- most value inside after a visit, minor units; 0 = no limit
    insured_minor INTEGER NOT NULL CHECK (insured_minor >= 0),
    -- visits that are allowed
    visit_kinds TEXT NOT NULL CHECK (visit_kinds IN ('none', 'swap', 'add', 'swap_add')),
    -- days it may be visited, Monday first
    service_days TEXT NOT NULL CHECK (service_days GLOB '[01][01][01][01][01][01][01]'),
    -- may be visited on holidays too
    works_holidays INTEGER NOT NULL CHECK (works_holidays IN (0, 1)),
    -- probability of no cash-out until the next visit, millionths; 0 = by penalty only, -1 = setting
    service_level_ppm INTEGER NOT NULL CHECK (service_level_ppm >= -1),
    -- most days between visits; 0 = no limit
    max_interval_days INTEGER NOT NULL CHECK (max_interval_days >= 0),
    -- days since its last visit on the first plan day
    days_since_visit INTEGER NOT NULL CHECK (days_since_visit >= 0),
    earliest_day TEXT CHECK (date(earliest_day) IS earliest_day), -- no visit before; empty = free
    -- next visit at the latest; empty = free
    latest_day TEXT CHECK (date(latest_day) IS latest_day),
    -- minutes of a swap besides the site's
    service_min_swap INTEGER NOT NULL CHECK (service_min_swap >= 0),
    -- minutes of an add or branch delivery besides the site's
    service_min_add INTEGER NOT NULL CHECK (service_min_add >= 0)
) STRICT;

-- Slots of machines; a branch has one row a denomination.
CREATE TABLE cassette (
    point_code TEXT NOT NULL REFERENCES point, -- machine or branch
    slot INTEGER NOT NULL CHECK (slot >= 0), -- slot, counted from 1
    cassette_model_code TEXT REFERENCES cassette_model, -- model; none for a branch
    denomination_code TEXT NOT NULL REFERENCES denomination, -- the one denomination it holds
    grai TEXT NOT NULL, -- GS1 asset number
    -- dispense, deposit, recycle or reject
    role TEXT NOT NULL CHECK (role IN ('dispense', 'deposit', 'recycle', 'reject')),
    -- notes it may hold; -1 = model capacity x fill
    capacity_notes INTEGER NOT NULL CHECK (capacity_notes >= -1),
    step_notes INTEGER NOT NULL CHECK (step_notes >= 0), -- notes of one loading step
    -- a swap loads at least this, notes
    min_load_notes INTEGER NOT NULL CHECK (min_load_notes >= 0),
    low_notes INTEGER NOT NULL CHECK (low_notes >= 0), -- low level, notes
    -- share of the machine's demand value, millionths; -1 = from history
    share_ppm INTEGER NOT NULL CHECK (share_ppm >= -1),
    -- notes inside on the evening before the plan where no balance row says otherwise
    balance_notes INTEGER NOT NULL CHECK (balance_notes >= 0),
    PRIMARY KEY (point_code, slot)
) STRICT, WITHOUT ROWID;

-- Observed stock by slot and evening.
CREATE TABLE balance (
    point_code TEXT NOT NULL REFERENCES point, -- machine or branch
    day TEXT NOT NULL CHECK (date(day) IS day), -- evening of this day
    slot INTEGER NOT NULL CHECK (slot >= 0), -- slot
    notes INTEGER NOT NULL CHECK (notes >= 0), -- notes inside
    PRIMARY KEY (point_code, day, slot)
) STRICT, WITHOUT ROWID;

-- Observed travel between stops.
CREATE TABLE travel_pair (
    from_code TEXT NOT NULL, -- site or vault it starts from
    to_code TEXT NOT NULL, -- site or vault it leads to
    seconds INTEGER NOT NULL CHECK (seconds >= -1), -- travel time, seconds; -1 = no way
    metres INTEGER NOT NULL CHECK (metres >= -1), -- road distance, metres; -1 = not known
    estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)), -- the figure itself is an estimate
    PRIMARY KEY (from_code, to_code)
) STRICT, WITHOUT ROWID;

-- What things cost, with validity dates.
CREATE TABLE tariff (
    -- what is paid for; the name ends in the unit
    item TEXT NOT NULL CHECK (item IN ('hold_ppm_year', 'stop_site_minor', 'stop_machine_minor',
        'stop_value_ppm', 'stop_value_min_minor', 'car_day_minor', 'km_minor', 'hour_minor',
        'overtime_hour_minor', 'pack_cassette_minor', 'pack_overtime_minor', 'sort_1000_minor',
        'sort_overtime_1000_minor', 'cash_out_ppm', 'emergency_minor', 'order_access_minor',
        'order_bundle_minor', 'relief_ppm')),
    vault_code TEXT NOT NULL, -- for this vault only; '' = all
    carrier_code TEXT NOT NULL, -- for this carrier only; '' = all
    site_code TEXT NOT NULL, -- for this site only; '' = all
    cassette_model_code TEXT NOT NULL, -- for this model only; '' = all
    valid_from TEXT NOT NULL CHECK (date(valid_from) IS valid_from), -- first day it holds
    valid_to TEXT NOT NULL CHECK (date(valid_to) IS valid_to), -- last day it holds
    amount INTEGER NOT NULL CHECK (amount >= 0), -- minor units or ppm, as the item says
    vault_ref TEXT GENERATED ALWAYS AS (nullif(vault_code, '')) VIRTUAL REFERENCES vault (code),
    carrier_ref TEXT GENERATED ALWAYS AS (nullif(carrier_code, '')) VIRTUAL
        REFERENCES carrier (code),
    site_ref TEXT GENERATED ALWAYS AS (nullif(site_code, '')) VIRTUAL REFERENCES site (code),
    cassette_model_ref TEXT GENERATED ALWAYS AS (nullif(cassette_model_code, '')) VIRTUAL
        REFERENCES cassette_model (code),
    PRIMARY KEY (item, vault_code, carrier_code, site_code, cassette_model_code, valid_from)
) STRICT, WITHOUT ROWID;

-- Settings of the bank.
CREATE TABLE setting (
    key TEXT PRIMARY KEY NOT NULL, -- one of the known keys
    value TEXT NOT NULL -- its value
) STRICT;

-- Planners' wishes that every plan keeps.
CREATE TABLE pin (
    code TEXT PRIMARY KEY NOT NULL, -- code of the pin
    point_code TEXT NOT NULL REFERENCES point, -- machine or branch
    rule TEXT NOT NULL CHECK (rule IN ('must', 'forbid')), -- must be visited, or must not
    day TEXT NOT NULL CHECK (date(day) IS day), -- the day
    kind TEXT NOT NULL CHECK (kind IN ('any', 'swap', 'add', 'pickup')), -- kind of visit
    -- value to load, minor units; -1 = free
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= -1),
    car_code TEXT REFERENCES car, -- car that must do it; none: any
    author TEXT NOT NULL, -- who wished it
    reason TEXT NOT NULL -- why
) STRICT;


-- Demand: what the public took out and paid in.
CREATE TABLE history (
    point_code TEXT NOT NULL REFERENCES point,
    day TEXT NOT NULL CHECK (date(day) IS day),
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    denomination_code TEXT NOT NULL, -- '' = all denominations together
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    faults TEXT NOT NULL, -- 'none', or cash_out, full, out_of_service, mode_switch joined by '+'
    denomination_ref TEXT GENERATED ALWAYS AS (nullif(denomination_code, '')) VIRTUAL
        REFERENCES denomination (code),
    PRIMARY KEY (point_code, day, flow, denomination_code)
) STRICT, WITHOUT ROWID;

-- What was carried out and counted, one row a visit and denomination, imported back.
CREATE TABLE executed_visit (
    point_code TEXT NOT NULL REFERENCES point,
    day TEXT NOT NULL CHECK (date(day) IS day),
    kind TEXT NOT NULL CHECK (kind IN ('swap', 'add', 'pickup')),
    denomination_code TEXT NOT NULL REFERENCES denomination,
    car_code TEXT REFERENCES car,
    arrived_min INTEGER NOT NULL CHECK (arrived_min >= -1), -- -1 = not told
    loaded_notes INTEGER NOT NULL,
    returned_notes INTEGER NOT NULL, -- counted in the cash center
    difference_notes INTEGER NOT NULL, -- booked minus counted
    PRIMARY KEY (point_code, day, kind, denomination_code)
) STRICT, WITHOUT ROWID;

-- Every import and what it changed.
CREATE TABLE import_run (
    import_id INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    who TEXT NOT NULL,
    source TEXT NOT NULL,
    n_new INTEGER NOT NULL,
    n_changed INTEGER NOT NULL,
    n_equal INTEGER NOT NULL
) STRICT;

-- A stored value that an import replaced.
CREATE TABLE import_change (
    import_id INTEGER NOT NULL REFERENCES import_run,
    table_name TEXT NOT NULL,
    key TEXT NOT NULL, -- parts of the key, separated by ' / '
    field TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT
) STRICT;
CREATE INDEX import_change_of ON import_change (import_id);

-- Who did what, when.
CREATE TABLE audit (
    audit_id INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL, -- init, import, plan, export, approve, pin, ...
    detail TEXT NOT NULL
) STRICT;

-- Named what-if cases; a plan belongs to one.
CREATE TABLE scenario (
    name TEXT PRIMARY KEY NOT NULL,
    description TEXT NOT NULL
) STRICT;
INSERT INTO scenario (name, description) VALUES ('base', 'the network as it is');

-- A plan and the record of the run that made it.
CREATE TABLE plan (
    plan_id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_utc TEXT NOT NULL,
    made_by TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('refused', 'proposed', 'proposed_with_relief', 'approved',
        'released', 'executed', 'closed')),
    approved_by TEXT NOT NULL, -- '' = by nobody yet; never the maker
    approved_utc TEXT,
    scenario TEXT NOT NULL REFERENCES scenario,
    policy TEXT NOT NULL, -- cashplan, naive, sS, foresight
    currency_code TEXT NOT NULL,
    first_day TEXT NOT NULL CHECK (date(first_day) IS first_day),
    n_days INTEGER NOT NULL CHECK (n_days >= 1),
    input_hash TEXT NOT NULL, -- 16 hexadecimal digits over everything the plan was made from
    seed INTEGER NOT NULL, -- the bits of an unsigned number
    options TEXT NOT NULL, -- JSON
    version TEXT NOT NULL, -- of the program
    seconds REAL NOT NULL,
    work_done INTEGER NOT NULL,
    stopped_by TEXT NOT NULL, -- work, time, user, proof
    outcome TEXT NOT NULL CHECK (outcome IN ('optimal', 'within_gap', 'feasible', 'infeasible',
        'no_plan')),
    refill_minor INTEGER NOT NULL, -- the part of the cost that the bound speaks of
    total_minor INTEGER NOT NULL,
    has_bound INTEGER NOT NULL CHECK (has_bound IN (0, 1)),
    bound_minor INTEGER NOT NULL, -- of the sampled replenishment problem at its stop prices
    proof_plan_minor INTEGER NOT NULL, -- cost of this plan in the same problem
    gap REAL NOT NULL, -- (plan - bound) / plan
    n_paths INTEGER NOT NULL,
    proof_seed INTEGER NOT NULL,
    service_pct REAL, -- machine-days without cash-out on unseen paths
    service_asked_pct REAL,
    balances_rolled INTEGER NOT NULL, -- points whose balance was rolled forward
    n_repaired INTEGER NOT NULL, -- history values repaired
    estimated_legs INTEGER NOT NULL,
    legs INTEGER NOT NULL,
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)), -- by the referee
    with_relief INTEGER NOT NULL CHECK (with_relief IN (0, 1)),
    n_violations INTEGER NOT NULL -- all; the first ones are in plan_violation
) STRICT;
CREATE INDEX plan_by_day ON plan (first_day, plan_id);

CREATE TABLE plan_visit (
    plan_id INTEGER NOT NULL REFERENCES plan,
    visit INTEGER NOT NULL, -- 0.. in order of (day, point)
    day TEXT NOT NULL,
    point_code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('swap', 'add', 'pickup')),
    fixed_amount INTEGER NOT NULL CHECK (fixed_amount IN (0, 1)),
    until_day TEXT NOT NULL, -- next visit, or the day the last interval is laid for
    load_minor INTEGER NOT NULL,
    return_minor INTEGER NOT NULL, -- expected
    return_q_minor INTEGER NOT NULL, -- at the return quantile
    cassettes INTEGER NOT NULL, -- going out
    pin_code TEXT, -- the pin that is kept here
    relief INTEGER NOT NULL CHECK (relief IN (0, 1)),
    PRIMARY KEY (plan_id, visit)
) STRICT, WITHOUT ROWID;

-- Notes of a visit by role and denomination.
CREATE TABLE plan_load (
    plan_id INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    load INTEGER NOT NULL, -- 0.. within the visit
    role TEXT NOT NULL CHECK (role IN ('dispense', 'deposit', 'recycle')),
    denomination_code TEXT NOT NULL,
    level_notes INTEGER NOT NULL, -- after the visit; -1 for an amount instead of a level
    load_notes INTEGER NOT NULL,
    return_notes INTEGER NOT NULL,
    return_q_notes INTEGER NOT NULL,
    PRIMARY KEY (plan_id, visit, load),
    FOREIGN KEY (plan_id, visit) REFERENCES plan_visit
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_route (
    plan_id INTEGER NOT NULL REFERENCES plan,
    route INTEGER NOT NULL, -- 0.. in order of (day, vault, car)
    day TEXT NOT NULL,
    vault_code TEXT NOT NULL,
    car_code TEXT NOT NULL,
    n_trips INTEGER NOT NULL,
    depart_min INTEGER NOT NULL,
    return_min INTEGER NOT NULL,
    drive_s INTEGER NOT NULL,
    wait_min INTEGER NOT NULL,
    service_min INTEGER NOT NULL,
    overtime_min INTEGER NOT NULL,
    dist_m INTEGER NOT NULL,
    most_on_board_minor INTEGER NOT NULL,
    estimated_legs INTEGER NOT NULL,
    legs INTEGER NOT NULL,
    PRIMARY KEY (plan_id, route)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_stop (
    plan_id INTEGER NOT NULL,
    route INTEGER NOT NULL,
    stop INTEGER NOT NULL, -- 0.. in driving order
    site_code TEXT NOT NULL,
    trip INTEGER NOT NULL,
    arrive_min INTEGER NOT NULL,
    start_min INTEGER NOT NULL,
    leave_min INTEGER NOT NULL,
    on_board_minor INTEGER NOT NULL, -- after the stop
    on_board_cm3 INTEGER NOT NULL,
    PRIMARY KEY (plan_id, route, stop),
    FOREIGN KEY (plan_id, route) REFERENCES plan_route
) STRICT, WITHOUT ROWID;

-- Shared limits: what a day may use, what it uses, what one more unit is worth.
CREATE TABLE plan_limit (
    plan_id INTEGER NOT NULL REFERENCES plan,
    limit_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    vault_code TEXT,
    day TEXT,
    item_table TEXT, -- cassette_model, denomination or point
    item_code TEXT,
    cap INTEGER NOT NULL,
    use INTEGER NOT NULL,
    extra INTEGER NOT NULL, -- overtime or outsourced part of the use
    relief INTEGER NOT NULL, -- declared: use <= cap + relief
    relief_price_minor INTEGER NOT NULL, -- per unit
    dual_minor REAL NOT NULL, -- minor units a day for one unit more
    PRIMARY KEY (plan_id, limit_no)
) STRICT, WITHOUT ROWID;

-- Proposal to the central bank.
CREATE TABLE plan_order (
    plan_id INTEGER NOT NULL REFERENCES plan,
    order_no INTEGER NOT NULL,
    vault_code TEXT NOT NULL,
    denomination_code TEXT NOT NULL,
    day TEXT NOT NULL, -- to be placed; may lie before the plan
    due_day TEXT NOT NULL,
    notes INTEGER NOT NULL, -- above 0 ordered, below 0 lodged
    PRIMARY KEY (plan_id, order_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_unserved (
    plan_id INTEGER NOT NULL REFERENCES plan,
    unserved_no INTEGER NOT NULL,
    day TEXT,
    point_code TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (plan_id, unserved_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_violation (
    plan_id INTEGER NOT NULL REFERENCES plan,
    violation_no INTEGER NOT NULL,
    rule TEXT NOT NULL,
    day TEXT,
    point_code TEXT,
    route INTEGER,
    text TEXT NOT NULL,
    PRIMARY KEY (plan_id, violation_no)
) STRICT, WITHOUT ROWID;

-- Other policies planned on the same data and priced the same way.
CREATE TABLE plan_rival (
    plan_id INTEGER NOT NULL REFERENCES plan,
    rival INTEGER NOT NULL, -- 0..
    policy TEXT NOT NULL,
    n_visits INTEGER NOT NULL,
    service_pct REAL,
    refill_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    PRIMARY KEY (plan_id, rival)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_cost (
    plan_id INTEGER NOT NULL REFERENCES plan,
    rival INTEGER NOT NULL, -- -1 = the plan itself
    item TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (plan_id, rival, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_kpi (
    plan_id INTEGER NOT NULL REFERENCES plan,
    kpi INTEGER NOT NULL,
    name TEXT NOT NULL, -- with the unit at its end
    scope TEXT NOT NULL, -- total, or the code of a vault, point or car
    value REAL, -- NULL = not defined
    PRIMARY KEY (plan_id, kpi)
) STRICT, WITHOUT ROWID;

-- Demand and stock of a point by day, as the page draws them.
CREATE TABLE plan_point_day (
    plan_id INTEGER NOT NULL REFERENCES plan,
    point_code TEXT NOT NULL,
    day TEXT NOT NULL,
    demand_mean_minor INTEGER NOT NULL,
    demand_q10_minor INTEGER NOT NULL,
    demand_q90_minor INTEGER NOT NULL,
    deposit_mean_minor INTEGER NOT NULL,
    stock_mean_minor INTEGER NOT NULL,
    stock_low_minor INTEGER NOT NULL,
    PRIMARY KEY (plan_id, point_code, day)
) STRICT, WITHOUT ROWID;

-- Stop prices the replenishment was planned at, on top of the tariff.
CREATE TABLE plan_price (
    plan_id INTEGER NOT NULL REFERENCES plan,
    site_code TEXT NOT NULL,
    day TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    drive_min INTEGER NOT NULL,
    PRIMARY KEY (plan_id, site_code, day)
) STRICT, WITHOUT ROWID;

-- Views for readers. Amounts stay in minor units: currency.exponent tells the decimals.

-- The latest plan of each first day that the referee accepted.
CREATE VIEW v_plan_today AS
SELECT p.*, round(100.0 * p.gap, 3) AS gap_pct
FROM plan AS p
WHERE p.plan_id = (SELECT max(q.plan_id) FROM plan AS q
                   WHERE q.first_day = p.first_day AND q.status <> 'refused');

CREATE VIEW v_visit AS
SELECT v.plan_id, v.day, v.point_code, pt.name AS point_name, pt.kind AS point_kind, pt.site_code,
       s.name AS site_name, s.vault_code, v.kind, v.load_minor, v.return_minor, v.return_q_minor,
       v.cassettes, v.until_day, v.pin_code, v.relief, r.car_code, st.arrive_min, st.start_min
FROM plan_visit AS v
LEFT JOIN point AS pt ON pt.code = v.point_code
LEFT JOIN site AS s ON s.code = pt.site_code
LEFT JOIN plan_stop AS st ON st.plan_id = v.plan_id AND st.site_code = pt.site_code
    AND EXISTS (SELECT 1 FROM plan_route AS x
                WHERE x.plan_id = st.plan_id AND x.route = st.route AND x.day = v.day)
LEFT JOIN plan_route AS r ON r.plan_id = st.plan_id AND r.route = st.route;

CREATE VIEW v_route AS
SELECT r.plan_id, r.day, r.vault_code, r.car_code, c.carrier_code, c.crew_code,
       printf('%02d:%02d', r.depart_min / 60, r.depart_min % 60) AS departs,
       printf('%02d:%02d', r.return_min / 60, r.return_min % 60) AS returns,
       round(r.dist_m / 1000.0, 1) AS km, round(r.drive_s / 3600.0, 2) AS drive_h, r.n_trips,
       (SELECT count(*) FROM plan_stop AS s
        WHERE s.plan_id = r.plan_id AND s.route = r.route) AS stops,
       r.most_on_board_minor, c.insured_minor, r.overtime_min
FROM plan_route AS r LEFT JOIN car AS c ON c.code = r.car_code;

CREATE VIEW v_kpi AS
SELECT k.plan_id, p.first_day, k.scope, k.name, k.value
FROM plan_kpi AS k JOIN plan AS p USING (plan_id);

CREATE VIEW v_machine AS
SELECT p.code, p.name, p.site_code, s.vault_code, s.lat_deg, s.lon_deg, p.on_site, p.serviced_by,
       p.segment, (SELECT count(*) FROM cassette AS c WHERE c.point_code = p.code) AS cassettes
FROM point AS p JOIN site AS s ON s.code = p.site_code WHERE p.kind = 'atm';

CREATE VIEW v_branch AS
SELECT p.code, p.name, p.site_code, s.vault_code, s.lat_deg, s.lon_deg, p.insured_minor,
       (SELECT count(*) FROM point AS a WHERE a.owner_branch_code = p.code) AS machines
FROM point AS p JOIN site AS s ON s.code = p.site_code WHERE p.kind = 'branch';

CREATE VIEW v_limit_binding AS
SELECT plan_id, day, vault_code, kind, item_code, cap, use, extra, relief, dual_minor
FROM plan_limit WHERE use >= cap AND (dual_minor <> 0 OR relief > 0 OR extra > 0);
