// The panel in which a number is predicted.

import { el, set, svg, write } from "../nodes.js";
import { number } from "../numbers.js";
import { choice, options } from "./choices.js";
import { math } from "./formulas.js";
import { sendGuess, showAnswer, showHint, startOver } from "./guessing.js";
import { HINTS, inWords, predicts, question } from "./questions.js";
import { fill, pieceLine } from "./slots.js";

const CHOICES = {
  number: [],
  size: [
    ...[1000, 100, 10, 1, 0.1, 0.01, 0.001, 0.0001, 0.00001].map((
      v,
    ) => [String(v), `about ${v < 0.001 ? number(v) : v}`]),
  ],
  sign: [["1", "positive"], ["0", "zero"], ["-1", "negative"]],
};

const QUESTIONS = [["number", "the number"], ["size", "its order of size"], ["sign", "its sign"]];

export function createPrediction(player) {
  const p = player.parts,
    press = (text, click, name) =>
      el("button", { type: "button", click, "data-testid": name }, text);
  p.asks = choice("Say", () => paintPrediction(player));
  options(p.asks.select, QUESTIONS);
  p.question = el("p", { class: "question", id: `question-${player.mount}` });
  createAnswer(player);
  p.check = press("Check", () => sendGuess(player), "check");
  p.hint = press("Hint", () => showHint(player), "hint");
  p.reveal = press("Show", () => showAnswer(player), "reveal");
  p.over = press("Start over", () => startOver(player), "over");
  const guessing = [p.asks.node, p.guess, p.pick, p.check, p.hint, p.reveal, p.over];
  p.controls = el("div", { class: "guessing" }, ...guessing);
  const said = { class: "said", tabindex: 0, role: "group", "aria-label": "Answer and hints" };
  p.said = el("div", said);
  p.line = svg("svg", { class: "guesses", viewBox: "0 0 480 56", role: "img" });
  const look = { class: "panel predict", role: "group", "aria-label": "Predict", hidden: true };
  const parts = [p.question, p.controls, p.said, p.line];
  p.predict = el("div", { ...look, "data-testid": "predict" }, ...parts);
}

/** Where the answer is written, or picked; Enter sends it. */
function createAnswer(player) {
  const p = player.parts, keydown = (e) => e.key === "Enter" && sendGuess(player);
  const both = { "aria-label": "Your prediction", "aria-describedby": p.question.id, keydown };
  p.pick = el("select", both);
  p.guess = el("input", {
    type: "text",
    class: "guess",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 40,
    placeholder: "such as −0.25",
    "data-testid": "guess",
    ...both,
  });
}

export function paintPrediction(player) {
  const { parts: p, root, view } = player, there = predicts(player);
  for (const name of ["fade", "detail"]) {
    if (p[name].select.value !== view[name]) p[name].select.value = view[name] ?? "";
  }
  p.fade.node.hidden = !(player.tell && player.data.predicted);
  set(root, "data-detail", view.detail ?? "all");
  p.predict.hidden = !there;
  if (!there) return;
  const found = question(player), open = found && !found.done, last = found?.given.at(-1);
  write(p.question, questionText(player, found));
  for (const node of [p.guess, p.pick, p.check, p.hint, p.reveal, p.asks.select]) {
    node.disabled = !open;
  }
  paintAnswer(player, found);
  set(p.predict, "data-kind", last?.kind ?? (found?.done ? "shown" : ""));
  paintSaid(player, found, last);
  paintGuesses(player, found);
}

function questionText(player, found) {
  if (!found) return "No blank at this step";
  return (found.done ? "Predicted: " : "Predict ") + inWords(player, found);
}

/** The field of the kind that is asked for; empty at each new question. */
function paintAnswer(player, found) {
  const { asks: { select: { value: kind } }, guess, pick } = player.parts;
  const { data: { id }, at: { iteration } } = player;
  guess.hidden = kind !== "number";
  pick.hidden = kind === "number";
  if (pick.dataset.kind !== kind) {
    options(pick, CHOICES[kind]);
    pick.dataset.kind = kind;
  }
  const asked = found ? `${id} ${iteration} ${found.step} ${found.row} ${found.column}` : "";
  if (player.askedAt === asked) return;
  guess.value = "";
  Object.assign(player, { hints: {}, askedAt: asked });
}

