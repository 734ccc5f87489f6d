// A figure: its title, what can be chosen, the drawing, and what it says in words.

import { quantityOf } from "./atlas.js";
import { sizeText } from "./causes.js";
import { choiceOf } from "./charts.js";
import { nearestIndex, shownAt } from "./lists.js";
import { go, pause } from "./moving.js";
import { TITLES } from "./picture.js";
import { dress, el, set } from "../nodes.js";
import { SAVE } from "../saving/files.js";
import { saveMenu } from "../saving/menu.js";
import { savedPicture } from "../saving/picture.js";

export function select(label, pairs, change) {
  const node = el(
    "select",
    { change: () => change(node.value) },
    ...pairs.map(([value, text]) => el("option", { value }, text)),
  );
  return { node: el("label", {}, el("span", {}, label), node), select: node };
}

/** A figure: its title, what can be chosen, the drawing, and what stands below it. */
export function figure(kind, title, controls, drawing, ...below) {
  const node = el("figure", { class: kind, "data-testid": `view-${kind}` });
  const menu = saveMenu(title, (form) => saveFigure(node, kind, title, form));
  node.append(
    el("figcaption", {}, el("h2", {}, title), el("div", { class: "controls" }, ...controls, menu)),
    drawing,
    ...below,
  );
  return node;
}

/** The figure as it is seen, at the iteration that is shown. */
export function saveFigure(node, kind, title, form) {
  const { journey } = node.closest(".journey"), drawing = node.querySelector("[role=img]");
  label(journey);
  const { text, size } = savedPicture(node, {
    title,
    when: journey.parts.where.textContent,
    said: drawing.getAttribute("aria-label"),
  });
  return SAVE[form](text, size, `backstep-${kind}-iteration-${shownAt(journey, journey.k)}`);
}

/**
 * A press on a drawing, and a drag over it, move the cursor; `iterationAt` is of a place in its
 * pixels.
 */
export function scrubbed(journey, node, iterationAt, pressed = (_event) => {}) {
  const to = (event) => {
    const { left } = node.getBoundingClientRect();
    go(
      journey,
      nearestIndex(journey.run.arrays.iterations.values, iterationAt(event.clientX - left)),
    );
  };
  dress(node, {
    pointerdown: (e) => {
      if (e.button || !e.isPrimary) return;
      pause(journey);
      node.setPointerCapture(e.pointerId);
      journey.dragging = true;
      to(e);
      pressed(e);
    },
    pointermove: (e) => journey.dragging && node.hasPointerCapture(e.pointerId) && to(e),
    pointerup: () => (journey.dragging = false),
    pointercancel: () => (journey.dragging = false),
  }, []);
}

/** Each drawing says in words what it shows at the cursor. */
export function label(journey) {
  const { charts, picture, atlas: map, k } = journey, here = shownAt(journey, k);
  for (const chart of charts) {
    const { lines } = choiceOf(chart), { values, words } = chart;
    const said = lines.map(({ label: text }, i) => `${text} ${values[i].textContent}`).join(", ");
    set(chart.svg, "aria-label", `${words.title}. Iteration ${here}: ${said}.`);
  }
  if (picture) set(picture.svg, "aria-label", pictureInWords(journey));
  set(map.svg, "aria-label", atlasInWords(journey, here));
}

function pictureInWords({ run, picture: { caption, missed } }) {
  const wrong = missed?.textContent ? ` Answered wrong: ${missed.textContent}.` : "";
  return `${TITLES[run.picture.kind]}. ${caption.textContent}${wrong}`;
}

function atlasInWords(journey, here) {
  const { run: { atlas: { layers }, arrays }, k } = journey,
    { name, label: text } = quantityOf(journey);
  const size = (l) => sizeText(arrays[name].values[k * layers.length + l]);
  const each = layers.map((layer, l) => `${layer} ${size(l)}`).join(", ");
  return `Heat map of layers and iterations: ${text}. Iteration ${here}: ${each}.`;
}
