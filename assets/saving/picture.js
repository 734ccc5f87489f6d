// A part of a page as one picture.

import { svg } from "../nodes.js";
import { flat } from "./flattening.js";

/**
 * A part of a page as a picture: a line above it says `when`, and `said` is what it shows in words.
 */
export function savedPicture(node, { title, when, said }) {
  const air = 12,
    line = 24,
    look = getComputedStyle(node),
    paint = (name) => look.getPropertyValue(name).trim();
  const { left, right, top, height } = reachOf(node),
    size = { width: Math.ceil(right - left + 2 * air), height: Math.ceil(height + line + 2 * air) };
  const copy = svg(
    "svg",
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      ...size,
      role: "img",
      "font-family": look.fontFamily,
    },
    svg("title", {}, `${title}. ${when}`),
    svg("desc", {}, said),
    svg("rect", { ...size, fill: paint("--page") }),
    svg("text", {
      x: air,
      y: air + line / 2,
      dy: "0.35em",
      fill: paint("--muted"),
      "font-size": "14px",
    }, when),
    svg("g", {
      transform: `translate(${(air - left).toFixed(2)} ${(air + line - top).toFixed(2)})`,
    }, ...flat(node)),
  );
  return { text: new XMLSerializer().serializeToString(copy), size };
}

/** The box of a node, with what of its tables is scrolled out of sight. */
export function reachOf(node) {
  const { top, height } = node.getBoundingClientRect(),
    boxes = [node, ...node.querySelectorAll("table")].map((part) => part.getBoundingClientRect());
  return {
    top,
    height,
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
  };
}
