// Which part of what is long is seen: windows of rows and columns, terms of sums, lines of
// matrices.

/**
 * At most `limit` neighbouring indices out of 0 … count-1, with `mark` among them.
 * @param {number} count @param {number | null} mark @param {number} limit
 */
export function windowAround(count, mark, limit) {
  const size = Math.min(count, limit);
  const start = Math.max(0, Math.min((mark ?? 0) - Math.floor(size / 2), count - size));
  return Array.from({ length: size }, (_, k) => start + k);
}

/**
 * How many columns each matrix may show so that all together are at most `budget`, each at most 12.
 * @param {number[]} counts @param {number} budget
 */
export function shareColumns(counts, budget) {
  const shown = counts.map((count) => Math.min(count, 12));
  const total = () => shown.reduce((sum, n) => sum + n, 0);
  for (
    let widest = Math.max(...shown);
    total() > budget && widest > 2;
    widest = Math.max(...shown)
  ) {
    shown[shown.lastIndexOf(widest)] -= 1;
  }
  return shown;
}

/**
 * The first eight of 0 … count-1 and the last; -1 stands for those left out.
 * @param {number} count @param {number} [most]
 */
export function shownTerms(count, most = 8) {
  if (count <= most + 1) return Array.from({ length: count }, (_, k) => k);
  return [...Array.from({ length: most }, (_, k) => k), -1, count - 1];
}

/** The lines of matrices of a scene; "\n" begins a new one. */
export function linesOf(matrices) {
  const lines = [[]];
  for (const entry of matrices) entry === "\n" ? lines.push([]) : lines.at(-1).push(entry);
  return lines;
}
