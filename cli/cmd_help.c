/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_help.c - `cashplan help [COMMAND]`. */
#include "cli/cmd.h"

#include <string.h>

static void print_commands(void)
{
    printf("cashplan - daily cash plans: forecast, visits, cassette loads, armored-car routes\n\n"
           "usage: cashplan COMMAND [options]\n\n");
    for (const cp_command *c = cp_commands; c->name != NULL; c++)
        printf("  %-10s %s\n", c->name, c->help);
    printf("\n`cashplan help COMMAND` describes one; `cashplan --version` tells the version.\n"
           "Exit codes: 0 done, 1 failed, 2 misuse, 3 no plan exists or none found, "
           "4 plan refused.\n");
}

int cp_cmd_help(cp_cli *cli)
{
    static const cp_usage usage = {"help", "[COMMAND]", "Lists the commands, or describes one.",
                                   NULL,   0,           1};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    if (cli->n_args == 0) {
        print_commands();
        return CP_EXIT_DONE;
    }
    const cp_command *command = cp_command_by_name(cli->args[0]);
    if (command == NULL)
        return cp_cli_misuse(cli, "there is no command \"%s\"; `cashplan help` lists them",
                             cli->args[0]);
    char flag[] = "--help";
    char *words[] = {flag, NULL};
    cli->argc = 1;
    cli->argv = words;
    return command->run(cli);
}
