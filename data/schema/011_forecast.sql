-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 11: forecasts with their parts, the single models behind them and what was fitted.

CREATE TABLE forecast (
    forecast_id INTEGER PRIMARY KEY,
    first_day TEXT NOT NULL CHECK (date(first_day) IS first_day),
    n_days INTEGER NOT NULL CHECK (n_days >= 1),
    fitted_by INTEGER REFERENCES forecast ON DELETE SET NULL, -- whose fitted values it took; NULL = fitted anew
    history_from TEXT, -- days of the history that were known; NULL = none
    history_to TEXT,
    method TEXT NOT NULL, -- settings, as words
    seed TEXT NOT NULL, -- unsigned, 64 bits
    work INTEGER NOT NULL, -- counted work
    n_repaired INTEGER NOT NULL, -- censored or missing values that were repaired
    input_hash TEXT NOT NULL, -- of network and history, hexadecimal
    version TEXT NOT NULL, -- of the program
    made_by TEXT NOT NULL,
    created_utc TEXT NOT NULL
) STRICT;

-- Machines and branches, by flow.
CREATE TABLE forecast_point (
    forecast_id INTEGER NOT NULL REFERENCES forecast ON DELETE CASCADE,
    point_code TEXT NOT NULL,
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    from_segment INTEGER NOT NULL CHECK (from_segment IN (0, 1)), -- too little history of its own
    score REAL, -- error in the past over that of "as last week"; NULL = too little history
    n_origins INTEGER NOT NULL, -- forecasts of the past behind the score
    PRIMARY KEY (forecast_id, point_code, flow)
) STRICT, WITHOUT ROWID;

-- Single models by machine and flow.
CREATE TABLE forecast_model (
    forecast_id INTEGER NOT NULL REFERENCES forecast ON DELETE CASCADE,
    point_code TEXT NOT NULL,
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    model_no INTEGER NOT NULL,
    model TEXT NOT NULL, -- short name
    weight REAL NOT NULL, -- in the combination
    score REAL, -- as in forecast_point, of this model alone
    PRIMARY KEY (forecast_id, point_code, flow, model_no)
) STRICT, WITHOUT ROWID;

-- The forecast itself. mean = level * week * calendar * event * rest.
CREATE TABLE forecast_day (
    forecast_id INTEGER NOT NULL REFERENCES forecast ON DELETE CASCADE,
    point_code TEXT NOT NULL,
    flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    day TEXT NOT NULL CHECK (date(day) IS day),
    mean_minor INTEGER NOT NULL,
    q10_minor INTEGER NOT NULL,
    q20_minor INTEGER NOT NULL,
    q30_minor INTEGER NOT NULL,
    q40_minor INTEGER NOT NULL,
    q50_minor INTEGER NOT NULL,
    q60_minor INTEGER NOT NULL,
    q70_minor INTEGER NOT NULL,
    q80_minor INTEGER NOT NULL,
    q90_minor INTEGER NOT NULL,
    override_minor INTEGER NOT NULL, -- part of the mean that planners' overrides added
    level_minor REAL NOT NULL, -- a day of a mean week without any effect
    week REAL NOT NULL, -- factor of the weekday
    calendar REAL NOT NULL, -- factor of day of month, payday, week of the year
    event REAL NOT NULL, -- factor of holidays and events
    rest REAL NOT NULL, -- factor from the middle of the distribution to its mean, and overrides
    PRIMARY KEY (forecast_id, point_code, flow, day)
) STRICT, WITHOUT ROWID;

-- What was fitted, for updates that fit nothing: numbers separated by spaces.
CREATE TABLE forecast_fit (
    forecast_id INTEGER NOT NULL REFERENCES forecast ON DELETE CASCADE,
    owner TEXT NOT NULL, -- code of a machine, or what machines share
    flow INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (forecast_id, owner, flow, name)
) STRICT, WITHOUT ROWID;

-- The latest forecast of every machine, flow and day.
CREATE VIEW v_forecast AS
SELECT d.point_code, d.flow, d.day, d.mean_minor, d.q10_minor, d.q50_minor, d.q90_minor,
    d.override_minor, d.level_minor, d.week, d.calendar, d.event, d.rest, d.forecast_id,
    f.created_utc
FROM forecast_day AS d JOIN forecast AS f USING (forecast_id)
WHERE f.forecast_id = (SELECT max(g.forecast_id) FROM forecast AS g
    WHERE d.day BETWEEN g.first_day AND date(g.first_day, '+' || (g.n_days - 1) || ' days'));

-- Every forecast that was stored beside what came, with and without the planners' overrides.
CREATE VIEW v_forecast_error AS
SELECT d.forecast_id, d.point_code, d.flow, d.day,
    CAST(julianday(d.day) - julianday(f.first_day) AS INTEGER) AS days_ahead,
    d.mean_minor, d.mean_minor - d.override_minor AS without_override_minor,
    h.amount_minor AS actual_minor, h.faults,
    abs(d.mean_minor - h.amount_minor) AS error_minor,
    abs(d.mean_minor - d.override_minor - h.amount_minor) AS error_without_override_minor
FROM forecast_day AS d JOIN forecast AS f USING (forecast_id)
JOIN (SELECT point_code, day, flow, coalesce(max(nullif(faults, 'none')), 'none') AS faults, CASE WHEN sum(denomination_code = '') > 0
        THEN sum(CASE WHEN denomination_code = '' THEN amount_minor END)
        ELSE sum(amount_minor) END AS amount_minor
    FROM history GROUP BY point_code, day, flow) AS h
    ON h.point_code = d.point_code AND h.day = d.day AND h.flow = d.flow;

-- How well the single models did, machine by machine.
CREATE VIEW v_forecast_model AS
SELECT m.forecast_id, m.point_code, m.flow, m.model, m.weight, m.score,
    p.score AS combined_score, p.n_origins, p.from_segment
FROM forecast_model AS m JOIN forecast_point AS p USING (forecast_id, point_code, flow);
