// Borders: where a function of two inputs changes its sign.

/**
 * Where `value` crosses 0 on a grid of n × n points over the unit square: pairs of points (marching
 * squares).
 * @param {(i: number, j: number) => number} value @param {number} n
 * @returns {number[][][]}
 */
export function crossings(value, n) {
  const found = [], last = n - 1;
  for (let i = 0; i < last; i++) {
    for (let j = 0; j < last; j++) {
      const corners = [value(i, j), value(i, j + 1), value(i + 1, j + 1), value(i + 1, j)],
        cut = [];
      for (let e = 0; e < 4; e++) {
        const p = corners[e], q = corners[(e + 1) % 4];
        if (p < 0 === q < 0) continue;
        const f = p / (p - q);
        cut.push(
          [[j + f, i], [j + 1, i + f], [j + 1 - f, i + 1], [j, i + 1 - f]][e].map((v) => v / last),
        );
      }
      for (let c = 0; c + 1 < cut.length; c += 2) found.push([cut[c], cut[c + 1]]);
    }
  }
  return found;
}
