// The plane: users draw a data set by clicking points onto it. It knows points, and nothing of what they are for.
//
// Python passes the points; whenever the user has changed them, the whole new list goes back ("drawn", with a number
// that counts the turns). Python repeats the number of the last turn that it has heard, so that an answer which is
// under way while somebody goes on drawing takes nothing away: see `receive`.
// One plane lives on the root element for as long as that element exists:
//   plane.data    what Python sent     plane.points  [[x, y, class], …]     plane.cross  the crosshair [x, y]
//   plane.parts   its nodes            plane.press   a pointer that is down  plane.tool   a class, or ERASE
//
//   1 Pure functions   2 The page   3 Painting   4 Drawing   5 Pointer   6 Keys   7 Talking to Python

// ── 1 Pure functions ─────────────────────────────────────────────────────────────────────────────────────────

const SIZE = 480, EDGE = { left: 58, right: 466, top: 8, bottom: 416 }; // of the picture, in its own units
const NEAR = 0.1; // a point that is as near to the crosshair as this is under it
const ERASE = -1;

/** Two decimals, inside the plane, never −0. */
const fitted = (v, reach) => Math.round(100 * Math.max(-reach, Math.min(reach, v))) / 100 || 0;

const text = (v) => v.toFixed(2).replace("-", "−");

/** The index of the point nearest to a place, at most `most` away; -1 if there is none. The later of two, as it lies above. */
function nearest(points, [x, y], most) {
  const away = points.map(([px, py]) => Math.hypot(px - x, py - y)), least = Math.min(...away);
  return least <= most ? away.lastIndexOf(least) : -1;
}

const scaleOf = (reach) => (EDGE.right - EDGE.left) / (2 * reach);
const across = (x, reach) => EDGE.left + (x + reach) * scaleOf(reach);
const down = (y, reach) => EDGE.bottom - (y + reach) * scaleOf(reach);
const isIn = ([x, y], reach) => Math.max(Math.abs(x), Math.abs(y)) <= reach + 0.08;

const without = (list, index) => list.filter((_, k) => k !== index);

// ── 2 The page ───────────────────────────────────────────────────────────────────────────────────────────────

const CROSS = "M-6-6L6 6M6-6L-6 6";

function createPlane(parent) {
  const plane = { points: [], cross: [0, 0], tool: 0, parts: {} }, p = plane.parts;
  p.tools = el("fieldset", { class: "tools" });
  p.clear = el("button", { type: "button", click: () => clear(plane) }, "Clear");
  p.grid = svg("g", { class: "grid", "aria-hidden": "true" });
  p.marks = svg("g", { class: "marks", "aria-hidden": "true" });
  p.cross = svg("path", { class: "cross", "aria-hidden": "true" });
  p.ring = svg("circle", { class: "ring", r: 13, "aria-hidden": "true" });
  p.sheet = svg("svg", {
    class: "sheet", viewBox: `0 0 ${SIZE} ${SIZE}`, tabindex: 0, role: "application", "aria-describedby": "hint",
    keydown: (e) => handled(e, onKey(plane, e)),
    focus: () => (p.sheet.matches(":focus-visible") && byKeys(plane, true), paint(plane)),
    pointerdown: (e) => onDown(plane, e), pointermove: (e) => onMove(plane, e), pointerup: (e) => onUp(plane, e),
    pointercancel: () => onCancel(plane),
  }, p.grid, p.cross, p.ring, p.marks);
  // A finger on a point moves the point; anywhere else it scrolls the page.
  p.sheet.addEventListener("touchstart", (e) => under(plane, e.changedTouches[0], "touch") >= 0 && e.preventDefault(), { passive: false });
  p.status = el("p", { class: "status", role: "status" });
  p.count = el("p", { class: "count" });
  p.keys = el("span", { class: "keys" });
  p.hint = el("p", { class: "hint", id: "hint" }, "Click or tap to add a point, drag to move it. ", p.keys);
  p.table = el("table");
  p.summary = el("summary", {}, "All points as a table");
  p.details = el("details", { toggle: () => paintTable(plane) }, p.summary, el("div", { class: "scroll" }, p.table));
  plane.root = el("section", {
    class: "plane", "data-testid": "plane", "aria-label": "Plane to draw data on",
    keydown: (e) => handled(e, onDigit(plane, e)), pointerleave: () => plane.press || send(plane),
    focusout: (e) => plane.root.contains(e.relatedTarget) || send(plane),
  }, el("div", { class: "bar" }, p.tools, p.clear), p.sheet, el("div", { class: "below" }, p.status, p.count), p.hint, p.details);
  plane.root.plane = plane;
  plane.box = el("div", { class: "plane-box" }, plane.root);
  parent.append(plane.box);
  const scheme = matchMedia("(prefers-color-scheme: dark)"), themed = () => paintTheme(plane.root);
  scheme.addEventListener("change", themed);
  plane.destroy = () => (clearTimeout(plane.resting), clearTimeout(plane.speaking), scheme.removeEventListener("change", themed), plane.box.remove());
  return plane;
}

