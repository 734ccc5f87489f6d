// Drawing with keys.

import { add, choose, remove } from "./drawing.js";
import { classes, nameOf, placeOf } from "./page.js";
import { byKeys, paint, say } from "./painting.js";
import { ERASE, fitted, NEAR, nearest } from "./places.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function handled(event, yes) {
  if (!yes) return;
  event.preventDefault();
  event.stopPropagation();
}

const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

/** The digits choose a class wherever in the plane the focus is. */
export function onDigit(plane, event) {
  const c = Number(event.key) - 1, names = classes(plane);
  if (modified(event) || names.length < 2 || !names[c]) return false;
  choose(plane, c);
  say(plane, `Class ${names[c]}.`);
  return true;
}

export function onKey(plane, event) {
  const { key } = event;
  if (modified(event) || !(ARROWS[key] || ["Enter", " ", "Delete", "Backspace"].includes(key))) {
    return false;
  }
  byKeys(plane, true);
  if (ARROWS[key]) moveCross(plane, ARROWS[key], event.shiftKey ? 0.25 : 0.05);
  else if (event.repeat) return true;
  else if (key === "Delete" || key === "Backspace" || plane.tool === ERASE) {
    remove(plane, nearest(plane.points, plane.cross, NEAR));
  } else add(plane, plane.cross);
  return true;
}

function moveCross(plane, [right, up], step) {
  const { cross: [x, y], data: { reach } } = plane;
  plane.cross = [fitted(x + step * right, reach), fitted(y + step * up, reach)];
  paint(plane);
  const here = plane.points[nearest(plane.points, plane.cross, NEAR)];
  say(
    plane,
    `${placeOf(plane, plane.cross)}${here ? `: ${nameOf(plane, here[2])} here` : ""}.`,
    150,
  );
}
