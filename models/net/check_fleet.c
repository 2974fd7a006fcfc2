/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "models/net/issues.h"

/* What a vault's zone holds and who drives for it. */
typedef struct zone {
    int32_t planned_sites, cars;
    bool all_open; /* every car works without legs from and to the vault */
    cp_minor most_insured;
} zone;

static bool site_planned(const cp_network *net, const cp_site *s)
{
    for (int32_t p = s->first_point; p < s->first_point + s->n_points; p++)
        if (cp_planned(&net->points[p])) return true;
    return false;
}

static cp_status make_zones(cp_checker *k, zone **out)
{
    const cp_network *net = k->net;
    zone *zones = NULL;
    CP_NEW(k->ctx, k->ctx->scratch, zones, net->n_vaults + 1);
    for (int32_t i = 0; i < net->n_sites; i++)
        if (site_planned(net, &net->sites[i])) zones[net->sites[i].vault].planned_sites++;
    for (int32_t v = 0; v < net->n_vaults; v++)
        zones[v].all_open = true;
    for (int32_t c = 0; c < net->n_cars; c++) {
        zone *z = &zones[net->cars[c].vault];
        z->cars++;
        z->all_open = z->all_open && net->cars[c].open_route;
        if (net->cars[c].insured_minor > z->most_insured)
            z->most_insured = net->cars[c].insured_minor;
    }
    *out = zones;
    return CP_OK;
}

static cp_status check_vaults(cp_checker *k, const zone *zones)
{
    for (int32_t v = 0; v < k->net->n_vaults; v++) {
        const cp_vault *vault = &k->net->vaults[v];
        if (vault->open_min >= vault->close_min)
            CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_VAULT, vault->code, "close_min",
                                "vault %s: closes before it opens", vault->code));
        if (zones[v].planned_sites == 0) continue;
        if (zones[v].cars == 0)
            CP_TRY(cp_issue_add(k, CP_ISSUE_NO_PLAN, CP_ENTITY_VAULT, vault->code, "",
                                "vault %s: serves %d sites and has no car", vault->code,
                                (int)zones[v].planned_sites));
        if (vault->sort_outsource_notes > 0 && vault->sort_notes_per_day > 0 &&
            cp_tariff_get(k->net, CP_TARIFF_SORT_OUTSOURCE_1000_MINOR, k->net->first_day, v, -1, -1,
                          -1) == 0)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_VAULT, vault->code,
                                "sort_outsource_notes",
                                "vault %s: others may sort %d notes a day at no price; give a "
                                "tariff sort_outsource_1000_minor",
                                vault->code, (int)vault->sort_outsource_notes));
        if (vault->status == CP_VAULT_CLOSED)
            CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_VAULT, vault->code, "status",
                                "vault %s: is closed and %d sites are assigned to it", vault->code,
                                (int)zones[v].planned_sites));
        if (vault->status == CP_VAULT_CANDIDATE)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_VAULT, vault->code, "status",
                                "vault %s: is a candidate and %d sites are assigned to it",
                                vault->code, (int)zones[v].planned_sites));
    }
    return CP_OK;
}

static cp_status check_cars(cp_checker *k)
{
    const cp_network *net = k->net;
    for (int32_t c = 0; c < net->n_cars; c++) {
        const cp_car *car = &net->cars[c];
        if (car->shift_start_min >= car->shift_end_min)
            CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CAR, car->code, "shift_end_min",
                                "car %s: its shift ends before it starts", car->code));
        if (car->crew >= 0 && net->rows.crew[car->crew].vault != car->vault)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_CAR, car->code, "crew_code",
                                "car %s of vault %s: its crew %s works from vault %s", car->code,
                                car->vault_code, car->crew_code,
                                net->rows.crew[car->crew].vault_code));
    }
    return CP_OK;
}

/* Do [a0, a1) and [b0, b1) have a minute in common? */
static bool meet(int32_t a0, int32_t a1, int32_t b0, int32_t b1)
{
    return (a0 > b0 ? a0 : b0) < (a1 < b1 ? a1 : b1);
}

static bool some_car_works(const cp_network *net, const cp_site *s)
{
    for (int32_t c = 0; c < net->n_cars; c++) {
        const cp_car *car = &net->cars[c];
        if (car->vault != s->vault) continue;
        const int32_t end = car->shift_end_min + car->overtime_min;
        if (meet(s->open_min, s->close_min, car->shift_start_min, end)) return true;
        if (s->open2_min >= 0 && meet(s->open2_min, s->close2_min, car->shift_start_min, end))
            return true;
    }
    return false;
}

static cp_status check_window(cp_checker *k, const cp_site *s, const zone *z)
{
    char from[16], to[16];
    if (s->open_min >= s->close_min)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_SITE, s->code, "close_min",
                            "site %s: its window %s to %s is empty", s->code,
                            cp_minute_text(s->open_min, from), cp_minute_text(s->close_min, to)));
    const bool second = s->open2_min >= 0 || s->close2_min >= 0;
    if (second && (s->open2_min < s->close_min || s->open2_min >= s->close2_min))
        CP_TRY(cp_issue_add(
            k, CP_ISSUE_ERROR, CP_ENTITY_SITE, s->code, "open2_min",
            "site %s: the second window must begin after the first and not be empty", s->code));
    if (z->cars > 0 && site_planned(k->net, s) && !some_car_works(k->net, s))
        CP_TRY(cp_issue_add(k, CP_ISSUE_NO_PLAN, CP_ENTITY_SITE, s->code, "open_min",
                            "site %s: no car of vault %s works between %s and %s", s->code,
                            s->vault_code, cp_minute_text(s->open_min, from),
                            cp_minute_text(s->close_min, to)));
    return CP_OK;
}

