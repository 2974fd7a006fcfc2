/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_places.c - where sites, machines and vaults are, and what they are called. The city and all
 * names are invented. */
#include <math.h>
#include <string.h>

#include "models/sample/town.h"

#define LAT0 30.862
#define LON0 117.624
#define METRES_PER_DEG 111195.08
#define PI 3.14159265358979323846
#define CENTRES_MAX 64
#define KMEANS_ROUNDS 200
#define POINTS_PER_VAULT 400
#define LEN(array) ((int32_t)(sizeof(array) / sizeof((array)[0])))

static const char *const districts[] = {"城中区", "江北区", "高新区", "湖滨区", "东山区", "西岭区",
                                        "临港区", "开发区", "南湖区", "北辰区", "青云区", "白鹭区",
                                        "新安区", "金沙区", "桃源区", "龙泉区"};
static const char *const roads[] = {"人民路", "中山路", "解放路", "建设路", "和平路", "文化路",
                                    "长江路", "滨河路", "迎宾路", "朝阳路", "光明路", "友谊路",
                                    "科技路", "学府路", "临湖路", "新华路", "胜利路", "幸福路"};
static const char *const places[CP_N_SEGMENTS] = {"支行",     "网点自助区", "购物中心",
                                                  "地铁站",   "人民医院",   "大学城",
                                                  "商务大厦", "社区中心",   "火车站"};
static const char *const segment_names[CP_N_SEGMENTS] = {
    "branch", "onsite", "mall", "metro", "hospital", "campus", "office", "community", "station"};

const char *cp_town_segment(cp_segment segment)
{
    return segment_names[segment];
}

typedef struct centre {
    double x, y, weight; /* metres east and north of the middle */
    double price;        /* of a vault: metres added to its distance, so that zones are alike */
} centre;

/* An address while the city is laid out. */
typedef struct lot {
    double x, y;
    int32_t district, n_machines;
    bool branch;
    cp_segment segment;
} lot;

static int32_t make_centres(const cp_town *t, centre *c)
{
    cp_rng rng = cp_town_rng(t, "centres", 0);
    int32_t n = 3 + t->o->n_points / 120;
    if (n > CENTRES_MAX) n = CENTRES_MAX;
    double total = 1;
    c[0] = (centre){0, 0, 1, 0};
    for (int32_t i = 1; i < n; i++) {
        const double angle = 2 * PI * cp_rng_unit(&rng);
        const double r = t->scale * (0.6 + 1.6 * sqrt(cp_rng_unit(&rng)));
        c[i] = (centre){r * cos(angle), r * sin(angle), 0.15 + 0.5 * cp_rng_unit(&rng), 0};
        total += c[i].weight;
    }
    for (int32_t i = 0; i < n; i++)
        c[i].weight /= total;
    return n;
}

static int32_t draw_centre(cp_rng *rng, const centre *c, int32_t n)
{
    double u = cp_rng_unit(rng);
    for (int32_t i = 0; i + 1 < n; i++) {
        if (u < c[i].weight) return i;
        u -= c[i].weight;
    }
    return n - 1;
}

static lot draw_lot(const cp_town *t, cp_rng *rng, const centre *c, int32_t n)
{
    lot l = {0};
    l.district = draw_centre(rng, c, n);
    const double r = 0.24 * t->scale * exp(0.65 * cp_rng_normal(rng));
    const double angle = 2 * PI * cp_rng_unit(rng);
    l.x = c[l.district].x + r * cos(angle);
    l.y = c[l.district].y + r * sin(angle);
    return l;
}

static cp_segment draw_segment(cp_rng *rng)
{
    static const struct {
        cp_segment segment;
        double share;
    } mix[] = {{CP_SEG_COMMUNITY, 0.30}, {CP_SEG_MALL, 0.20},     {CP_SEG_OFFICE, 0.16},
               {CP_SEG_METRO, 0.13},     {CP_SEG_HOSPITAL, 0.10}, {CP_SEG_CAMPUS, 0.08}};
    double u = cp_rng_unit(rng);
    for (int32_t i = 0; i < LEN(mix); i++) {
        if (u < mix[i].share) return mix[i].segment;
        u -= mix[i].share;
    }
    return CP_SEG_STATION;
}

/* Branches first, each with one to three lobby machines until a good half of all machines stands in
 * branches, then off-site addresses with one or two. Returns the number of lots. */
