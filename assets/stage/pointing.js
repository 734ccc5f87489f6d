// What is pointed at is shown in full.

import { write } from "../nodes.js";
import { choose } from "./moving.js";
import { cellOf, exact, now, shownName, unitName } from "./values.js";
import { symbolAt } from "./walking.js";

/**
 * What lies under the pointer: a unit, or the nearest connection; shown in full, chosen on a click.
 */
export function pointAt(player, event, click) {
  const target = event.target.closest("[data-testid]"), unit = target?.dataset.testid === "unit";
  if (unit && click) {
    return choose(player, [Number(target.dataset.layer), Number(target.dataset.unit)]);
  }
  const found = unit
    ? [Number(target.dataset.layer), Number(target.dataset.unit)]
    : nearestEdge(player, event, target);
  if (click) choose(player, found ?? []);
  point(player, found);
  player.drawing.classList.toggle("over-edge", !unit && !!found);
}

/**
 * The line under the diagram: the full value of what is pointed at, kept right while the steps go
 * on.
 */
export function point(player, found) {
  player.pointed = found;
  write(player.parts.readout, found ? fullValue(player, found) : "");
}

function nearestEdge(player, event, target) {
  if (target?.dataset.testid === "edge") {
    return ["layer", "to", "from"].map((name) => Number(target.dataset[name]));
  }
  const place = new DOMPoint(event.clientX, event.clientY);
  const { x, y } = place.matrixTransform(player.drawing.getScreenCTM().inverse());
  const all = Object.entries(player.edges).flatMap(([l, { lines }]) =>
    lines.map((line) => ({ edge: [Number(l), line.to, line.from], away: distance(line, x, y) }))
  );
  const none = { edge: undefined, away: REACH };
  return all.reduce((best, one) => (one.away < best.away ? one : best), none).edge;
}

const REACH = 9; // how far a connection may be from the pointer, in units of the drawing

/** From a place to a line, where that passes over or under the place; else beyond reach. */
function distance({ x1, y1, x2, y2 }, x, y) {
  if (x < x1 || x > x2) return Infinity;
  return Math.abs((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / Math.hypot(x2 - x1, y2 - y1);
}

/** The name and the full value of what a unit [l, j] or a connection [l, j, i] shows now. */
export function fullValue(player, [l, j, i]) {
  const scene = now(player), s = Math.max(player.at.sample, 0), edge = i !== undefined;
  const symbol = symbolAt(edge ? scene.edges : scene.units, l);
  const name = unitName(player, l, j) + (edge ? ` ← ${unitName(player, l - 1, i)}` : "");
  if (!symbol) return `${name}: not known yet`;
  const v = cellOf(player, symbol, l, j, edge ? i : s);
  const which = !edge && player.at.sample < 0 && player.data.m > 1
    ? ` (sample 1 of ${player.data.m})`
    : "";
  return `${name}: ${shownName(symbol, l)} = ${exact(v)}${which}`;
}
