-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 12: closed points whose demand goes to their neighbours.

-- One row for each neighbour that takes a share over.
CREATE TABLE substitution (
    code TEXT PRIMARY KEY NOT NULL, -- code of the row
    point_code TEXT NOT NULL REFERENCES point, -- the closed machine or branch
    receiver_code TEXT NOT NULL REFERENCES point, -- where a share of its customers goes
    first_day TEXT NOT NULL CHECK (date(first_day) IS first_day), -- first day it is closed
    last_day TEXT NOT NULL CHECK (date(last_day) IS last_day), -- last day it is closed
    -- share of its demand that goes there, millionths; what no row names is lost
    share_ppm INTEGER NOT NULL CHECK (share_ppm BETWEEN 0 AND 1000000),
    author TEXT NOT NULL, -- who said it
    reason TEXT NOT NULL -- why
) STRICT;
