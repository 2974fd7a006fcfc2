/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "models/base/text.h"

/* Values of the common options before they are put into the context. */
typedef struct common {
    int32_t threads;
    double time_limit_s;
    uint64_t seed;
    int64_t work;
    const char *log_path;
    bool help;
} common;

#define N_COMMON 11 /* with the end of the table */

static void list_common(cp_cli *cli, common *c, cp_option out[N_COMMON])
{
    const cp_option table[N_COMMON] = {
        {"db", CP_OPT_TEXT, &cli->db_path, "FILE", "the plan database", 0, 0},
        {"seed", CP_OPT_UINT64, &c->seed, "N", "seed of everything random (1)", 0, 0},
        {"threads", CP_OPT_INT, &c->threads, "N", "threads; the result is the same (all cores)", 1,
         256},
        {"work", CP_OPT_INT64, &c->work, "N", "counted work of the search (by size)", 0, 0},
        {"time-limit-s", CP_OPT_REAL, &c->time_limit_s, "S", "safety stop, seconds (none)", 0, 1e7},
        {"by", CP_OPT_TEXT, &cli->by, "NAME", "who does this, for the audit (your login)", 0, 0},
        {"json", CP_OPT_FLAG, &cli->json, NULL, "results as JSON", 0, 0},
        {"quiet", CP_OPT_FLAG, &cli->quiet, NULL, "no progress, no warnings", 0, 0},
        {"log", CP_OPT_TEXT, &c->log_path, "FILE", "write what the search does to a file", 0, 0},
        {"help", CP_OPT_FLAG, &c->help, NULL, "this text (also -h)", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    memcpy(out, table, sizeof(table));
}

static void print_options(const char *title, const cp_option *options)
{
    if (options == NULL || options[0].name == NULL) return;
    printf("\n%s\n", title);
    for (const cp_option *o = options; o->name != NULL; o++) {
        char left[64];
        (void)cp_format(left, sizeof(left), "--%s%s%s", o->name, o->meta != NULL ? " " : "",
                        o->meta != NULL ? o->meta : "");
        printf("  %-22s %s\n", left, o->help);
    }
}

static int print_usage(const cp_usage *usage, const cp_option *shared)
{
    printf("usage: cashplan %s%s%s [options]\n\n%s\n", usage->name,
           usage->positional[0] != '\0' ? " " : "", usage->positional, usage->about);
    print_options("options of this command", usage->options);
    print_options("options of every command", shared);
    return CP_EXIT_DONE;
}

static const cp_option *find_option(const cp_option *options, const char *name, size_t n)
{
    for (const cp_option *o = options; o != NULL && o->name != NULL; o++)
        if (strlen(o->name) == n && strncmp(o->name, name, n) == 0) return o;
    return NULL;
}

static bool read_int64(const char *text, int64_t *out)
{
    char *end = NULL;
    errno = 0;
    const long long v = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0) return false;
    *out = v;
    return true;
}

static bool read_real(const cp_option *o, const char *text, double *out)
{
    char *end = NULL;
    errno = 0;
    const double v = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !(v >= -1e300 && v <= 1e300)) return false;
    if ((o->lo < o->hi || o->lo > o->hi) && !(v >= o->lo && v <= o->hi)) return false;
    *out = v;
    return true;
}

static bool read_uint64(const char *text, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    if (text[0] < '0' || text[0] > '9') return false;
    const unsigned long long v = strtoull(text, &end, 10);
    if (*end != '\0' || errno != 0) return false;
    *out = v;
    return true;
}

/* Text of a value -> where the option wants it; false when it is refused. */
static bool read_value(const cp_option *o, const char *text)
{
    double real = 0;
    int64_t whole = 0;
    switch (o->kind) {
    case CP_OPT_FLAG:
        *(bool *)o->out = true;
        return true;
    case CP_OPT_TEXT:
        if (text[0] == '\0') return false;
        *(const char **)o->out = text;
        return true;
    case CP_OPT_INT:
        if (!read_int64(text, &whole) || whole < INT32_MIN || whole > INT32_MAX) return false;
        if (!read_real(o, text, &real)) return false;
        *(int32_t *)o->out = (int32_t)whole;
        return true;
    case CP_OPT_INT64:
        if (!read_int64(text, &whole) || whole < 0) return false;
        *(int64_t *)o->out = whole;
        return true;
    case CP_OPT_UINT64:
        return read_uint64(text, (uint64_t *)o->out);
    case CP_OPT_REAL:
        return read_real(o, text, (double *)o->out);
    case CP_OPT_DAY:
        return cp_day_parse(text, (cp_day *)o->out);
    }
    return false;
}

static int refuse_value(cp_cli *cli, const cp_option *o, const char *text)
{
    switch (o->kind) {
    case CP_OPT_DAY:
        return cp_cli_misuse(cli, "--%s \"%s\": must be a day like 2026-11-24", o->name, text);
    case CP_OPT_INT:
        if (o->lo < o->hi)
            return cp_cli_misuse(cli, "--%s \"%s\": must be a whole number from %.0f to %.0f",
                                 o->name, text, o->lo, o->hi);
        return cp_cli_misuse(cli, "--%s \"%s\": must be a whole number", o->name, text);
    case CP_OPT_REAL:
        if (o->lo < o->hi)
            return cp_cli_misuse(cli, "--%s \"%s\": must be a number from %g to %g", o->name, text,
                                 o->lo, o->hi);
        return cp_cli_misuse(cli, "--%s \"%s\": must be a number", o->name, text);
    case CP_OPT_INT64:
    case CP_OPT_UINT64:
        return cp_cli_misuse(cli, "--%s \"%s\": must be a whole number of at least 0", o->name,
                             text);
    case CP_OPT_TEXT:
    case CP_OPT_FLAG:
        break;
    }
    return cp_cli_misuse(cli, "--%s: a value is missing", o->name);
}

