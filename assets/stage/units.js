// The units of the diagram: built and painted.

import { set, svg, write } from "../nodes.js";
import { number } from "../numbers.js";
import { focusUnit } from "./moving.js";
import { cellOf, matrixOf, numbered, share, shownName, sign, unitName } from "./values.js";
import { symbolAt } from "./walking.js";

export function buildUnits(player, l) {
  const { picture, layers } = player.data,
    layer = layers[l],
    x = picture.x[l],
    last = layers.length - 1;
  const head = (name, text) => svg("text", { class: name, x, y: picture.head[name] }, text),
    symbol = head("symbol");
  const group = svg(
    "g",
    { class: "layer" },
    head("title", layer.title),
    head("activation", layer.activation),
    symbol,
  );
  const cells = layer.units.map((_, j) => buildUnit(player, l, j, last));
  group.append(...cells.flatMap((cell) => [cell.around, cell.node]));
  player.units[l] = { group, symbol, cells };
  return group;
}

function buildUnit(player, l, j, last) {
  const { picture, layers } = player.data, R = picture.radius;
  const transform = `translate(${picture.x[l]} ${picture.y[l][j]})`;
  const cell = {
    tint: svg("circle", { class: "tint", r: R }),
    text: svg("text", { class: "number", dy: "0.35em" }),
    up: svg("path", { class: "bars positive" }),
    down: svg("path", { class: "bars negative" }),
  };
  const ground = [
    svg("circle", { class: "ring", r: R + 4 }),
    svg("circle", { class: "base", r: R }),
  ];
  const place = { "data-testid": "unit", "data-layer": l, "data-unit": j };
  const focus = () => focusUnit(player, l, j);
  const look = { class: "unit", transform, role: "button", tabindex: -1, ...place, focus };
  const node = svg("g", look, ...ground, cell.tint, cell.up, cell.down, cell.text);
  const beside = besideUnit(player.data, l, layers[l].units[j], last);
  const texts = Object.values(beside).filter(Boolean);
  const around = svg("g", { transform, "aria-hidden": "true" }, ...texts);
  return { ...cell, ...beside, node, around };
}

/** The texts around a circle: the name of an input or output, the bias, the target. */
function besideUnit({ picture, presenter }, l, name, last) {
  const R = picture.radius, named = !numbered(name), up = picture.targets && named ? 9 : 0;
  const text = (look, place, ...words) => svg("text", { class: look, ...place }, ...words);
  const before = { x: -R - 8, dy: "0.35em" }, after = (y) => ({ x: R + 12, y, dy: "0.35em" });
  return {
    input: l === 0 && named ? text("name before", before, name) : null,
    output: l === last && named ? text("name", after(-up), name) : null,
    bias: l > 0 && picture.biases ? text("bias", { y: R + (presenter ? 20 : 18) }) : null,
    target: l === last && picture.targets ? text("target", after(up)) : null,
  };
}

export function paintUnits(player, l, scene) {
  const { data, at, units } = player, all = at.sample < 0;
  const symbol = symbolAt(scene.units, l), name = symbol && shownName(symbol, l);
  const M = symbol ? matrixOf(player, symbol, l) : undefined;
  write(units[l].symbol, symbol ? name : "\u00a0");
  units[l].cells.forEach((cell, j) => {
    const row = M?.[j], v = row && !all ? row[at.sample - data.shown.first] : undefined;
    paintUnit(player, cell, symbol, row, v, all);
    set(cell.node, "data-shows", symbol || "");
    const said = symbol
      ? `, ${name} = ${all ? `${data.m} samples` : number(v)}`
      : ", not known yet";
    set(cell.node, "aria-label", unitName(player, l, j) + said);
    if (cell.target) {
      write(cell.target, all ? "" : `y = ${number(cellOf(player, "y", 0, j, at.sample))}`);
    }
  });
  paintBiases(player, l, symbolAt(scene.biases, l));
}

function paintBiases(player, l, bias) {
  const { data, units } = player, b = bias && matrixOf(player, bias, l), room = roomBelow(data);
  const text = (j) => (b ? `${shownName(bias)} ${fitted(b[j]?.[0], room)}` : "");
  units[l].cells.forEach((cell, j) => cell.bias && write(cell.bias, text(j)));
}

/** How many characters there is room for below a circle. */
function roomBelow(data) {
  if (data.presenter) return roomOf(data);
  return data.picture.radius >= 26 ? 9 : 7;
}

function paintUnit(player, cell, symbol, row, v, all) {
  const { picture } = player.data,
    { radius } = picture,
    room = roomOf(player.data),
    scale = player.scales[symbol] ?? 1;
  set(cell.node, "data-value", !row ? "" : all ? row.slice(0, 40).join(" ") : String(v ?? ""));
  set(cell.tint, "class", `tint ${row && !all ? sign(v) : "zero"}`);
  set(cell.tint, "fill-opacity", row && !all ? (0.06 + 0.44 * share(v, scale)).toFixed(3) : 0);
  const text = !symbol || (row && all) ? "" : fitted(v, room);
  write(cell.text, text);
  set(
    cell.text,
    "style",
    text.length > room && !player.data.presenter
      ? `font-size:calc(var(--number) * ${(room / text.length).toFixed(2)})`
      : "",
  );
  set(cell.up, "d", row && all ? bars(row, scale, radius, 1) : "");
  set(cell.down, "d", row && all ? bars(row, scale, radius, -1) : "");
}

/** How many characters a circle has room for; in large type, a few. */
export function roomOf({ presenter, picture: { radius } }) {
  if (presenter) return radius >= 26 ? 5 : 4;
  if (radius >= 26) return 7;
  return radius >= 22 ? 6 : 5;
}

/**
 * The number with as many of its digits as there is room for.
 * @param {number | string} v @param {number} room
 */
export function fitted(v, room) {
  const texts = [4, 3, 2, 1].map((digits) => number(v, digits));
  return texts.find((text) => text.length <= room) ?? texts[3];
}

/**
 * One bar for each of the first 40 samples, up from the middle (+1) or down from it (-1).
 * @param {Array<number | string>} row @param {number} scale @param {number} radius
 * @param {number} direction
 */
export function bars(row, scale, radius, direction) {
  const shown = row.slice(0, 40), width = (1.5 * radius) / shown.length;
  return shown.map((v, s) => {
    if ((sign(v) === "negative") !== direction < 0) return "";
    const x = -0.75 * radius + s * width, h = -direction * 0.62 * radius * share(v, scale);
    return `M${x.toFixed(2)} 0h${(0.8 * width).toFixed(2)}v${h.toFixed(2)}h${
      (-0.8 * width).toFixed(2)
    }z`;
  }).join("");
}
