/* SPDX-License-Identifier: GPL-3.0-or-later */
/* args.h - options of commands: described as data, read the same way by every command.
 *
 * A command describes its options and positional arguments in a cp_usage, calls cp_args_read, and
 * goes on when that returns CP_ARGS_GO; any other value is the exit code. The common options (--db
 * --seed --threads --work --time-limit-s --json --by --quiet --log) are known to every command and
 * land in cp_cli. `-h`/`--help` prints the description to stdout; misuse prints one line to stderr
 * and gives exit code 2. */
#ifndef CP_ARGS_H
#define CP_ARGS_H

#include <stdio.h>

#include "data/store/db.h"
#include "models/base/clock.h"
#include "models/base/ctx.h"

#define CP_EXIT_DONE 0
#define CP_EXIT_FAILED 1
#define CP_EXIT_MISUSE 2
#define CP_EXIT_NO_PLAN 3
#define CP_EXIT_REFUSED 4
#define CP_EXIT_INTERRUPTED 130

#define CP_ARGS_GO (-1)

typedef enum cp_option_kind {
    CP_OPT_FLAG,   /* bool *: set to true */
    CP_OPT_TEXT,   /* const char ** */
    CP_OPT_INT,    /* int32_t *, from lo to hi */
    CP_OPT_INT64,  /* int64_t *, >= 0 */
    CP_OPT_UINT64, /* uint64_t * */
    CP_OPT_REAL,   /* double *, from lo to hi */
    CP_OPT_DAY     /* cp_day *, YYYY-MM-DD */
} cp_option_kind;

typedef struct cp_option {
    const char *name; /* without the dashes; NULL ends the table */
    cp_option_kind kind;
    void *out;        /* keeps its value (the default) when the option is not given */
    const char *meta; /* name of the value in the help: "DAY"; NULL for flags */
    const char *help;
    double lo, hi; /* INT and REAL: allowed range; both 0 = any */
} cp_option;

typedef struct cp_usage {
    const char *name;         /* of the command */
    const char *positional;   /* as shown: "DIR"; "" = none */
    const char *about;        /* a few lines: what it does */
    const cp_option *options; /* own options, ended by a NULL name; NULL = none */
    int32_t min_args, max_args;
} cp_usage;

/* One run of the program. */
typedef struct cp_cli {
    cp_ctx ctx; /* seed, threads, work, deadline, stop flag and progress are set from the options */
    int argc;   /* words after the command */
    char **argv;
    const char *db_path; /* --db, or NULL */
    bool json, quiet;
    bool has_seed;
    const char *by;      /* --by, else the name of the user who runs the program */
    double time_limit_s; /* 0 = none */
    FILE *log;           /* --log FILE; closed by main */
    const char *args[8]; /* positional arguments found */
    int32_t n_args;
    int progress_drawn; /* columns of the bar on the screen */
    const char *progress_stage;
    double progress_at;
    bool misused; /* the failure is one of the command line: exit code 2 */
} cp_cli;

/* See above. */
int cp_args_read(cp_cli *cli, const cp_usage *usage);

/* Print "cashplan: <words of ctx.error>" to stderr (after wiping the bar) and give the exit code of
 * its status: 1, 2 when the command line is at fault, 130 when stopped by the user. */
int cp_cli_fail(cp_cli *cli);
/* One line "cashplan: ..." to stderr. */
void cp_cli_note(cp_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Misuse found by the command itself: one line to stderr, returns 2. */
int cp_cli_misuse(cp_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Open the database of --db; a missing --db fails too, and cp_cli_fail makes misuse of it. Sets
 * the user of --by. */
cp_status cp_cli_open(cp_cli *cli, cp_db_mode mode, cp_db **out);

/* Wipe the progress bar; printing to the terminal does not mix with it afterwards. */
void cp_cli_progress_end(cp_cli *cli);

#endif
