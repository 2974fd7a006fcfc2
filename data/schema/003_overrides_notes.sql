-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 3: planners' overrides of the forecast, and what a plan has to say in words.

-- Planners' words about the demand to come.
CREATE TABLE demand_override (
    code TEXT PRIMARY KEY NOT NULL, -- code of the override
    point_code TEXT NOT NULL REFERENCES point, -- machine or branch
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')), -- what is expected otherwise
    denomination_code TEXT REFERENCES denomination, -- this denomination alone; none: all
    first_day TEXT NOT NULL CHECK (date(first_day) IS first_day), -- first day it holds
    last_day TEXT NOT NULL CHECK (date(last_day) IS last_day), -- last day it holds
    -- the forecast is multiplied by this, millionths; -1 = amount_minor is given
    factor_ppm INTEGER NOT NULL CHECK (factor_ppm >= -1),
    -- expected value of each day, minor units; -1 = factor_ppm is given
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= -1),
    author TEXT NOT NULL, -- who said it
    reason TEXT NOT NULL -- why
) STRICT;

-- Sentences of a plan: overrides it was made with, service it gives up and why.
CREATE TABLE plan_note (
    plan_id INTEGER NOT NULL REFERENCES plan,
    note INTEGER NOT NULL, -- 0..
    text TEXT NOT NULL,
    PRIMARY KEY (plan_id, note)
) STRICT, WITHOUT ROWID;
