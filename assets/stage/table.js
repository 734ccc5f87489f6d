// Every number of the step in full, as tables.

import { el } from "../nodes.js";
import { exact, matrixOf, now, parseRef, SAMPLED, shownName } from "./values.js";

/** Every number of the step in full, built only while the fold is open. */
export function paintTable(player) {
  const { details, table } = player.parts;
  if (!details.open) return;
  const scene = now(player);
  const results = scene.steps.map((step) => /^([A-Za-z]+?)(\d*)$/.exec(step)).map((
    [, symbol, layer],
  ) => `${symbol === "W" || symbol === "b" ? `${symbol}_new` : symbol} ${layer || 0}`);
  const inputs = scene.matrices.filter((item) => item.ref).map((item) =>
    item.ref.split(" ").slice(0, 2).join(" ")
  );
  table.replaceChildren(
    ...[...new Set([...results, ...inputs])].map((ref) => numbersTable(player, ref)),
  );
}

function numbersTable(player, ref) {
  const { symbol, layer } = parseRef(ref), M = matrixOf(player, symbol, layer) ?? [];
  const whole = ["C", "losses", "y", "eta"].includes(symbol), name = shownName(symbol, layer);
  const title = whole ? name : `${name} of ${player.data.layers[layer].title}`;
  const first = SAMPLED.has(symbol) ? player.data.shown.first : 0;
  const rows = Object.entries(M),
    columns = Object.keys(rows[0]?.[1] ?? {}),
    inPart = !Array.isArray(M) || !Array.isArray(M[0] ?? []);
  const heads = columns.map((c) => el("th", { scope: "col" }, String(first + Number(c) + 1)));
  const line = ([r, row]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, String(Number(r) + 1)),
      ...columns.map((c) => el("td", {}, exact(row[c]))),
    );
  const table = el(
    "table",
    {},
    el("caption", {}, title + (inPart ? ", the rows and columns that are shown" : "")),
    el("thead", {}, el("tr", {}, el("td"), ...heads)),
    el("tbody", {}, ...rows.map(line)),
  );
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title }, table);
}
