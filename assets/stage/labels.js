// Where the numbers of a diagram's connections stand.

/**
 * Where along each connection its number stands: near t, off the other numbers, and off the other
 * connections.
 */
export function labelPlaces(lines, width, height, t) {
  const placed = [], steps = Array.from({ length: 33 }, (_, k) => 0.1 + 0.025 * k);
  const heightOf = ({ x1, y1, x2, y2 }, x) => y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
  const overlap = (p, q) =>
    Math.max(0, width - Math.abs(p.x - q.x)) * Math.max(0, height - Math.abs(p.y - q.y));
  const crossed = (p, line) =>
    [-0.4, 0, 0.4].filter((f) => Math.abs(heightOf(line, p.x + f * width) - p.y) < height / 2)
      .length;
  for (const line of lines) {
    const others = lines.filter((other) => other !== line);
    const options = steps.map((u) => {
      const p = { x: line.x1 + u * (line.x2 - line.x1) }, away = 300 * Math.abs(u - t);
      p.y = heightOf(line, p.x);
      const cost = away + placed.reduce((sum, q) => sum + 9 * overlap(p, q), 0) +
        others.reduce((sum, o) => sum + 25 * crossed(p, o), 0);
      return { p, cost };
    });
    placed.push(options.reduce((best, option) => (option.cost < best.cost ? option : best)).p);
  }
  return placed;
}
