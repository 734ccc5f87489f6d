// A part of a page as one picture.

import { svg } from "../nodes.js";
import { flat } from "./flattening.js";

const AIR = 12, LINE = 24; // pixels around the part, and for the line above it

/**
 * A part of a page as a picture: a line above it says `when`, and `said` is what it shows in words.
 */
export function savedPicture(node, { title, when, said }) {
  const look = getComputedStyle(node), paint = (name) => look.getPropertyValue(name).trim();
  const { left, right, top, height } = reachOf(node);
  const size = {
    width: Math.ceil(right - left + 2 * AIR),
    height: Math.ceil(height + LINE + 2 * AIR),
  };
  const viewBox = `0 0 ${size.width} ${size.height}`;
  const words = { x: AIR, y: AIR + LINE / 2, dy: "0.35em", fill: paint("--muted") };
  const moved = `translate(${(AIR - left).toFixed(2)} ${(AIR + LINE - top).toFixed(2)})`;
  const copy = svg(
    "svg",
    { viewBox, ...size, role: "img", "font-family": look.fontFamily },
    svg("title", {}, `${title}. ${when}`),
    svg("desc", {}, said),
    svg("rect", { ...size, fill: paint("--page") }),
    svg("text", { ...words, "font-size": "14px" }, when),
    svg("g", { transform: moved }, ...flat(node)),
  );
  return { text: new XMLSerializer().serializeToString(copy), size };
}

/** The box of a node, with what of its tables is scrolled out of sight. */
export function reachOf(node) {
  const { top, height } = node.getBoundingClientRect(),
    parts = [node, ...node.querySelectorAll("table")];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  return { top, height, left, right: Math.max(...boxes.map((box) => box.right)) };
}