static int32_t make_lots(const cp_town *t, const centre *c, int32_t n_centres, lot *lots)
{
    cp_rng rng = cp_town_rng(t, "lots", 0);
    int32_t left = t->n_machines, lobby = (int32_t)(0.55 * t->n_machines), n = 0;
    for (int32_t i = 0; i < t->n_branches; i++) {
        lot l = draw_lot(t, &rng, c, n_centres);
        const double u = cp_rng_unit(&rng);
        l.branch = true;
        l.segment = CP_SEG_ONSITE;
        l.n_machines = u < 0.40 ? 1 : u < 0.80 ? 2 : 3;
        if (l.n_machines > lobby) l.n_machines = lobby;
        lobby -= l.n_machines;
        left -= l.n_machines;
        lots[n++] = l;
    }
    while (left > 0) {
        lot l = draw_lot(t, &rng, c, n_centres);
        l.segment = draw_segment(&rng);
        l.n_machines = cp_rng_unit(&rng) < 0.2 && left > 1 ? 2 : 1;
        left -= l.n_machines;
        lots[n++] = l;
    }
    return n;
}

static double lat_of(double y)
{
    return floor((LAT0 + y / METRES_PER_DEG) * 1e6 + 0.5) / 1e6;
}

static double lon_of(double x)
{
    return floor((LON0 + x / (METRES_PER_DEG * cos(LAT0 * PI / 180))) * 1e6 + 0.5) / 1e6;
}

static cp_status district_name(cp_town *t, int32_t district, const char **out)
{
    const int32_t n = LEN(districts);
    if (district < n)
        *out = districts[district];
    else
        TOWN_TEXT(t, *out, "%s%d", districts[district % n], 1 + (int)(district / n));
    return CP_OK;
}

static void set_window(cp_site *s, cp_segment segment, cp_rng *rng)
{
    static const int32_t from[CP_N_SEGMENTS] = {510, 510, 600, 540, 510, 510, 540, 510, 510};
    static const int32_t to[CP_N_SEGMENTS] = {1020, 1020, 1080, 1020, 1080, 1080, 1050, 1080, 1080};
    s->open_min = from[segment];
    s->close_min = to[segment];
    /* Some buildings let nobody in at noon. */
    if (segment >= CP_SEG_MALL && cp_rng_unit(rng) < 0.12) {
        s->close_min = 690;
        s->open2_min = 810;
        s->close2_min = to[segment];
    }
    s->service_min = segment == CP_SEG_ONSITE ? 8 : 6 + (int32_t)cp_rng_below(rng, 5);
}

static cp_status make_sites(cp_town *t, const lot *lots, int32_t n)
{
    cp_rng rng = cp_town_rng(t, "sites", 0);
    CP_TRY(cp_town_rows(t, CP_ENTITY_SITE, n));
    CP_NEW(t->ctx, t->ctx->scratch, t->district, n);
    for (int32_t i = 0; i < n; i++) {
        cp_site *s = &t->rows->site[i];
        const char *road = roads[cp_rng_below(&rng, (uint32_t)LEN(roads))];
        const int32_t number = 1 + (int32_t)cp_rng_below(&rng, 300);
        t->district[i] = lots[i].district;
        CP_TRY(district_name(t, lots[i].district, &s->district));
        TOWN_TEXT(t, s->code, "S-%04d", 1 + (int)i);
        TOWN_TEXT(t, s->address, "江州市%s%s%d号", s->district, road, (int)number);
        if (lots[i].branch)
            TOWN_TEXT(t, s->name, "%s%s支行", s->district, road);
        else
            TOWN_TEXT(t, s->name, "%s%s%s", s->district, road, places[lots[i].segment]);
        s->lat_deg = lat_of(lots[i].y);
        s->lon_deg = lon_of(lots[i].x);
        set_window(s, lots[i].segment, &rng);
    }
    return CP_OK;
}

static cp_machine draw_machine(cp_rng *rng)
{
    const double u = cp_rng_unit(rng);
    if (u < 0.34) return CP_M_RECYCLER;
    return u < 0.40 ? CP_M_DEPOSIT : CP_M_DISPENSER;
}

