// Where the number of one unit or connection comes from, block by block.

import { buildCurve } from "./curve.js";
import { el, write } from "../nodes.js";
import { options } from "./choices.js";
import { rich } from "./formulas.js";
import { MOST } from "./matrices.js";
import { fullValue } from "./pointing.js";
import { fill, textSlot } from "./slots.js";
import { environment, now, unitName } from "./values.js";
import { shownTerms } from "./windows.js";

export function paintDerivation(player) {
  const { at, parts: p, data } = player, [l, j, i] = at.unit, scene = now(player);
  const key = `${at.unit.length} ${l}`;
  if (player.blockKey !== key) buildBlocks(player, key);
  const unit = l === undefined ? "" : `${l},${j}`;
  if (p.unit.select.value !== unit) p.unit.select.value = unit;
  if (player.fromKey !== unit) buildFrom(player, unit);
  if (p.from.select.value !== String(i ?? "")) p.from.select.value = i ?? "";
  write(
    p.exact,
    l === undefined
      ? "Click a unit or a connection to see where its number comes from."
      : fullValue(player, at.unit),
  );
  if (l === undefined) return;
  const env = environment(at.unit, l, at.sample),
    stamp = `${at.unit} ${at.sample} ${at.iteration} ${player.version} ${player.hiddenKey}`;
  if (player.blockStamp !== stamp) { for (const block of player.blocks) block.update(env); }
  player.blockStamp = stamp;
  for (const { node, block } of player.blocks) {
    const known = data.order[block.known] <= scene.upto;
    node.classList.toggle("unknown", !known);
    node.classList.toggle("current", known && l === scene.layer && block.symbol === scene.symbol);
  }
}

function buildFrom(player, unit) {
  const { parts: p, data, at: { unit: [l] } } = player;
  const below = l > 0
    ? data.layers[l - 1].units.map((_, i) => [i, `connection from ${unitName(player, l - 1, i)}`])
    : [];
  options(p.from.select, [["", "whole unit"], ...below]);
  p.from.node.hidden = !(l > 0);
  player.fromKey = unit;
}

function buildBlocks(player, key) {
  const { data, at, parts: p } = player, kind = at.unit.length === 3 ? "edge" : "unit";
  const blocks = at.unit.length ? data.derivations[kind]?.[at.unit[0]] ?? [] : [];
  player.blocks = blocks.map((block) => buildBlock(player, block));
  p.blocks.replaceChildren(...player.blocks.map((block) => block.node));
  player.blockKey = key;
  player.blockStamp = null;
}

function buildBlock(player, block) {
  const slots = [], body = el("div", { class: "body" });
  if (block.table) body.append(blockTable(player, block.table, slots));
  const pair = ([label, ref]) => [el("dt", {}, rich(label)), el("dd", {}, textSlot(ref, slots))];
  body.append(el("dl", {}, ...block.rows.flatMap(pair)));
  const curve = buildCurve(player, block.curve);
  if (curve) body.append(curve.node);
  const node = el("article", { class: "block" }, el("h3", {}, block.title), body);
  const update = (env) => {
    fill(player, slots, env);
    curve?.update(env);
  };
  return { node, block, update };
}

/** A row for each term of a sum: its name, and its cells as slots. */
function blockTable({ data }, { head, each, count, names, cells }, slots) {
  const samples = names === null ? each : "";
  const heading = (k) => {
    const node = el("th", { scope: "row" }, samples ? "" : data.layers[names].units[k]);
    if (samples) slots.push({ node, index: each, more: { [each]: k }, samples });
    return node;
  };
  const cellAt = (k) => ({ ref, product }) => {
    const node = el("td");
    slots.push({ node, ref, product, more: { [each]: k }, samples });
    return node;
  };
  const line = (k) => el("tr", {}, heading(k), ...cells.map(cellAt(k)));
  const more = () => el("tr", { class: "more" }, el("td", { colspan: cells.length + 1 }, "⋯"));
  const all = !samples || count <= data.shown.count, most = MOST - 1;
  const terms = all ? shownTerms(count, most) : [...shownTerms(most, most), -1];
  const heads = head.map((text) => el("th", { scope: "col" }, rich(text)));
  const rows = terms.map((k) => (k < 0 ? more() : line(k)));
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}
