// One card for each stop, one of them seen. Each row of the card has the height of its highest
// content in the whole walk, so nothing moves between steps.

import { dress, el, write } from "../nodes.js";
import { math } from "./formulas.js";
import { fill, pieceLine, textSlot } from "./slots.js";
import { now, unitName } from "./values.js";

// On a narrow page the picture stands between the words and the formulas.
export const PANELS = {
  words: ["title", "sentence"],
  formulas: ["formula", "numbers"],
  code: ["numpy"],
};

export const CHIPS = { forward: "→", cost: "C", backward: "←", update: "⟳" };

const ROWS = {
  title: (scene) =>
    el(
      "h2",
      {},
      el("span", { class: "chip", "aria-hidden": "true" }, CHIPS[scene.phase]),
      scene.title,
    ),
  sentence: (scene, slots) =>
    el("p", {}, ...scene.sentence.map((part) => (part.ref ? textSlot(part.ref, slots) : part))),
  formula: (scene) =>
    el("div", {}, ...scene.formula.map((markup) => el("div", { class: "pieces" }, math(markup)))),
  numbers: (scene, slots, player) =>
    el(
      "div",
      {},
      el("div", { class: "whose" }),
      ...scene.numbers.map((pieces) => pieceLine(player, pieces, slots)),
    ),
  numpy: (scene) => el("pre", {}, scene.numpy.join("\n")),
};

export function buildCards(player) {
  player.cards = new Array(player.walk.length).fill(null);
  player.shownCard = null;
  const rows = () => [...player.parts.main.querySelectorAll(".row")],
    heights = rows().map((row) => row.style.minHeight);
  player.rows = {};
  for (const [panel, names] of Object.entries(PANELS)) {
    player.parts.panels[panel].replaceChildren(
      ...names.map((name) => (player.rows[name] = el("div", { class: `row ${name}` }))),
    );
  }
  rows().forEach((row, k) => (row.style.minHeight = heights[k] ?? ""));
}

/** The card of a stop, built when it is needed first: a deep network has hundreds of them. */
function cardOf(player, k) {
  player.cards[k] ??= buildCard(player, player.walk[k]);
  return player.cards[k];
}

function buildCard(player, scene) {
  const slots = [], names = Object.keys(player.rows);
  const rows = Object.fromEntries(names.map((name) => [name, ROWS[name](scene, slots, player)]));
  for (const name of names) player.rows[name].append(rows[name]);
  return { slots, rows, far: scene.far, whose: rows.numbers.firstChild };
}

export function dropCard(player, k) {
  Object.values(player.cards[k].rows).forEach((node) => node.remove());
  player.cards[k] = null;
}

/** Reserves for each row the room that its highest card takes when every number is long. */
export function measureRows(player) {
  const { main } = player.parts, rows = [...main.querySelectorAll(".row")], probes = unlike(player);
  for (const { slots, whose } of probes) {
    write(whose, "\u00a0");
    for (const { node, index, wrap } of slots) {
      write(node, index ? "1" : wrap ? "(−0.0000)" : "−0.0000");
    }
  }
  const parts = probes.flatMap((card) => Object.values(card.rows));
  rows.forEach((row) => (row.style.minHeight = ""));
  parts.forEach((part) => part.classList.add("probe"));
  main.classList.add("measuring");
  const heights = rows.map((row) => row.offsetHeight);
  main.classList.remove("measuring");
  parts.forEach((part) => part.classList.remove("probe"));
  rows.forEach((row, k) => (row.style.minHeight = `${heights[k]}px`));
}

/**
 * One card of each kind: those of like layers are as high as each other, and need not all be
 * measured.
 */
function unlike(player) {
  const slots = (markup) => markup.split("data-").length,
    length = (piece) => piece.count ?? slots(piece);
  const kind = ({ steps, title, sentence, numbers }) =>
    [
      steps.join().replace(/\d/g, ""),
      title.length,
      sentence.join().length,
      numbers.map((line) => line.map(length)),
    ].join("|");
  const kinds = new Map(player.walk.map((scene, k) => [scene.far ? "" : kind(scene), k]));
  return [...kinds.values()].map((k) => cardOf(player, k));
}

export function paintExplanation(player) {
  const card = cardOf(player, player.at.index);
  fill(player, card.slots, player.env);
  write(card.whose, whose(player, card));
  if (card === player.shownCard) return;
  for (const row of Object.values(player.shownCard?.rows ?? {})) row.classList.remove("shown");
  for (const row of Object.values(card.rows)) row.classList.add("shown");
  player.shownCard = card;
}

/** A formula that is wider than its place can be scrolled by keyboard. */
export function makeReachable({ shownCard }) {
  for (const line of shownCard.rows.formula.querySelectorAll(".pieces")) {
    dress(line, { tabindex: line.scrollWidth > line.clientWidth && "0" }, []);
  }
}

/** Whether the formula with numbers speaks of this variable (other than by repeating it). */
export const speaksOf = (card, name) =>
  card.slots.some(({ ref, index, more }) =>
    !(name in more) &&
    (index === name || (typeof ref === "string" && ref.split(" ").includes(name)))
  );

/** Whose numbers are put in: the unit or connection, and the sample. */
function whose(player, card) {
  const scene = now(player), { data, env } = player, parts = ["With numbers"];
  if (!scene.numbers.length) return "\u00a0";
  if (speaksOf(card, "i")) {
    parts.push(
      `${unitName(player, scene.layer, env.j)} ← ${unitName(player, scene.layer - 1, env.i)}`,
    );
  } else if (speaksOf(card, "j")) parts.push(unitName(player, scene.layer, env.j));
  if (speaksOf(card, "s") && data.m > 1) parts.push(`sample ${env.s + 1} of ${data.m}`);
  return parts.join(" · ");
}
