// What Python is told and what it sends.

import { build } from "./page.js";
import { paint } from "./painting.js";

export function rest(plane) {
  clearTimeout(plane.resting);
  plane.resting = setTimeout(() => send(plane), 150);
}

export function send(plane) {
  clearTimeout(plane.resting);
  const now = JSON.stringify(plane.points);
  if (now === plane.told) return;
  plane.told = now;
  plane.turn += 1;
  plane.tell("drawn", { turn: plane.turn, points: plane.points });
}

/**
 * What Python says counts once it has heard all that was said here, and only if it is not just
 * that.
 */
export function receive(plane, data) {
  const frame = JSON.stringify([data.labels, data.axes, data.markers]),
    points = JSON.stringify(data.points);
  plane.data = data;
  plane.turn ??= data.turn;
  const differs = data.turn === plane.turn && points !== plane.told,
    rebuilt = frame !== plane.frame;
  if (rebuilt) build(plane);
  plane.frame = frame;
  if (differs) replace(plane, data.points);
  if (differs || rebuilt) paint(plane);
}

function replace(plane, points) {
  clearTimeout(plane.resting);
  plane.press = null;
  plane.points = points;
  plane.told = JSON.stringify(points);
}
