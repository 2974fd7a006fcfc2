/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/args.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

/* The program under test is linked without a command: these words are read by cp_args_read. */
static int read_words(cp_cli *cli, const cp_usage *usage, int argc, const char *const *words)
{
    static char copies[12][80];
    static char *argv[13];
    memset(cli, 0, sizeof(*cli));
    assert_int_equal(cp_ctx_init(&cli->ctx), CP_OK);
    for (int i = 0; i < argc; i++) {
        (void)snprintf(copies[i], sizeof(copies[i]), "%s", words[i]);
        argv[i] = copies[i];
    }
    cli->argc = argc;
    cli->argv = argv;
    return cp_args_read(cli, usage);
}

static void options_and_words(void **state)
{
    (void)state;
    cp_cli cli;
    bool flag = false;
    const char *text = "before";
    int32_t n = 5;
    int64_t big = 6;
    double real = 0.5;
    cp_day day = CP_DAY_NONE;
    const cp_option options[] = {
        {"flag", CP_OPT_FLAG, &flag, NULL, "", 0, 0}, {"text", CP_OPT_TEXT, &text, "T", "", 0, 0},
        {"n", CP_OPT_INT, &n, "N", "", 1, 60},        {"big", CP_OPT_INT64, &big, "N", "", 0, 0},
        {"real", CP_OPT_REAL, &real, "X", "", 0, 1},  {"day", CP_OPT_DAY, &day, "DAY", "", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {"try", "A [B]", "Tries.", options, 1, 2};
    const char *const good[] = {
        "one",   "--flag", "--text=a=b", "--n",        "60",
        "--big", "7",      "--day",      "2026-11-24", "--seed=18446744073709551614",
        "--",    "--two"};
    assert_int_equal(read_words(&cli, &usage, LEN(good), good), CP_ARGS_GO);
    assert_true(flag);
    assert_string_equal(text, "a=b");
    assert_int_equal(n, 60);
    assert_int_equal(big, 7);
    assert_int_equal(day, cp_day_of(2026, 11, 24));
    assert_true(cli.has_seed && cli.ctx.seed == UINT64_MAX - 1);
    assert_int_equal(cli.n_args, 2);
    assert_string_equal(cli.args[1], "--two");
    cp_ctx_done(&cli.ctx);
    static const char *const bad[][3] = {
        {NULL, NULL, NULL},          {"a", "--none", NULL},
        {"a", "--n", NULL},          {"a", "--n", "61"},
        {"a", "--n", "1.5"},         {"a", "--n", "x"},
        {"a", "--big", "-1"},        {"a", "--real", "nan"},
        {"a", "--real", "1.01"},     {"a", "--day", "2026-02-29"},
        {"a", "--flag=1", NULL},     {"a", "-x", NULL},
        {"a", "--seed", "-1"},       {"a", "b", "c"},
        {"a", "--text", ""},         {"a", "--threads", "0"},
        {"a", "--n", "99999999999"}, {"a", "--time-limit-s", "-1"},
    };
    for (int32_t i = 0; i < LEN(bad); i++) {
        int argc = 0;
        while (argc < 3 && bad[i][argc] != NULL)
            argc++;
        if (read_words(&cli, &usage, argc, bad[i]) != CP_EXIT_MISUSE)
            fail_msg("taken: %s %s", argc > 1 ? bad[i][1] : "", argc > 2 ? bad[i][2] : "");
        cp_ctx_done(&cli.ctx);
    }
}

static void codes_of_failures(void **state)
{
    (void)state;
    cp_cli cli;
    cp_db *db = NULL;
    const cp_usage usage = {"try", "", "Tries.", NULL, 0, 0};
    assert_int_equal(read_words(&cli, &usage, 0, NULL), CP_ARGS_GO);
    assert_int_equal(cp_cli_open(&cli, CP_DB_READ, &db), CP_E_INPUT);
    assert_int_equal(cp_cli_fail(&cli), CP_EXIT_MISUSE);
    cli.misused = false;
    cp_error_clear(&cli.ctx);
    cli.db_path = "/no/such/folder/t.db";
    assert_int_equal(cp_cli_open(&cli, CP_DB_READ, &db), CP_E_IO);
    assert_int_equal(cp_cli_fail(&cli), CP_EXIT_FAILED);
    cp_error_clear(&cli.ctx);
    (void)cp_fail(&cli.ctx, CP_E_STOPPED, __FILE__, __LINE__, "stopped");
    assert_int_equal(cp_cli_fail(&cli), CP_EXIT_INTERRUPTED);
    cp_ctx_done(&cli.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_words),
        cmocka_unit_test(codes_of_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
