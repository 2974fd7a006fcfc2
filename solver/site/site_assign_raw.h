/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_assign_raw.h - the parts of the search site_assign.h; for site_assign*.c only. */
#ifndef CP_SITE_ASSIGN_RAW_H
#define CP_SITE_ASSIGN_RAW_H

#include <math.h>

#include "solver/site/site_assign.h"

#define NONE (-1)
#define CP_ASSIGN_DUST 1e-9 /* of a capacity: less than this too much is nothing */

/* What a plan at hand costs: money, demand above capacities, clients who must be served and are
 * not. */
typedef struct cp_assign_worth {
    double cost, over;
    int32_t lost;
} cp_assign_worth;

struct cp_site_assign {
    const cp_siting *s;
    double *cost;        /* [client * n_sites + site]; INFINITY = not allowed */
    int32_t *site_first; /* [site + 1] the clients a site reaches, ascending by cost of a unit */
    int32_t *site_client;
    /* The plan at hand. */
    int32_t *server;         /* [client]; NONE = nobody */
    uint8_t *open;           /* [site] */
    double *load;            /* [site] */
    int32_t *head, *n_guest; /* [site] its clients as a list */
    int32_t *next, *prev;    /* [client] */
    int32_t n_open;
    cp_assign_worth now;
    double over_price, lost_price;
    double dust; /* demand that is nothing */
    /* The round: what it changed first and how that was. */
    int64_t round;
    int64_t *client_round, *site_round; /* the last round that changed it */
    int32_t *changed, *was_server, n_changed;
    int32_t *turned, n_turned;         /* sites; a site that is turned twice is as before */
    int32_t *bag, n_bag;               /* clients taken out */
    double *key;                       /* [client] order of the bag */
    int32_t *pick, n_pick;             /* sites of the round */
    int32_t *queue, queue_at, n_queue; /* sites to be mended, in a circle */
    uint8_t *queued;
    /* The best allowed plan. */
    uint8_t *best_open;
    int32_t *best_server;
    double best_cost;
    /* Cooling. */
    double heat, first_heat;
    int64_t step, cycle, tried, allowed;
};

static inline double cp_assign_at(const cp_site_assign *w, int32_t client, int32_t site)
{
    return w->cost[(size_t)client * (size_t)w->s->n_sites + (size_t)site];
}

static inline int32_t cp_assign_duty(const cp_site_assign *w, int32_t site)
{
    return w->s->duty == NULL ? CP_SITING_FREE : w->s->duty[site];
}

/* What a load is above the capacity. */
static inline double cp_assign_over(const cp_site_assign *w, int32_t site, double load)
{
    const double over = load - w->s->capacity[site] * (1 + CP_ASSIGN_DUST);
    return over > 0 ? over : 0;
}

/* What being served by nobody costs, with the price of the search where it is not allowed. */
static inline double cp_assign_left(const cp_site_assign *w, int32_t client)
{
    const double left = w->s->leave == NULL ? INFINITY : w->s->leave[client];
    return isfinite(left) ? left : w->lost_price;
}

static inline double cp_assign_priced(const cp_site_assign *w)
{
    return w->now.cost + w->over_price * w->now.over + w->lost_price * w->now.lost;
}

/* The client is served by `site` (NONE = nobody) from now on. */
void cp_assign_put(cp_site_assign *w, int32_t client, int32_t site);
/* An open site closes, a closed one opens; its clients stay where they are. */
void cp_assign_turn(cp_site_assign *w, int32_t site);
/* Begins a round, and takes back what it did. */
void cp_assign_begin(cp_site_assign *w);
void cp_assign_undo(cp_site_assign *w);
/* Loads, lists and worth anew from server and open. */
void cp_assign_recount(cp_site_assign *w);
bool cp_assign_allowed(const cp_site_assign *w);
/* Keeps the plan at hand if it is allowed and the cheapest so far. */
void cp_assign_note(cp_site_assign *w);

/* A plan from nothing: stars of a site and its cheapest clients, the cheapest a unit first. */
void cp_assign_build(cp_site_assign *w);
/* Serves the client where it costs least; sites are passed over with the chance `blink`. */
void cp_assign_insert(cp_site_assign *w, cp_rng *rng, int32_t client, double blink);
/* Clients of the bag back into the plan. */
void cp_assign_fill(cp_site_assign *w, cp_rng *rng);
/* Takes clients out near each other, opens and closes sites, puts them back. */
void cp_assign_ruin(cp_site_assign *w, cp_rng *rng);

/* The site is looked at by the next cp_assign_mend. */
void cp_assign_enqueue(cp_site_assign *w, int32_t site);
/* Moves and exchanges from and to the sites of the queue until none pays. */
void cp_assign_mend(cp_site_assign *w);

#endif
