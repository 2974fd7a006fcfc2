/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_beyond.c - which problems the quick search cannot keep. */
#include "solver/route/vrp_dense.h"

/* Does the duration of a route matter? */
static bool any_span(const cp_vrp *p)
{
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_vrp_vehicle *v = &p->vehicles[k];
        if (v->shift_max_s < CP_VRP_LATEST || v->idle_price > 0 || v->over_price > 0) return true;
    }
    return false;
}

/* Are there times between those of service, so that runs have no single earliest start? */
static bool any_gap(const cp_vrp *p)
{
    for (int32_t k = 0; k < p->n_vehicles; k++)
        if (p->vehicles[k].n_bans > 0) return true;
    for (int32_t i = 0; i < p->n_nodes; i++)
        if (p->nodes[i].n_windows > 1) return true;
    return false;
}

/* Can anything be too late? */
static bool any_hour(const cp_vrp *p)
{
    for (int32_t k = 0; k < p->n_vehicles; k++)
        if (p->vehicles[k].shift_end_s < CP_VRP_LATEST) return true;
    for (int32_t i = 0; i < p->n_nodes; i++)
        if (p->nodes[i].n_windows > 0) return true;
    for (int32_t i = 0; i < p->n_depots; i++)
        if (p->depots[i].n_windows > 0) return true;
    return any_span(p);
}

/* Is a set-up saved when the place before is the node's own? */
static bool any_saved_setup(const cp_vrp *p)
{
    for (int32_t i = 0; i < p->n_nodes; i++) {
        if (p->nodes[i].setup_s == 0) continue;
        for (int32_t j = 0; j < p->n_nodes; j++)
            if (j != i && p->nodes[j].place == p->nodes[i].place) return true;
        for (int32_t j = 0; j < p->n_depots; j++)
            if (p->depots[j].place == p->nodes[i].place) return true;
    }
    return false;
}

const char *cp_dense_beyond(const cp_vrp *p)
{
    if (p->n_pairs > 0) return "pairs of which one node brings what the other fetched";
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_vrp_vehicle *v = &p->vehicles[k];
        if (v->n_breaks > 0) return "breaks";
        if (v->max_trips > 1 && v->n_reload_depots > 0) return "several trips of a vehicle";
        if (v->n_trip_bands > 0 || v->n_stop_bands > 0) return "tariffs by value band";
        if (v->exposure_price > 0) return "priced exposure";
        if (v->dist_max_m < CP_VRP_NO_LIMIT) return "a longest distance";
        if (v->drive_max_s < CP_VRP_LATEST) return "a longest driving time";
    }
    for (int32_t i = 0; i < p->n_depots; i++)
        if (p->depots[i].n_windows > 1) return "several windows of a depot";
    if (any_span(p) && any_gap(p))
        return "a limited or priced duration together with several windows or forbidden hours";
    if (any_hour(p) && any_saved_setup(p))
        return "set-ups that are saved at a place of several nodes, where there are hours";
    return NULL;
}
