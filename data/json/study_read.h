/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_read.h - a siting study from its JSON (schema/study.schema.json).
 *
 * Sites of vaults: the vaults of the network that run and, unless "database" is false, its
 * candidates; then places given; then clusters CL-01.. and road nodes RN-01..; then places that
 * scenarios move vaults to, VAULT@SCENARIO. Whatever a place does not say it takes from the vault
 * it is `like`: its own in the network, else the one named, else the first that runs. A vault of
 * today has the size "today" and those listed; another place those listed, or "standard", as the
 * vault it is like. Costs of a place that are given beside sizes are added to those of the size. */
#ifndef CP_STUDY_READ_H
#define CP_STUDY_READ_H

#include "data/json/json_in.h"
#include "models/study/study.h"

/* All of it lives in ctx->run. CP_E_INPUT when anything is wrong: *faults then holds every fault,
 * and the words in ctx their number and the first. `name` is the file's, for the words. */
cp_status cp_study_read(cp_ctx *ctx, const char *text, size_t n, const char *name,
                        const cp_network *net, cp_json_in *faults, cp_study **out);

#endif
