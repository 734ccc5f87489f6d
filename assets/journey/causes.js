// Beside the atlas: the layers at the cursor, and where the size of their error comes from.

import { atlasX, layerOf, quantityOf, show } from "./atlas.js";
import { powerText } from "./axes.js";
import { ramp, shareOf } from "./colours.js";
import { el, set, write } from "../nodes.js";
import { number } from "../numbers.js";

export function buildCauses(journey) {
  const { atlas } = journey.run;
  const legend = el("canvas", { class: "ramp", "aria-hidden": "true", width: 256, height: 1 });
  const ends = [el("span"), el("span")], name = el("th", { scope: "col" });
  const rows = atlas.layers.map((_, row) => buildRow(journey, layerOf(journey, row)));
  const scale = el("span", { class: "ends" }, ...ends);
  const size = el("th", { scope: "col", class: "size" }, legend, scale);
  const columns = atlas.causes.map(({ label, title }) => el("th", { scope: "col", title }, label));
  const head = el("tr", {}, el("th", { scope: "col" }, "Layer"), size, name, ...columns);
  const table = el(
    "table",
    { "data-testid": "causes" },
    el("caption", { class: "unseen" }, CAPTION),
    el("thead", {}, head),
    el("tbody", {}, ...rows.map(({ node }) => node)),
  );
  const node = el("div", { class: "causes scroll" }, table, el("p", { class: "note" }, NOTE));
  return { node, legend, ends, name, rows };
}

const CAPTION = "Layers at this iteration, and where the error's size comes from";
const NOTE =
  "factor = gain of Wᵀ · passed by f′, from the layer above; a factor below 1 shrinks the error";

function buildRow(journey, l) {
  const { atlas } = journey.run, bar = el("span", { class: "bar" }), value = el("td", {});
  const causes = atlas.causes.map(() => el("td", {}));
  const title = `Show layer ${l + 1} on the stage`, click = () => show(journey, l);
  const at = el("button", { type: "button", title, click }, atlas.layers[l]);
  const head = el("th", { scope: "row" }, at), size = el("td", { class: "size" }, bar);
  return { bar, value, causes, node: el("tr", {}, head, size, value, ...causes) };
}

export function drawCauses(journey) {
  const { atlas: { table } } = journey, { range, label: text } = quantityOf(journey);
  table.legend.getContext("2d").putImageData(ramp(journey), 0, 0);
  table.ends.forEach((node, e) => write(node, powerText(10 ** range[e])));
  write(table.name, text);
}

export function paintAtlas(journey) {
  const { run: { atlas, arrays }, atlas: { now, table }, k } = journey;
  const { name, range } = quantityOf(journey);
  set(now, "x", atlasX(journey, k).toFixed(1));
  table.rows.forEach(({ bar, value, causes }, row) => {
    const at = k * atlas.layers.length + layerOf(journey, row), v = arrays[name].values[at];
    const part = shareOf(range, v);
    bar.style.setProperty("--share", part === undefined ? 0 : Math.max(0.01, part));
    write(value, sizeText(v));
    atlas.causes.forEach((cause, c) => write(causes[c], sizeText(arrays[cause.name].values[at])));
  });
}

/** A size; what was not measured is a dash. */
export function sizeText(v) {
  if (Number.isNaN(v)) return "–";
  if (Number.isFinite(v)) return number(v);
  return v > 0 ? "overflow" : "−overflow";
}
