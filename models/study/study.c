/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/study/study.h"

const char *cp_study_aim_name(cp_study_aim aim)
{
    static const char *const names[CP_N_STUDY_AIMS] = {"cost", "mean_time", "worst_time", "fewest",
                                                       "covered"};
    return names[aim];
}

const char *cp_study_aim_unit(cp_study_aim aim)
{
    static const char *const units[CP_N_STUDY_AIMS] = {"minor", "stop_seconds_per_year", "seconds",
                                                       "vaults", "stops_per_year"};
    return units[aim];
}

const char *cp_study_load_name(cp_study_load load)
{
    static const char *const names[CP_STUDY_LOADS] = {"value", "notes", "stops"};
    return names[load];
}

const char *cp_study_change_name(cp_study_change_kind kind)
{
    static const char *const names[CP_N_CHANGES] = {"open",   "close",    "free",   "move",
                                                    "radius", "capacity", "tariff", "run_cost",
                                                    "demand", "outage",   "count"};
    return names[kind];
}

cp_status cp_study_size_index(cp_ctx *ctx, const cp_study *study, int32_t **first)
{
    CP_NEW(ctx, ctx->run, *first, study->n_sites + 2);
    for (int32_t o = 0; o < study->n_sizes; o++)
        (*first)[study->sizes[o].site + 1]++;
    for (int32_t j = 0; j < study->n_sites; j++)
        (*first)[j + 1] += (*first)[j];
    return CP_OK;
}