static void set_machine(cp_point *p, const cp_town_point *tp, cp_rng *rng)
{
    p->kind = CP_POINT_ATM;
    p->on_site = tp->segment == CP_SEG_ONSITE;
    const double u = cp_rng_unit(rng), v = cp_rng_unit(rng);
    /* A few branches still fill their lobby machines themselves; some old machines may be topped
     * up. */
    if (p->on_site && u < 0.08) p->serviced_by = CP_BY_BRANCH;
    p->visit_kinds = CP_MAY_SWAP | (v < 0.12 ? CP_MAY_ADD : 0);
    p->service_min_swap = tp->machine == CP_M_RECYCLER ? 8 : 6;
    p->service_min_add = 14;
    if (tp->segment == CP_SEG_HOSPITAL || tp->segment == CP_SEG_STATION)
        p->service_level_ppm = 995000;
    else if (tp->segment == CP_SEG_OFFICE && u < 0.3)
        p->service_level_ppm = 980000;
}

static void set_branch(cp_point *p)
{
    p->kind = CP_POINT_BRANCH;
    p->visit_kinds = CP_MAY_ADD;
    p->service_days = 31;
    p->works_holidays = false;
    p->service_min_add = 12;
}

static cp_status make_branch(cp_town *t, int32_t site, int32_t row)
{
    cp_town_point *tp = &t->point[row];
    cp_point *p = &t->rows->point[row];
    *tp =
        (cp_town_point){.row = row, .site = site, .segment = CP_SEG_BRANCH, .machine = CP_M_BRANCH};
    TOWN_TEXT(t, p->code, "B-%03d", 1 + (int)(row - t->n_machines));
    p->name = t->rows->site[site].name;
    p->site_code = t->rows->site[site].code;
    p->segment = segment_names[CP_SEG_BRANCH];
    p->calendar_code = t->o->calendar.code;
    set_branch(p);
    return CP_OK;
}

static cp_status make_machine(cp_town *t, const lot *l, int32_t site, int32_t row, int32_t number)
{
    cp_rng rng = cp_town_rng(t, "machine", row);
    cp_town_point *tp = &t->point[row];
    cp_point *p = &t->rows->point[row];
    *tp = (cp_town_point){.row = row, .site = site, .segment = l->segment};
    tp->machine = draw_machine(&rng);
    TOWN_TEXT(t, p->code, "A-%04d", 1 + (int)row);
    TOWN_TEXT(t, p->name, "%s%s%d号机", t->rows->site[site].name,
              l->branch ? places[CP_SEG_ONSITE] : "", (int)number);
    p->site_code = t->rows->site[site].code;
    p->segment = segment_names[l->segment];
    p->calendar_code = t->o->calendar.code;
    set_machine(p, tp, &rng);
    return CP_OK;
}

/* Machines A-0001.. come first, then branches B-001..: the order of their codes. */
static cp_status make_points(cp_town *t, const lot *lots, int32_t n)
{
    CP_TRY(cp_town_rows(t, CP_ENTITY_POINT, t->o->n_points));
    CP_NEW(t->ctx, t->ctx->scratch, t->point, t->o->n_points);
    int32_t machine = 0, branch = t->n_machines;
    for (int32_t i = 0; i < n; i++) {
        const char *owner = "";
        if (lots[i].branch) {
            CP_TRY(make_branch(t, i, branch));
            owner = t->rows->point[branch++].code;
        }
        for (int32_t k = 0; k < lots[i].n_machines; k++) {
            CP_TRY(make_machine(t, &lots[i], i, machine, k + 1));
            t->rows->point[machine++].owner_branch_code = owner;
        }
    }
    return CP_OK;
}

static int32_t closest(const centre *c, int32_t n, double x, double y)
{
    int32_t best = 0;
    double least = INFINITY;
    for (int32_t k = 0; k < n; k++) {
        const double m = hypot(c[k].x - x, c[k].y - y) + c[k].price;
        if (m >= least) continue;
        least = m;
        best = k;
    }
    return best;
}

/* Lloyd's k-means (1982) with a price on each centre that rises while its zone is above the mean
 * size and falls while it is below. A cluster that runs empty keeps its place. */
