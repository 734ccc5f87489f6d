// HTML as SVG: texts line by line, drawings, canvases and grounds, all where they are seen.

import { dress, svg } from "../nodes.js";
import { copyOf, plainColour } from "./copying.js";

export const FLAT = {
  svg: (node, { x, y, width, height }) => [dress(copyOf(node), { x, y, width, height }, [])],
  canvas: (
    node,
    { x, y, width, height },
  ) => [svg("image", { href: node.toDataURL(), x, y, width, height, preserveAspectRatio: "none" })],
  select: (
    node,
    { x, y, width, height },
  ) => [
    textOf({
      text: node.selectedOptions[0]?.text ?? "",
      left: x,
      right: x + width,
      y: y + height / 2,
    }, node),
  ],
  input: () => [],
};

/**
 * What is seen of an HTML node as SVG: texts line by line, drawings, canvases and grounds, all
 * where they are.
 */
export function flat(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    return textLines(node).map((line) => textOf(line, node.parentElement));
  }
  if (node.nodeType !== Node.ELEMENT_NODE || !isSeen(node)) return [];
  const paint = FLAT[node.localName];
  return paint
    ? paint(node, node.getBoundingClientRect())
    : [...groundOf(node), ...[...node.childNodes].flatMap(flat)];
}

/**
 * Buttons that save, what is for listeners alone, and a choice that is not made are no part of a
 * picture.
 */
export function isSeen(node) {
  const { display, visibility } = getComputedStyle(node);
  return display !== "none" && visibility === "visible" && !node.matches(".unseen, .save") &&
    node.querySelector(":scope > input[type=checkbox]")?.checked !== false;
}

export function groundOf(node) {
  const { backgroundColor: fill } = getComputedStyle(node),
    { x, y, width, height } = node.getBoundingClientRect();
  return node.localName === "button" || !width || /^(transparent|rgba\(.*, 0\))$/.test(fill)
    ? []
    : [svg("rect", { x, y, width, height, fill: plainColour(fill) })];
}

/** The lines into which a text is broken, and where they are; y is their middle. */
export function textLines(node) {
  const range = document.createRange(), lines = [];
  for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const { left, right, top, bottom } = range.getBoundingClientRect(),
      y = (top + bottom) / 2,
      line = lines.at(-1);
    if (line && Math.abs(line.y - y) < 2) {
      Object.assign(line, { text: `${line.text} ${word}`, right });
    } else if (right > left) lines.push({ text: word, left, right, y });
  }
  return lines;
}

export function textOf({ text, left, right, y }, node) {
  const { color, fontSize, fontWeight } = getComputedStyle(node),
    length = node.localName === "select"
      ? {}
      : { textLength: (right - left).toFixed(1), lengthAdjust: "spacingAndGlyphs" };
  return svg("text", {
    x: left.toFixed(1),
    y: y.toFixed(1),
    dy: "0.35em",
    fill: plainColour(color),
    "font-size": fontSize,
    "font-weight": fontWeight,
    ...length,
  }, text);
}
