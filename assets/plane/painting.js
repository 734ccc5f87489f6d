// What is seen of the points.

import { MARKERS } from "../looks.js";
import { el, set, svg, write } from "../nodes.js";
import { remove } from "./drawing.js";
import { icon, nameOf } from "./page.js";
import { across, down, EDGE, NEAR, nearest, text } from "./places.js";

export function paint(plane) {
  const { data: { reach, limit }, parts: p, points, cross } = plane,
    X = (x) => across(x, reach),
    Y = (y) => down(y, reach);
  paintMarks(plane);
  set(
    p.cross,
    "d",
    `M${X(cross[0])} ${EDGE.top}V${EDGE.bottom}M${EDGE.left} ${Y(cross[1])}H${EDGE.right}`,
  );
  const here = points[nearest(points, cross, NEAR)];
  set(p.ring, "class", here ? "ring on" : "ring");
  if (here) set(p.ring, "transform", `translate(${X(here[0])} ${Y(here[1])})`);
  write(p.count, `${points.length} of ${limit} points`);
  set(p.clear, "aria-disabled", !points.length);
  set(plane.root, "data-count", points.length);
  paintTable(plane);
}

function paintMarks({ data: { markers, reach }, parts: { marks }, points }) {
  while (marks.childElementCount > points.length) marks.lastChild.remove();
  while (marks.childElementCount < points.length) {
    marks.append(svg("path", { "data-testid": "point" }));
  }
  points.forEach(([x, y, c], k) => {
    const values = {
      class: `mark class${c}`,
      d: MARKERS[markers[c]],
      "data-x": x,
      "data-y": y,
      "data-class": c,
      style: `translate: ${across(x, reach)}px ${down(y, reach)}px`,
    };
    for (const [name, value] of Object.entries(values)) set(marks.children[k], name, value);
  });
}

/** Only while it is open. A button that had the focus gives it to the one that takes its place. */
export function paintTable(plane) {
  const { data, parts: { details, summary, table, head }, points } = plane;
  const now = JSON.stringify([points, data.labels, data.axes]);
  if (!details.open || plane.listed === now) return;
  plane.listed = now;
  const focused = [...table.querySelectorAll("button")].findIndex((b) => b.matches(":focus"));
  table.replaceChildren(head, el("tbody", {}, ...points.map((point, k) => rowOf(plane, point, k))));
  if (focused < 0) return;
  const left = [...table.querySelectorAll("button")];
  (left.at(Math.min(focused, points.length - 1)) ?? summary).focus();
}

function rowOf(plane, [x, y, c], k) {
  const { labels, markers } = plane.data, cell = (...parts) => el("td", {}, ...parts);
  const picture = () => icon(MARKERS[markers[c]], `class${c}`);
  const named = labels.length ? [el("td", { class: "class" }, picture(), nameOf(plane, c))] : [];
  const look = { type: "button", "aria-label": `Remove point ${k + 1}` };
  const button = el("button", { ...look, click: () => remove(plane, k) }, "Remove");
  const head = el("th", { scope: "row" }, String(k + 1));
  return el("tr", {}, head, ...named, cell(text(x)), cell(text(y)), cell(button));
}

export function byKeys(plane, yes) {
  plane.root.classList.toggle("by-keys", yes);
}

/** A sentence, seen and spoken. Keys that repeat are spoken when they rest. */
export function say(plane, sentence, after = 0) {
  clearTimeout(plane.speaking);
  plane.speaking = setTimeout(() => write(plane.parts.status, sentence), after);
}
