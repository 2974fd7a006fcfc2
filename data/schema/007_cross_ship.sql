-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 7: a central bank may forbid to order notes soon before or after such notes were lodged.

-- An order and a lodgement of one denomination must be due at least so many days apart; 0 = free.
ALTER TABLE central_bank ADD COLUMN cross_ship_days INTEGER NOT NULL DEFAULT 0
    CHECK (cross_ship_days >= 0);
