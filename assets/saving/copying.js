// A saved picture is complete in itself: each look of a drawing is written out, nothing is asked of
// anywhere.

import { dress, svg } from "../nodes.js";

export const SHAPE = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "vector-effect",
];

export const TEXT = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-linejoin",
  "paint-order",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "dominant-baseline",
];

// what need not be written
export const PLAIN = { opacity: "1", "vector-effect": "none", "dominant-baseline": "auto" };

export const PLACE = [
  "transform",
  "x",
  "y",
  "dy",
  "x1",
  "y1",
  "x2",
  "y2",
  "cx",
  "cy",
  "r",
  "d",
  "width",
  "height",
  "viewBox",
  "clip-path",
  "id",
];

export const HOLDERS = ["g", "svg", "clipPath"];

/**
 * A copy of a drawn node with its look as attributes; null for what is not seen, unless `kept` says
 * otherwise.
 */
export function copyOf(node, kept = (_node) => false) {
  const look = getComputedStyle(node), copy = svg(node.localName);
  if (isHidden(node, look) && !kept(node)) return null;
  for (const name of PLACE) {
    if (node.hasAttribute(name)) copy.setAttribute(name, node.getAttribute(name));
  }
  if (look.opacity !== "1") copy.setAttribute("opacity", look.opacity);
  if (HOLDERS.includes(node.localName)) copy.append(...copiesOf(node, kept));
  else if (node.localName === "text") wearText(copy, node, look);
  else for (const name of SHAPE) wear(copy, name, look.getPropertyValue(name));
  return copy;
}

const isHidden = ({ localName }, { display, visibility }) =>
  display === "none" || visibility === "hidden" || localName === "title";

/** A text is as wide as it was: another font must not make the numbers wider. */
function wearText(copy, node, look) {
  for (const name of TEXT) wear(copy, name, look.getPropertyValue(name));
  const length = node.getComputedTextLength();
  if (length) dress(copy, { textLength: length.toFixed(1), lengthAdjust: "spacingAndGlyphs" }, []);
  copy.textContent = node.textContent;
}

export const copiesOf = (node, kept) =>
  [...node.children].map((child) => copyOf(child, kept)).filter(Boolean);

export function wear(copy, name, value) {
  if (value && value !== PLAIN[name]) copy.setAttribute(name, plainColour(value));
}

/** A mixed colour in the words that every program knows. */
export function plainColour(value) {
  const mixed = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/);
  return mixed
    ? `#${
      mixed.slice(1).map((part) => Math.round(255 * part).toString(16).padStart(2, "0")).join("")
    }`
    : value;
}
