-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 10: days that a calendar gives by rule, events of some machines, and what cleaning found
-- in the history.

-- Days by rule: paydays, pension days, moving feasts.
CREATE TABLE calendar_rule (
    calendar_code TEXT NOT NULL REFERENCES calendar, -- calendar of the days
    -- off: holiday; work: weekend day worked in exchange; payday; event
    kind TEXT NOT NULL CHECK (kind IN ('off', 'work', 'payday', 'event')),
    rule TEXT NOT NULL, -- which days, in words (cashplan help import)
    name TEXT NOT NULL, -- name of the days; alike days have the same
    PRIMARY KEY (calendar_code, kind, rule, name)
) STRICT, WITHOUT ROWID;

-- What draws or keeps away the public at some machines.
CREATE TABLE event (
    code TEXT PRIMARY KEY NOT NULL, -- code of the event
    name TEXT NOT NULL, -- name; events of one name are alike
    first_day TEXT NOT NULL CHECK (date(first_day) IS first_day), -- first day of the event
    last_day TEXT NOT NULL CHECK (date(last_day) IS last_day), -- last day of the event
    point_code TEXT REFERENCES point, -- this machine or branch only; none: all
    segment TEXT NOT NULL, -- machines of this segment only; empty = all
    vault_code TEXT REFERENCES vault -- machines of this vault only; none: all
) STRICT;

-- Days of the history that are not taken as they were recorded, as the last import left them.
CREATE TABLE history_repair (
    point_code TEXT NOT NULL REFERENCES point,
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    day TEXT NOT NULL,
    raw_minor INTEGER, -- as recorded; NULL = no record
    repaired_minor INTEGER NOT NULL, -- what forecasts take the day for
    reason TEXT NOT NULL CHECK (reason IN ('missing', 'out_of_service', 'cash_out', 'full', 'zero',
        'silence', 'part_day', 'closed', 'network', 'outlier', 'level_shift', 'mode_switch')),
    -- what is learned from the record, millionths: 0 nothing .. 1,000,000 all
    weight_ppm INTEGER NOT NULL CHECK (weight_ppm BETWEEN 0 AND 1000000),
    level_ppm INTEGER, -- of a break: the new usual day over the old, millionths; NULL = no break
    PRIMARY KEY (point_code, flow, day)
) STRICT, WITHOUT ROWID;

-- Machines by how many days had to be repaired, with the most frequent reason.
CREATE VIEW v_history_repair AS
SELECT point_code, flow, reason, count(*) AS n_days, min(day) AS first_day, max(day) AS last_day
FROM history_repair
GROUP BY point_code, flow, reason;
