/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - a bar on stderr while long work runs, when stderr is a terminal. */
#ifndef CP_CLI_PROGRESS_H
#define CP_CLI_PROGRESS_H

#include "cli/args.h"

/* Let the context of `cli` draw a bar; nothing happens when stderr is no terminal. */
void cp_progress_bar(cp_cli *cli);

#endif