const marker = (path, kind) => svg("path", { class: `mark ${kind}`, d: path });
const icon = (path, kind) => svg("svg", { class: "icon", viewBox: "-11 -11 22 22", "aria-hidden": "true" }, marker(path, kind));
const classes = ({ data }) => (data.labels.length ? data.labels : ["Add"]);
const nameOf = (plane, c) => (plane.data.labels.length ? plane.data.labels[c] : "Point");
const placeOf = ({ data: { axes } }, [x, y]) => `${axes[0]} ${text(x)}, ${axes[1]} ${text(y)}`;

/** What depends on the classes and the axes. */
function build(plane) {
  const { data: { markers, axes, reach, labels }, parts: p } = plane, names = classes(plane);
  if (plane.tool >= names.length) plane.tool = 0;
  const radio = (name, tool, picture) => el("label", {},
    el("input", { type: "radio", name: "tool", value: tool, change: () => choose(plane, tool) }), picture, el("span", {}, name));
  p.tools.replaceChildren(el("legend", { class: "unseen" }, "What a click does"),
    ...names.map((name, c) => radio(name, c, icon(MARKERS[markers[c]], `class${c}`))), radio("Erase", ERASE, icon(CROSS, "eraser")));
  choose(plane, plane.tool);
  set(p.sheet, "aria-label", `Plane: ${axes[0]} to the right, ${axes[1]} upwards, both from −${reach} to ${reach}`);
  const digits = names.length > 1 ? `, ${names.map((_, c) => c + 1).join(", ")} choose the class` : "";
  write(p.keys, `Keys: arrows move the crosshair (with Shift further), Enter adds, Delete removes${digits}.`);
  buildGrid(plane);
  p.marks.replaceChildren();
  p.head = el("thead", {}, el("tr", {}, ...["Point", ...(labels.length ? ["Class"] : []), ...axes, ""].map((name) =>
    (name ? el("th", { scope: "col", class: name === "Class" && "class" }, name) : el("td")))));
}

function buildGrid({ data: { reach, axes }, parts: p }) {
  const X = (x) => across(x, reach), Y = (y) => down(y, reach), { left, right, top, bottom } = EDGE;
  const ticks = Array.from({ length: 4 * reach + 1 }, (_, k) => k / 2 - reach);
  const line = (v) => svg("path", { class: v ? "" : "zero", d: `M${X(v)} ${top}V${bottom}M${left} ${Y(v)}H${right}` });
  const label = (v) => String(v).replace("-", "−");
  const word = (x, y, content, more) => svg("text", { x, y, ...more }, content);
  p.grid.replaceChildren(
    svg("rect", { x: left, y: top, width: right - left, height: bottom - top }), ...ticks.map(line),
    ...ticks.map((v) => word(X(v), bottom + 22, label(v), { class: "across" })),
    ...ticks.map((v) => word(left - 9, Y(v), label(v), { class: "down" })),
    word((left + right) / 2, SIZE - 8, axes[0], { class: "axis across" }),
    word(0, 0, axes[1], { class: "axis across", transform: `translate(15 ${(top + bottom) / 2}) rotate(-90)` }));
}

// ── 3 Painting ───────────────────────────────────────────────────────────────────────────────────────────────

function paint(plane) {
  const { data: { reach, limit }, parts: p, points, cross } = plane, X = (x) => across(x, reach), Y = (y) => down(y, reach);
  paintMarks(plane);
  set(p.cross, "d", `M${X(cross[0])} ${EDGE.top}V${EDGE.bottom}M${EDGE.left} ${Y(cross[1])}H${EDGE.right}`);
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
  while (marks.childElementCount < points.length) marks.append(svg("path", { "data-testid": "point" }));
  points.forEach(([x, y, c], k) => {
    const values = {
      class: `mark class${c}`, d: MARKERS[markers[c]], "data-x": x, "data-y": y, "data-class": c,
      style: `translate: ${across(x, reach)}px ${down(y, reach)}px`,
    };
    for (const [name, value] of Object.entries(values)) set(marks.children[k], name, value);
  });
}