static cp_status check_way(cp_checker *k, int32_t i, const zone *z)
{
    const cp_network *net = k->net;
    const cp_site *s = &net->sites[i];
    const cp_vault *v = &net->vaults[s->vault];
    const int32_t home = net->n_sites + s->vault;
    const double m = cp_circle_m(s->lat_deg, s->lon_deg, v->lat_deg, v->lon_deg);
    if (v->service_radius_m > 0 && m > v->service_radius_m)
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_SITE, s->code, "vault_code",
                            "site %s: is %.0f m from vault %s, whose service radius is %d m",
                            s->code, m, v->code, (int)v->service_radius_m));
    const bool there = cp_travel_s(net, home, i) >= 0, back = cp_travel_s(net, i, home) >= 0;
    if ((there && back) || !site_planned(net, s) || (z->cars > 0 && z->all_open)) return CP_OK;
    return cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_SITE, s->code, "vault_code",
                        "site %s: there is no way %s vault %s; its visits cannot be routed",
                        s->code,
                        !there && !back ? "from or to"
                        : there         ? "back to"
                                        : "from",
                        v->code);
}

static cp_status check_sites(cp_checker *k, const zone *zones)
{
    const cp_network *net = k->net;
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_site *s = &net->sites[i];
        if (s->n_points == 0)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_SITE, s->code, "",
                                "site %s: has neither machine nor branch", s->code));
        CP_TRY(check_window(k, s, &zones[s->vault]));
        CP_TRY(check_way(k, i, &zones[s->vault]));
    }
    return CP_OK;
}

typedef struct spot {
    double lat, lon;
    int32_t site;
} spot;

static bool spot_before(const spot *a, const spot *b)
{
    if (a->lat < b->lat || a->lat > b->lat) return a->lat < b->lat;
    if (a->lon < b->lon || a->lon > b->lon) return a->lon < b->lon;
    return a->site < b->site;
}

/* Heap sort: the list is as long as the bank has sites. */
static void sort_spots(spot *list, int32_t n)
{
    for (int32_t end = n, start = n / 2; end > 1;) {
        if (start > 0) {
            start--;
        } else {
            end--;
            const spot last = list[end];
            list[end] = list[0];
            list[0] = last;
        }
        for (int32_t root = start; 2 * root + 1 < end;) {
            int32_t child = 2 * root + 1;
            if (child + 1 < end && spot_before(&list[child], &list[child + 1])) child++;
            if (!spot_before(&list[root], &list[child])) break;
            const spot held = list[root];
            list[root] = list[child];
            list[child] = held;
            root = child;
        }
    }
}

/* Sites that share a place and were not merged: by the setting, or because they differ. */
static cp_status check_equal_places(cp_checker *k)
{
    const cp_network *net = k->net;
    spot *list = NULL;
    CP_NEW(k->ctx, k->ctx->scratch, list, net->n_sites);
    for (int32_t i = 0; i < net->n_sites; i++)
        list[i] = (spot){net->sites[i].lat_deg, net->sites[i].lon_deg, i};
    sort_spots(list, net->n_sites);
    for (int32_t i = 1; i < net->n_sites; i++) {
        if (spot_before(&list[i - 1], &(spot){list[i].lat, list[i].lon, -1})) continue;
        const char *code = net->sites[list[i].site].code;
        CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_SITE, code, "lat_deg",
                            "site %s: has the same coordinates as site %s and stays a stop of its "
                            "own",
                            code, net->sites[list[i - 1].site].code));
    }
    return CP_OK;
}

/* The least value of a visit must fit into some car of the zone. */
static cp_status check_loads(cp_checker *k, const zone *zones)
{
    const cp_network *net = k->net;
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_point *point = &net->points[p];
        const int32_t v = net->sites[point->site].vault;
        if (!cp_planned(point) || zones[v].cars == 0) continue;
        double least = 0;
        for (int32_t c = point->first_channel; c < point->first_channel + point->n_channels; c++)
            least += (double)net->channels[c].min_load_notes * (double)net->channels[c].value_minor;
        if (least <= (double)zones[v].most_insured) continue;
        CP_TRY(cp_issue_add(k, CP_ISSUE_NO_PLAN, CP_ENTITY_POINT, point->code, "min_load_notes",
                            "%s: its least load is worth %.0f, more than any car of vault %s may "
                            "carry (%lld minor units)",
                            point->code, least, net->vaults[v].code,
                            (long long)zones[v].most_insured));
    }
    return CP_OK;
}

cp_status cp_check_fleet(cp_checker *k)
{
    zone *zones = NULL;
    CP_TRY(make_zones(k, &zones));
    CP_TRY(check_vaults(k, zones));
    CP_TRY(check_cars(k));
    CP_TRY(check_sites(k, zones));
    CP_TRY(check_equal_places(k));
    return check_loads(k, zones);
}
