// Finding a place in the lists of a run.

/**
 * The index of the value nearest to v in ascending values.
 * @param {ArrayLike<number>} values @param {number} v
 */
export function nearestIndex(values, v) {
  let low = 0, high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= v) low = middle;
    else high = middle;
  }
  return v - values[low] <= values[high] - v ? low : high;
}

/** The bit of sample s in frame f. */
export const bitOf = ({ values, shape }, f, s) => (values[f * shape[1] + (s >> 3)] >> (s & 7)) & 1;

/** The last entry [k, …] of a list whose k is not beyond this one. */
export const since = (entries, k) => entries.findLast(([from]) => from <= k)?.[1] ?? [];

export const count = ({ run }) => run.arrays.iterations.values.length;

export const shownAt = ({ run }, k) => run.arrays.iterations.values[k];

export const ordinal = (n) =>
  `${n}${n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th"}`;
