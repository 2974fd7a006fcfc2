/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd.h - the commands of cashplan. Each lives in cli/cmd_<name>.c, is listed in the table of
 * commands.c, takes its words from cli->argv and returns the exit code of the program. */
#ifndef CP_CMD_H
#define CP_CMD_H

#include "cli/args.h"

typedef int cp_command_fn(cp_cli *cli);

typedef struct cp_command {
    const char *name, *help; /* one line */
    cp_command_fn *run;
} cp_command;

/* Table of commands, ended by a NULL name. */
extern const cp_command cp_commands[];
const cp_command *cp_command_by_name(const char *name);

int cp_cmd_init(cp_cli *cli);
int cp_cmd_generate(cp_cli *cli);
int cp_cmd_import(cp_cli *cli);
int cp_cmd_check(cp_cli *cli);
int cp_cmd_pin(cp_cli *cli);
int cp_cmd_approve(cp_cli *cli);
int cp_cmd_repairs(cp_cli *cli);
int cp_cmd_forecast(cp_cli *cli);
int cp_cmd_backtest(cp_cli *cli);
int cp_cmd_plan(cp_cli *cli);
int cp_cmd_explain(cp_cli *cli);
int cp_cmd_servicer(cp_cli *cli);
int cp_cmd_likeness(cp_cli *cli);
int cp_cmd_replay(cp_cli *cli);
int cp_cmd_route(cp_cli *cli);
int cp_cmd_export(cp_cli *cli);
int cp_cmd_report(cp_cli *cli);
int cp_cmd_backup(cp_cli *cli);
int cp_cmd_help(cp_cli *cli);

#endif
