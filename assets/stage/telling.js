// What Python is told: where we have come to rest.

import { write } from "../nodes.js";
import { pause } from "./moving.js";
import { cellOf, now } from "./values.js";

export const cursorOf = (player) => {
  const { iteration, sample, unit, grain } = player.at;
  return { iteration, sample, step: now(player).steps.at(-1), unit, grain };
};

/**
 * After a move: at once where numbers are needed, else when we have rested (never while playing).
 */
export function rest(player) {
  clearTimeout(player.resting);
  if (!player.tell) return;
  if (needsNumbers(player)) return send(player);
  if (!player.playing) player.resting = setTimeout(() => send(player), 350);
}

/** Whether numbers around the place shown have not been sent yet; asked once for each place. */
function needsNumbers(player) {
  const { at: { iteration: t, sample }, data } = player, { first, count } = data.shown;
  const missing =
    [t - 1, t, t + 1].some((k) => k >= (data.first ?? 0) && k <= data.last && !data.traces[k]) ||
    (sample < 0 ? first > 0 : sample < first || sample >= first + count) || isFar(player);
  const place = `${t} ${sample} ${now(player).layer} ${player.at.unit}`;
  if (!missing || player.asked === place) return false;
  player.asked = place;
  return true;
}

/**
 * Whether words or numbers of the layers around this step, or of the chosen unit, have not been
 * sent.
 */
function isFar(player) {
  const { at: { unit: [l, j, i] }, data: { told, layers } } = player, here = now(player).layer;
  if (!told || layers.length === 1) return false;
  const around = [here - 1, here, here + 1].filter((k) => k > 0 && k < layers.length);
  return around.some((k) => !told.includes(k)) ||
    (l > 0 && (cellOf(player, "b", l, j, 0) === undefined ||
      (i !== undefined && cellOf(player, "W", l, j, i) === undefined)));
}

function send(player) {
  clearTimeout(player.resting);
  const cursor = cursorOf(player), key = JSON.stringify(cursor);
  if (!player.tell || key === player.told) return;
  player.told = key;
  player.searchWhenTold = location.search;
  player.tell("cursor", cursor);
}

/** Waits, two seconds at most, until the address of the page has taken up what was told last. */
async function untilLinkFollows(player) {
  for (let waited = 0; player.searchWhenTold === location.search && waited < 5000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  player.searchWhenTold = undefined;
}

export async function copyLink(player) {
  const { copied, link } = player.parts;
  pause(player);
  send(player);
  await untilLinkFollows(player);
  try {
    await navigator.clipboard.writeText(location.href);
    write(copied, "Copied");
    setTimeout(() => write(copied, ""), 2500);
  } catch {
    link.hidden = false;
    link.value = location.href;
    link.select();
    write(copied, "Press Ctrl+C to copy");
  }
}
