// What the cursor changes.

import { paintAtlas, sizeText } from "./causes.js";
import { choiceOf, paintChart } from "./charts.js";
import { paintFindings } from "./findings.js";
import { paintPicture } from "./frames.js";
import { count, shownAt } from "./lists.js";
import { el, set, write } from "../nodes.js";

export function paint(journey) {
  const { run, parts: p, t, k, root } = journey, here = shownAt(journey, k);
  if (Number(p.range.value) !== k) p.range.value = String(k);
  set(p.range, "aria-valuetext", `Iteration ${here} of ${run.last}`);
  p.range.style.setProperty("--done", count(journey) > 1 ? k / (count(journey) - 1) : 0);
  write(p.where, `Iteration ${t} of ${run.last}${t === here ? "" : `; shown: ${here}`}`);
  set(root, "data-iteration", t);
  set(root, "data-shown", here);
  journey.charts.forEach((chart) => paintChart(journey, chart));
  if (journey.picture) paintPicture(journey);
  paintAtlas(journey);
  paintFindings(journey);
  paintTable(journey);
}

export function repaint(journey) {
  journey.picture.drawn = undefined;
  paint(journey);
}

/** Only while it is open: all that is known of the cursor's iteration. */
export function paintTable(journey) {
  const { run, parts: { details, table } } = journey;
  if (!details.open || !run) return;
  const { quantities, causes, more } = run.atlas, columns = [...quantities, ...causes, ...more];
  const words = columns.flatMap(({ label, title }) => [el("dt", {}, label), el("dd", {}, title)]);
  table.replaceChildren(
    generalTable(journey),
    layersTable(journey, columns),
    el("dl", {}, ...words),
  );
}

const row = (head, ...cells) =>
  el("tr", {}, el("th", { scope: "row" }, head), ...cells.map((cell) => el("td", {}, cell)));

/** What the charts show here. */
function generalTable(journey) {
  const rows = journey.charts.flatMap((chart) => {
    const title = chart.words.title.split(":")[0];
    return choiceOf(chart).lines.map(({ label }, i) =>
      row(`${title}: ${label}`, chart.values[i].textContent)
    );
  });
  const here = row("Iteration", String(shownAt(journey, journey.k)));
  return el("table", {}, el("tbody", {}, here, ...rows));
}

function layersTable({ run, k }, columns) {
  const { layers, activations } = run.atlas, L = layers.length;
  const heads = ["Layer", "activation", ...columns.map(({ label }) => label)];
  const sizes = (l) => columns.map(({ name }) => sizeText(run.arrays[name].values[k * L + l]));
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
  const rows = layers.map((name, l) => row(name, activations[l], ...sizes(l)));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
}
