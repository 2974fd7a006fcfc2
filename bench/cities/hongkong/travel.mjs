/* SPDX-License-Identifier: GPL-3.0-or-later */
/* travel.mjs - estimated driving between places of Hong Kong.
 *
 * A straight line is wrong across the harbour and to the islands: there are few ways over. So every
 * place belongs to a land, a drive inside one land is estimated from the great circle, and between
 * lands it leads over the portals below. Positions of portals are those of the tunnel mouths,
 * bridge heads and piers on the public map, to about 200 m; crossing minutes are daytime figures
 * with a short queue; a ferry's are its sailing time plus 20 minutes of waiting and walking. All of
 * it is an estimate and marked so. */
import { circleKm } from '../csv.mjs';

/* Inside a land: minutes = A * km^B, metres = FACTOR * great circle. One kilometre takes 3 minutes,
 * ten 19, thirty 46: streets at first, expressways later. */
export const DRIVE = { aMin: 3.0, b: 0.8, factor: 1.35 };

const PORTALS = [
    ['cross-harbour tunnel', 'island', 22.2832, 114.181, 'mainland', 22.3025, 114.1815, 8, 1900],
    ['western tunnel', 'island', 22.2893, 114.144, 'mainland', 22.3035, 114.1545, 5, 2000],
    ['eastern tunnel', 'island', 22.291, 114.2145, 'mainland', 22.3045, 114.224, 5, 2300],
    ['Lantau Link', 'mainland', 22.352, 114.086, 'lantau', 22.333, 114.029, 7, 7000],
    ['Cheung Chau ferry', 'island', 22.287, 114.1575, 'cheung-chau', 22.2085, 114.0285, 75, 12000],
    ['Peng Chau ferry', 'island', 22.287, 114.1575, 'peng-chau', 22.285, 114.04, 60, 12000],
    ['Lamma ferry', 'island', 22.287, 114.1575, 'lamma', 22.226, 114.1115, 50, 9000],
];

/* The land of a place, from its district and the island's name in the address. */
export function landOf(districtZh, addressZh) {
    if (districtZh !== '離島區')
        return ['中西區', '灣仔區', '東區', '南區'].includes(districtZh) ? 'island' : 'mainland';
    if (addressZh.includes('長洲')) return 'cheung-chau';
    if (addressZh.includes('坪洲')) return 'peng-chau';
    if (addressZh.includes('南丫')) return 'lamma';
    return 'lantau';
}

function land(a, b) {
    const km = circleKm(a, b);
    return { min: km === 0 ? 0 : DRIVE.aMin * km ** DRIVE.b, m: 1000 * DRIVE.factor * km };
}
const add = (p, q) => ({ min: p.min + q.min, m: p.m + q.m });

/* Quickest ways between all portal ends (Floyd, Warshall): ends 2k and 2k + 1 are those of portal k. */
function portalTable() {
    const ends = [];
    for (const [, landA, latA, lonA, landB, latB, lonB] of PORTALS) {
        ends.push({ land: landA, lat: latA, lon: lonA });
        ends.push({ land: landB, lat: latB, lon: lonB });
    }
    const n = ends.length;
    const way = ends.map((p) => ends.map((q) => (p.land === q.land ? land(p, q) : { min: Infinity, m: 0 })));
    PORTALS.forEach((portal, k) => {
        const cross = { min: portal[7], m: portal[8] };
        way[2 * k][2 * k + 1] = cross;
        way[2 * k + 1][2 * k] = cross;
    });
    for (let k = 0; k < n; k++)
        for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++)
                if (way[i][k].min + way[k][j].min < way[i][j].min) way[i][j] = add(way[i][k], way[k][j]);
    return { ends, way };
}
const TABLE = portalTable();

/* Minutes and metres from place to place ({lat, lon, land}). */
export function drive(a, b) {
    if (a.land === b.land) return land(a, b);
    let best = { min: Infinity, m: 0 };
    TABLE.ends.forEach((p, i) => {
        if (p.land !== a.land) return;
        const first = land(a, p);
        TABLE.ends.forEach((q, j) => {
            if (q.land !== b.land || first.min + TABLE.way[i][j].min >= best.min) return;
            const whole = add(add(first, TABLE.way[i][j]), land(q, b));
            if (whole.min < best.min) best = whole;
        });
    });
    return best;
}