static cp_status gather(cp_town *t, const lot *lots, int32_t n, int32_t k, centre *out)
{
    centre *sum = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, sum, k);
    /* Lots are in random order, so these starts lie where the sites do. */
    for (int32_t c = 0; c < k; c++)
        out[c] = (centre){lots[(int64_t)c * n / k].x, lots[(int64_t)c * n / k].y, 0, 0};
    for (int32_t round = 0; round < KMEANS_ROUNDS; round++) {
        double total = 0;
        memset(sum, 0, (size_t)k * sizeof *sum);
        for (int32_t i = 0; i < n; i++) {
            centre *s = &sum[closest(out, k, lots[i].x, lots[i].y)];
            const double w = lots[i].n_machines + (lots[i].branch ? 1 : 0);
            s->x += w * lots[i].x;
            s->y += w * lots[i].y;
            s->weight += w;
            total += w;
        }
        const double step = 0.02 * t->scale / sqrt(k) * (1 - (double)round / KMEANS_ROUNDS);
        for (int32_t c = 0; c < k; c++) {
            out[c].price += step * (sum[c].weight * k / total - 1);
            if (sum[c].weight <= 0) continue;
            out[c].x = sum[c].x / sum[c].weight;
            out[c].y = sum[c].y / sum[c].weight;
        }
    }
    return CP_OK;
}

static cp_status make_vault(cp_town *t, int32_t v, bool existing, centre at)
{
    cp_vault *row = &t->rows->vault[v];
    TOWN_TEXT(t, row->code, "V-%02d", 1 + (int)v);
    if (existing)
        TOWN_TEXT(t, row->name, "江州银行第%d现金中心", 1 + (int)v);
    else
        TOWN_TEXT(t, row->name, "江州银行备选现金中心%d", 1 + (int)v);
    row->status = existing ? CP_VAULT_EXISTING : CP_VAULT_CANDIDATE;
    row->lat_deg = lat_of(at.y);
    row->lon_deg = lon_of(at.x);
    row->central_bank_code = "PBC-JZ";
    row->calendar_code = t->o->calendar.code;
    return CP_OK;
}

static cp_status make_vaults(cp_town *t, const lot *lots, int32_t n, const centre *c,
                             int32_t n_centres)
{
    int32_t k = t->o->n_vaults;
    if (k == 0) k = (t->o->n_points + POINTS_PER_VAULT / 2) / POINTS_PER_VAULT;
    if (k < 1) k = 1;
    if (k > n) k = n;
    centre *at = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, at, k);
    CP_TRY(gather(t, lots, n, k, at));
    CP_TRY(cp_town_rows(t, CP_ENTITY_VAULT, k + t->o->n_candidates));
    for (int32_t v = 0; v < k; v++)
        CP_TRY(make_vault(t, v, true, at[v]));
    cp_rng rng = cp_town_rng(t, "candidates", 0);
    for (int32_t v = k; v < k + t->o->n_candidates; v++) {
        const centre *near = &c[(v - k + 1) % n_centres];
        const double r = 0.3 * t->scale;
        const centre spot = {near->x + r * cp_rng_normal(&rng), near->y + r * cp_rng_normal(&rng),
                             0, 0};
        CP_TRY(make_vault(t, v, false, spot));
    }
    for (int32_t i = 0; i < n; i++)
        t->rows->site[i].vault_code = t->rows->vault[closest(at, k, lots[i].x, lots[i].y)].code;
    CP_TRY(cp_town_rows(t, CP_ENTITY_CENTRAL_BANK, 1));
    cp_central_bank *bank = &t->rows->central_bank[0];
    bank->code = "PBC-JZ";
    bank->name = "人民银行江州中心支行";
    bank->lat_deg = lat_of(0.12 * t->scale);
    bank->lon_deg = lon_of(-0.2 * t->scale);
    bank->calendar_code = t->o->calendar.code;
    return CP_OK;
}

cp_status cp_town_places(cp_town *t)
{
    t->n_branches = t->o->n_points / 4;
    t->n_machines = t->o->n_points - t->n_branches;
    /* The same density at every size. */
    t->scale = 6000 * sqrt(t->o->n_points / 240.0);
    centre *centres = NULL;
    lot *lots = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, centres, CENTRES_MAX);
    CP_NEW(t->ctx, t->ctx->scratch, lots, t->o->n_points);
    const int32_t n_centres = make_centres(t, centres);
    const int32_t n = make_lots(t, centres, n_centres, lots);
    CP_TRY(make_sites(t, lots, n));
    CP_TRY(make_points(t, lots, n));
    return make_vaults(t, lots, n, centres, n_centres);
}
