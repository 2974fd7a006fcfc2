-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 8: how alike the routes of a vault's day are with those of the days before.

CREATE TABLE plan_likeness (
    plan_id INTEGER NOT NULL REFERENCES plan,
    day TEXT NOT NULL,
    vault_code TEXT NOT NULL,
    n_days INTEGER NOT NULL CHECK (n_days >= 1), -- days with routes among those looked back at
    with_day TEXT NOT NULL, -- the most alike of them; the parts are those with it
    n_stops INTEGER NOT NULL,
    n_common INTEGER NOT NULL, -- stops served on both days
    arcs_ppm INTEGER, -- ways driven again, millionths; NULL = nothing in common
    order_ppm INTEGER, -- order of stops; NULL = no two stops to compare
    slots_ppm INTEGER, -- sites reached at the same time of day
    likeness_ppm INTEGER NOT NULL,
    mean_ppm INTEGER NOT NULL, -- over the n_days days
    limit_pct INTEGER NOT NULL, -- soft; 100 = none
    above_pct INTEGER NOT NULL CHECK (above_pct >= 0), -- declared points above it
    price_minor INTEGER NOT NULL, -- of a point above the limit, in the search
    PRIMARY KEY (plan_id, day, vault_code)
) STRICT, WITHOUT ROWID;
