/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/study_page.h"

#include "viz/template.h"

typedef struct study_source {
    const cp_study_result *r;
    const cp_network *net;
} study_source;

static cp_status write_data(cp_ctx *ctx, const void *source, cp_outfile *out)
{
    const study_source *from = source;
    return cp_study_data_write(ctx, from->r, from->net, true, out);
}

cp_status cp_study_page(cp_ctx *ctx, const cp_study_result *r, const cp_network *net,
                        const char *path)
{
    const cp_template page = {cp_study_template, cp_study_template_size};
    const study_source from = {r, net};
    return cp_template_write(ctx, page, write_data, &from, path);
}