/** Only while it is open. A button that had the focus gives it to the one that takes its place. */
function paintTable(plane) {
  const { data, parts: { details, summary, table, head }, points } = plane, now = JSON.stringify([points, data.labels, data.axes]);
  if (!details.open || plane.listed === now) return;
  plane.listed = now;
  const focused = [...table.querySelectorAll("button")].findIndex((b) => b.matches(":focus"));
  const line = ([x, y, c], k) => el("tr", {},
    el("th", { scope: "row" }, String(k + 1)),
    ...(data.labels.length ? [el("td", { class: "class" }, icon(MARKERS[data.markers[c]], `class${c}`), nameOf(plane, c))] : []),
    el("td", {}, text(x)), el("td", {}, text(y)),
    el("td", {}, el("button", { type: "button", "aria-label": `Remove point ${k + 1}`, click: () => remove(plane, k) }, "Remove")));
  table.replaceChildren(head, el("tbody", {}, ...points.map(line)));
  if (focused >= 0) ([...table.querySelectorAll("button")].at(Math.min(focused, points.length - 1)) ?? summary).focus();
}

function byKeys(plane, yes) {
  plane.root.classList.toggle("by-keys", yes);
}

/** A sentence, seen and spoken. Keys that repeat are spoken when they rest. */
function say(plane, sentence, after = 0) {
  clearTimeout(plane.speaking);
  plane.speaking = setTimeout(() => write(plane.parts.status, sentence), after);
}

// ── 4 Drawing ────────────────────────────────────────────────────────────────────────────────────────────────

function choose(plane, tool) {
  plane.tool = tool;
  plane.root.classList.toggle("erasing", tool === ERASE);
  plane.parts.tools.querySelector(`[value="${tool}"]`).checked = true;
}

function change(plane, points, sentence) {
  plane.points = points;
  paint(plane);
  say(plane, sentence);
  rest(plane);
}

function add(plane, place) {
  const { points, tool, data: { limit, reach } } = plane, [x, y] = place.map((v) => fitted(v, reach));
  plane.cross = [x, y];
  if (points.length >= limit) return say(plane, `At most ${limit} points: remove one to add another.`), paint(plane);
  if (points.some(([px, py]) => px === x && py === y)) return say(plane, "There is a point here already."), paint(plane);
  return change(plane, [...points, [x, y, tool]], `${nameOf(plane, tool)} added at ${placeOf(plane, [x, y])}.`);
}

function remove(plane, index) {
  const point = plane.points[index];
  if (!point) return say(plane, "There is no point here.");
  return change(plane, without(plane.points, index), `${nameOf(plane, point[2])} removed at ${placeOf(plane, point)}.`);
}

function clear(plane) {
  if (plane.points.length) change(plane, [], "All points removed.");
}

// ── 5 Pointer ────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a pointer is, in the plane's own units. */
function placed({ data: { reach }, parts: { sheet } }, { clientX, clientY }) {
  const box = sheet.getBoundingClientRect(), unit = (SIZE / box.width) / scaleOf(reach);
  const x = (clientX - box.left) * unit - EDGE.left / scaleOf(reach) - reach;
  return [x, EDGE.bottom / scaleOf(reach) - reach - (clientY - box.top) * unit];
}

/** The point under a pointer; a finger needs more room. */
function under(plane, event, type) {
  const pixels = type === "touch" ? 18 : 10, { width } = plane.parts.sheet.getBoundingClientRect();
  return nearest(plane.points, placed(plane, event), ((pixels * SIZE) / width) / scaleOf(plane.data.reach));
}

function onDown(plane, event) {
  if (event.button || !event.isPrimary) return;
  const index = under(plane, event, event.pointerType);
  byKeys(plane, false);
  clearTimeout(plane.resting); // half of a drag is never told
  plane.press = { index, from: event, start: plane.points[index], moved: false };
  plane.parts.sheet.setPointerCapture(event.pointerId);
}

function onMove(plane, event) {
  const { press, points, data: { reach } } = plane;
  if (!press) return plane.parts.sheet.classList.toggle("over", under(plane, event, event.pointerType) >= 0);
  const slip = event.pointerType === "touch" ? 8 : 4, { from, start, index } = press;
  press.moved ||= Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > slip;
  if (!press.moved || index < 0 || plane.tool === ERASE) return;
  const [now, then] = [placed(plane, event), placed(plane, from)];
  plane.cross = [0, 1].map((k) => fitted(start[k] + now[k] - then[k], reach));
  plane.points = points.with(index, [...plane.cross, start[2]]);
  paint(plane);
}