/** The verdict or the hint that was wanted last. */
function paintSaid(player, found, last) {
  const { said, hint } = player.parts, { level = 0, latest } = player.hints;
  write(hint, level ? `Hint ${level} of ${HINTS}` : "Hint");
  const { given, done } = found ?? {};
  const key = [player.askedAt, level, latest, given?.length, done, player.version].join(" ");
  if (said.key === key) return;
  said.key = key;
  said.replaceChildren(...saidNodes(player, found, last, latest && level));
}

function saidNodes(player, found, last, hint) {
  if (!found) return ["Go on to the next one."];
  if (hint && !found.done) return hintNodes(player, found, hint);
  const guessed = last?.kind === "right" && last.asked === "number";
  if (found.done && !guessed) return [`It is ${number(found.truth)}.`];
  return [last?.told ?? "Nothing is graded: a wrong guess shows where it comes from."];
}

/** Three hints: a question, the formula, the formula with its numbers. */
function hintNodes(player, { step, env }, level) {
  const scene = player.data.walks.formula.find(({ steps }) => steps[0] === step), slots = [];
  const hints = [
    () => [el("p", {}, player.data.asks[step].hint)],
    () => scene.formula.map((markup) => el("div", { class: "pieces" }, math(markup))),
    () => scene.numbers.map((pieces) => pieceLine(player, pieces, slots)),
  ];
  const nodes = hints[level - 1]();
  fill(player, slots, env);
  return nodes;
}

/** Guess and truth on one line of numbers. */
function paintGuesses(player, found) {
  const { line } = player.parts, given = found?.given ?? [];
  const guesses = given.filter(({ asked }) => asked === "number").map(({ value }) => value)
    .filter((value) => typeof value === "number");
  const truth = found?.done && typeof found.truth === "number" ? found.truth : undefined;
  const key = JSON.stringify([player.askedAt, guesses, truth]);
  if (line.key === key) return;
  line.key = key;
  set(line, "aria-label", guessesInWords(guesses.at(-1), truth));
  line.replaceChildren(...guessLine(guesses, truth));
}

function guessesInWords(guess, truth) {
  const parts = [
    ...(guess === undefined ? [] : [`Your guess ${number(guess)}`]),
    ...(truth === undefined ? [] : [`the truth ${number(truth)}`]),
  ];
  return parts.join(", ") || "No guess yet";
}

/**
 * The line from the least to the largest of all values and 0, with a name at the last guess and the
 * truth.
 */
function guessLine(guesses, truth) {
  const values = [0, ...guesses, ...(truth === undefined ? [] : [truth])];
  if (values.length === 1) return [];
  const low = Math.min(...values), wide = Math.max(...values) - low || 1;
  const X = (v) => 60 + (360 * (v - low)) / wide;
  const text = (x, y, words, name) => svg("text", { class: name, x, y }, words);
  const named = (v, y, words, name) => text(X(v), y, `${words} ${number(v)}`, name);
  const crowded = values.some((v) => v !== 0 && Math.abs(X(v) - X(0)) < 24);
  return [
    svg("path", { class: "axis", d: `M20 28H460M${X(0)} 22V34` }),
    ...(crowded ? [] : [text(X(0) + 4, 42, "0", "zero")]),
    ...guesses.map((v) => svg("circle", { class: "guessed", cx: X(v), cy: 28, r: 6 })),
    ...guesses.slice(-1).map((v) => named(v, 13, "your guess", "guessed")),
    ...(truth === undefined ? [] : [
      svg("path", { class: "truth", d: `M${X(truth)} 19l7 9-7 9-7-9z` }),
      named(truth, 53, "truth", "truth"),
    ]),
  ];
}
