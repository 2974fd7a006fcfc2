/* SPDX-License-Identifier: GPL-3.0-or-later */
/* issues.h - what pre-event control found, for people and as an exit code. */
#ifndef CP_CLI_ISSUES_H
#define CP_CLI_ISSUES_H

#include "cli/args.h"
#include "models/net/network_check.h"

/* The issues as notes on stderr, the first 100 of them, errors first; warnings only with
 * `warnings` and without --quiet. */
void cp_cli_issues_note(cp_cli *cli, const cp_issues *issues, bool warnings);

/* 1 when rows are wrong, 3 when they make sense and no plan can keep their hard limits, else 0. */
int cp_cli_issues_code(const cp_issues *issues);

#endif
