/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - the table of commands, in the order of a planner's work. */
#include "cli/cmd.h"

#include <string.h>

const cp_command cp_commands[] = {
    {"init", "make a plan database", cp_cmd_init},
    {"import", "read the bank's CSV files", cp_cmd_import},
    {"check", "look for what would stop a plan", cp_cmd_check},
    {"repairs", "what of the history is repaired, and why", cp_cmd_repairs},
    {"forecast", "demand of the days to come, stored", cp_cmd_forecast},
    {"backtest", "how wrong the forecast was, what overrides gained", cp_cmd_backtest},
    {"plan", "make the plan of the next days", cp_cmd_plan},
    {"pin", "wishes that every plan keeps", cp_cmd_pin},
    {"approve", "approve a proposed plan", cp_cmd_approve},
    {"explain", "why a machine is visited as it is", cp_cmd_explain},
    {"servicer", "center or branch: break-even volumes", cp_cmd_servicer},
    {"likeness", "how alike routes are, what less costs", cp_cmd_likeness},
    {"replay", "carry policies out on what really happened", cp_cmd_replay},
    {"route", "vehicle routes for a problem in VROOM's JSON", cp_cmd_route},
    {"export", "write what dispatch needs", cp_cmd_export},
    {"report", "write the page of a plan", cp_cmd_report},
    {"backup", "copy the database", cp_cmd_backup},
    {"generate", "write an invented bank as CSV files", cp_cmd_generate},
    {"help", "say what a command does", cp_cmd_help},
    {NULL, NULL, NULL},
};

const cp_command *cp_command_by_name(const char *name)
{
    for (const cp_command *c = cp_commands; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0) return c;
    return NULL;
}
