// The matrices of a step: built once for each window of rows and columns, then only filled.

import { el, set, write } from "../nodes.js";
import { number } from "../numbers.js";
import { rich } from "./formulas.js";
import { BLANK, cellOf, now, parseRef } from "./values.js";
import { linesOf, shareColumns, windowAround } from "./windows.js";

export const MOST = 12, MOST_SAMPLES = 6; // rows and columns at most; samples below each other

/** The matrices of this scene; built once for each window, then only filled. */
export function paintMatrices(player) {
  const scene = now(player), lines = linesOf(scene.matrices);
  const views = lines.map((line) => lineViews(player, scene, line));
  const key = player.at.index + "|" + views.flat().map((view) => view.key).join("|");
  if (player.built.size > 200) player.built.clear();
  if (!player.built.has(key)) {
    player.built.set(
      key,
      lines.map((line, k) => buildLine(line, views[k])),
    );
  }
  const built = player.built.get(key);
  built.forEach(({ matrices }, k) => fillMatrices(player, matrices, views[k]));
  if (player.shownMatrices !== built) {
    player.parts.matrices.replaceChildren(...built.map(({ node }) => node));
  }
  player.shownMatrices = built;
}

/** What part of each matrix of a line is seen: its rows and columns, and the marked ones. */
function lineViews(player, scene, line) {
  const items = line.filter((entry) => entry.ref), words = line.filter((entry) => !entry.ref);
  const taken = words.reduce((sum, text) => sum + 24 + 9.5 * text.length, 40 * items.length);
  const room = player.width - taken;
  const columnsOf = (item) => {
    if (isReduced(player, scene, item, "cols")) return 1;
    return item.samples === "cols" ? Math.min(item.cols, player.data.shown.count) : item.cols;
  };
  const counts = items.map(columnsOf), all = counts.reduce((sum, n) => sum + n, 0);
  const dots = all * player.column <= room ? 0 : 36 * items.length; // room for a "⋯" each
  const shares = shareColumns(counts, Math.floor((room - dots) / player.column));
  return items.map((item, k) => matrixView(player, scene, item, shares[k]));
}

/** Whether only the chosen sample is seen on this axis ("rows" or "cols"). */
const isReduced = ({ at }, scene, item, axis) =>
  item.samples === axis && at.sample >= 0 && !scene.whole;

function matrixView(player, scene, item, columns) {
  const { env, at, data } = player, reduced = (axis) => isReduced(player, scene, item, axis);
  const markOn = (axis, expression) => {
    if (expression !== "") return env[expression] ?? Number(expression);
    return reduced(axis) ? at.sample : null;
  };
  const seen = (axis, mark, most) =>
    reduced(axis) ? [at.sample] : seenOn(data, item, axis, mark, most);
  const mark = [markOn("rows", item.mark[0]), markOn("cols", item.mark[1])];
  const below = item.samples === "rows" && item.rows > MOST ? MOST_SAMPLES : MOST;
  const rows = seen("rows", mark[0], below), cols = seen("cols", mark[1], columns);
  const one = ["rows", "cols"].filter(reduced); // the axis of which one line is seen
  const which = one.length && data.m > 1 ? `, sample ${at.sample + 1}` : "";
  const caption = `${item.rows} × ${item.cols}${which}`;
  const key = `${rows[0]} ${rows.length} ${cols[0]} ${cols.length} ${one}`;
  return { item, mark, rows, cols, one, caption, key };
}

/** The indices that are seen on an axis; of samples, only of those that were sent. */
function seenOn({ shown: { first, count } }, item, axis, mark, most) {
  if (item.samples !== axis) return windowAround(item[axis], mark, most);
  return windowAround(count, (mark ?? first) - first, most).map((s) => s + first);
}

function buildLine(line, views) {
  const matrices = views.map(buildMatrix), left = [...matrices];
  const nodes = line.map((
    entry,
  ) => (entry.ref ? left.shift().node : el("span", { class: "operator" }, entry)));
  return { node: el("div", { class: "line" }, ...nodes), matrices };
}

/** A table of the cells that are seen, with "⋯" on each side where more lies beyond. */
function buildMatrix({ item, rows, cols, one }) {
  const more = (axis, seen) =>
    [seen[0] > 0, seen.at(-1) < item[axis] - 1].map((beyond) => beyond && !one.includes(axis));
  const [above, below] = more("rows", rows), [before, after] = more("cols", cols);
  const dots = (seen, span) => (seen ? [el("td", { class: "more", colspan: span }, "⋯")] : []);
  const cells = rows.map(() => cols.map(() => el("td")));
  const lines = cells.map((tds) => el("tr", {}, ...dots(before, 1), ...tds, ...dots(after, 1)));
  const across = (
    seen,
  ) => (seen ? [el("tr", {}, ...dots(true, cols.length + before + after))] : []);
  const table = el("table", {}, el("tbody", {}, ...across(above), ...lines, ...across(below)));
  const shape = el("div", { class: "shape" });
  const node = el(
    "figure",
    { class: "matrix" },
    el("figcaption", {}, rich(item.name)),
    el("div", { class: "bracket" }, table),
    shape,
  );
  return { node, cells, shape };
}

function fillMatrices(player, matrices, views) {
  views.forEach(({ item, rows, cols, mark, caption }, k) => {
    const { symbol, layer } = (player.refs[item.ref] ??= parseRef(item.ref));
    write(matrices[k].shape, caption);
    rows.forEach((r, a) =>
      cols.forEach((c, b) => {
        const td = matrices[k].cells[a][b],
          v = item.transpose
            ? cellOf(player, symbol, layer, c, r)
            : cellOf(player, symbol, layer, r, c);
        const inRow = mark[0] === null || mark[0] === r,
          inColumn = mark[1] === null || mark[1] === c;
        write(td, number(v));
        set(td, "class", (inRow && inColumn ? "marked" : "") + (v === BLANK ? " blank" : ""));
      })
    );
  });
}
