/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mip_write.h - a program as readable CPLEX LP text, for people and other solvers. */
#ifndef CP_MIP_WRITE_H
#define CP_MIP_WRITE_H

#include "models/mip/mip.h"

/* Write to `path` (mode 0600, replaced only when whole). Numbers with 17 digits, '.' decimals in
 * every locale; names that LP text does not allow are replaced by r<i>, x<j>; brackets become
 * parentheses. A row with two limits becomes two rows, one without limits is left out. CP_E_IO with
 * the reason when the file cannot be written. */
cp_status cp_mip_write_lp(cp_ctx *ctx, const cp_mip *mip, const char *path);

#endif