function onUp(plane, event) {
  const { press, points, tool, parts: { sheet } } = plane;
  if (!press) return;
  plane.press = null;
  rest(plane);
  sheet.focus({ preventScroll: true });
  const { index, moved } = press, place = placed(plane, event);
  if (moved && index >= 0 && tool !== ERASE) return moveEnded(plane, index);
  if (moved || !isIn(place, plane.data.reach)) return;
  if (index < 0 && tool !== ERASE) return add(plane, place);
  plane.cross = (points[index] ?? place.map((v) => fitted(v, plane.data.reach))).slice(0, 2);
  if (tool === ERASE) return remove(plane, index), paint(plane);
  paint(plane);
  say(plane, `${nameOf(plane, points[index][2])} at ${placeOf(plane, plane.cross)}.`);
}

function moveEnded(plane, index) {
  const point = plane.points[index];
  change(plane, plane.points, `${nameOf(plane, point[2])} moved to ${placeOf(plane, point)}.`);
}

function onCancel(plane) {
  const { press } = plane;
  plane.press = null;
  rest(plane);
  if (press?.moved && press.index >= 0) moveEnded(plane, press.index);
}

// ── 6 Keys ───────────────────────────────────────────────────────────────────────────────────────────────────

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function handled(event, yes) {
  if (!yes) return;
  event.preventDefault();
  event.stopPropagation();
}

const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

/** The digits choose a class wherever in the plane the focus is. */
function onDigit(plane, event) {
  const c = Number(event.key) - 1, names = classes(plane);
  if (modified(event) || names.length < 2 || !names[c]) return false;
  choose(plane, c);
  say(plane, `Class ${names[c]}.`);
  return true;
}

function onKey(plane, event) {
  const { key } = event;
  if (modified(event) || !(ARROWS[key] || ["Enter", " ", "Delete", "Backspace"].includes(key))) return false;
  byKeys(plane, true);
  if (ARROWS[key]) moveCross(plane, ARROWS[key], event.shiftKey ? 0.25 : 0.05);
  else if (event.repeat) return true;
  else if (key === "Delete" || key === "Backspace" || plane.tool === ERASE) remove(plane, nearest(plane.points, plane.cross, NEAR));
  else add(plane, plane.cross);
  return true;
}

function moveCross(plane, [right, up], step) {
  const { cross: [x, y], data: { reach } } = plane;
  plane.cross = [fitted(x + step * right, reach), fitted(y + step * up, reach)];
  paint(plane);
  const here = plane.points[nearest(plane.points, plane.cross, NEAR)];
  say(plane, `${placeOf(plane, plane.cross)}${here ? `: ${nameOf(plane, here[2])} here` : ""}.`, 150);
}

// ── 7 Talking to Python ──────────────────────────────────────────────────────────────────────────────────────

function rest(plane) {
  clearTimeout(plane.resting);
  plane.resting = setTimeout(() => send(plane), 150);
}

function send(plane) {
  clearTimeout(plane.resting);
  const now = JSON.stringify(plane.points);
  if (now === plane.told) return;
  plane.told = now;
  plane.turn += 1;
  plane.tell("drawn", { turn: plane.turn, points: plane.points });
}

/** What Python says counts once it has heard all that was said here, and only if it is not just that. */
function receive(plane, data) {
  const frame = JSON.stringify([data.labels, data.axes, data.markers]), points = JSON.stringify(data.points);
  plane.data = data;
  plane.turn ??= data.turn;
  const differs = data.turn === plane.turn && points !== plane.told, rebuilt = frame !== plane.frame;
  if (rebuilt) (plane.frame = frame, build(plane));
  if (differs) replace(plane, data.points);
  if (differs || rebuilt) paint(plane);
}

function replace(plane, points) {
  clearTimeout(plane.resting);
  plane.press = null;
  plane.points = points;
  plane.told = JSON.stringify(points);
}

export default function ({ data, parentElement, setStateValue }) {
  const plane = parentElement.querySelector("[data-testid=plane]")?.plane ?? createPlane(parentElement);
  plane.tell = setStateValue;
  paintTheme(plane.root);
  receive(plane, data);
  return () => plane.destroy();
}
