// The page of the plane.

import { MARKERS, paintTheme } from "../looks.js";
import { el, set, svg, write } from "../nodes.js";
import { choose, clear } from "./drawing.js";
import { handled, onDigit, onKey } from "./keys.js";
import { byKeys, paint, paintTable } from "./painting.js";
import { across, down, EDGE, ERASE, SIZE, text } from "./places.js";
import { onCancel, onDown, onMove, onUp, under } from "./pointer.js";
import { send } from "./talking.js";

const CROSS = "M-6-6L6 6M6-6L-6 6";
const HINT = "Click or tap to add a point, drag to move it. ";

export function createPlane(parent) {
  const plane = { points: [], cross: [0, 0], tool: 0, parts: {} }, p = plane.parts;
  p.tools = el("fieldset", { class: "tools" });
  p.clear = el("button", { type: "button", click: () => clear(plane) }, "Clear");
  p.status = el("p", { class: "status", role: "status" });
  p.count = el("p", { class: "count" });
  p.keys = el("span", { class: "keys" });
  p.hint = el("p", { class: "hint", id: "hint" }, HINT, p.keys);
  p.table = el("table");
  p.summary = el("summary", {}, "All points as a table");
  const scroll = el("div", { class: "scroll" }, p.table), toggle = () => paintTable(plane);
  p.details = el("details", { toggle }, p.summary, scroll);
  const bar = el("div", { class: "bar" }, p.tools, p.clear);
  const below = el("div", { class: "below" }, p.status, p.count);
  plane.root = rootOf(plane, bar, buildSheet(plane), below, p.hint, p.details);
  plane.root.plane = plane;
  plane.box = el("div", { class: "plane-box" }, plane.root);
  parent.append(plane.box);
  listen(plane);
  return plane;
}

const rootOf = (plane, ...parts) =>
  el("section", {
    class: "plane",
    "data-testid": "plane",
    "aria-label": "Plane to draw data on",
    keydown: (e) => handled(e, onDigit(plane, e)),
    pointerleave: () => plane.press || send(plane),
    focusout: (e) => plane.root.contains(e.relatedTarget) || send(plane),
  }, ...parts);

function buildSheet(plane) {
  const p = plane.parts, layer = (name) => svg("g", { class: name, "aria-hidden": "true" });
  p.grid = layer("grid");
  p.marks = layer("marks");
  p.cross = svg("path", { class: "cross", "aria-hidden": "true" });
  p.ring = svg("circle", { class: "ring", r: 13, "aria-hidden": "true" });
  const look = { class: "sheet", viewBox: `0 0 ${SIZE} ${SIZE}`, tabindex: 0 };
  const role = { role: "application", "aria-describedby": "hint" };
  const layers = [p.grid, p.cross, p.ring, p.marks];
  p.sheet = svg("svg", { ...look, ...role, ...listenersOf(plane) }, ...layers);
  // A finger on a point moves the point; anywhere else it scrolls the page.
  const touched = (e) => under(plane, e.changedTouches[0], "touch") >= 0 && e.preventDefault();
  p.sheet.addEventListener("touchstart", touched, { passive: false });
  return p.sheet;
}

const listenersOf = (plane) => ({
  keydown: (e) => handled(e, onKey(plane, e)),
  focus: () => onFocus(plane),
  pointerdown: (e) => onDown(plane, e),
  pointermove: (e) => onMove(plane, e),
  pointerup: (e) => onUp(plane, e),
  pointercancel: () => onCancel(plane),
});

function onFocus(plane) {
  if (plane.parts.sheet.matches(":focus-visible")) byKeys(plane, true);
  paint(plane);
}

function listen(plane) {
  const scheme = matchMedia("(prefers-color-scheme: dark)"), themed = () => paintTheme(plane.root);
  scheme.addEventListener("change", themed);
  plane.destroy = () => {
    clearTimeout(plane.resting);
    clearTimeout(plane.speaking);
    scheme.removeEventListener("change", themed);
    plane.box.remove();
  };
}

const marker = (path, kind) => svg("path", { class: `mark ${kind}`, d: path });

export const icon = (path, kind) =>
  svg(
    "svg",
    { class: "icon", viewBox: "-11 -11 22 22", "aria-hidden": "true" },
    marker(path, kind),
  );

export const classes = ({ data }) => (data.labels.length ? data.labels : ["Add"]);

export const nameOf = (plane, c) => (plane.data.labels.length ? plane.data.labels[c] : "Point");

export const placeOf = ({ data: { axes } }, [x, y]) =>
  `${axes[0]} ${text(x)}, ${axes[1]} ${text(y)}`;

/** What depends on the classes and the axes. */
export function build(plane) {
  const { data: { axes, reach }, parts: p } = plane, names = classes(plane), [x, y] = axes;
  if (plane.tool >= names.length) plane.tool = 0;
  buildTools(plane, names);
  choose(plane, plane.tool);
  const ends = `both from −${reach} to ${reach}`;
  set(p.sheet, "aria-label", `Plane: ${x} to the right, ${y} upwards, ${ends}`);
  const digits = names.map((_, c) => c + 1).join(", ");
  const chosen = names.length > 1 ? `, ${digits} choose the class` : "";
  write(p.keys, `${KEYS}${chosen}.`);
  buildGrid(plane);
  p.marks.replaceChildren();
  p.head = buildHead(plane);
}

const KEYS = "Keys: arrows move the crosshair (with Shift further), Enter adds, Delete removes";

function buildTools(plane, names) {
  const { data: { markers }, parts: { tools } } = plane;
  const radio = (name, value, picture) => {
    const change = () => choose(plane, value);
    const input = el("input", { type: "radio", name: "tool", value, change });
    return el("label", {}, input, picture, el("span", {}, name));
  };
  tools.replaceChildren(
    el("legend", { class: "unseen" }, "What a click does"),
    ...names.map((name, c) => radio(name, c, icon(MARKERS[markers[c]], `class${c}`))),
    radio("Erase", ERASE, icon(CROSS, "eraser")),
  );
}

function buildHead({ data: { labels, axes } }) {
  const head = (name) => el("th", { scope: "col", class: name === "Class" && "class" }, name);
  const names = ["Point", ...(labels.length ? ["Class"] : []), ...axes];
  return el("thead", {}, el("tr", {}, ...names.map(head), el("td")));
}

function buildGrid({ data: { reach, axes }, parts: p }) {
  const X = (x) => across(x, reach), Y = (y) => down(y, reach), { left, right, top, bottom } = EDGE;
  const ticks = Array.from({ length: 4 * reach + 1 }, (_, k) => k / 2 - reach);
  const line = (v) =>
    svg("path", {
      class: v ? "" : "zero",
      d: `M${X(v)} ${top}V${bottom}M${left} ${Y(v)}H${right}`,
    });
  const label = (v) => String(v).replace("-", "−");
  const word = (x, y, content, more) => svg("text", { x, y, ...more }, content);
  p.grid.replaceChildren(
    svg("rect", { x: left, y: top, width: right - left, height: bottom - top }),
    ...ticks.map(line),
    ...ticks.map((v) => word(X(v), bottom + 22, label(v), { class: "across" })),
    ...ticks.map((v) => word(left - 9, Y(v), label(v), { class: "down" })),
    word((left + right) / 2, SIZE - 8, axes[0], { class: "axis across" }),
    word(0, 0, axes[1], {
      class: "axis across",
      transform: `translate(15 ${(top + bottom) / 2}) rotate(-90)`,
    }),
  );
}
