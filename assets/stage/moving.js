// From step to step: by a press, in play, beside another stage.

import { set, write } from "../nodes.js";
import { buildWalk } from "./building.js";
import { showAnswer } from "./guessing.js";
import { measure } from "./measuring.js";
import { ICONS } from "./page.js";
import { paint } from "./painting.js";
import { point } from "./pointing.js";
import { asked } from "./questions.js";
import { cursorOf, rest } from "./telling.js";
import { now } from "./values.js";
import { neighbour, stopOf } from "./walking.js";

/** Goes somewhere, shows it at once, and lets Python know when we rest. */
export function go(player, change) {
  Object.assign(player.at, change);
  paint(player);
  if (!player.data.beside) {
    document.dispatchEvent(new CustomEvent("backstep-step", { detail: cursorOf(player) }));
  }
  rest(player);
}

/** A stage that stands beside another one shows the same step, unit and sample of its own run. */
export function accompany(player, { iteration, step, ...there }) {
  const { data, at } = player, regrained = at.grain !== there.grain;
  Object.assign(at, there, { iteration: Math.min(iteration, data.last) });
  if (regrained) {
    buildWalk(player);
    measure(player);
  }
  at.index = stopOf(player.walk, step);
  paint(player);
}

export function move(player, direction) {
  const { first, last } = player.data,
    there = neighbour(player.at, direction, player.walk.length, last, first);
  // to a room: first the answer
  if (there && direction > 0 && player.data.presenter && asked(player)) return showAnswer(player);
  if (there) return go(player, there);
  pause(player);
  if (direction > 0) write(player.parts.live, player.data.end);
}

export const goEdge = (player, index) =>
  go(player, { index: Math.min(index, player.walk.length - 1) });

export function choose(player, unit) {
  if (String(unit) !== String(player.at.unit)) go(player, { unit });
}

export function focusUnit(player, l, j) {
  choose(player, [l, j]);
  point(player, [l, j]);
}

/** Another grain, at the stop that contains the current step. */
export function changeGrain(player, grain) {
  const step = now(player).steps.at(-1);
  player.at.grain = grain;
  buildWalk(player);
  measure(player);
  go(player, { index: stopOf(player.walk, step) });
}

export function togglePlay(player) {
  player.playing ? pause(player) : play(player);
}

function play(player) {
  showPlaying(player, true);
  const tick = () => {
    player.playing = setTimeout(tick, 1200 / player.speed);
    if (!player.tell || (player.data.traces[player.at.iteration] && !now(player).far)) {
      move(player, +1); // else words or numbers are still on their way
    }
    if (asked(player)) pause(player);
  };
  player.playing = setTimeout(tick, 250);
}

export function pause(player) {
  if (!player.playing) return;
  clearTimeout(player.playing);
  player.playing = 0;
  showPlaying(player, false);
  rest(player);
}

export function showPlaying({ parts: { play } }, playing) {
  set(play.node, "aria-label", playing ? "Pause" : "Play");
  set(play.node, "title", playing ? "Pause" : "Play");
  set(play.path, "d", ICONS[playing ? "pause" : "play"]);
}
