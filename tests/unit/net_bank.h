/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net_bank.h - a small whole bank as rows, for tests of the network layer. */
#ifndef CP_NET_BANK_H
#define CP_NET_BANK_H

#include "models/net/fields.h"

/* First day of its plan: Tuesday 2026-11-24. */
#define BANK_DAY 20781

/* Two vaults, three cars, five sites, two branches and four machines with cassettes and balances, a
 * calendar, tariffs. Everything is in order for cp_network_build and cp_network_check. */
void bank_rows(cp_ctx *ctx, cp_rows *rows);
/* n more rows of an entity at their defaults; the first new one is returned. */
void *bank_add(cp_ctx *ctx, cp_rows *rows, cp_entity_id id, int32_t n);
/* Set a field by its text, e.g. bank_set(ctx, row, CP_ENTITY_CAR, "insured_minor", "100"). */
void bank_set(cp_ctx *ctx, void *row, cp_entity_id id, const char *field, const char *text);
/* The network of the rows on the bank's day, which must build. */
cp_network *bank_build(cp_ctx *ctx, cp_rows *rows);

#endif
