/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include "models/base/clock.h"

#include <string.h>
#include <unistd.h>

#include "models/base/text.h"

#define BAR_WIDTH 30
#define REDRAW_S 0.1

static void draw(void *user, const char *stage, int64_t done, int64_t total)
{
    cp_cli *cli = user;
    const double now = cp_now_s();
    const bool same = cli->progress_stage != NULL && strcmp(cli->progress_stage, stage) == 0;
    if (same && now - cli->progress_at < REDRAW_S) return;
    cli->progress_stage = stage;
    cli->progress_at = now;
    char line[160];
    if (total > 0) {
        const int64_t part = done < 0 ? 0 : (done > total ? total : done);
        char bar[BAR_WIDTH + 1];
        const size_t full = (size_t)(part * BAR_WIDTH / total);
        memset(bar, '.', BAR_WIDTH);
        memset(bar, '#', full);
        bar[BAR_WIDTH] = '\0';
        (void)cp_format(line, sizeof(line), "%-24.24s [%s] %3d %%", stage, bar,
                        (int)(100 * part / total));
    } else {
        (void)cp_format(line, sizeof(line), "%-24.24s %lld", stage, (long long)done);
    }
    const int width = (int)strlen(line);
    fprintf(stderr, "\r%s", line);
    for (int i = width; i < cli->progress_drawn; i++)
        fputc(' ', stderr);
    cli->progress_drawn = width;
    fflush(stderr);
}

void cp_progress_bar(cp_cli *cli)
{
    if (!isatty(STDERR_FILENO)) return;
    cli->ctx.progress = draw;
    cli->ctx.progress_user = cli;
}

void cp_cli_progress_end(cp_cli *cli)
{
    if (cli->progress_drawn == 0) return;
    fprintf(stderr, "\r%*s\r", cli->progress_drawn, "");
    fflush(stderr);
    cli->progress_drawn = 0;
}
