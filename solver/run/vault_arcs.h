/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_arcs.h - the intervals of one vault's points, for questions about a plan. */
#ifndef CP_VAULT_ARCS_H
#define CP_VAULT_ARCS_H

#include "solver/replenish/arcs.h"

/* Builds arcs[p] of every point of the vault, in parallel, in ctx->run; those of other vaults stay
 * what they are (zeros: nothing to plan). arcs: by network point. Errors of cp_arcs_build. */
cp_status cp_vault_arcs_build(cp_ctx *ctx, const cp_arc_input *in, int32_t vault, cp_arcs *arcs);

#endif
