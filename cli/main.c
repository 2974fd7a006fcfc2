/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - the program: one context, the stop flag, one command of the table. */
#include "cli/cmd.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

/* The only state outside of cp_cli: a signal handler is given no argument. */
static atomic_int stop_flag;

/* The first Ctrl-C asks for the best plan so far; the second one ends the program at once. */
static void on_stop_signal(int sig)
{
    (void)sig;
    if (atomic_fetch_add(&stop_flag, 1) > 0) {
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
}

static void watch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_stop_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int run_command(cp_cli *cli, int argc, char **argv)
{
    if (argc < 2) return cp_cli_misuse(cli, "no command given; `cashplan help` lists them");
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) {
        printf("cashplan %s\n", CP_VERSION);
        return CP_EXIT_DONE;
    }
    if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0) name = "help";
    const cp_command *command = cp_command_by_name(name);
    if (command == NULL)
        return cp_cli_misuse(cli, "there is no command \"%s\"; `cashplan help` lists them", name);
    cli->argc = argc - 2;
    cli->argv = argv + 2;
    return command->run(cli);
}

int main(int argc, char **argv)
{
    static cp_cli cli; /* static: holds the error text, too large for a small stack */
    if (cp_ctx_init(&cli.ctx) != CP_OK) {
        fprintf(stderr, "cashplan: %s\n", cp_status_text(CP_E_NOMEM));
        return CP_EXIT_FAILED;
    }
    watch_signals();
    cli.ctx.stop = &stop_flag;
    int code = run_command(&cli, argc, argv);
    cp_cli_progress_end(&cli);
    if (cli.log != NULL) fclose(cli.log);
    cp_ctx_done(&cli.ctx);
    /* Output that did not reach its place (full disk, closed pipe) is a failure. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "cashplan: the output could not be written\n");
        if (code == CP_EXIT_DONE) code = CP_EXIT_FAILED;
    }
    return code;
}
