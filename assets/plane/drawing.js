// Points come and go.

import { nameOf, placeOf } from "./page.js";
import { paint, say } from "./painting.js";
import { ERASE, fitted, without } from "./places.js";
import { rest } from "./talking.js";

export function choose(plane, tool) {
  plane.tool = tool;
  plane.root.classList.toggle("erasing", tool === ERASE);
  plane.parts.tools.querySelector(`[value="${tool}"]`).checked = true;
}

export function change(plane, points, sentence) {
  plane.points = points;
  paint(plane);
  say(plane, sentence);
  rest(plane);
}

export function add(plane, place) {
  const { points, tool, data: { reach } } = plane, [x, y] = place.map((v) => fitted(v, reach));
  plane.cross = [x, y];
  const refusal = refused(plane, x, y);
  if (!refusal) {
    change(
      plane,
      [...points, [x, y, tool]],
      `${nameOf(plane, tool)} added at ${placeOf(plane, [x, y])}.`,
    );
    return;
  }
  say(plane, refusal);
  paint(plane);
}

/** Why there can be no further point here. */
function refused({ points, data: { limit } }, x, y) {
  if (points.length >= limit) return `At most ${limit} points: remove one to add another.`;
  return points.some(([px, py]) => px === x && py === y) ? "There is a point here already." : "";
}

export function remove(plane, index) {
  const point = plane.points[index];
  if (!point) return say(plane, "There is no point here.");
  const sentence = `${nameOf(plane, point[2])} removed at ${placeOf(plane, point)}.`;
  return change(plane, without(plane.points, index), sentence);
}

export function clear(plane) {
  if (plane.points.length) change(plane, [], "All points removed.");
}
