// Building the network. Above each layer stands its head, between two layers the place for a new
// one. Their nodes stay while the network changes under them: a press that began on a button ends
// on it, and the focus stays where it is.

import { el, set, write } from "../nodes.js";
import { choice, options } from "./choices.js";
import { pause } from "./moving.js";
import { cursorOf } from "./telling.js";

/** Shows the controls that Python sent; none where there is no Python to build with. */
export function paintHeads(player) {
  const { data: { build }, parts: p, root } = player, before = player.heads ?? [];
  const focused = root.getRootNode().activeElement, old = controls(p.build);
  const building = Boolean(build && player.tell);
  const pairs = (head, l) => [head, ...build.places.slice(l, l + 1)];
  const specs = building ? build.heads.flatMap(pairs) : [];
  p.main.classList.toggle("building", building);
  player.heads = specs.map((spec, k) =>
    before[k]?.shape === shapeOf(spec) ? before[k] : buildHead(player, spec)
  );
  player.heads.forEach((head, k) => placeHead(player, head, specs[k], k));
  while (p.build.children.length > specs.length) p.build.lastChild.remove();
  keepFocus(old, focused);
}

function placeHead(player, { node, update }, spec, k) {
  const { build } = player.parts, there = build.children[k];
  update(spec);
  node.style.left = headLeft(player, k);
  if (there === node) return;
  if (there) there.replaceWith(node);
  else build.append(node);
}

/**
 * Where the control with the focus has gone, the nearest button before it that is still there has
 * it.
 */
function keepFocus(old, focused) {
  const lost = old.indexOf(focused);
  if (lost < 0 || focused.isConnected) return;
  const before = old.slice(0, lost).reverse();
  before.find((node) => node.isConnected && node.matches("button"))?.focus();
}

const controls = (node) => [...node.querySelectorAll("button, select")];

function shapeOf({ wish, remove, menu }) {
  if (wish) return "place";
  return `${remove ? "hidden" : ""} ${menu ? "menu" : ""}`;
}

/** Heads stand above their columns, places in the middle between two. */
function headLeft({ data: { picture } }, k) {
  const l = Math.floor(k / 2), x = k % 2 ? (picture.x[l] + picture.x[l + 1]) / 2 : picture.x[l];
  return `calc(100% * (${x} - var(--x0)) / var(--width))`;
}

/** The node of a head or a place, and how it takes up what may have changed. */
function buildHead(player, spec) {
  const shape = shapeOf(spec);
  if (!spec.wish) return { shape, ...buildLayerHead(player, spec) };
  const place = buildWish(player), node = el("div", { class: "new" }, place.node);
  return { shape, node, update: place.update };
}

const WISHES = { remove: buildWish, fewer: buildWish, more: buildWish, menu: buildMenu };
const ROWS_OF_HEAD = {
  named: ["title", "remove"],
  width: ["fewer", "units", "more"],
  function: ["menu"],
};

function buildLayerHead(player, spec) {
  const title = el("span", { class: "title" }), units = el("span", { class: "units" });
  const asked = Object.entries(WISHES).filter(([name]) => spec[name]);
  const parts = Object.fromEntries(asked.map(([name, make]) => [name, make(player)]));
  const nodeOf = (name) => ({ title, units })[name] ?? parts[name]?.node;
  const rows = Object.entries(ROWS_OF_HEAD).map(([row, names]) =>
    el("div", { class: row }, ...names.map(nodeOf).filter(Boolean))
  );
  const node = el("div", { class: "head", role: "group" }, ...rows);
  const update = (now) => {
    set(node, "aria-label", now.title);
    write(title, now.title);
    write(units, now.units);
    set(units, "title", now.why ?? "");
    for (const name in parts) parts[name].update(now[name]);
  };
  return { node, update };
}

function buildWish(player) {
  let spec;
  const sign = el("span", { class: "sign" }), long = el("span", { class: "long" });
  const node = el(
    "button",
    { type: "button", click: () => spec.off || wish(player, spec.wish, node) },
    sign,
    long,
  );
  const update = (now) => {
    spec = now;
    write(sign, now.text);
    write(long, now.long ?? "");
    for (const name of ["aria-label", "title"]) set(node, name, now.label);
    set(node, "aria-disabled", now.off);
  };
  return { node, update };
}

function buildMenu(player) {
  let spec;
  const { select } = choice("", (value) => wish(player, [...spec.wish, value], select));
  const update = (now) => {
    if (String(now.options) !== String(spec?.options)) {
      options(select, now.options.map((name) => [name, name]));
    }
    spec = now;
    select.value = now.value;
    for (const name of ["aria-label", "title"]) set(select, name, now.label);
  };
  return { node: select, update };
}

/** Lets Python know a wish, with those that it has not answered yet: no quick press is lost. */
function wish(player, words, node) {
  pause(player);
  clearTimeout(player.resting);
  player.wishes.push(words);
  player.pressed = node;
  const cursor = cursorOf(player);
  player.told = JSON.stringify(cursor);
  player.tell("build", {
    mount: player.mount,
    first: player.answered,
    wishes: player.wishes,
    cursor,
  });
}

/** Python has answered some of the wishes, and says what came of them; whether that is so. */
export function hearAnswer(player, { mount, count, told }) {
  if (mount !== player.mount || count === player.answered) return false;
  player.wishes = player.wishes.slice(count - player.answered);
  player.answered = count;
  player.news = told;
  return true;
}

/**
 * A larger picture may need another place on the page: what was pressed stays where it is on the
 * screen.
 */
export function keepInPlace({ pressed }, top) {
  const scrolls = (box) =>
    box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY);
  let box = pressed;
  while (box && !(box instanceof Element && scrolls(box))) box = box.parentNode ?? box.host;
  if (box && pressed.isConnected) box.scrollTop += topOf(pressed) - top;
}

export const topOf = (node) => node?.getBoundingClientRect().top;
