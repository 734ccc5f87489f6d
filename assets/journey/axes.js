// The marks of axes: round numbers, powers of ten, and their texts.

/**
 * About `count` round numbers from low to high, ascending; none where there is no room between the
 * two.
 * @param {number} low @param {number} high @param {number} count @returns {number[]}
 */
export function ticks(low, high, count) {
  const rough = (high - low) / count, size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((f) => f * size).find((s) => s >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9), slack = 1e-6 * (high - low);
  if (!Number.isFinite(first)) return [];
  // Counted from the first one: beyond 2^53 the next whole number is no other one.
  const length = Math.floor((high - low) / step) + 2;
  const marks = Array.from({ length }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  const within = (v) => Number.isFinite(v) && v >= low - slack && v <= high + slack;
  return marks.filter((v, k) => v !== marks[k - 1] && within(v));
}

/**
 * About `count` powers of ten from 10^low to 10^high; where these are few, 2 and 5 times a power as
 * well.
 * @param {number} low @param {number} high @param {number} count @returns {number[]}
 */
export function powers(low, high, count) {
  const step = Math.max(1, Math.ceil((high - low) / count)),
    factors = high - low < 2.5 ? [1, 2, 5] : [1];
  const [from, to] = [Math.max(low, LEAST), Math.min(high, GREATEST)], first = Math.floor(from);
  const exponents = Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, k) => first + k * step,
  );
  const found = exponents.flatMap((p) => factors.map((f) => Number(`${f}e${p}`)));
  return found.filter((v) => Math.log10(v) >= low - 1e-9 && Math.log10(v) <= high + 1e-9);
}

const LEAST = -323, GREATEST = 308; // powers of ten that are numbers

const SMALL = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

export const powerText = (v) => {
  const p = Math.floor(Math.log10(v) + 1e-9), f = Math.round(v / 10 ** p);
  return p >= -3 && p <= 3
    ? plainText(v)
    : `${f > 1 ? `${f}·` : ""}10${p < 0 ? "⁻" : ""}${
      [...String(Math.abs(p))].map((d) => SMALL[d]).join("")
    }`;
};

export const plainText = (v) => String(Number(v.toPrecision(6))).replaceAll("-", "−");

export const PAD = { left: 62, right: 10, top: 10, bottom: 40 };
