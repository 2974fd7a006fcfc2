/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - the table of commands, in the order of a planner's work. */
#include "cli/cmd.h"

#include <string.h>

const cp_command cp_commands[] = {
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
