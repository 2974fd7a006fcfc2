/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tariff.h - sorts the tariff rows so that cp_tariff_get (network.h) finds them quickly. */
#ifndef CP_TARIFF_H
#define CP_TARIFF_H

#include "models/net/network.h"

/* Sorts net->rows.tariff (codes are resolved) by item, scope, indexes, latest valid_from first, and
 * fills net->tariff_first and net->tariff_scopes. A row's scope is the set of what it names, as a
 * number whose bits are model 8, site 4, carrier 2, vault 1: the greater, the narrower. */
cp_status cp_tariff_index(cp_ctx *ctx, cp_network *net);

#endif
