// What Python sends: a new experiment, a new window of iterations, or a new place to go to.

import { write } from "../nodes.js";
import { build, buildWalk, nameSamples, retell } from "./building.js";
import { goOnFrom, hearMark, isInside, takeUpView } from "./guessing.js";
import { hearAnswer, keepInPlace, paintHeads, topOf } from "./heads.js";
import { measure, remeasure } from "./measuring.js";
import { showPlaying } from "./moving.js";
import { paint } from "./painting.js";
import { opened } from "./unpacking.js";
import { stopOf } from "./walking.js";

/**
 * The data as Python sends it, with their words. Null where that is what we have already, and while
 * its words are still on their way.
 */
function unpacked(player) {
  const { sent } = player;
  if (!(sent instanceof Uint8Array)) return sent === player.data ? null : sent;
  if (isSame(sent, player.taken)) return null;
  const found = opened(sent);
  if (!found) return null;
  player.taken = sent;
  if (found.words.wording !== player.words?.wording) player.words = expanded(found.words);
  return { ...player.words, ...found.numbers };
}

const isSame = (bytes, others) =>
  bytes === others || (bytes.length === others?.length && bytes.every((v, k) => v === others[k]));

/**
 * Takes in what was sent, if all of it is here; a stage beside another one tells Python nothing.
 */
export function takeIn(player) {
  const data = unpacked(player), { beside } = data ?? player.data ?? {};
  player.tell = beside ? undefined : player.talk;
  player.parts.copy.hidden = !player.tell;
  player.root.toggleAttribute("data-beside", Boolean(beside && player.talk));
  if (data) receive(player, data);
}

/** §3 stands for formula 3: each of them travels once. */
function expanded({ formulas, ...tree }) {
  const whole = (branch) => {
    if (Array.isArray(branch)) return branch.map(whole);
    if (typeof branch === "string") {
      return branch.startsWith("§") ? formulas[Number(branch.slice(1))] : branch;
    }
    if (branch === null || typeof branch !== "object") return branch;
    return Object.fromEntries(Object.entries(branch).map(([name, value]) => [name, whole(value)]));
  };
  return whole(tree);
}

/**
 * What is new: an experiment, the place to go to, the words, or only more of the same words.
 * @param {import("./types.js").Data} data
 */
function newsOf(player, data) {
  const old = player.data, fresh = old?.id !== data.id;
  const reworded = !old || data.network === undefined || old.network !== data.network ||
    !data.presenter !== !old.presenter;
  return {
    fresh,
    reworded,
    moved: fresh || player.move !== data.move,
    retold: !reworded && old.wording !== data.wording,
  };
}

/** A new experiment, a new window of iterations, or a new place to go to. */
function receive(player, data) {
  const news = newsOf(player, data), top = topOf(player.pressed);
  takeData(player, data);
  if (news.reworded) build(player);
  if (news.fresh) nameSamples(player);
  const answered = Boolean(data.built) && hearAnswer(player, data.built);
  paintHeads(player);
  if (news.moved) takeUp(player, data);
  if (news.moved || data.beside) takeUpView(player, data.view);
  const marked = hearMark(player, data.predicted) && isInside(player);
  const walks = takeWalk(player, news);
  // its rows are as high as before until it has been seen
  const large = answered && player.walk.length > 24;
  if (walks) measure(player, !large);
  paint(player);
  if (marked) goOnFrom(player);
  if (answered) keepInPlace(player, top);
  clearTimeout(player.settling);
  if (walks && large) player.settling = setTimeout(() => settle(player), 150);
}

function takeData(player, data) {
  const { root, box, parts: { notice } } = player;
  root.toggleAttribute("data-presenter", Boolean(data.presenter));
  box.style.visibility = "";
  player.data = data;
  player.version = (player.version ?? 0) + 1;
  player.asked = undefined;
  player.markKey = null;
  notice.hidden = !data.notice;
  write(notice, data.notice ?? "");
}

/** The walk of the grain, at the step of the cursor; whether it had to be built. */
function takeWalk(player, { fresh, moved, reworded, retold }) {
  const { data, at } = player, walks = reworded || player.walkName !== at.grain;
  if (walks) buildWalk(player);
  if (moved) at.index = stopOf(player.walk, data.cursor.step);
  player.walk = data.walks[at.grain];
  if (retold && !walks) retell(player);
  if (fresh) Object.assign(player, { blockKey: null, fromKey: null });
  return walks;
}

function settle(player) {
  const top = topOf(player.pressed);
  remeasure(player);
  keepInPlace(player, top);
}

function takeUp(player, { cursor, move }) {
  if (player.playing) {
    clearTimeout(player.playing);
    player.playing = 0;
    showPlaying(player, false);
  }
  clearTimeout(player.resting);
  const { sample, unit, grain } = cursor;
  const iteration = Math.max(cursor.iteration, player.data.first ?? 0);
  Object.assign(player.at, { iteration, sample, unit: unit ?? [], grain });
  player.move = move;
  player.told = JSON.stringify({ iteration, sample, step: cursor.step, unit: unit ?? [], grain });
}