/* One option at cli->argv[*at]; moves *at past it. */
static int read_option(cp_cli *cli, const cp_usage *usage, const cp_option *shared, int *at)
{
    const char *word = cli->argv[(*at)++];
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    const size_t n = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const cp_option *o = find_option(usage->options, name, n);
    if (o == NULL) o = find_option(shared, name, n);
    if (o == NULL)
        return cp_cli_misuse(cli, "%s: there is no option \"%s\"; `cashplan help %s` lists them",
                             usage->name, word, usage->name);
    if (o->kind == CP_OPT_FLAG) {
        if (equals != NULL) return cp_cli_misuse(cli, "--%s takes no value", o->name);
        (void)read_value(o, "");
        return CP_ARGS_GO;
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (value == NULL) {
        if (*at >= cli->argc) return cp_cli_misuse(cli, "--%s: a value is missing", o->name);
        value = cli->argv[(*at)++];
    }
    return read_value(o, value) ? CP_ARGS_GO : refuse_value(cli, o, value);
}

static int read_words(cp_cli *cli, const cp_usage *usage, const cp_option *shared, common *c)
{
    bool only_words = false;
    for (int at = 0; at < cli->argc;) {
        char *word = cli->argv[at];
        if (!only_words && strcmp(word, "-h") == 0) {
            c->help = true;
            at++;
        } else if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            at++;
        } else if (!only_words && word[0] == '-' && word[1] == '-') {
            const int end = read_option(cli, usage, shared, &at);
            if (end != CP_ARGS_GO) return end;
        } else if (!only_words && word[0] == '-' && word[1] != '\0') {
            return cp_cli_misuse(cli, "%s: there is no option \"%s\"", usage->name, word);
        } else {
            if (cli->n_args >= usage->max_args)
                return cp_cli_misuse(cli, "%s: \"%s\" is one word too many", usage->name, word);
            cli->args[cli->n_args++] = word;
            at++;
        }
    }
    return CP_ARGS_GO;
}

/* The log holds what the library says, one line a message. */
static void write_log(void *user, cp_log_level level, const char *text)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    fprintf(user, "%s %s\n", names[level], text);
}

static int apply_common(cp_cli *cli, const common *c)
{
    cli->has_seed = c->seed != UINT64_MAX;
    if (cli->has_seed) cli->ctx.seed = c->seed;
    cli->ctx.n_threads = c->threads;
    cli->ctx.work = c->work;
    cli->time_limit_s = c->time_limit_s;
    if (c->time_limit_s > 0) cli->ctx.deadline_s = cp_now_s() + c->time_limit_s;
    if (c->log_path != NULL) {
        const int fd = open(c->log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        cli->log = fd < 0 ? NULL : fdopen(fd, "w"); /* bounds and costs: for the owner alone */
        if (cli->log == NULL) {
            cp_cli_note(cli, "%s: cannot be written: %s", c->log_path, strerror(errno));
            return CP_EXIT_FAILED;
        }
        cli->ctx.log = (cp_log_sink){write_log, cli->log, CP_LOG_DEBUG};
    }
    if (!cli->quiet) cp_progress_bar(cli);
    return CP_ARGS_GO;
}

static int32_t online_cores(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 256 ? 256 : (int32_t)n;
}

int cp_args_read(cp_cli *cli, const cp_usage *usage)
{
    common c = {.threads = online_cores(), .seed = UINT64_MAX};
    cp_option shared[N_COMMON];
    list_common(cli, &c, shared);
    const int end = read_words(cli, usage, shared, &c);
    if (end != CP_ARGS_GO) return end;
    if (c.help) return print_usage(usage, shared);
    if (cli->n_args < usage->min_args)
        return cp_cli_misuse(cli, "%s: %s is missing; `cashplan help %s` shows how", usage->name,
                             usage->positional, usage->name);
    return apply_common(cli, &c);
}

int cp_cli_fail(cp_cli *cli)
{
    const cp_error *e = &cli->ctx.error;
    cp_cli_note(cli, "%s", e->text[0] != '\0' ? e->text : cp_status_text(e->status));
    if (cli->log != NULL && e->file != NULL)
        fprintf(cli->log, "error %s (%s:%d)\n", cp_status_text(e->status), e->file, e->line);
    if (cli->misused) return CP_EXIT_MISUSE;
    return e->status == CP_E_STOPPED ? CP_EXIT_INTERRUPTED : CP_EXIT_FAILED;
}

static void print_note(cp_cli *cli, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void print_note(cp_cli *cli, const char *format, va_list args)
{
    cp_cli_progress_end(cli);
    fputs("cashplan: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void cp_cli_note(cp_cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_note(cli, format, args);
    va_end(args);
}

int cp_cli_misuse(cp_cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_note(cli, format, args);
    va_end(args);
    return CP_EXIT_MISUSE;
}

cp_status cp_cli_open(cp_cli *cli, cp_db_mode mode, cp_db **out)
{
    cp_ctx *ctx = &cli->ctx;
    if (cli->db_path == NULL) {
        cli->misused = true;
        CP_FAIL(ctx, CP_E_INPUT, "which database? Name it with --db FILE");
    }
    CP_TRY(cp_db_open(ctx, cli->db_path, mode, out));
    if (cli->by != NULL) cp_db_set_user(*out, cli->by);
    return CP_OK;
}
