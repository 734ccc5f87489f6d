// From iteration to iteration.

import { count, shownAt } from "./lists.js";
import { ICON } from "./page.js";
import { paint } from "./painting.js";
import { rest, send } from "./talking.js";
import { set } from "../nodes.js";

const SECONDS = 12; // that a whole run plays

export function go(journey, k) {
  journey.k = Math.max(0, Math.min(count(journey) - 1, k));
  journey.t = shownAt(journey, journey.k);
  paint(journey);
  if (!journey.playing) rest(journey);
}

export function play(journey) {
  const all = count(journey), seconds = Math.max(2, SECONDS * Math.min(1, all / 200));
  const start = journey.k >= all - 1 ? 0 : journey.k;
  let began, speed, from;
  journey.resting = clearTimeout(journey.resting);
  const frame = (now) => {
    if (speed !== journey.view.speed) { // it is timed anew, from where it is
      [began, from] = [now, journey.k >= count(journey) - 1 ? start : journey.k];
      speed = journey.view.speed;
    }
    const k = Math.floor(from + ((now - began) / 1000) * (count(journey) / seconds) * speed);
    journey.playing = requestAnimationFrame(frame);
    if (k !== journey.k) go(journey, k);
    if (journey.k >= count(journey) - 1) pause(journey);
  };
  journey.playing = requestAnimationFrame(frame);
  showPlaying(journey);
}

export function pause(journey) {
  if (!journey.playing) return;
  cancelAnimationFrame(journey.playing);
  journey.playing = 0;
  showPlaying(journey);
  rest(journey);
}

function showPlaying({ playing, parts: p }) {
  set(p.icon, "d", playing ? ICON.pause : ICON.play);
  set(p.play, "aria-label", playing ? "Pause" : "Play");
}

export function choose(journey, s) {
  journey.chosen = s;
  send(journey);
}
