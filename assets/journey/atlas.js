// The gradient atlas: how large the error is in each layer at each iteration.

import { PAD, ticks } from "./axes.js";
import { buildCauses, drawCauses, sizeText } from "./causes.js";
import { colourOf, ramp, shareOf } from "./colours.js";
import { label, saveFigure, scrubbed, select } from "./figures.js";
import { count, nearestIndex, shownAt } from "./lists.js";
import { paint } from "./painting.js";
import { send } from "./talking.js";
import { dress, el, set, svg, write } from "../nodes.js";
import { saveMenu } from "../saving/menu.js";

const ATLAS = "Gradient atlas: how far the error travels";

const ROW = 38, MOST_ROWS = 16; // heights in pixels: of a layer; so many share them
const HEAD = 58, TICKS = 38; // of the head of the table, and below the map

export function buildAtlas(journey) {
  const { run: { atlas }, parts: p, view } = journey;
  view.quantity = Math.min(view.quantity, atlas.quantities.length - 1);
  const map = journey.atlas = {
    canvas: el("canvas", { "aria-hidden": "true" }),
    svg: svg("svg", { role: "img", "data-testid": "atlas" }),
    hover: el("p", { class: "note hover" }),
    title: el("p", { class: "note" }),
    table: buildCauses(journey),
    across: 0,
  };
  listenTo(journey, map);
  const canvas = el("div", { class: "canvas" }, map.canvas, map.svg);
  const drawing = el("div", { class: "map" }, canvas, map.hover);
  const maps = el("div", { class: "maps" }, drawing, map.table.node);
  p.atlas.replaceChildren(buildHead(journey), map.title, maps, p.findings);
}

function listenTo(journey, map) {
  const iterationAt = (x) => shownAt(journey, columnAt(journey, x));
  scrubbed(journey, map.svg, iterationAt, (event) => atlasPressed(journey, event));
  const pointerleave = () => write(map.hover, "");
  dress(map.svg, { pointermove: (event) => hover(journey, event), pointerleave }, []);
}

/** The title, what can be shown, and the menu that saves. */
function buildHead(journey) {
  const { run: { atlas }, parts: p, view } = journey;
  const quantities = atlas.quantities.map(({ label: text }, q) => [q, text]);
  const shown = select("Show", quantities, (q) => showQuantity(journey, Number(q)));
  shown.select.value = String(view.quantity);
  const menu = saveMenu(ATLAS, (form) => saveFigure(p.atlas, "atlas", ATLAS, form));
  const controls = el("div", { class: "controls" }, shown.node, menu);
  return el("div", { class: "head" }, el("h2", {}, ATLAS), controls);
}

function showQuantity(journey, q) {
  journey.view.quantity = q;
  drawAtlas(journey);
  paint(journey);
  label(journey);
}

/** The shown iteration at a place in pixels, or the nearest one. */
function columnAt(journey, x) {
  const column = Math.floor(((x - PAD.left) / journey.atlas.across) * count(journey));
  return Math.max(0, Math.min(count(journey) - 1, column));
}

/** The height of a layer in the map: rows of a deep network share the height that sixteen have. */
const rowOf = ({ run: { atlas: { layers } } }) =>
  Math.min(ROW, Math.max(4, Math.floor((MOST_ROWS * ROW) / layers.length)));

/** Row 0 on top is the output layer: the error travels downwards. */
export const layerOf = ({ run: { atlas } }, row) => atlas.layers.length - 1 - row;

export const quantityOf = ({ run: { atlas }, view }) => atlas.quantities[view.quantity];

/** What no cursor changes: the map, its axes, and the table beside it. */
export function drawAtlas(journey) {
  const { run: { atlas }, atlas: map } = journey, deep = atlas.layers.length > MOST_ROWS;
  const width = Math.max(200, map.svg.parentNode.parentNode.clientWidth);
  const height = atlas.layers.length * rowOf(journey), whole = HEAD + height + TICKS;
  map.across = width - PAD.left - PAD.right;
  drawMap(journey, height);
  set(map.svg, "viewBox", `0 0 ${width} ${whole}`);
  set(map.svg, "style", `width: ${width}px; height: ${whole}px`);
  map.now = svg("rect", {
    class: "now",
    y: HEAD - 4,
    height: height + 8,
    width: Math.max(2, map.across / count(journey)),
  });
  map.svg.replaceChildren(
    ...layerMarks(journey),
    ...iterationMarks(journey, width, height),
    map.now,
  );
  write(map.title, quantityOf(journey).title);
  map.table.node.classList.toggle("deep", deep);
  map.table.node.style.maxHeight = deep ? `${whole}px` : "";
  drawCauses(journey);
}

