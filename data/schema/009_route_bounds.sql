-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 9: what the routes of a vault's day cost and what they cost at least.

CREATE TABLE plan_route_bound (
    plan_id INTEGER NOT NULL REFERENCES plan,
    day TEXT NOT NULL,
    vault_code TEXT NOT NULL,
    n_stops INTEGER NOT NULL CHECK (n_stops >= 1),
    n_routes INTEGER NOT NULL CHECK (n_routes >= 1),
    routed_minor INTEGER NOT NULL, -- car days, kilometres, hours, overtime of the plan's routes
    bound_minor INTEGER, -- routes that serve the same stops cost no less; NULL = no bound
    gap REAL, -- (routed - bound) / routed; NULL = no bound
    proven INTEGER NOT NULL CHECK (proven IN (0, 1)), -- no cheaper routes exist
    no_bound TEXT NOT NULL, -- why there is no bound; '' where there is one
    CHECK ((bound_minor IS NULL) = (gap IS NULL)),
    CHECK ((bound_minor IS NULL) = (no_bound <> '')),
    PRIMARY KEY (plan_id, day, vault_code)
) STRICT, WITHOUT ROWID;
