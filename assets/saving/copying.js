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
  const look = getComputedStyle(node), text = node.localName === "text", copy = svg(node.localName);
  if (
    (look.display === "none" || look.visibility === "hidden" || node.localName === "title") &&
    !kept(node)
  ) return null;
  for (const name of PLACE) {
    if (node.hasAttribute(name)) copy.setAttribute(name, node.getAttribute(name));
  }
  if (look.opacity !== "1") copy.setAttribute("opacity", look.opacity);
  if (HOLDERS.includes(node.localName)) return copy.append(...copiesOf(node, kept)), copy;
  for (const name of text ? TEXT : SHAPE) wear(copy, name, look.getPropertyValue(name));
  // another font must not make the numbers wider
  const length = text ? node.getComputedTextLength() : 0;
  if (length) dress(copy, { textLength: length.toFixed(1), lengthAdjust: "spacingAndGlyphs" }, []);
  copy.textContent = text ? node.textContent : "";
  return copy;
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
