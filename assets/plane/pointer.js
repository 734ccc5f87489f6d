// Drawing with a mouse, a pen or a finger.

import { add, change, remove } from "./drawing.js";
import { nameOf, placeOf } from "./page.js";
import { byKeys, paint, say } from "./painting.js";
import { EDGE, ERASE, fitted, isIn, nearest, scaleOf, SIZE } from "./places.js";
import { rest } from "./talking.js";

/** Where a pointer is, in the plane's own units. */
function placed({ data: { reach }, parts: { sheet } }, { clientX, clientY }) {
  const box = sheet.getBoundingClientRect(), unit = (SIZE / box.width) / scaleOf(reach);
  const x = (clientX - box.left) * unit - EDGE.left / scaleOf(reach) - reach;
  return [x, EDGE.bottom / scaleOf(reach) - reach - (clientY - box.top) * unit];
}

/** The point under a pointer; a finger needs more room. */
export function under(plane, event, type) {
  const pixels = type === "touch" ? 18 : 10, { width } = plane.parts.sheet.getBoundingClientRect();
  return nearest(
    plane.points,
    placed(plane, event),
    ((pixels * SIZE) / width) / scaleOf(plane.data.reach),
  );
}

export function onDown(plane, event) {
  if (event.button || !event.isPrimary) return;
  const index = under(plane, event, event.pointerType);
  byKeys(plane, false);
  clearTimeout(plane.resting); // half of a drag is never told
  plane.press = { index, from: event, start: plane.points[index], moved: false };
  plane.parts.sheet.setPointerCapture(event.pointerId);
}

export function onMove(plane, event) {
  const { press, points, data: { reach } } = plane;
  if (!press) {
    return plane.parts.sheet.classList.toggle("over", under(plane, event, event.pointerType) >= 0);
  }
  const slip = event.pointerType === "touch" ? 8 : 4, { from, start, index } = press;
  press.moved ||= Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > slip;
  if (!press.moved || index < 0 || plane.tool === ERASE) return;
  const [now, then] = [placed(plane, event), placed(plane, from)];
  plane.cross = [0, 1].map((k) => fitted(start[k] + now[k] - then[k], reach));
  plane.points = points.with(index, [...plane.cross, start[2]]);
  paint(plane);
}

export function onUp(plane, event) {
  const { press, tool, parts: { sheet } } = plane;
  if (!press) return;
  plane.press = null;
  rest(plane);
  sheet.focus({ preventScroll: true });
  const { index, moved } = press, place = placed(plane, event);
  if (moved && index >= 0 && tool !== ERASE) moveEnded(plane, index);
  else if (!moved && isIn(place, plane.data.reach)) pressed(plane, index, place);
}

/** A press without a drag: onto a point, if index says which, or where there is none. */
function pressed(plane, index, place) {
  const { points, tool, data: { reach } } = plane;
  if (index < 0 && tool !== ERASE) return add(plane, place);
  plane.cross = (points[index] ?? place.map((v) => fitted(v, reach))).slice(0, 2);
  if (tool === ERASE) remove(plane, index);
  else say(plane, `${nameOf(plane, points[index][2])} at ${placeOf(plane, plane.cross)}.`);
  return paint(plane);
}

function moveEnded(plane, index) {
  const point = plane.points[index];
  change(plane, plane.points, `${nameOf(plane, point[2])} moved to ${placeOf(plane, point)}.`);
}

export function onCancel(plane) {
  const { press } = plane;
  plane.press = null;
  rest(plane);
  if (press?.moved && press.index >= 0) moveEnded(plane, press.index);
}
