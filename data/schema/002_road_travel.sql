-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 2: shortest times over the road graph, computed once and kept.

-- What the legs were computed from: one row, or none while nothing is kept.
CREATE TABLE road_travel (
    only INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    -- 16 hexadecimal digits over nodes, links, road_speed_kmh, sites and vaults
    input_hash TEXT NOT NULL,
    legs INTEGER NOT NULL CHECK (legs >= 0), -- rows of road_leg
    computed_utc TEXT NOT NULL
) STRICT;

-- The quickest way over the road graph from a site or vault to another.
CREATE TABLE road_leg (
    from_code TEXT NOT NULL, -- site or vault
    to_code TEXT NOT NULL, -- site or vault
    -- not rounded, without the overload factor; NULL = no way
    seconds REAL CHECK (seconds >= 0),
    metres INTEGER CHECK (metres >= 0), -- along the quickest way; NULL = no way
    PRIMARY KEY (from_code, to_code),
    CHECK ((seconds IS NULL) = (metres IS NULL))
) STRICT, WITHOUT ROWID;
