// Where a network is too large to be drawn, each layer is a bar, as high as its numbers are large.

import { el, set } from "../nodes.js";
import { number } from "../numbers.js";
import { go, pause } from "./moving.js";
import { now, shownName } from "./values.js";
import { symbolAt } from "./walking.js";

// Where a network is too large to be drawn, each layer is a bar, as high as its numbers are large.
const SMALLEST = -8, LARGEST = 1; // powers of ten at the foot and at the top of a bar

export function buildStrip(player) {
  const { data: { layers, picture, build } } = player;
  player.strip = layers.map((_, l) =>
    el("button", {
      type: "button",
      class: "bar",
      "data-layer": l,
      tabindex: -1,
      click: () => goToLayer(player, l),
    }, el("span"))
  );
  player.said = el(
    "p",
    { class: "sentence" },
    picture.sentence,
    build?.more ? ` ${build.more}` : "",
  );
  const bars = el("div", {
    class: "strip",
    role: "group",
    "aria-label": "Layers",
    keydown: (event) => onStripKey(player, event),
  }, ...player.strip);
  return el("div", { class: "layers" }, bars, player.said);
}

export function paintStrip(player) {
  const { data, at } = player, scene = now(player), sizes = data.traces[at.iteration]?.sizes ?? {};
  player.strip.forEach((node, l) => {
    const symbol = symbolAt(scene.units, l), size = symbol ? sizes[symbol]?.[l]?.[0] : undefined;
    const share = size > 0
      ? (Math.log10(size) - SMALLEST) / (LARGEST - SMALLEST)
      : typeof size === "string"
      ? 1
      : 0;
    node.style.setProperty("--share", Math.max(0, Math.min(1, share)));
    node.classList.toggle("lit", l === scene.layer || scene.lit.units.includes(l));
    set(node, "tabindex", l === Math.min(scene.layer, player.strip.length - 1) ? 0 : -1);
    const { title, width, activation } = data.layers[l],
      shown = size === undefined ? "" : `, size of ${shownName(symbol, l)} ${number(size)}`;
    for (const name of ["aria-label", "title"]) {
      set(node, name, `${title}: ${width} units${activation && `, ${activation}`}${shown}`);
    }
  });
}

/** The same step in another layer; where it has none, the first that it has. */
function goToLayer(player, l) {
  const { symbol } = now(player), of = (scene) => scene.layer === Math.max(1, l);
  const index = player.walk.findIndex((scene) => of(scene) && scene.symbol === symbol);
  const there = index < 0 ? player.walk.findIndex(of) : index;
  if (there < 0) return;
  pause(player);
  go(player, { index: there });
}

function onStripKey(player, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key],
    l = Number(event.target.dataset.layer) + by;
  if (!by || !player.strip[l]) return;
  event.preventDefault();
  goToLayer(player, l);
  player.strip[l].focus();
}