/** One pixel for each layer and iteration, drawn large. */
function drawMap(journey, height) {
  const { run: { atlas }, atlas: { canvas, across } } = journey,
    L = atlas.layers.length,
    T = count(journey);
  const small = new OffscreenCanvas(T, L), pen = canvas.getContext("2d");
  small.getContext("2d").putImageData(pixelsOf(journey, T, L), 0, 0);
  canvas.width = Math.round(across * (devicePixelRatio || 1));
  canvas.height = height;
  const place = { left: PAD.left, top: HEAD, width: across, height };
  for (const [name, pixels] of Object.entries(place)) canvas.style[name] = `${pixels}px`;
  pen.imageSmoothingEnabled = T > across;
  pen.drawImage(small, 0, 0, T, L, 0, 0, canvas.width, canvas.height);
}

function pixelsOf(journey, T, L) {
  const { name, range } = quantityOf(journey), { values } = journey.run.arrays[name];
  const colours = ramp(journey).data, none = [...colourOf(journey, "--line"), 255];
  const image = new ImageData(T, L);
  for (let row = 0; row < L; row++) {
    for (let k = 0; k < T; k++) {
      const part = shareOf(range, values[k * L + layerOf(journey, row)]);
      const place = 4 * Math.round(255 * (part ?? 0));
      const colour = part === undefined ? none : colours.subarray(place, place + 4);
      image.data.set(colour, 4 * (row * T + k));
    }
  }
  return image;
}

/** Names of layers, and lines between them; of narrow rows every so many have a name. */
function layerMarks(journey) {
  const { run: { atlas }, atlas: { across } } = journey,
    L = atlas.layers.length,
    R = rowOf(journey);
  const every = R < 8 ? 10 : R < 16 ? 5 : 1, numbers = atlas.layers.map((_, row) => L - row);
  const between = (l) => l % every === 0 && l > every / 2 && l < L - every / 2;
  const named = numbers.filter((l) => l === 1 || l === L || between(l));
  const y = (l) => HEAD + (L - l + 0.5) * R;
  return [
    svg("text", { class: "axis", x: PAD.left, y: HEAD - 14 }, quantityOf(journey).label),
    ...named.map((l) => svg("text", { class: "down", x: PAD.left - 8, y: y(l) }, `layer ${l}`)),
    ...(R < 12 ? [] : atlas.layers.slice(1)).map((_, row) =>
      svg("path", { class: "rule", d: `M${PAD.left} ${HEAD + (row + 1) * R}h${across}` })
    ),
  ];
}

function iterationMarks(journey, width, height) {
  const { run: { arrays, last }, atlas: { across } } = journey,
    middle = across / count(journey) / 2;
  const marks = ticks(0, Math.max(1, last), Math.max(2, Math.floor(width / 110)));
  const x = (t) => atlasX(journey, nearestIndex(arrays.iterations.values, t)) + middle;
  const text = (x, y, words, name) => svg("text", { class: name, x, y }, words);
  return [
    ...marks.filter((t) => Number.isInteger(t) && t <= last)
      .map((t) => text(x(t), HEAD + height + 17, String(t), "across")),
    text(PAD.left + across / 2, HEAD + height + 34, "iteration", "axis across"),
  ];
}

export const atlasX = ({ atlas: { across }, run }, k) =>
  PAD.left + (k / run.arrays.iterations.values.length) * across;

/** The layer under a pointer, or undefined. */
function rowUnder({ atlas: map, run }, event) {
  const row = Math.floor(
    (event.clientY - map.svg.getBoundingClientRect().top - HEAD) / rowOf({ run }),
  );
  return row >= 0 && row < run.atlas.layers.length ? row : undefined;
}

function hover(journey, event) {
  const { run: { atlas, arrays }, atlas: map } = journey, row = rowUnder(journey, event);
  const x = event.clientX - map.svg.getBoundingClientRect().left - PAD.left;
  const k = Math.floor((x / map.across) * count(journey));
  if (row === undefined || k < 0 || k >= count(journey)) return write(map.hover, "");
  const l = layerOf(journey, row), { name, label: text } = quantityOf(journey);
  const value = sizeText(arrays[name].values[k * atlas.layers.length + l]);
  return write(map.hover, `${atlas.layers[l]}, iteration ${shownAt(journey, k)}: ${text} ${value}`);
}

function atlasPressed(journey, event) {
  const row = rowUnder(journey, event);
  if (row !== undefined) journey.step = stepOf(journey, layerOf(journey, row));
}

const stepOf = (journey, l) => `${quantityOf(journey).symbol}${l + 1}`;

/** The stage goes to what the atlas shows of this layer. */
export function show(journey, l) {
  journey.step = stepOf(journey, l);
  send(journey);
}
