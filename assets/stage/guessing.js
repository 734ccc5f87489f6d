// A guess goes to Python, and its verdict comes back.

import { set, write } from "../nodes.js";
import { number } from "../numbers.js";
import { remeasure } from "./measuring.js";
import { pause } from "./moving.js";
import { paint } from "./painting.js";
import { paintPrediction } from "./predicting.js";
import { asked, HINTS, inWords } from "./questions.js";
import { cursorOf } from "./telling.js";

export function sendGuess(player) {
  const found = asked(player), { asks: { select: { value: kind } }, guess, pick } = player.parts;
  if (!found) return;
  player.hints.latest = false;
  tellGuess(player, found, kind, kind === "number" ? guess.value : pick.value);
}

export function showHint(player) {
  if (!asked(player)) return;
  player.hints = { level: Math.min(HINTS, (player.hints.level ?? 0) + 1), latest: true };
  paintPrediction(player);
  write(player.parts.live, player.parts.said.textContent);
}

/** Shows what is blank at this step: at once, and for as long as the session remembers it. */
export function showAnswer(player) {
  const found = asked(player);
  if (!found) return;
  tellGuess(player, found, "shown", "");
  player.answers = [...player.answers, {
    iteration: player.at.iteration,
    address: [found.step, found.row, found.column],
    asked: "shown",
    kind: "shown",
    told: "",
    value: null,
  }];
  player.news = `${inWords(player, found)} is ${number(found.truth)}.`;
  const inside = isInside(player);
  paint(player);
  if (inside) goOnFrom(player);
}

export function startOver(player) {
  tellGuess(player, { symbol: "", layer: 0, row: 0, column: 0 }, "over", "");
  Object.assign(player, { answers: [], hints: {} });
  player.parts.guess.value = "";
  paint(player);
}

function tellGuess(player, { symbol, layer, row, column }, kind, text) {
  pause(player);
  clearTimeout(player.resting);
  const cursor = cursorOf(player);
  player.told = JSON.stringify(cursor);
  player.guesses += 1;
  player.tell("guess", {
    mount: player.mount,
    count: player.guesses,
    cursor,
    address: [symbol.replace("_new", ""), layer, row, column],
    asked: kind,
    text,
  });
}

/** Takes up what Python has answered; whether something new was said of a guess. */
export function hearMark(player, predicted) {
  if (!predicted) return false;
  player.answers = predicted.answers;
  if (
    predicted.mount !== player.mount || predicted.count === player.heard ||
    predicted.count !== player.guesses
  ) return false;
  player.heard = predicted.count;
  player.news = predicted.answers.at(-1)?.told || player.news;
  return true;
}

export const isInside = ({ parts: { predict }, root }) =>
  predict.contains(root.getRootNode().activeElement);

/**
 * An answer has come: when nothing is blank any more, the focus goes from the panel to where Enter
 * leads on.
 */
export function goOnFrom(player) {
  const { next, predict } = player.parts;
  if (!asked(player)) next.node.focus({ preventScroll: true });
  predict.scrollIntoView({ block: "nearest" }); // the line of numbers, too
}

/** Other blanks or another detail: shown at once, and let known. */
export function changeView(player, change) {
  pause(player);
  player.view = { ...player.view, ...change };
  paint(player);
  remeasure(player);
  player.tell?.("view", { fade: player.view.fade, detail: player.view.detail });
}

export function takeUpView(player, view) {
  player.view = { ...view };
  set(player.root, "data-detail", view.detail);
}
