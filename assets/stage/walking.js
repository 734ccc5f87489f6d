// Places in a walk: its stops, the one before and after, the segments of the scrubber.

/**
 * The segments of a scrubber: one for each stop, or of very many stops one for each phase.
 * @param {string[]} phases @param {number} [most]
 */
export function segmentsOf(phases, most = 120) {
  const found = [];
  phases.forEach((phase, k) => {
    if (phases.length > most && phases[k - 1] === phase) found.at(-1).to = k;
    else found.push({ from: k, to: k });
  });
  return found;
}

/**
 * The index of the stop that contains the step.
 * @param {{steps: string[]}[]} walk @param {string} step
 */
export function stopOf(walk, step) {
  return Math.max(0, walk.findIndex((scene) => scene.steps.includes(step)));
}

/**
 * The place one stop on (+1) or back (-1), through the iterations first … last; null beyond either
 * end.
 * @param {import("./types.js").Place} place @param {number} direction @param {number} stops
 * @param {number} last @param {number} [first] @returns {import("./types.js").Place | null}
 */
export function neighbour({ iteration, index }, direction, stops, last, first = 0) {
  const there = index + direction;
  if (there >= 0 && there < stops) return { iteration, index: there };
  if (iteration + direction < first || iteration + direction > last) return null;
  return { iteration: iteration + direction, index: direction > 0 ? 0 : stops - 1 };
}

/**
 * What a layer shows: [layer, symbol] stand where it is another than in the layer below.
 * @param {import("./types.js").Changes | undefined} changes @param {number} layer
 */
export function symbolAt(changes, layer) {
  return changes?.findLast(([first]) => first <= layer)?.[1];
}
