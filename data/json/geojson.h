/* SPDX-License-Identifier: GPL-3.0-or-later */
/* geojson.h - routes and stops for map programs (RFC 7946: WGS 84, longitude first). */
#ifndef CP_GEOJSON_H
#define CP_GEOJSON_H

#include "data/json/dispatch_json.h"

/* Vaults, the routes of days first_t .. last_t as lines between their stops (straight: no road
 * geometry is stored) and the stops as points. */
cp_status cp_geojson_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t first_t, int32_t last_t,
                           const char *path);

#endif
