-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 4: machines that either the center or their branch fills, and swaps of the cassettes of
-- some denominations only. A CHECK cannot be altered, so the tables are made anew with their rows;
-- the views that read them follow.

DROP VIEW v_visit;
DROP VIEW v_machine;
DROP VIEW v_branch;

-- Machines and branches: who fills a machine may be left to the plan, and cassettes of some
-- denominations may be swapped alone.
CREATE TABLE point_old AS SELECT * FROM point;
DROP TABLE point;
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
    serviced_by TEXT NOT NULL CHECK (serviced_by IN ('center', 'branch', 'either')), -- who fills it
    -- drain one cassette before the next, rotate, or keep a mix
    dispense_rule TEXT NOT NULL CHECK (dispense_rule IN ('drain', 'rotate', 'mix')),
    -- most value inside after a visit, minor units; 0 = no limit
    insured_minor INTEGER NOT NULL CHECK (insured_minor >= 0),
    -- visits that are allowed
    visit_kinds TEXT NOT NULL CHECK (visit_kinds IN ('none', 'swap', 'add', 'swap_add', 'partial',
        'swap_partial', 'add_partial', 'swap_add_partial')),
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
INSERT INTO point (code, name, site_code, owner_branch_code, segment, calendar_code,
    demand_calendar_code, gln, kind, on_site, serviced_by, dispense_rule, insured_minor,
    visit_kinds, service_days, works_holidays, service_level_ppm, max_interval_days,
    days_since_visit, earliest_day, latest_day, service_min_swap, service_min_add)
SELECT code, name, site_code, owner_branch_code, segment, calendar_code, demand_calendar_code,
    gln, kind, on_site, serviced_by, dispense_rule, insured_minor, visit_kinds, service_days,
    works_holidays, service_level_ppm, max_interval_days, days_since_visit, earliest_day,
    latest_day, service_min_swap, service_min_add FROM point_old;
DROP TABLE point_old;

-- What a fill by the branch's own staff costs.
CREATE TABLE tariff_old AS SELECT * FROM tariff;
DROP TABLE tariff;
CREATE TABLE tariff (
    -- what is paid for; the name ends in the unit
    item TEXT NOT NULL CHECK (item IN ('hold_ppm_year', 'stop_site_minor', 'stop_machine_minor',
        'stop_value_ppm', 'stop_value_min_minor', 'car_day_minor', 'km_minor', 'hour_minor',
        'overtime_hour_minor', 'pack_cassette_minor', 'pack_overtime_minor', 'sort_1000_minor',
        'sort_overtime_1000_minor', 'cash_out_ppm', 'emergency_minor', 'order_access_minor',
        'order_bundle_minor', 'relief_ppm', 'branch_fill_minor', 'branch_value_ppm')),
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
INSERT INTO tariff (item, vault_code, carrier_code, site_code, cassette_model_code, valid_from,
    valid_to, amount)
SELECT item, vault_code, carrier_code, site_code, cassette_model_code, valid_from, valid_to,
    amount FROM tariff_old;
DROP TABLE tariff_old;

-- Pins of the new kind of visit.
CREATE TABLE pin_old AS SELECT * FROM pin;
DROP TABLE pin;
CREATE TABLE pin (
    code TEXT PRIMARY KEY NOT NULL, -- code of the pin
    point_code TEXT NOT NULL REFERENCES point, -- machine or branch
    rule TEXT NOT NULL CHECK (rule IN ('must', 'forbid')), -- must be visited, or must not
    day TEXT NOT NULL CHECK (date(day) IS day), -- the day
    kind TEXT NOT NULL CHECK (kind IN ('any', 'swap', 'add', 'pickup', 'partial_swap')), -- kind of visit
    -- value to load, minor units; -1 = free
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= -1),
    car_code TEXT REFERENCES car, -- car that must do it; none: any
    author TEXT NOT NULL, -- who wished it
    reason TEXT NOT NULL -- why
) STRICT;
INSERT INTO pin (code, point_code, rule, day, kind, amount_minor, car_code, author, reason)
SELECT code, point_code, rule, day, kind, amount_minor, car_code, author, reason FROM pin_old;
DROP TABLE pin_old;

