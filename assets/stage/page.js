// The fixed parts of the page: built once, for as long as the stage exists.

import { el, svg } from "../nodes.js";
import { SAVE } from "../saving/files.js";
import { choice, options } from "./choices.js";
import { PANELS } from "./explanation.js";
import { changeView } from "./guessing.js";
import { listen } from "./mount.js";
import { changeGrain, choose, go, goEdge, move, pause, togglePlay } from "./moving.js";
import { createPrediction } from "./predicting.js";
import { save } from "./saving.js";
import { paintTable } from "./table.js";
import { copyLink } from "./telling.js";

export const ICONS = {
  first: "M5 5v14M19 5l-10 7 10 7z",
  previous: "M17 5L7 12l10 7z",
  play: "M7 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  next: "M7 5l10 7-10 7z",
  last: "M19 5v14M5 5l10 7-10 7z",
};

function button(label, icon, click) {
  const path = svg("path", { d: ICONS[icon] });
  const node = el(
    "button",
    { type: "button", "aria-label": label, title: label, click },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path),
  );
  return { node, path };
}

/** Builds the fixed parts of the page into `parent` and starts listening. */
export function createPlayer(parent) {
  const player = newPlayer(), p = player.parts;
  createTransport(player);
  createChoices(player);
  createPicture(player);
  createPrediction(player);
  createDerivation(player);
  p.notice = el("p", { class: "notice", role: "note", hidden: true });
  p.matrices = group("matrices", "Matrices of this step", { tabindex: 0 });
  p.table = el("div", { class: "tables" });
  const summary = el("summary", {}, "All numbers of this step as a table");
  p.details = el("details", { toggle: () => paintTable(player) }, summary, p.table);
  p.live = el("p", { class: "unseen", "aria-live": "polite" });
  player.root = rootOf(player);
  player.box = el("div", { class: "stage-box" }, player.root);
  player.box.style.visibility = "hidden"; // until there is something to show
  player.root.player = player;
  player.root.toggleAttribute("data-framed", /[?&]embed=true/i.test(location.search));
  parent.append(player.box);
  listen(player);
  return player;
}

const newPlayer = () => ({
  at: {},
  parts: {},
  refs: {},
  speed: 1,
  wishes: [],
  answered: 0,
  view: {},
  answers: [],
  guesses: 0,
  hints: {},
  mount: Math.random().toString(36).slice(2),
});

/** A group of controls or numbers, as listeners hear of it. */
const group = (name, label, more = {}, ...parts) =>
  el("div", { class: name, role: "group", "aria-label": label, ...more }, ...parts);

/** What steps: buttons and the scrubber. */
function createTransport(player) {
  const p = player.parts,
    manual = (move) => () => {
      pause(player);
      move();
    };
  p.first = button("First step", "first", manual(() => goEdge(player, 0)));
  p.previous = button("Previous step", "previous", manual(() => move(player, -1)));
  p.play = button("Play", "play", () => togglePlay(player));
  p.next = button("Next step", "next", manual(() => move(player, +1)));
  p.last = button("Last step", "last", manual(() => goEdge(player, Infinity)));
  const input = manual(() => go(player, { index: Number(p.range.value) }));
  p.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Step", input });
  p.segments = el("div", { class: "segments", "aria-hidden": "true" });
  p.where = el("span", { class: "where" });
  p.message = el("span", { class: "message" });
}

/** How it steps, what is looked at, and the link to this moment. */
function createChoices(player) {
  const p = player.parts;
  p.speed = choice("Speed", (value) => (player.speed = Number(value)));
  options(p.speed.select, [0.5, 1, 2, 4].map((v) => [v, `${v}×`]));
  p.speed.select.value = "1";
  p.grain = choice("One press", (grain) => {
    pause(player);
    changeGrain(player, grain);
  });
  p.fade = choice("Blanks", (fade) => changeView(player, { fade }));
  p.detail = choice("Detail", (detail) => changeView(player, { detail }));
  p.sample = choice("Sample", (sample) => go(player, { sample: Number(sample) }));
  const click = () => copyLink(player);
  p.copy = el("button", { type: "button", class: "copy", click }, "Copy link");
  p.copied = el("span", { class: "copied", role: "status" });
  const label = "Link to this moment";
  p.link = el("input", { class: "link", readonly: true, "aria-label": label, hidden: true });
}

/** The picture, with what builds the network, and the panels of words beside it. */
function createPicture(player) {
  const p = player.parts;
  const saver = (kind) => {
    const label = `Save the picture as ${kind}`, click = () => save(player, kind);
    return el("button", { type: "button", "aria-label": label, click }, kind);
  };
  const title = el("span", { "aria-hidden": "true" }, "Save picture");
  const look = { class: "save", role: "group", "aria-label": "Save the picture" };
  p.save = el("span", look, title, ...Object.keys(SAVE).map(saver));
  p.build = group("build", "Build the network");
  p.canvas = el("div", { class: "canvas" }, p.build);
  p.picture = el("div", { class: "picture" }, p.canvas);
  p.readout = el("div", { class: "readout", "aria-hidden": "true" });
  const panel = (name) => [name, el("div", { class: `panel ${name}` })];
  p.panels = Object.fromEntries(Object.keys(PANELS).map(panel));
}

/** What is looked at, and where its number comes from. */
function createDerivation(player) {
  const p = player.parts, unit = () => player.at.unit.slice(0, 2);
  p.unit = choice("Look at", (value) => choose(player, value ? value.split(",").map(Number) : []));
  p.from = choice("←", (i) => choose(player, i === "" ? unit() : [...unit(), Number(i)]));
  p.from.select.setAttribute("aria-label", "The whole unit or one of its connections");
  p.exact = el("span", { class: "exact" });
  p.blocks = el("div", { class: "blocks" });
}

function rootOf({ parts: p }) {
  const div = (name, ...parts) => el("div", { class: name }, ...parts);
  const buttons = [p.first, p.previous, p.play, p.next, p.last].map(({ node }) => node);
  const chosen = [p.grain, p.sample, p.speed, p.detail, p.fade].map(({ node }) => node);
  const transport = div(
    "transport",
    group("buttons", "Steps", {}, ...buttons),
    div("scrub", p.segments, p.range),
    div("place", p.where, p.message),
    div("choices", ...chosen, el("span", { class: "share" }, p.copy, p.copied, p.link)),
  );
  const diagram = el("figure", { class: "diagram" }, p.picture, div("below", p.readout, p.save));
  p.main = div("main", diagram, p.panels.words, p.predict, p.panels.formulas, p.panels.code);
  const look = div("look", p.unit.node, p.from.node, p.exact);
  const derivation = div("derivation", look, p.blocks), name = "The stage: one training step";
  const attributes = { class: "stage", "data-testid": "stage", "aria-label": name };
  const parts = [transport, p.notice, p.main, p.matrices, derivation, p.details, p.live];
  return el("section", attributes, ...parts);
}
