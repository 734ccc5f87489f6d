// How the players look alike: the markers of the classes, light or dark.

import { el, set } from "./nodes.js";

export const MARKERS = { // all of about the same area
  circle: "M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0Z",
  square: "M-6.2-6.2H6.2V6.2H-6.2Z",
  "triangle-up": "M0-9.4L9 6.2H-9Z",
  diamond: "M0-8.9L8.9 0 0 8.9-8.9 0Z",
};

/** Light or dark, from the background that the page really has. */
export function paintTheme(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  if (!root.probe) root.append(root.probe = el("span", { hidden: true }));
  root.probe.style.color = background;
  const [r, g, b] =
    (background && getComputedStyle(root.probe).color.match(/[\d.]+/g)?.map(Number)) || [];
  const dark = r === undefined
    ? matchMedia("(prefers-color-scheme: dark)").matches
    : 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  set(root, "data-theme", dark ? "dark" : "light");
}