-- What was carried out: the new kind of visit.
CREATE TABLE executed_visit_old AS SELECT * FROM executed_visit;
DROP TABLE executed_visit;
CREATE TABLE executed_visit (
    point_code TEXT NOT NULL REFERENCES point,
    day TEXT NOT NULL CHECK (date(day) IS day),
    kind TEXT NOT NULL CHECK (kind IN ('swap', 'add', 'pickup', 'partial_swap')),
    denomination_code TEXT NOT NULL REFERENCES denomination,
    car_code TEXT REFERENCES car,
    arrived_min INTEGER NOT NULL CHECK (arrived_min >= -1), -- -1 = not told
    loaded_notes INTEGER NOT NULL,
    returned_notes INTEGER NOT NULL, -- counted in the cash center
    difference_notes INTEGER NOT NULL, -- booked minus counted
    PRIMARY KEY (point_code, day, kind, denomination_code)
) STRICT, WITHOUT ROWID;
INSERT INTO executed_visit (point_code, day, kind, denomination_code, car_code, arrived_min,
    loaded_notes, returned_notes, difference_notes)
SELECT point_code, day, kind, denomination_code, car_code, arrived_min, loaded_notes,
    returned_notes, difference_notes FROM executed_visit_old;
DROP TABLE executed_visit_old;

-- Visits of a plan: the new kind, and who comes.
CREATE TABLE plan_visit_old AS SELECT * FROM plan_visit;
DROP TABLE plan_visit;
CREATE TABLE plan_visit (
    plan_id INTEGER NOT NULL REFERENCES plan,
    visit INTEGER NOT NULL, -- 0.. in order of (day, point)
    day TEXT NOT NULL,
    point_code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('swap', 'add', 'pickup', 'partial_swap')),
    fixed_amount INTEGER NOT NULL CHECK (fixed_amount IN (0, 1)),
    until_day TEXT NOT NULL, -- next visit, or the day the last interval is laid for
    load_minor INTEGER NOT NULL,
    return_minor INTEGER NOT NULL, -- expected
    return_q_minor INTEGER NOT NULL, -- at the return quantile
    cassettes INTEGER NOT NULL, -- going out
    pin_code TEXT, -- the pin that is kept here
    relief INTEGER NOT NULL CHECK (relief IN (0, 1)),
    by_branch INTEGER NOT NULL CHECK (by_branch IN (0, 1)), -- the branch's own staff comes
    PRIMARY KEY (plan_id, visit)
) STRICT, WITHOUT ROWID;
INSERT INTO plan_visit (plan_id, visit, day, point_code, kind, fixed_amount, until_day,
    load_minor, return_minor, return_q_minor, cassettes, pin_code, relief, by_branch)
SELECT plan_id, visit, day, point_code, kind, fixed_amount, until_day, load_minor, return_minor,
    return_q_minor, cassettes, pin_code, relief, 0 FROM plan_visit_old;
DROP TABLE plan_visit_old;

-- Is the channel's cassette exchanged (swap, partial swap)? Until now a swap exchanged them all.
ALTER TABLE plan_load ADD COLUMN swapped INTEGER NOT NULL DEFAULT 0 CHECK (swapped IN (0, 1));
UPDATE plan_load SET swapped = 1
WHERE EXISTS (SELECT 1 FROM plan_visit AS v WHERE v.plan_id = plan_load.plan_id
              AND v.visit = plan_load.visit AND v.kind = 'swap');

-- A visit by the branch's own staff has no car.
CREATE VIEW v_visit AS
SELECT v.plan_id, v.day, v.point_code, pt.name AS point_name, pt.kind AS point_kind, pt.site_code,
       s.name AS site_name, s.vault_code, v.kind, v.load_minor, v.return_minor, v.return_q_minor,
       v.cassettes, v.until_day, v.pin_code, v.relief, v.by_branch, r.car_code, st.arrive_min,
       st.start_min
FROM plan_visit AS v
LEFT JOIN point AS pt ON pt.code = v.point_code
LEFT JOIN site AS s ON s.code = pt.site_code
LEFT JOIN plan_stop AS st ON st.plan_id = v.plan_id AND st.site_code = pt.site_code
    AND v.by_branch = 0
    AND EXISTS (SELECT 1 FROM plan_route AS x
                WHERE x.plan_id = st.plan_id AND x.route = st.route AND x.day = v.day)
LEFT JOIN plan_route AS r ON r.plan_id = st.plan_id AND r.route = st.route;

CREATE VIEW v_machine AS
SELECT p.code, p.name, p.site_code, s.vault_code, s.lat_deg, s.lon_deg, p.on_site, p.serviced_by,
       p.segment, (SELECT count(*) FROM cassette AS c WHERE c.point_code = p.code) AS cassettes
FROM point AS p JOIN site AS s ON s.code = p.site_code WHERE p.kind = 'atm';

CREATE VIEW v_branch AS
SELECT p.code, p.name, p.site_code, s.vault_code, s.lat_deg, s.lon_deg, p.insured_minor,
       (SELECT count(*) FROM point AS a WHERE a.owner_branch_code = p.code) AS machines
FROM point AS p JOIN site AS s ON s.code = p.site_code WHERE p.kind = 'branch';
