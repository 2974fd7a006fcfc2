/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/cash_out.h"

/* Can the notes of channel j pay one note of channel k? */
static bool stands_in(const cp_channel *channel, int32_t k, int32_t j, int64_t notes)
{
    const cp_minor want = channel[k].value_minor, has = channel[j].value_minor;
    return j != k && channel[j].role != CP_ROLE_DEPOSIT && has > 0 && has <= want &&
           want % has == 0 && notes >= want / has;
}

cp_cash_out cp_cash_out_kind(const cp_channel *channel, int32_t n_channels, const int64_t *stock,
                             size_t stride)
{
    bool any = false, lacking = false;
    for (int32_t k = 0; k < n_channels; k++) {
        if (channel[k].role == CP_ROLE_DEPOSIT) continue;
        any = any || stock[(size_t)k * stride] > 0;
        if (stock[(size_t)k * stride] > 0) continue;
        bool helped = false;
        for (int32_t j = 0; j < n_channels; j++)
            helped = helped || stands_in(channel, k, j, stock[(size_t)j * stride]);
        lacking = lacking || !helped;
    }
    if (!any) return CP_CASH_OUT_EMPTY;
    return lacking ? CP_CASH_OUT_COMBINATION : CP_CASH_OUT_DENOMINATION;
}
