// The diagram as it is seen becomes a file.

import { svg } from "../nodes.js";
import { copiesOf } from "../saving/copying.js";
import { SAVE } from "../saving/files.js";
import { spoken } from "./painting.js";
import { now } from "./values.js";

/**
 * The diagram as it is seen, complete in itself: every look is written out, and nothing is asked of
 * anywhere.
 */
function pictured(player) {
  const { drawing, root, data } = player, box = margined(drawing), look = getComputedStyle(root);
  const viewBox = `${box.x} ${box.y} ${box.width} ${box.height}`, { width, height } = box;
  const ground = { ...box, fill: look.getPropertyValue("--page").trim() };
  return svg(
    "svg",
    { viewBox, width, height, role: "img", "font-family": look.fontFamily },
    svg("title", {}, `${sizesOf(data)}: ${now(player).title}`),
    svg("desc", {}, spoken(player).trim()),
    svg("rect", ground),
    ...copiesOf(drawing, isHead),
  );
}

/** The box of the saved picture: with some air above the titles. */
const margined = ({ viewBox: { baseVal: { x, y, width, height } } }, air = 12) => ({
  x,
  y: y - air,
  width,
  height: height + air,
});

/** The heads are saved in any case, if only in another form. */
const isHead = (node) => node.matches(".title, .activation");

const sizesOf = ({ layers }) => layers.map(({ width }) => width).join("-");

export function save(player, kind) {
  const step = now(player).steps.at(-1),
    text = new XMLSerializer().serializeToString(pictured(player));
  return SAVE[kind](text, margined(player.drawing), `backstep-${sizesOf(player.data)}-${step}`);
}
