// Places on the plane, in its own units and in those of the picture.

// of the picture, in its own units
export const SIZE = 480, EDGE = { left: 58, right: 466, top: 8, bottom: 416 };

export const NEAR = 0.1; // a point that is as near to the crosshair as this is under it

export const ERASE = -1;

/**
 * Two decimals, inside the plane, never −0.
 * @param {number} v @param {number} reach
 */
export const fitted = (v, reach) =>
  Math.round(100 * Math.max(-reach, Math.min(reach, v))) / 100 || 0;

export const text = (v) => v.toFixed(2).replace("-", "−");

/**
 * The index of the point nearest to a place, at most `most` away; -1 if there is none. The later of
 * two, as it lies above.
 * @param {number[][]} points @param {number[]} place @param {number} most
 */
export function nearest(points, [x, y], most) {
  const away = points.map(([px, py]) => Math.hypot(px - x, py - y)), least = Math.min(...away);
  return least <= most ? away.lastIndexOf(least) : -1;
}

export const scaleOf = (reach) => (EDGE.right - EDGE.left) / (2 * reach);

export const across = (x, reach) => EDGE.left + (x + reach) * scaleOf(reach);

export const down = (y, reach) => EDGE.bottom - (y + reach) * scaleOf(reach);

/** @param {number[]} place @param {number} reach */
export const isIn = ([x, y], reach) => Math.max(Math.abs(x), Math.abs(y)) <= reach + 0.08;

export const without = (list, index) => list.filter((_, k) => k !== index);
