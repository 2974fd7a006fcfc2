-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 6: what else the slots of a machine may hold, and what a swap puts into them.

-- What else a slot of a machine may hold: the denomination mix is decided visit by visit.
CREATE TABLE slot_option (
    point_code TEXT NOT NULL REFERENCES point, -- machine that is swapped and nothing else
    slot INTEGER NOT NULL CHECK (slot >= 1), -- slot that pays out
    denomination_code TEXT NOT NULL REFERENCES denomination, -- what it may hold instead
    -- notes it may hold then; -1 = as its row in cassette
    capacity_notes INTEGER NOT NULL CHECK (capacity_notes >= -1),
    -- notes of one loading step; -1 = as its row in cassette
    step_notes INTEGER NOT NULL CHECK (step_notes >= -1),
    -- a swap loads at least this, notes; -1 = as its row in cassette
    min_load_notes INTEGER NOT NULL CHECK (min_load_notes >= -1),
    -- share of the machine's demand value that asks for the denomination where it holds none today,
    -- millionths; -1 = from history
    share_ppm INTEGER NOT NULL CHECK (share_ppm >= -1),
    PRIMARY KEY (point_code, slot, denomination_code)
) STRICT, WITHOUT ROWID;

-- Of a swap at a machine with options: the denominations of its slots afterwards, joined by ';'.
ALTER TABLE plan_visit ADD COLUMN mix TEXT NOT NULL DEFAULT '';

-- Of the expected return, what comes in cassettes that nobody opened: it is not sorted.
ALTER TABLE plan_load ADD COLUMN sealed_notes INTEGER NOT NULL DEFAULT 0;
