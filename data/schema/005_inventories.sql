-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 5: outsourced sorting, idle cash and cross-shipping of vaults, states of the cassette pool.

-- Notes a day that others may sort for the vault; 0 = none.
ALTER TABLE vault ADD COLUMN sort_outsource_notes INTEGER NOT NULL DEFAULT 0
    CHECK (sort_outsource_notes >= 0);

-- The list of items grows: a CHECK can only be changed with its table. It names those of all steps
-- before too.
CREATE TABLE tariff_next (
    -- what is paid for; the name ends in the unit
    item TEXT NOT NULL CHECK (item IN ('hold_ppm_year', 'stop_site_minor', 'stop_machine_minor',
        'stop_value_ppm', 'stop_value_min_minor', 'car_day_minor', 'km_minor', 'hour_minor',
        'overtime_hour_minor', 'pack_cassette_minor', 'pack_overtime_minor', 'sort_1000_minor',
        'sort_overtime_1000_minor', 'sort_outsource_1000_minor', 'cash_out_ppm', 'emergency_minor',
        'order_access_minor', 'order_bundle_minor', 'cross_ship_bundle_minor',
        'vault_hold_ppm_year', 'relief_ppm', 'branch_fill_minor', 'branch_value_ppm')),
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
INSERT INTO tariff_next (item, vault_code, carrier_code, site_code, cassette_model_code, valid_from,
                         valid_to, amount)
SELECT item, vault_code, carrier_code, site_code, cassette_model_code, valid_from, valid_to, amount
FROM tariff;
DROP TABLE tariff;
ALTER TABLE tariff_next RENAME TO tariff;

-- Of the use of a limit, what others do.
ALTER TABLE plan_limit ADD COLUMN outsourced INTEGER NOT NULL DEFAULT 0;

-- Where the cassettes of a model are while the cars of the day are out; models/plan/plan_pool.h.
CREATE TABLE plan_pool (
    plan_id INTEGER NOT NULL REFERENCES plan,
    vault_code TEXT NOT NULL,
    cassette_model_code TEXT NOT NULL,
    day TEXT NOT NULL,
    full INTEGER NOT NULL, -- packed for the next day
    in_machine INTEGER NOT NULL,
    in_transit INTEGER NOT NULL, -- on the cars
    uncounted INTEGER NOT NULL, -- came back, not yet sorted
    empty INTEGER NOT NULL, -- ready to be packed
    borrowed INTEGER NOT NULL, -- more than the vault has: declared relief
    PRIMARY KEY (plan_id, vault_code, cassette_model_code, day)
) STRICT, WITHOUT ROWID;
