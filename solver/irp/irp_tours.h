/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irp_tours.h - the routes of all days of a horizon while visits move between cars and days.
 *
 * A tour is one car's one trip on one day: tour t * n_cars + car, a sequence of sites. Its time is
 * drive + service, without waiting, so taking a site out or putting it in is judged in constant
 * time by its two neighbours. Every site stands at most once a day, whatever number of its machines
 * is visited. All in whole seconds and metres. */
#ifndef CP_IRP_TOURS_H
#define CP_IRP_TOURS_H

#include "models/base/ctx.h"
#include "models/net/network.h"

/* What the routes run on. Places 0 .. n_sites - 1 are the zone's sites, n_sites is its vault and
 * n_sites + 1 is nowhere: no way to or from it costs anything (open routes). */
typedef struct cp_irp_ground {
    int32_t n_days, n_sites, n_cars, width; /* width = n_sites + 2 */
    const int32_t *out_s;                   /* [a * width + b]: seconds from a to b */
    const int32_t *back_s;  /* [a * width + b]: seconds from b to a, for walks along one row */
    const int32_t *out_m;   /* metres from a to b; NULL when no car is paid by the kilometre */
    const int32_t *site_s;  /* by site: fixed service */
    const int32_t *base;    /* by car: n_sites (vault) or n_sites + 1 (open route) */
    const int32_t *limit_s; /* by car: most time of a day, overtime included */
    const int32_t *shift_s; /* by car: time before overtime */
    const double *car_day;  /* [t * n_cars + car]: price of driving at all */
    const double *second;   /* [t * n_cars + car]: price of a second of the crew */
    const double *over;     /* [t * n_cars + car]: price of a second of overtime, on top */
    const double *metre;    /* [t * n_cars + car] */
    double guide;           /* price of a second of a tour that nobody pays: keeps tours compact and
                               stops rare */
    int32_t n_near;
    const int32_t *near; /* [site * n_near + k]: nearest other sites, nearest first */
} cp_irp_ground;

#define CP_IRP_MAX_DAYS 64 /* bits of cp_irp_tours.days */

/* No crew is sent where there is no way: such a leg counts this long. */
#define CP_IRP_NO_WAY_S 10000000

typedef struct cp_irp_tour {
    int32_t n; /* sites */
    int32_t drive_s, service_s;
    int64_t dist_m;
    double cost;
} cp_irp_tour;

typedef struct cp_irp_tours {
    const cp_irp_ground *g;
    int32_t n_tours, cap; /* cap: most sites of one tour */
    cp_irp_tour *tour;
    int32_t *seq;    /* [tour * (cap + 2)]: base, sites, base */
    int32_t *leg_s;  /* [tour * (cap + 2) + k]: seconds from seq[k] to seq[k + 1] */
    int32_t *at;     /* [site * n_days + t]: tour, -1 = not visited */
    int32_t *pos;    /* [site * n_days + t]: its index in seq (1 ..), where visited */
    uint64_t *days;  /* [site]: bit t = visited on day t, so that a look skips the other days */
    double cost;     /* of all tours */
    double beyond;   /* price of a second beyond a car's limit */
    int32_t *detour; /* by tour: work of one look */
    int32_t *where;
    int32_t grace_s; /* stops may be put in up to this much beyond the limit, at that price */
} cp_irp_tours;

cp_status cp_irp_tours_new(cp_ctx *ctx, const cp_irp_ground *ground, cp_irp_tours **out);

/* Cheapest place for a site on a day. */
typedef struct cp_irp_place {
    int32_t tour, pos; /* before the site now at position pos (0 ..); tour -1 = none fits */
    double price;
} cp_irp_place;

/* How places are looked for. */
typedef struct cp_irp_look {
    uint64_t blink;    /* state of the dice, not 0 */
    uint32_t skip_ppm; /* a tour is overlooked with this chance (blinks of Christiaens, Vanden
                          Berghe 2020) */
    bool everywhere;   /* all places; else only those beside one of the nearest sites, and empty
                          tours: far from all of them no place is cheap */
} cp_irp_look;

/* The cheapest place of every day, place[t], for one stop of service_s seconds that keeps the cars'
 * limits. */
void cp_irp_find(cp_irp_tours *tours, int32_t site, int32_t service_s, cp_irp_look *look,
                 cp_irp_place *place);

void cp_irp_insert(cp_irp_tours *tours, int32_t site, int32_t t, int32_t service_s,
                   const cp_irp_place *place);
/* Note or forget that `tour` holds the site on day t; its place in the sequence is the caller's. */
void cp_irp_mark(cp_irp_tours *tours, int32_t site, int32_t t, int32_t tour);
/* The tour that holds the site that day loses it. */
void cp_irp_remove(cp_irp_tours *tours, int32_t site, int32_t t, int32_t service_s);
/* A further machine (or one less, negative) at a stop already made. */
void cp_irp_more_service(cp_irp_tours *tours, int32_t tour, int32_t service_s);
/* What more service at the stop would cost; infinite when the car has no time left. */
double cp_irp_service_price(const cp_irp_tours *tours, int32_t tour, int32_t service_s);

/* Another price and grace for time beyond the limit; all tours are priced anew. */
void cp_irp_set_beyond(cp_irp_tours *tours, double beyond, int32_t grace_s);

/* Time of a tour's day, seconds. */
static inline int32_t cp_irp_tour_s(const cp_irp_tour *tour)
{
    return tour->drive_s + tour->service_s;
}

#endif
