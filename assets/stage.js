// The stage player: it plays the scenes that figures/stage.py wrote, and knows nothing of backpropagation.
// Python decides what a step shows; this file only puts it on the screen.
//
// How it is organised. One player lives on the root element for as long as that element exists:
//   player.data    what Python sent            player.at     where we are: iteration, sample, index, unit, grain
//   player.parts   the fixed parts of the page player.cards, player.units, player.edges …   what has been built
// Everything is built once for each `data.id`. A step then only fills in numbers and moves classes:
//   a key, a button, the scrubber -> go() -> paint() -> paintWhere, paintExplanation, paintDiagram, …
// Each paint function remembers what it has painted and touches only what differs.
// A "slot" is a node whose text is a value: fill() writes them all for an environment such as {j: 1, s: 0}.
//
//   1 Pure functions   2 Small tools   3 Values   4 The page   5 Explanation   6 Diagram   7 Matrices
//   8 Derivation   9 Table   10 Moving   11 Keys   12 Building   13 Predicting   14 Saving   15 Talking to Python   16 Life

// ── 1 Pure functions ─────────────────────────────────────────────────────────────────────────────────────────

/** "W 1 j i" -> {symbol, layer, row, column}; row and column are numbers or names of variables. */
function parseRef(ref) {
  const [symbol, layer, row, column] = ref.split(" ");
  const index = (text) => (/^\d+$/.test(text ?? "") ? Number(text) : text);
  return { symbol, layer: Number(layer), row: index(row), column: index(column) };
}

/** At most `limit` neighbouring indices out of 0 … count-1, with `mark` among them. */
function windowAround(count, mark, limit) {
  const size = Math.min(count, limit);
  const start = Math.max(0, Math.min((mark ?? 0) - Math.floor(size / 2), count - size));
  return Array.from({ length: size }, (_, k) => start + k);
}

/** How many columns each matrix may show so that all together are at most `budget`, each at most 12. */
function shareColumns(counts, budget) {
  const shown = counts.map((count) => Math.min(count, 12));
  const total = () => shown.reduce((sum, n) => sum + n, 0);
  for (let widest = Math.max(...shown); total() > budget && widest > 2; widest = Math.max(...shown))
    shown[shown.lastIndexOf(widest)] -= 1;
  return shown;
}

/** The segments of a scrubber: one for each stop, or of very many stops one for each phase. */
function segmentsOf(phases, most = 120) {
  const found = [];
  phases.forEach((phase, k) => {
    if (phases.length > most && phases[k - 1] === phase) found.at(-1).to = k;
    else found.push({ from: k, to: k });
  });
  return found;
}

/** What a layer shows: [layer, symbol] stand where it is another than in the layer below. */
function symbolAt(changes, layer) {
  return changes?.findLast(([first]) => first <= layer)?.[1];
}

/** The index of the stop that contains the step. */
function stopOf(walk, step) {
  return Math.max(0, walk.findIndex((scene) => scene.steps.includes(step)));
}

/** The place one stop on (+1) or back (-1), through the iterations first … last; null beyond either end. */
function neighbour({ iteration, index }, direction, stops, last, first = 0) {
  const there = index + direction;
  if (there >= 0 && there < stops) return { iteration, index: there };
  if (iteration + direction < first || iteration + direction > last) return null;
  return { iteration: iteration + direction, index: direction > 0 ? 0 : stops - 1 };
}

/** The 95th percentile of the sizes of the finite numbers in some matrices; never 0. */
function scaleOf(matrices) {
  const sizes = matrices.flat(2).filter((v) => typeof v === "number" && v !== 0).map(Math.abs).sort((p, q) => p - q);
  return sizes[Math.floor(0.95 * (sizes.length - 1))] || 1;
}

/** The variables of the formulas: j, i from the unit in focus if it is of this layer, s from the sample. */
function environment(unit, layer, sample) {
  const here = unit[0] === layer;
  return { j: here ? unit[1] : 0, i: here && unit.length === 3 ? unit[2] : 0, k: 0, r: 0, s: Math.max(sample, 0) };
}

/** The first eight of 0 … count-1 and the last; -1 stands for those left out. */
function shownTerms(count, most = 8) {
  if (count <= most + 1) return Array.from({ length: count }, (_, k) => k);
  return [...Array.from({ length: most }, (_, k) => k), -1, count - 1];
}

/** Where along each connection its number stands: near t, off the other numbers, and off the other connections. */
function labelPlaces(lines, width, height, t) {
  const placed = [], steps = Array.from({ length: 33 }, (_, k) => 0.1 + 0.025 * k);
  const heightOf = ({ x1, y1, x2, y2 }, x) => y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
  const overlap = (p, q) => Math.max(0, width - Math.abs(p.x - q.x)) * Math.max(0, height - Math.abs(p.y - q.y));
  const crossed = (p, line) => [-0.4, 0, 0.4].filter((f) => Math.abs(heightOf(line, p.x + f * width) - p.y) < height / 2).length;
  for (const line of lines) {
    const others = lines.filter((other) => other !== line);
    const options = steps.map((u) => {
      const p = { x: line.x1 + u * (line.x2 - line.x1) }, away = 300 * Math.abs(u - t);
      p.y = heightOf(line, p.x);
      const cost = away + placed.reduce((sum, q) => sum + 9 * overlap(p, q), 0) + others.reduce((sum, o) => sum + 25 * crossed(p, o), 0);
      return { p, cost };
    });
    placed.push(options.reduce((best, option) => (option.cost < best.cost ? option : best)).p);
  }
  return placed;
}

// ── 2 Small tools ────────────────────────────────────────────────────────────────────────────────────────────

const NAMES = { delta: "δ", slope: "f′(z)", W_new: "new W", b_new: "new b", eta: "η", mean: "μ", mean_s: "μ", sigma: "σ", sigma_s: "σ",
  mean_delta: "mean of δ", mean_delta_s: "mean of δ", mean_delta_n: "mean of δ n", mean_delta_n_s: "mean of δ n" };
const shownName = (symbol, layer) => (symbol === "a" && layer === 0 ? "x" : NAMES[symbol] ?? symbol);

const parsed = new Map();
/** A fresh node for one of our own MathML formulas; each is parsed once. */
function math(markup) {
  if (!parsed.has(markup)) parsed.set(markup, new DOMParser().parseFromString(markup, "text/html").body.firstElementChild);
  return document.importNode(parsed.get(markup), true);
}
const rich = (text) => (text.startsWith("<math") ? math(text) : document.createTextNode(text));
const BLANK = "?"; // stands where a number is to be predicted
const sign = (v) => (v === 0 || v === BLANK ? "zero" : (typeof v === "number" ? v < 0 : String(v).startsWith("−")) ? "negative" : "positive");
const share = (v, scale) => (typeof v === "number" ? Math.min(1, Math.abs(v) / scale) : v === BLANK ? 0 : 1);

/** A labelled select; a choice made with the mouse gives the keys back to the stage. */
function choice(label, change) {
  const select = el("select", { change: (e) => (change(e.target.value), select.matches(":focus-visible") || select.blur()) });
  return { node: el("label", {}, el("span", {}, label), select), select };
}
function options(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
}

// ── 3 Values ─────────────────────────────────────────────────────────────────────────────────────────────────

const now = (player) => player.walk[player.at.index];

const SAMPLED = new Set(["u", "n", "z", "f", "a", "da", "slope", "delta", "du", "losses", "y", "mean_s", "sigma_s", "mean_delta_s", "mean_delta_n_s"]); // their columns are samples, of which a window travels

/** The matrix (a list of rows) that a symbol stands for, as far as it is no blank; undefined while it has not arrived. */
function matrixOf(player, symbol, layer) {
  const M = sentMatrix(player, symbol, layer), seen = player.hidden?.get(`${symbol} ${layer}`);
  return M && seen ? M.map((row, r) => row.map((v, c) => (seen(r, c) ? v : BLANK))) : M;
}

/** The same as Python sent it: for a symbol of this iteration. */
function sentMatrix({ data, at }, symbol, layer) {
  const trace = data.traces[at.iteration], t = String(symbol).endsWith("_new") ? at.iteration + 1 : at.iteration;
  if (symbol === "m") return [[data.m]];
  if (symbol[0] === "W" || symbol[0] === "b") return data.parameters[t]?.[symbol[0]]?.[layer];
  return ["C", "losses", "y"].includes(symbol) ? trace?.[symbol] : trace?.[symbol]?.[layer];
}

function valueOf(player, ref, env) {
  const { symbol, layer, row = 0, column = 0 } = (player.refs[ref] ??= parseRef(ref));
  return cellOf(player, symbol, layer, env[row] ?? row, env[column] ?? column);
}

/** One number; a sample's column is counted from the first sample that was sent. */
function cellOf(player, symbol, layer, row, column) {
  return matrixOf(player, symbol, layer)?.[row]?.[SAMPLED.has(symbol) ? column - player.data.shown.first : column];
}

/** The full value as text, for those who want every digit. */
const exact = (v) => (v === undefined ? "…" : String(v).replace("e+", "e").replaceAll("-", "−"));

/** Collects the slots of a formula; `more` are the variables of a repetition, `samples` the one that counts samples. */
function slotsOf(node, more = {}, samples = "") {
  const found = [...node.querySelectorAll("[data-ref], [data-index]")];
  return found.map((slot) => ({
    node: slot, more, samples, ref: slot.dataset?.ref ?? slot.getAttribute("data-ref"),
    index: slot.getAttribute("data-index"), wrap: slot.getAttribute("data-wrap") === "(",
  }));
}

/** Writes every slot for these variables. */
function fill(player, slots, env) {
  const { first } = player.data.shown;
  for (const { node, ref, index, wrap, more, product, samples } of slots) {
    const full = { ...env, ...more };
    if (samples) full[samples] += first;
    if (index) { write(node, String((full[index] ?? Number(index)) + 1)); continue; }
    const values = (product ?? [ref]).map((r) => valueOf(player, r, full));
    const v = values.length === 1 ? values[0] : values.every((f) => typeof f === "number") ? values[0] * values[1] : values.includes(BLANK) ? BLANK : "…";
    const text = number(v);
    write(node, wrap && text.startsWith("−") ? `(${text})` : text);
    node.classList.toggle("blank", v === BLANK);
  }
}

/** A line of formula pieces that can wrap; repeated pieces are written out for each index. */
function pieceLine(player, pieces, slots) {
  const line = el("div", { class: "pieces" });
  const add = (nodes, more, samples) => {
    line.append(el("span", { class: "piece" }, ...nodes));
    slots.push(...slotsOf(line.lastChild, more, samples));
  };
  for (const piece of pieces) {
    if (typeof piece === "string") add([infix(math(piece), line.childElementCount > 0)]);
    else repeatedTerms(player, piece).forEach((k, place) => {
      const join = place ? [operator(piece.join)] : [];
      if (k < 0) add([...join, operator("⋯")]);
      else add([...join, math(piece.math)], { [piece.each]: k }, piece.each === "s" ? "s" : "");
    });
  }
  return line;
}

/** Keeps the room around an operator that begins a piece in the middle of a line. */
function infix(formula, inside) {
  const first = formula.querySelector(":not(mrow, mstyle)");
  if (inside && first?.localName === "mo" && /^[+−=·×⊙←]$/.test(first.textContent)) first.setAttribute("form", "infix");
  return formula;
}

const operator = (text) => math(`<math><mo>${text}</mo></math>`);

/** Which terms of a sum are written out; of the samples, only those that were sent. */
function repeatedTerms({ data }, { each, count }) {
  if (each !== "s" || count <= data.shown.count) return shownTerms(count);
  return [...shownTerms(Math.min(count, 8)), -1];
}

// ── 4 The page ───────────────────────────────────────────────────────────────────────────────────────────────

const ICONS = {
  first: "M5 5v14M19 5l-10 7 10 7z", previous: "M17 5L7 12l10 7z", play: "M7 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14", next: "M7 5l10 7-10 7z", last: "M19 5v14M5 5l10 7-10 7z",
};

function button(label, icon, click) {
  const path = svg("path", { d: ICONS[icon] });
  const node = el("button", { type: "button", "aria-label": label, title: label, click },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path));
  return { node, path };
}

/** Builds the fixed parts of the page into `parent` and starts listening. */
function createPlayer(parent) {
  const player = { at: {}, parts: {}, refs: {}, speed: 1, wishes: [], answered: 0, view: {}, answers: [], guesses: 0, hints: {}, mount: Math.random().toString(36).slice(2) };
  const p = player.parts, manual = (move) => () => (pause(player), move());
  p.first = button("First step", "first", manual(() => goEdge(player, 0)));
  p.previous = button("Previous step", "previous", manual(() => move(player, -1)));
  p.play = button("Play", "play", () => togglePlay(player));
  p.next = button("Next step", "next", manual(() => move(player, +1)));
  p.last = button("Last step", "last", manual(() => goEdge(player, Infinity)));
  p.range = el("input", {
    type: "range", min: 0, step: 1, "aria-label": "Step",
    input: () => (pause(player), go(player, { index: Number(p.range.value) })),
  });
  p.segments = el("div", { class: "segments", "aria-hidden": "true" });
  p.where = el("span", { class: "where" });
  p.message = el("span", { class: "message" });
  p.speed = choice("Speed", (value) => (player.speed = Number(value)));
  options(p.speed.select, [0.5, 1, 2, 4].map((v) => [v, `${v}×`]));
  p.speed.select.value = "1";
  p.grain = choice("One press", (grain) => (pause(player), changeGrain(player, grain)));
  p.fade = choice("Blanks", (fade) => changeView(player, { fade }));
  p.detail = choice("Detail", (detail) => changeView(player, { detail }));
  p.sample = choice("Sample", (sample) => go(player, { sample: Number(sample) }));
  p.copy = el("button", { type: "button", class: "copy", click: () => copyLink(player) }, "Copy link");
  p.copied = el("span", { class: "copied", role: "status" });
  const saver = (kind) => el("button", { type: "button", "aria-label": `Save the picture as ${kind}`, click: () => save(player, kind) }, kind);
  p.save = el("span", { class: "save", role: "group", "aria-label": "Save the picture" }, el("span", { "aria-hidden": "true" }, "Save picture"), ...Object.keys(SAVE).map(saver));
  p.link = el("input", { class: "link", readonly: true, "aria-label": "Link to this moment", hidden: true });
  p.notice = el("p", { class: "notice", role: "note", hidden: true });
  p.build = el("div", { class: "build", role: "group", "aria-label": "Build the network" });
  p.canvas = el("div", { class: "canvas" }, p.build);
  p.picture = el("div", { class: "picture" }, p.canvas);
  p.readout = el("div", { class: "readout", "aria-hidden": "true" });
  p.panels = Object.fromEntries(Object.keys(PANELS).map((name) => [name, el("div", { class: `panel ${name}` })]));
  createPrediction(player);
  p.matrices = el("div", { class: "matrices", tabindex: 0, role: "group", "aria-label": "Matrices of this step" });
  p.unit = choice("Look at", (value) => choose(player, value ? value.split(",").map(Number) : []));
  p.from = choice("←", (i) => choose(player, [...player.at.unit.slice(0, 2), ...(i === "" ? [] : [Number(i)])]));
  p.from.select.setAttribute("aria-label", "The whole unit or one of its connections");
  p.exact = el("span", { class: "exact" });
  p.blocks = el("div", { class: "blocks" });
  p.table = el("div", { class: "tables" });
  p.details = el("details", { toggle: () => paintTable(player) }, el("summary", {}, "All numbers of this step as a table"), p.table);
  p.live = el("p", { class: "unseen", "aria-live": "polite" });
  p.main = el("div", { class: "main" }, el("figure", { class: "diagram" }, p.picture, el("div", { class: "below" }, p.readout, p.save)), p.panels.words, p.predict, p.panels.formulas, p.panels.code);
  player.root = el("section", { class: "stage", "data-testid": "stage", "aria-label": "The stage: one training step" },
    el("div", { class: "transport" },
      el("div", { class: "buttons", role: "group", "aria-label": "Steps" },
        ...[p.first, p.previous, p.play, p.next, p.last].map((b) => b.node)),
      el("div", { class: "scrub" }, p.segments, p.range),
      el("div", { class: "place" }, p.where, p.message),
      el("div", { class: "choices" }, p.grain.node, p.sample.node, p.speed.node, p.detail.node, p.fade.node,
        el("span", { class: "share" }, p.copy, p.copied, p.link))),
    p.notice, p.main, p.matrices,
    el("div", { class: "derivation" }, el("div", { class: "look" }, p.unit.node, p.from.node, p.exact), p.blocks),
    p.details, p.live);
  player.box = el("div", { class: "stage-box" }, player.root);
  player.root.player = player;
  player.root.toggleAttribute("data-framed", /[?&]embed=true/i.test(location.search));
  parent.append(player.box);
  listen(player);
  return player;
}

/** Builds all that depends on the experiment: walks, diagram, choices. */
function build(player) {
  const { data, parts: p } = player;
  player.refs = {};
  options(p.grain.select, data.grains);
  options(p.fade.select, data.fades);
  options(p.detail.select, data.details);
  const units = data.layers.map((layer, l) => el("optgroup", { label: layer.title },
    ...layer.units.map((name, j) => el("option", { value: `${l},${j}` }, unitName(player, l, j)))));
  p.unit.select.replaceChildren(el("option", { value: "" }, "nothing yet"), ...units);
  p.main.classList.toggle("wide", data.picture.wide);
  p.main.classList.toggle("undrawn", !data.picture.drawn);
  p.save.hidden = !data.picture.drawn;
  buildDiagram(player);
}

const numbered = (name) => /^\d+$/.test(name);
/** The chooser of samples; one that is not in the data has no name. */
function nameSamples({ data: { samples }, parts: { sample } }) {
  const named = samples.map((text, s) => [s, text]).filter(([, text]) => text);
  options(sample.select, [...named, ...(samples.length > 1 && samples[0] ? [[-1, "all samples"]] : [])]);
}

const unitName = ({ data }, l, j) => {
  const name = data.layers[l].units[j];
  return `${data.layers[l].title} ${numbered(name) ? "unit " : ""}${name}`;
};

/** Builds what depends on the grain: the scrubber's segments and one card for each stop. */
function buildWalk(player) {
  const { parts: p, data, at } = player;
  player.walk = data.walks[at.grain];
  player.walkName = at.grain;
  player.segments = segmentsOf(player.walk.map(({ phase }) => phase)).map(({ from, to }) => {
    const scene = player.walk[from], text = from === to ? segmentLabel(scene, at.grain) : scene.phase;
    return { from, to, node: el("span", { class: `segment ${scene.phase}`, style: `flex-grow:${to - from + 1}` }, text) };
  });
  p.segments.replaceChildren(...player.segments.map(({ node }) => node));
  p.range.max = player.walk.length - 1;
  p.range.parentElement.style.setProperty("--stops", player.walk.length);
  p.range.parentElement.classList.toggle("crowded", player.walk.length > 24 && player.segments.length > 4);
  p.range.parentElement.classList.toggle("many", player.segments.length < player.walk.length);
  p.root = player.root;
  player.root.dataset.steps = player.walk.length;
  buildCards(player);
  player.built = new Map();
}

/** Other layers of the same network were put into words: cards and blocks that speak of them are built anew. */
function retell(player) {
  player.walk = player.data.walks[player.at.grain];
  player.cards.forEach((card, k) => card && (card.far || player.walk[k].far) && dropCard(player, k));
  player.built = new Map();
  player.blockKey = null;
}

function segmentLabel(scene, grain) {
  if (grain === "phase") return scene.phase;
  if (grain === "formula") return scene.steps[0].replace("delta", "δ").replace(/(\d+)$/, "\u2009$1");
  return CHIPS[scene.phase] + (scene.symbol === "C" ? "" : `\u2009${scene.layer}`);
}

/** Everything that a step changes. */
function paint(player) {
  const scene = now(player), { root, at } = player;
  Object.assign(root.dataset, {
    step: at.index, phase: scene.phase, symbol: scene.symbol, layer: scene.layer,
    iteration: at.iteration, sample: at.sample < 0 ? "all" : at.sample,
  });
  player.env = environment(at.unit, scene.layer, at.sample);
  hideBlanks(player);
  paintWhere(player);
  paintExplanation(player);
  (player.data.picture.drawn ? paintDiagram : paintStrip)(player);
  paintMatrices(player);
  paintDerivation(player);
  paintTable(player);
  paintPrediction(player);
  clearTimeout(player.speaking);
  player.speaking = setTimeout(() => (write(player.parts.live, player.news ?? spoken(player)), (player.news = undefined), makeReachable(player)), 400);
}

function paintWhere(player) {
  const { parts: p, at, data, walk } = player, scene = now(player);
  const [begin, over] = [-1, 1].map((direction) => !neighbour(at, direction, walk.length, data.last, data.first));
  write(p.where, `Step ${at.index + 1} of ${walk.length} · iteration ${at.iteration} of ${data.last}`);
  write(p.message, over ? data.end : "");
  const off = { first: begin, previous: begin, next: over, last: over };
  for (const [name, value] of Object.entries(off)) set(p[name].node, "aria-disabled", value);
  p.range.value = at.index;
  set(p.range, "aria-valuetext", `Step ${at.index + 1} of ${walk.length}: ${scene.title}`);
  p.range.parentElement.style.setProperty("--at", (at.index + 0.5) / walk.length);
  for (const { from, to, node } of player.segments) {
    node.classList.toggle("done", from <= at.index);
    node.classList.toggle("here", from <= at.index && at.index <= to);
  }
  if (p.sample.select.value !== String(at.sample)) p.sample.select.value = at.sample;
  if (p.grain.select.value !== at.grain) p.grain.select.value = at.grain;
}

function spoken(player) {
  const scene = now(player), over = player.parts.message.textContent;
  const sentence = scene.sentence.map((part) => (part.ref ? number(valueOf(player, part.ref, player.env)) : part)).join("");
  return `${scene.title}. ${sentence} ${over}${spokenQuestion(player)}`;
}

// ── 5 Explanation ────────────────────────────────────────────────────────────────────────────────────────────
// One card for each stop, one of them seen. Each row of the card has the height of its highest content in the
// whole walk, so nothing moves between steps.

// On a narrow page the picture stands between the words and the formulas.
const PANELS = { words: ["title", "sentence"], formulas: ["formula", "numbers"], code: ["numpy"] };
const CHIPS = { forward: "→", cost: "C", backward: "←", update: "⟳" };
const ROWS = {
  title: (scene) => el("h2", {}, el("span", { class: "chip", "aria-hidden": "true" }, CHIPS[scene.phase]), scene.title),
  sentence: (scene, slots) => el("p", {}, ...scene.sentence.map((part) => (part.ref ? textSlot(part.ref, slots) : part))),
  formula: (scene) => el("div", {}, ...scene.formula.map((markup) => el("div", { class: "pieces" }, math(markup)))),
  numbers: (scene, slots, player) => el("div", {}, el("div", { class: "whose" }),
    ...scene.numbers.map((pieces) => pieceLine(player, pieces, slots))),
  numpy: (scene) => el("pre", {}, scene.numpy.join("\n")),
};

function textSlot(ref, slots) {
  const node = el("span", { class: "value" });
  slots.push({ node, ref, product: ref.product, more: {} });
  return node;
}

function buildCards(player) {
  player.cards = new Array(player.walk.length).fill(null);
  player.shownCard = null;
  const rows = () => [...player.parts.main.querySelectorAll(".row")], heights = rows().map((row) => row.style.minHeight);
  player.rows = {};
  for (const [panel, names] of Object.entries(PANELS))
    player.parts.panels[panel].replaceChildren(...names.map((name) => (player.rows[name] = el("div", { class: `row ${name}` }))));
  rows().forEach((row, k) => (row.style.minHeight = heights[k] ?? ""));
}

/** The card of a stop, built when it is needed first: a deep network has hundreds of them. */
function cardOf(player, k) {
  if (player.cards[k]) return player.cards[k];
  const scene = player.walk[k], card = (player.cards[k] = { slots: [], rows: {}, far: scene.far });
  for (const name in player.rows) player.rows[name].append((card.rows[name] = ROWS[name](scene, card.slots, player)));
  card.whose = card.rows.numbers.firstChild;
  return card;
}

function dropCard(player, k) {
  Object.values(player.cards[k].rows).forEach((node) => node.remove());
  player.cards[k] = null;
}

/** Reserves for each row the room that its highest card takes when every number is long. */
function measureRows(player) {
  const { main } = player.parts, rows = [...main.querySelectorAll(".row")], probes = unlike(player);
  for (const { slots, whose } of probes) {
    write(whose, "\u00a0");
    for (const { node, index, wrap } of slots) write(node, index ? "1" : wrap ? "(−0.0000)" : "−0.0000");
  }
  const parts = probes.flatMap((card) => Object.values(card.rows));
  rows.forEach((row) => (row.style.minHeight = ""));
  parts.forEach((part) => part.classList.add("probe"));
  main.classList.add("measuring");
  const heights = rows.map((row) => row.offsetHeight);
  main.classList.remove("measuring");
  parts.forEach((part) => part.classList.remove("probe"));
  rows.forEach((row, k) => (row.style.minHeight = `${heights[k]}px`));
}

/** One card of each kind: those of like layers are as high as each other, and need not all be measured. */
function unlike(player) {
  const slots = (markup) => markup.split("data-").length, length = (piece) => piece.count ?? slots(piece);
  const kind = ({ steps, title, sentence, numbers }) =>
    [steps.join().replace(/\d/g, ""), title.length, sentence.join().length, numbers.map((line) => line.map(length))].join("|");
  const kinds = new Map(player.walk.map((scene, k) => [scene.far ? "" : kind(scene), k]));
  return [...kinds.values()].map((k) => cardOf(player, k));
}

function paintExplanation(player) {
  const card = cardOf(player, player.at.index);
  fill(player, card.slots, player.env);
  write(card.whose, whose(player, card));
  if (card === player.shownCard) return;
  for (const row of Object.values(player.shownCard?.rows ?? {})) row.classList.remove("shown");
  for (const row of Object.values(card.rows)) row.classList.add("shown");
  player.shownCard = card;
}

/** A formula that is wider than its place can be scrolled by keyboard. */
function makeReachable({ shownCard }) {
  for (const line of shownCard.rows.formula.querySelectorAll(".pieces"))
    dress(line, { tabindex: line.scrollWidth > line.clientWidth && "0" }, []);
}

/** Whether the formula with numbers speaks of this variable (other than by repeating it). */
const speaksOf = (card, name) => card.slots.some(({ ref, index, more }) =>
  !(name in more) && (index === name || (typeof ref === "string" && ref.split(" ").includes(name))));

/** Whose numbers are put in: the unit or connection, and the sample. */
function whose(player, card) {
  const scene = now(player), { data, env } = player, parts = ["With numbers"];
  if (!scene.numbers.length) return "\u00a0";
  if (speaksOf(card, "i")) parts.push(`${unitName(player, scene.layer, env.j)} ← ${unitName(player, scene.layer - 1, env.i)}`);
  else if (speaksOf(card, "j")) parts.push(unitName(player, scene.layer, env.j));
  if (speaksOf(card, "s") && data.m > 1) parts.push(`sample ${env.s + 1} of ${data.m}`);
  return parts.join(" · ");
}

// ── 6 Diagram ────────────────────────────────────────────────────────────────────────────────────────────────

function buildDiagram(player) {
  const { data, parts: p } = player, { picture } = data;
  Object.assign(player, { units: {}, edges: {}, marked: [], pointed: null, tab: null, litKey: null });
  player.drawing?.remove();
  if (!picture.drawn) return p.canvas.append((player.drawing = buildStrip(player)));
  const last = data.layers.length - 1, grown = data.presenter ? 1.4 : 1, left = 14 + grown * textWidth(data.layers[0].units);
  const right = 14 + grown * Math.max(picture.targets ? 64 : 0, textWidth(data.layers[last].units));
  const x0 = Math.min(0, picture.x[0] - picture.radius - left);
  const x1 = Math.max(picture.width, picture.x[last] + picture.radius + right);
  const drawing = svg("svg", {
    viewBox: `${x0} 0 ${x1 - x0} ${picture.height + 12}`, role: "group", "aria-label": "Network diagram",
  });
  p.canvas.style = `--natural:${x1 - x0}px; --x0:${x0}; --width:${x1 - x0}; --height:${picture.height}; --column:${picture.column}; --spared:${picture.head.symbol - 18}`;
  const layers = data.layers.map((_, l) => l);
  drawing.append(...layers.slice(1).map((l) => buildEdges(player, l)), ...layers.map((l) => buildUnits(player, l)));
  drawing.addEventListener("click", (event) => pointAt(player, event, true));
  drawing.addEventListener("pointermove", (event) => pointAt(player, event, false));
  drawing.addEventListener("pointerleave", () => point(player, null));
  p.canvas.append((player.drawing = drawing));
  p.main.classList.toggle("dense", drawing.querySelectorAll(".edge").length > 150);
}

// Where a network is too large to be drawn, each layer is a bar, as high as its numbers are large.
const SMALLEST = -8, LARGEST = 1; // powers of ten at the foot and at the top of a bar

function buildStrip(player) {
  const { data: { layers, picture, build } } = player;
  player.strip = layers.map((layer, l) => el("button", { type: "button", class: "bar", "data-layer": l, tabindex: -1, click: () => goToLayer(player, l) }, el("span")));
  player.said = el("p", { class: "sentence" }, picture.sentence, build?.more ? ` ${build.more}` : "");
  const bars = el("div", { class: "strip", role: "group", "aria-label": "Layers", keydown: (event) => onStripKey(player, event) }, ...player.strip);
  return el("div", { class: "layers" }, bars, player.said);
}

function paintStrip(player) {
  const { data, at } = player, scene = now(player), sizes = data.traces[at.iteration]?.sizes ?? {};
  player.strip.forEach((node, l) => {
    const symbol = symbolAt(scene.units, l), size = symbol ? sizes[symbol]?.[l]?.[0] : undefined;
    const share = size > 0 ? (Math.log10(size) - SMALLEST) / (LARGEST - SMALLEST) : typeof size === "string" ? 1 : 0;
    node.style.setProperty("--share", Math.max(0, Math.min(1, share)));
    node.classList.toggle("lit", l === scene.layer || scene.lit.units.includes(l));
    set(node, "tabindex", l === Math.min(scene.layer, player.strip.length - 1) ? 0 : -1);
    const { title, width, activation } = data.layers[l], shown = size === undefined ? "" : `, size of ${shownName(symbol, l)} ${number(size)}`;
    for (const name of ["aria-label", "title"]) set(node, name, `${title}: ${width} units${activation && `, ${activation}`}${shown}`);
  });
}

/** The same step in another layer; where it has none, the first that it has. */
function goToLayer(player, l) {
  const { symbol } = now(player), of = (scene) => scene.layer === Math.max(1, l);
  const index = player.walk.findIndex((scene) => of(scene) && scene.symbol === symbol);
  const there = index < 0 ? player.walk.findIndex(of) : index;
  if (there >= 0) (pause(player), go(player, { index: there }));
}

function onStripKey(player, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], l = Number(event.target.dataset.layer) + by;
  if (!by || !player.strip[l]) return;
  event.preventDefault();
  goToLayer(player, l);
  player.strip[l].focus();
}

const textWidth = (names) => Math.max(...names.map((name) => (numbered(name) ? 0 : 8.2 * name.length)));

function buildEdges(player, l) {
  const { picture, layers } = player.data;
  const [xFrom, xTo] = [picture.x[l - 1], picture.x[l]], lines = [];
  for (let j = 0; j < layers[l].width; j++)
    for (let i = 0; i < layers[l - 1].width; i++)
      lines.push({ to: j, from: i, x1: xFrom, y1: picture.y[l - 1][i], x2: xTo, y2: picture.y[l][j] });
  for (const line of lines) {
    const { x1, y1, x2, y2, to, from } = line;
    line.node = svg("line", { class: "edge", x1, y1, x2, y2, "data-testid": "edge", "data-layer": l, "data-to": to, "data-from": from });
  }
  const flow = svg("path", { class: "flow" }), heads = svg("path", { class: "heads" });
  const labels = picture.weights ? buildLabels(picture, lines, player.data.presenter ? 24 : 17) : [];
  const name = svg("text", { class: "symbol", x: (xFrom + xTo) / 2, y: picture.head.symbol });
  const around = picture.arcs?.[l] && svg("path", { class: "around", d: picture.arcs[l] }); // the layer
  const group = svg("g", { class: "edges", "aria-hidden": "true" }, name,
    ...lines.map((line) => line.node), ...(around ? [around] : []), flow, heads, ...labels);
  player.edges[l] = { group, lines, flow, heads, name, around };
  return group;
}

function buildLabels(picture, lines, height) {
  const { radius } = picture;
  const trimmed = lines.map((line) => ({ ...line, x1: line.x1 + radius, x2: line.x2 - radius }));
  const fansOut = new Set(lines.map(({ to }) => to)).size > new Set(lines.map(({ from }) => from)).size;
  const places = labelPlaces(trimmed, 56, height, fansOut ? 0.66 : 0.34);
  return lines.map((line, k) => (line.label = svg("text", { class: "weight", x: places[k].x, y: places[k].y, dy: "0.35em" })));
}

/** Dots or arrow heads along these lines, between the circles. */
function flowPath(lines, radius) {
  return lines.map(({ x1, y1, x2, y2 }) => {
    const trim = (radius + 3) / Math.hypot(x2 - x1, y2 - y1), dx = trim * (x2 - x1), dy = trim * (y2 - y1);
    return `M${(x1 + dx).toFixed(1)} ${(y1 + dy).toFixed(1)}L${(x2 - dx).toFixed(1)} ${(y2 - dy).toFixed(1)}`;
  }).join("");
}
function headPath(lines, direction) {
  return lines.map(({ x1, y1, x2, y2 }) => {
    const length = Math.hypot(x2 - x1, y2 - y1), ux = (direction * (x2 - x1)) / length, uy = (direction * (y2 - y1)) / length;
    const x = x1 + 0.62 * (x2 - x1), y = y1 + 0.62 * (y2 - y1);
    const at = (a, b) => `${(x - a * ux - b * uy).toFixed(1)} ${(y - a * uy + b * ux).toFixed(1)}`;
    return `M${at(9, 6)}L${at(0, 0)}L${at(9, -6)}`;
  }).join("");
}

function buildUnits(player, l) {
  const { picture, layers } = player.data, layer = layers[l], x = picture.x[l], last = layers.length - 1;
  const head = (name, text) => svg("text", { class: name, x, y: picture.head[name] }, text), symbol = head("symbol");
  const group = svg("g", { class: "layer" }, head("title", layer.title), head("activation", layer.activation), symbol);
  const cells = layer.units.map((name, j) => buildUnit(player, l, j, last));
  group.append(...cells.flatMap((cell) => [cell.around, cell.node]));
  player.units[l] = { group, symbol, cells };
  return group;
}

function buildUnit(player, l, j, last) {
  const { picture, layers } = player.data, R = picture.radius, name = layers[l].units[j];
  const cell = {
    tint: svg("circle", { class: "tint", r: R }), text: svg("text", { class: "number", dy: "0.35em" }),
    up: svg("path", { class: "bars positive" }), down: svg("path", { class: "bars negative" }),
  };
  cell.node = svg("g", {
    class: "unit", transform: `translate(${picture.x[l]} ${picture.y[l][j]})`, role: "button", tabindex: -1,
    "data-testid": "unit", "data-layer": l, "data-unit": j, focus: () => focusUnit(player, l, j),
  }, svg("circle", { class: "ring", r: R + 4 }), svg("circle", { class: "base", r: R }), cell.tint, cell.up, cell.down, cell.text);
  const named = !numbered(name), up = picture.targets && named ? 9 : 0;
  cell.around = svg("g", { transform: cell.node.getAttribute("transform"), "aria-hidden": "true" });
  if (l === 0 && named) cell.around.append(svg("text", { class: "name before", x: -R - 8, dy: "0.35em" }, name));
  if (l === last && named) cell.around.append(svg("text", { class: "name", x: R + 12, y: -up, dy: "0.35em" }, name));
  if (l > 0 && picture.biases) cell.around.append((cell.bias = svg("text", { class: "bias", y: R + (player.data.presenter ? 20 : 18) })));
  if (l === last && picture.targets) cell.around.append((cell.target = svg("text", { class: "target", x: R + 12, y: up, dy: "0.35em" })));
  return cell;
}

function paintDiagram(player) {
  const scene = now(player), { data, at } = player;
  const stamp = `${at.iteration} ${at.sample} ${player.version} ${player.hiddenKey}`;
  if (player.scaleStamp !== `${at.iteration} ${player.version}`) scaleIteration(player);
  data.layers.forEach((_, l) => {
    const layer = player.units[l], key = `${symbolAt(scene.units, l)} ${symbolAt(scene.biases, l)} ${stamp}`;
    if (layer.key !== key) paintUnits(player, l, scene);
    layer.key = key;
    lightUnits(layer.group, l, scene);
    if (l > 0) paintEdges(player, l, scene, stamp);
  });
  paintMarks(player, scene);
  showLit(player, scene);
  point(player, player.pointed);
}

/** Lights the circles of a layer, or its biases where they are what the step computes. */
function lightUnits(group, l, { lit, steps, units, biases }) {
  const here = lit.units.includes(l), shown = symbolAt(biases, l), bias = shown !== "b" && steps.includes(`${shown?.replace("_new", "")}${l}`);
  group.classList.toggle("biased", here && bias);
  group.classList.toggle("lit", here && (!bias || steps.includes(`${symbolAt(units, l)}${l}`)));
}

/** Where the diagram is wider than its box, brings what is lit into view (inside the box only). */
function showLit(player, scene) {
  const { parts: { picture }, data, drawing } = player, layers = [...scene.lit.units, ...scene.lit.edges.flatMap((l) => [l - 1, l])];
  const key = layers.join();
  if (key === player.litKey || !layers.length) return;
  player.litKey = key;
  if (!player.scrolls) return;
  const { x, width } = drawing.viewBox.baseVal, middle = layers.reduce((sum, l) => sum + data.picture.x[l], 0) / layers.length;
  picture.scrollTo({ left: ((middle - x) / width) * picture.scrollWidth - picture.clientWidth / 2, behavior: "instant" });
}

/** Fixed scales for one iteration: widths of connections, tints of units. */
function scaleIteration(player) {
  const { data, at } = player, trace = data.traces[at.iteration] ?? {}, of = (layers) => scaleOf(Object.values(layers ?? {}));
  const W = of(data.parameters[at.iteration]?.W);
  player.scales = { W, W_new: W, dW: of(trace.dW), z: of(trace.z), delta: of(trace.delta), da: of(trace.da), a: of(trace.a),
    u: of(trace.u), n: of(trace.n), du: of(trace.du) };
  player.scaleStamp = `${at.iteration} ${player.version}`;
}

function paintUnits(player, l, scene) {
  const { data, at, units } = player, symbol = symbolAt(scene.units, l), bias = symbolAt(scene.biases, l), all = at.sample < 0;
  const M = symbol ? matrixOf(player, symbol, l) : undefined, b = bias && matrixOf(player, bias, l);
  write(units[l].symbol, symbol ? shownName(symbol, l) : "\u00a0");
  units[l].cells.forEach((cell, j) => {
    const row = M?.[j], v = row && (all ? undefined : row[at.sample - data.shown.first]);
    paintUnit(player, cell, symbol, row, v, all);
    set(cell.node, "data-shows", symbol || "");
    const said = all ? `${data.m} samples` : number(v);
    set(cell.node, "aria-label", unitName(player, l, j) + (symbol ? `, ${shownName(symbol, l)} = ${said}` : ", not known yet"));
    if (cell.bias) write(cell.bias, b ? `${shownName(bias)} ${fitted(b[j]?.[0], data.presenter ? roomOf(data) : data.picture.radius >= 26 ? 9 : 7)}` : "");
    if (cell.target) write(cell.target, all ? "" : `y = ${number(cellOf(player, "y", 0, j, at.sample))}`);
  });
}

function paintUnit(player, cell, symbol, row, v, all) {
  const { picture } = player.data, { radius } = picture, room = roomOf(player.data), scale = player.scales[symbol] ?? 1;
  set(cell.node, "data-value", !row ? "" : all ? row.slice(0, 40).join(" ") : String(v ?? ""));
  set(cell.tint, "class", `tint ${row && !all ? sign(v) : "zero"}`);
  set(cell.tint, "fill-opacity", row && !all ? (0.06 + 0.44 * share(v, scale)).toFixed(3) : 0);
  const text = !symbol || (row && all) ? "" : fitted(v, room);
  write(cell.text, text);
  set(cell.text, "style", text.length > room && !player.data.presenter ? `font-size:calc(var(--number) * ${(room / text.length).toFixed(2)})` : "");
  set(cell.up, "d", row && all ? bars(row, scale, radius, 1) : "");
  set(cell.down, "d", row && all ? bars(row, scale, radius, -1) : "");
}

/** How many characters a circle has room for; in large type, a few. */
const roomOf = ({ presenter, picture: { radius } }) => (radius >= 26 ? (presenter ? 5 : 7) : presenter ? 4 : radius >= 22 ? 6 : 5);
/** The number with as many of its digits as there is room for. */
function fitted(v, room) {
  const texts = [4, 3, 2, 1].map((digits) => number(v, digits));
  return texts.find((text) => text.length <= room) ?? texts[3];
}

/** One bar for each of the first 40 samples, up from the middle (+1) or down from it (-1). */
function bars(row, scale, radius, direction) {
  const shown = row.slice(0, 40), width = (1.5 * radius) / shown.length;
  return shown.map((v, s) => {
    if ((sign(v) === "negative") !== direction < 0) return "";
    const x = -0.75 * radius + s * width, h = -direction * 0.62 * radius * share(v, scale);
    return `M${x.toFixed(2)} 0h${(0.8 * width).toFixed(2)}v${h.toFixed(2)}h${(-0.8 * width).toFixed(2)}z`;
  }).join("");
}

function paintEdges(player, l, scene, stamp) {
  const layer = player.edges[l], symbol = symbolAt(scene.edges, l), key = `${symbol} ${stamp}`, lit = scene.lit.edges.includes(l);
  if (layer.key !== key) {
    const M = symbol && matrixOf(player, symbol, l), scale = player.scales[symbol] ?? 1;
    write(layer.name, symbol ? shownName(symbol, l) : "");
    for (const line of layer.lines) paintEdge(line, M?.[line.to]?.[line.from], scale, player.data.presenter);
    layer.key = key;
  }
  layer.group.classList.toggle("lit", lit);
  layer.around?.classList.toggle("taken", scene.lit.skips.includes(l));
}

function paintEdge({ node, label }, v, scale, presenter) {
  set(node, "data-value", v === undefined ? "" : String(v));
  set(node, "data-sign", v === undefined ? "" : sign(v));
  set(node, "stroke-width", v === undefined ? 1 : (0.8 + 4.2 * share(v, scale)).toFixed(2));
  if (label) write(label, presenter ? fitted(v, 5) : number(v)), set(label, "data-sign", v === undefined ? "" : sign(v));
}

/** Dots that run along the lit connections, or along those that the numbers speak of, in the step's direction: four times
    at each change; then arrow heads stay. What moves for ever would tire the eye, and the machine. */
function paintFlow(player, { flow, heads, lines }, lit, direction) {
  const strong = lines.filter((line) => line.strong), running = !lit || !direction ? [] : strong.length ? strong : lines;
  const path = flowPath(running, player.data.picture.radius), look = `flow ${direction < 0 ? "left" : "right"}`;
  if (flow.getAttribute("d") === path && flow.getAttribute("class") === look) return;
  dress(flow, { d: path, class: look }, []);
  set(heads, "d", headPath(running, direction));
  for (const node of [flow, heads]) for (const motion of node.getAnimations()) motion.currentTime = 0;
}

/** Rings the unit that the numbers speak of, and brings out its connections. */
function paintMarks(player, scene) {
  const { at, env, units, edges } = player;
  const key = [player.walkName, at.index, at.unit, env.j, env.i].join("|");
  if (key === player.markKey) return;
  player.markKey = key;
  for (const node of player.marked) (node.classList.remove("example", "chosen", "strong"), node.removeAttribute("aria-pressed"));
  for (const l in edges) edges[l].lines.forEach((line) => (line.strong = false));
  const mark = (node, name) => node && (node.classList.add(name), player.marked.push(node));
  player.marked = [];
  const [l, j, i] = at.unit;
  if (i !== undefined) mark(edges[l]?.lines.find((line) => line.to === j && line.from === i)?.node, "chosen");
  else if (l !== undefined) (mark(units[l]?.cells[j]?.node, "chosen"), units[l]?.cells[j]?.node.setAttribute("aria-pressed", true));
  if (scene.numbers.length && scene.symbol !== "C") mark(units[scene.layer].cells[env.j].node, "example");
  for (const lit of scene.lit.edges) pointOut(player, lit, scene, mark);
  for (const n in edges) paintFlow(player, edges[n], scene.lit.edges.includes(Number(n)), scene.direction);
  const tab = units[l]?.cells[j] ?? units[0].cells[0];
  player.tab?.setAttribute("tabindex", -1);
  (player.tab = tab.node).setAttribute("tabindex", 0);
}

function pointOut({ edges, env, shownCard }, lit, scene, mark) {
  const end = lit === scene.layer ? "to" : lit === scene.layer + 1 ? "from" : "", one = end === "to" && speaksOf(shownCard, "i");
  const about = (line) => line[end] === env.j && (!one || line.from === env.i);
  const lines = scene.numbers.length && end ? edges[lit].lines.filter(about) : [];
  lines.forEach((line) => ((line.strong = true), mark(line.node, "strong"), mark(line.label, "strong")));
}

/** What lies under the pointer: a unit, or the nearest connection; shown in full, chosen on a click. */
function pointAt(player, event, click) {
  const target = event.target.closest("[data-testid]"), unit = target?.dataset.testid === "unit";
  if (unit && click) return choose(player, [Number(target.dataset.layer), Number(target.dataset.unit)]);
  const found = unit ? [Number(target.dataset.layer), Number(target.dataset.unit)] : nearestEdge(player, event, target);
  if (click) choose(player, found ?? []);
  point(player, found);
  player.drawing.classList.toggle("over-edge", !unit && !!found);
}

/** The line under the diagram: the full value of what is pointed at, kept right while the steps go on. */
function point(player, found) {
  player.pointed = found;
  write(player.parts.readout, found ? fullValue(player, found) : "");
}

function nearestEdge(player, event, target) {
  if (target?.dataset.testid === "edge") return ["layer", "to", "from"].map((name) => Number(target.dataset[name]));
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(player.drawing.getScreenCTM().inverse());
  let best = 9, found;
  for (const l in player.edges)
    for (const { x1, y1, x2, y2, to, from } of player.edges[l].lines) {
      if (x < x1 || x > x2) continue;
      const away = Math.abs((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / Math.hypot(x2 - x1, y2 - y1);
      if (away < best) (best = away), (found = [Number(l), to, from]);
    }
  return found;
}

/** The name and the full value of what a unit [l, j] or a connection [l, j, i] shows now. */
function fullValue(player, [l, j, i]) {
  const scene = now(player), s = Math.max(player.at.sample, 0), edge = i !== undefined;
  const symbol = symbolAt(edge ? scene.edges : scene.units, l);
  const name = unitName(player, l, j) + (edge ? ` ← ${unitName(player, l - 1, i)}` : "");
  if (!symbol) return `${name}: not known yet`;
  const v = cellOf(player, symbol, l, j, edge ? i : s);
  const which = !edge && player.at.sample < 0 && player.data.m > 1 ? ` (sample 1 of ${player.data.m})` : "";
  return `${name}: ${shownName(symbol, l)} = ${exact(v)}${which}`;
}

// ── 7 Matrices ───────────────────────────────────────────────────────────────────────────────────────────────

const MOST = 12, MOST_SAMPLES = 6; // rows and columns at most; samples below each other

/** The lines of matrices of a scene; "\n" begins a new one. */
function linesOf(matrices) {
  const lines = [[]];
  for (const entry of matrices) entry === "\n" ? lines.push([]) : lines.at(-1).push(entry);
  return lines;
}

/** The matrices of this scene; built once for each window, then only filled. */
function paintMatrices(player) {
  const scene = now(player), lines = linesOf(scene.matrices);
  const views = lines.map((line) => lineViews(player, scene, line));
  const key = player.at.index + "|" + views.flat().map((view) => view.key).join("|");
  if (player.built.size > 200) player.built.clear();
  if (!player.built.has(key)) player.built.set(key, lines.map((line, k) => buildLine(line, views[k])));
  const built = player.built.get(key);
  built.forEach(({ matrices }, k) => fillMatrices(player, matrices, views[k]));
  if (player.shownMatrices !== built) player.parts.matrices.replaceChildren(...built.map(({ node }) => node));
  player.shownMatrices = built;
}

/** What part of each matrix of a line is seen: the indices of its rows and columns, and the marked ones. */
function lineViews(player, scene, line) {
  const items = line.filter((entry) => entry.ref), words = line.filter((entry) => !entry.ref);
  const room = player.width - words.reduce((sum, text) => sum + 24 + 9.5 * text.length, 40 * items.length);
  const sent = (item) => (item.samples === "cols" ? Math.min(item.cols, player.data.shown.count) : item.cols);
  const counts = items.map((item) => (isReduced(player, scene, item, "cols") ? 1 : sent(item)));
  const fits = counts.reduce((sum, n) => sum + n, 0) * player.column <= room; // else each also needs room for its "⋯"
  const shares = shareColumns(counts, Math.floor((room - (fits ? 0 : 36 * items.length)) / player.column));
  return items.map((item, k) => matrixView(player, scene, item, shares[k]));
}

/** Whether only the chosen sample is seen on this axis ("rows" or "cols"). */
const isReduced = ({ at }, scene, item, axis) => item.samples === axis && at.sample >= 0 && !scene.whole;

function matrixView(player, scene, item, columns) {
  const { env, at, data } = player;
  const reduced = (axis) => isReduced(player, scene, item, axis);
  const markOn = (axis, expression) => {
    if (expression !== "") return env[expression] ?? Number(expression);
    return reduced(axis) ? at.sample : null;
  };
  const seen = (axis, mark, most) => {
    const { first, count } = data.shown;
    if (reduced(axis)) return [at.sample];
    if (item.samples !== axis) return windowAround(item[axis], mark, most);
    return windowAround(count, (mark ?? first) - first, most).map((s) => s + first);
  };
  const mark = [markOn("rows", item.mark[0]), markOn("cols", item.mark[1])];
  const rows = seen("rows", mark[0], item.samples === "rows" && item.rows > MOST ? MOST_SAMPLES : MOST);
  const cols = seen("cols", mark[1], columns);
  const one = ["rows", "cols"].filter(reduced); // the axis of which one line is seen
  const caption = `${item.rows} × ${item.cols}` + (one.length && data.m > 1 ? `, sample ${at.sample + 1}` : "");
  return { item, mark, rows, cols, one, caption, key: `${rows[0]} ${rows.length} ${cols[0]} ${cols.length} ${one}` };
}

function buildLine(line, views) {
  const matrices = views.map(buildMatrix), left = [...matrices];
  const nodes = line.map((entry) => (entry.ref ? left.shift().node : el("span", { class: "operator" }, entry)));
  return { node: el("div", { class: "line" }, ...nodes), matrices };
}

/** A table of the cells that are seen, with "⋯" on each side where more lies beyond. */
function buildMatrix({ item, rows, cols, one }) {
  const more = (axis, seen) => [seen[0] > 0, seen.at(-1) < item[axis] - 1].map((beyond) => beyond && !one.includes(axis));
  const [above, below] = more("rows", rows), [before, after] = more("cols", cols);
  const dots = (seen, span) => (seen ? [el("td", { class: "more", colspan: span }, "⋯")] : []);
  const cells = rows.map(() => cols.map(() => el("td")));
  const lines = cells.map((tds) => el("tr", {}, ...dots(before, 1), ...tds, ...dots(after, 1)));
  const across = (seen) => (seen ? [el("tr", {}, ...dots(true, cols.length + before + after))] : []);
  const table = el("table", {}, el("tbody", {}, ...across(above), ...lines, ...across(below)));
  const shape = el("div", { class: "shape" });
  const node = el("figure", { class: "matrix" }, el("figcaption", {}, rich(item.name)), el("div", { class: "bracket" }, table), shape);
  return { node, cells, shape };
}

function fillMatrices(player, matrices, views) {
  views.forEach(({ item, rows, cols, mark, caption }, k) => {
    const { symbol, layer } = (player.refs[item.ref] ??= parseRef(item.ref));
    write(matrices[k].shape, caption);
    rows.forEach((r, a) => cols.forEach((c, b) => {
      const td = matrices[k].cells[a][b], v = item.transpose ? cellOf(player, symbol, layer, c, r) : cellOf(player, symbol, layer, r, c);
      const inRow = mark[0] === null || mark[0] === r, inColumn = mark[1] === null || mark[1] === c;
      write(td, number(v));
      set(td, "class", (inRow && inColumn ? "marked" : "") + (v === BLANK ? " blank" : ""));
    }));
  });
}

/** What fits depends on the font of the page: numbers in circles, columns of matrices. */
function measureFont(player) {
  const canvas = document.createElement("canvas").getContext("2d"), { picture } = player.data;
  canvas.font = `100px ${getComputedStyle(player.root).fontFamily}`;
  const digit = canvas.measureText("0").width / 100, size = (1.88 * picture.radius) / (digit * (roomOf(player.data) - 0.4));
  const inCircle = player.data.presenter ? 0.94 * size : Math.min(15, size), inCell = cellSize(player), least = inCell < 24 ? 0.7 : 1;
  const looks = { number: `${inCircle.toFixed(1)}px`, cell: `${inCell}px`, enlarged: ((least * inCell) / inCircle).toFixed(3) };
  for (const [name, value] of Object.entries(looks)) player.root.style.setProperty(`--${name}`, value);
  player.column = Math.max(58, inCell * 8 * digit + 10);
}

/** In large type, a picture that is wider than its half of the page goes below the words. */
function arrange({ data: { picture }, parts: { main }, drawing, root }) {
  const width = drawing.viewBox?.baseVal.width * root.style.getPropertyValue("--enlarged");
  main.classList.toggle("wide", picture.wide || width > 0.53 * main.clientWidth);
}

/** The type of a number in a matrix, in pixels. In presenter mode it follows the screen: 25 at 1920. */
const cellSize = ({ data }) => (data.presenter ? Math.max(17, Math.min(40, Math.ceil(innerWidth / 77))) : 14);

/** Reserves the height of the tallest matrices of this walk too, and knows the widths there are. */
function measure(player, rows = true) {
  measureFont(player);
  if (player.data.presenter) arrange(player);
  if (rows) measureRows(player);
  const rowsOf = (item) => (item.rows <= MOST ? item.rows : (item.samples === "rows" ? MOST_SAMPLES : MOST) + 1);
  const em = cellSize(player) / 14; // as stage.css has it
  const heightOf = (line) => em * (66 + 24 * Math.max(0, ...line.filter((entry) => entry.ref).map(rowsOf)));
  const heights = player.walk.map((scene) => linesOf(scene.matrices).reduce((sum, line) => sum + heightOf(line), 0));
  player.root.style.setProperty("--matrices", `${Math.max(...heights)}px`);
  player.width = player.parts.matrices.clientWidth || player.root.clientWidth || 1000;
  player.scrolls = player.parts.picture.scrollWidth > player.parts.picture.clientWidth;
}

// ── 8 Derivation ─────────────────────────────────────────────────────────────────────────────────────────────

function paintDerivation(player) {
  const { at, parts: p, data } = player, [l, j, i] = at.unit, scene = now(player);
  const key = `${at.unit.length} ${l}`;
  if (player.blockKey !== key) buildBlocks(player, key);
  const unit = l === undefined ? "" : `${l},${j}`;
  if (p.unit.select.value !== unit) p.unit.select.value = unit;
  if (player.fromKey !== unit) buildFrom(player, unit);
  if (p.from.select.value !== String(i ?? "")) p.from.select.value = i ?? "";
  write(p.exact, l === undefined ? "Click a unit or a connection to see where its number comes from." : fullValue(player, at.unit));
  if (l === undefined) return;
  const env = environment(at.unit, l, at.sample), stamp = `${at.unit} ${at.sample} ${at.iteration} ${player.version} ${player.hiddenKey}`;
  if (player.blockStamp !== stamp) for (const block of player.blocks) block.update(env);
  player.blockStamp = stamp;
  for (const { node, block } of player.blocks) {
    const known = data.order[block.known] <= scene.upto;
    node.classList.toggle("unknown", !known);
    node.classList.toggle("current", known && l === scene.layer && block.symbol === scene.symbol);
  }
}

function buildFrom(player, unit) {
  const { parts: p, data, at: { unit: [l] } } = player;
  const below = l > 0 ? data.layers[l - 1].units.map((_, i) => [i, `connection from ${unitName(player, l - 1, i)}`]) : [];
  options(p.from.select, [["", "whole unit"], ...below]);
  p.from.node.hidden = !(l > 0);
  player.fromKey = unit;
}

function buildBlocks(player, key) {
  const { data, at, parts: p } = player, kind = at.unit.length === 3 ? "edge" : "unit";
  const blocks = at.unit.length ? data.derivations[kind]?.[at.unit[0]] ?? [] : [];
  player.blocks = blocks.map((block) => buildBlock(player, block));
  p.blocks.replaceChildren(...player.blocks.map((block) => block.node));
  player.blockKey = key;
  player.blockStamp = null;
}

function buildBlock(player, block) {
  const slots = [], body = el("div", { class: "body" });
  if (block.table) body.append(blockTable(player, block.table, slots));
  const pair = ([label, ref]) => [el("dt", {}, rich(label)), el("dd", {}, textSlot(ref, slots))];
  body.append(el("dl", {}, ...block.rows.flatMap(pair)));
  const curve = block.curve === null || block.curve === undefined ? null : buildCurve(player, block.curve);
  if (curve) body.append(curve.node);
  const node = el("article", { class: "block" }, el("h3", {}, block.title), body);
  return { node, block, update: (env) => (fill(player, slots, env), curve?.update(env)) };
}

function blockTable({ data }, { head, each, count, names, cells }, slots) {
  const samples = names === null ? each : "";
  const head1 = (k) => {
    const node = el("th", { scope: "row" }, samples ? "" : data.layers[names].units[k]);
    if (samples) slots.push({ node, index: each, more: { [each]: k }, samples });
    return node;
  };
  const line = (k) => el("tr", {}, head1(k),
    ...cells.map((cell) => {
      const td = el("td");
      slots.push({ node: td, ref: cell.ref, product: cell.product, more: { [each]: k }, samples });
      return td;
    }));
  const more = () => el("tr", { class: "more" }, el("td", { colspan: cells.length + 1 }, "⋯"));
  const all = !samples || count <= data.shown.count, terms = all ? shownTerms(count, MOST - 1) : [...shownTerms(MOST - 1, MOST - 1), -1];
  return el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, rich(text))))),
    el("tbody", {}, ...terms.map((k) => (k < 0 ? more() : line(k)))));
}

/** A small picture of the activation with the point of this unit on it. */
function buildCurve(player, layer) {
  const curve = player.data.curves?.[layer];
  if (!curve) return null;
  const W = 220, H = 110, [x0, x1] = [curve.x[0], curve.x.at(-1)], y0 = Math.min(0, ...curve.y), y1 = Math.max(...curve.y, y0 + 1e-9);
  const X = (x) => 8 + ((x - x0) / (x1 - x0)) * (W - 16), Y = (y) => H - 8 - ((y - y0) / (y1 - y0)) * (H - 16);
  const point = svg("circle", { r: 5, class: "point" }), drop = svg("path", { class: "drop" });
  const path = curve.x.map((x, k) => `${X(x).toFixed(1)} ${Y(curve.y[k]).toFixed(1)}`).join("L"), label = "The activation, with this unit's point";
  const node = svg("svg", { class: "curve", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label },
    svg("path", { class: "axis", d: `M8 ${Y(0)}H${W - 8}M${X(0)} 8V${H - 8}` }),
    svg("path", { class: "line", d: "M" + path }), drop, point);
  const update = (env) => {
    const [z, a] = ["z", curve.of].map((symbol) => cellOf(player, symbol, layer, env.j, env.s));
    const seen = typeof z === "number" && typeof a === "number", x = X(Math.max(x0, Math.min(x1, z))), y = Y(Math.max(y0, Math.min(y1, a)));
    set(point, "transform", seen ? `translate(${x.toFixed(1)} ${y.toFixed(1)})` : "translate(-99 -99)");
    set(drop, "d", seen ? `M${x.toFixed(1)} ${Y(0)}V${y.toFixed(1)}H${X(0)}` : "");
  };
  return { node, update };
}

// ── 9 Table ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Every number of the step in full, built only while the fold is open. */
function paintTable(player) {
  const { details, table } = player.parts;
  if (!details.open) return;
  const scene = now(player);
  const results = scene.steps.map((step) => /^([A-Za-z]+?)(\d*)$/.exec(step)).map(([, symbol, layer]) =>
    `${symbol === "W" || symbol === "b" ? `${symbol}_new` : symbol} ${layer || 0}`);
  const inputs = scene.matrices.filter((item) => item.ref).map((item) => item.ref.split(" ").slice(0, 2).join(" "));
  table.replaceChildren(...[...new Set([...results, ...inputs])].map((ref) => numbersTable(player, ref)));
}

function numbersTable(player, ref) {
  const { symbol, layer } = parseRef(ref), M = matrixOf(player, symbol, layer) ?? [];
  const whole = ["C", "losses", "y", "eta"].includes(symbol), name = shownName(symbol, layer);
  const title = whole ? name : `${name} of ${player.data.layers[layer].title}`;
  const first = SAMPLED.has(symbol) ? player.data.shown.first : 0;
  const rows = Object.entries(M), columns = Object.keys(rows[0]?.[1] ?? {}), inPart = !Array.isArray(M) || !Array.isArray(M[0] ?? []);
  const heads = columns.map((c) => el("th", { scope: "col" }, String(first + Number(c) + 1)));
  const line = ([r, row]) => el("tr", {}, el("th", { scope: "row" }, String(Number(r) + 1)), ...columns.map((c) => el("td", {}, exact(row[c]))));
  const table = el("table", {}, el("caption", {}, title + (inPart ? ", the rows and columns that are shown" : "")),
    el("thead", {}, el("tr", {}, el("td"), ...heads)), el("tbody", {}, ...rows.map(line)));
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title }, table);
}

// ── 10 Moving ────────────────────────────────────────────────────────────────────────────────────────────────

/** Goes somewhere, shows it at once, and lets Python know when we rest. */
function go(player, change) {
  Object.assign(player.at, change);
  paint(player);
  if (!player.data.beside) document.dispatchEvent(new CustomEvent("backstep-step", { detail: cursorOf(player) }));
  rest(player);
}

/** A stage that stands beside another one shows the same step, unit and sample of its own run. */
function accompany(player, { iteration, step, ...there }) {
  const { data, at } = player, regrained = at.grain !== there.grain;
  Object.assign(at, there, { iteration: Math.min(iteration, data.last) });
  if (regrained) (buildWalk(player), measure(player));
  at.index = stopOf(player.walk, step);
  paint(player);
}

function move(player, direction) {
  const { first, last } = player.data, there = neighbour(player.at, direction, player.walk.length, last, first);
  if (there && direction > 0 && player.data.presenter && asked(player)) return showAnswer(player); // to a room: first the answer
  if (there) return go(player, there);
  pause(player);
  if (direction > 0) write(player.parts.live, player.data.end);
}

const goEdge = (player, index) => go(player, { index: Math.min(index, player.walk.length - 1) });

function choose(player, unit) {
  if (String(unit) !== String(player.at.unit)) go(player, { unit });
}

function focusUnit(player, l, j) {
  choose(player, [l, j]);
  point(player, [l, j]);
}

/** Another grain, at the stop that contains the current step. */
function changeGrain(player, grain) {
  const step = now(player).steps.at(-1);
  player.at.grain = grain;
  buildWalk(player);
  measure(player);
  go(player, { index: stopOf(player.walk, step) });
}

function togglePlay(player) {
  player.playing ? pause(player) : play(player);
}

function play(player) {
  showPlaying(player, true);
  const tick = () => {
    player.playing = setTimeout(tick, 1200 / player.speed);
    if (!player.tell || (player.data.traces[player.at.iteration] && !now(player).far)) move(player, +1); // else words or numbers are still on their way
    if (asked(player)) pause(player);
  };
  player.playing = setTimeout(tick, 250);
}

function pause(player) {
  if (!player.playing) return;
  clearTimeout(player.playing);
  player.playing = 0;
  showPlaying(player, false);
  rest(player);
}

function showPlaying({ parts: { play } }, playing) {
  set(play.node, "aria-label", playing ? "Pause" : "Play");
  set(play.node, "title", playing ? "Pause" : "Play");
  set(play.path, "d", ICONS[playing ? "pause" : "play"]);
}

// ── 11 Keys ──────────────────────────────────────────────────────────────────────────────────────────────────

const TYPING = "input:not([type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable='true'], [role=textbox], "
  + "[role=slider], [role=spinbutton], [role=combobox], [role=radio], [role=radiogroup], [role=tab], [role=tablist], [role=menu], "
  + "[role=menuitem], [role=listbox], [role=option], [role=grid], [role=dialog]";
const PRESSABLE = "button, a, summary, input, [role=button], [role=checkbox], [role=switch], [role=link]";

function onKey(player, event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
  const path = event.composedPath().filter((node) => node.matches), target = path[0];
  const ours = target === player.parts.range;
  if (!ours && path.some((node) => node.matches(TYPING))) return;
  const unit = target?.dataset?.testid === "unit" && path.includes(player.root);
  const pressable = !ours && !unit && target?.matches(PRESSABLE);
  if ((unit && onUnitKey(player, event, target)) || onStepKey(player, event, pressable)) event.preventDefault();
}

function onStepKey(player, event, pressable) {
  if (event.shiftKey) return false;
  const moves = {
    ArrowRight: () => move(player, +1), PageDown: () => move(player, +1), ArrowLeft: () => move(player, -1), PageUp: () => move(player, -1),
    Home: () => goEdge(player, 0), End: () => goEdge(player, Infinity),
  };
  if (event.key === " " && !pressable) return event.repeat || togglePlay(player), true;
  if (event.key === "Escape" && player.at.unit.length) return choose(player, []), false;
  if (!moves[event.key]) return false;
  pause(player);
  moves[event.key]();
  return true;
}

/** Arrows among the units: up and down in the layer, with Shift from layer to layer. */
function onUnitKey(player, event, target) {
  const l = Number(target.dataset.layer), j = Number(target.dataset.unit), { layers } = player.data;
  const to = (layer, unit) => {
    const cells = player.units[layer]?.cells;
    cells?.[Math.max(0, Math.min(unit, cells.length - 1))].node.focus();
    return true;
  };
  const across = (layer) => to(layer, layers[layer] ? Math.round((j * (layers[layer].width - 1)) / Math.max(1, layers[l].width - 1)) : 0);
  if (event.key === "ArrowUp") return to(l, j - 1);
  if (event.key === "ArrowDown") return to(l, j + 1);
  if (event.shiftKey && event.key === "ArrowLeft") return across(l - 1);
  if (event.shiftKey && event.key === "ArrowRight") return across(l + 1);
  const chosen = String(player.at.unit) === `${l},${j}`; // then Space plays
  if (event.key === "Enter" || (event.key === " " && !chosen)) return choose(player, [l, j]), true;
  if (event.key === "Escape") return target.blur(), choose(player, []), true;
  return false;
}

// ── 12 Building ──────────────────────────────────────────────────────────────────────────────────────────────
// Above each layer stands its head, between two layers the place for a new one. Their nodes stay while the network
// changes under them: a press that began on a button ends on it, and the focus stays where it is.

/** Shows the controls that Python sent; none where there is no Python to build with. */
function paintHeads(player) {
  const { data: { build }, parts: p, root } = player, before = player.heads ?? [], focused = root.getRootNode().activeElement;
  const building = Boolean(build && player.tell), old = controls(p.build), lost = old.indexOf(focused);
  p.main.classList.toggle("building", building);
  const specs = building ? build.heads.flatMap((head, l) => [head, ...build.places.slice(l, l + 1)]) : [];
  player.heads = specs.map((spec, k) => (before[k]?.shape === shapeOf(spec) ? before[k] : buildHead(player, spec)));
  player.heads.forEach(({ node, update }, k) => {
    update(specs[k]);
    node.style.left = headLeft(player, k);
    if (p.build.children[k] !== node) p.build.children[k] ? p.build.children[k].replaceWith(node) : p.build.append(node);
  });
  while (p.build.children.length > specs.length) p.build.lastChild.remove();
  if (lost >= 0 && !focused.isConnected) old.slice(0, lost).reverse().find((node) => node.isConnected && node.matches("button"))?.focus();
}

const controls = (node) => [...node.querySelectorAll("button, select")];
const shapeOf = ({ wish, remove, menu }) => (wish ? "place" : `${remove ? "hidden" : ""} ${menu ? "menu" : ""}`);

/** Heads stand above their columns, places in the middle between two. */
function headLeft({ data: { picture } }, k) {
  const l = Math.floor(k / 2), x = k % 2 ? (picture.x[l] + picture.x[l + 1]) / 2 : picture.x[l];
  return `calc(100% * (${x} - var(--x0)) / var(--width))`;
}

/** The node of a head or a place, and how it takes up what may have changed. */
function buildHead(player, spec) {
  const shape = shapeOf(spec);
  if (spec.wish) {
    const place = buildWish(player), node = el("div", { class: "new" }, place.node);
    return { shape, node, update: place.update };
  }
  const parts = { title: el("span", { class: "title" }), units: el("span", { class: "units" }) };
  for (const name of ["remove", "fewer", "more", "menu"]) if (spec[name]) parts[name] = (name === "menu" ? buildMenu : buildWish)(player);
  const row = (name, ...names) => el("div", { class: name }, ...names.filter((n) => parts[n]).map((n) => parts[n].node ?? parts[n]));
  const node = el("div", { class: "head", role: "group" }, row("named", "title", "remove"), row("width", "fewer", "units", "more"), row("function", "menu"));
  const update = (now) => {
    set(node, "aria-label", now.title);
    write(parts.title, now.title);
    write(parts.units, now.units);
    set(parts.units, "title", now.why ?? "");
    for (const name in parts) parts[name].update?.(now[name]);
  };
  return { shape, node, update };
}

function buildWish(player) {
  let spec;
  const sign = el("span", { class: "sign" }), long = el("span", { class: "long" });
  const node = el("button", { type: "button", click: () => spec.off || wish(player, spec.wish, node) }, sign, long);
  const update = (now) => {
    spec = now;
    write(sign, now.text);
    write(long, now.long ?? "");
    for (const name of ["aria-label", "title"]) set(node, name, now.label);
    set(node, "aria-disabled", now.off);
  };
  return { node, update };
}

function buildMenu(player) {
  let spec;
  const { select } = choice("", (value) => wish(player, [...spec.wish, value], select));
  const update = (now) => {
    if (String(now.options) !== String(spec?.options)) options(select, now.options.map((name) => [name, name]));
    spec = now;
    select.value = now.value;
    for (const name of ["aria-label", "title"]) set(select, name, now.label);
  };
  return { node: select, update };
}

/** Lets Python know a wish, with those that it has not answered yet: no quick press is lost. */
function wish(player, words, node) {
  pause(player);
  clearTimeout(player.resting);
  player.wishes.push(words);
  player.pressed = node;
  const cursor = cursorOf(player);
  player.told = JSON.stringify(cursor);
  player.tell("build", { mount: player.mount, first: player.answered, wishes: player.wishes, cursor });
}

/** Python has answered some of the wishes, and says what came of them. */
function hearAnswer(player, { mount, count, told }) {
  if (mount !== player.mount || count === player.answered) return;
  player.wishes = player.wishes.slice(count - player.answered);
  player.answered = count;
  player.news = told;
  return true;
}

/** A larger picture may need another place on the page: what was pressed stays where it is on the screen. */
function keepInPlace({ pressed }, top) {
  const scrolls = (box) => box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY);
  let box = pressed;
  while (box && !(box instanceof Element && scrolls(box))) box = box.parentNode ?? box.host;
  if (box && pressed.isConnected) box.scrollTop += topOf(pressed) - top;
}
const topOf = (node) => node?.getBoundingClientRect().top;

// ── 13 Predicting ────────────────────────────────────────────────────────────────────────────────────────────
// What a step computes is blank until it has been predicted, or until somebody wants to see it. Which steps have blanks,
// which numbers belong to them and what a guess is worth is Python's business; a step that lies behind us has no blanks.

const CHOICES = {
  number: [],
  size: [...[1000, 100, 10, 1, 0.1, 0.01, 0.001, 0.0001, 0.00001].map((v) => [String(v), `about ${v < 0.001 ? number(v) : v}`])],
  sign: [["1", "positive"], ["0", "zero"], ["-1", "negative"]],
};
const QUESTIONS = [["number", "the number"], ["size", "its order of size"], ["sign", "its sign"]];
const HINTS = 3, LOOSE = /^(losses|norm|mean|sigma)/; // what has no place of its own for each unit

function createPrediction(player) {
  const p = player.parts, press = (text, click, name) => el("button", { type: "button", click, "data-testid": name }, text);
  p.asks = choice("Say", () => paintPrediction(player));
  options(p.asks.select, QUESTIONS);
  p.guess = el("input", { type: "text", class: "guess", autocomplete: "off", spellcheck: "false", maxlength: 40, placeholder: "such as −0.25", "data-testid": "guess", keydown: (e) => e.key === "Enter" && sendGuess(player) });
  p.pick = el("select", { "aria-label": "Your prediction", keydown: (e) => e.key === "Enter" && sendGuess(player) });
  p.check = press("Check", () => sendGuess(player), "check");
  p.hint = press("Hint", () => showHint(player), "hint");
  p.reveal = press("Show", () => showAnswer(player), "reveal");
  p.over = press("Start over", () => startOver(player), "over");
  p.question = el("p", { class: "question", id: `question-${player.mount}` });
  for (const node of [p.guess, p.pick]) node.setAttribute("aria-describedby", p.question.id);
  p.guess.setAttribute("aria-label", "Your prediction");
  p.controls = el("div", { class: "guessing" }, p.asks.node, p.guess, p.pick, p.check, p.hint, p.reveal, p.over);
  p.said = el("div", { class: "said", tabindex: 0, role: "group", "aria-label": "Answer and hints" });
  p.line = svg("svg", { class: "guesses", viewBox: "0 0 480 56", role: "img" });
  p.predict = el("div", { class: "panel predict", role: "group", "aria-label": "Predict", "data-testid": "predict", hidden: true }, p.question, p.controls, p.said, p.line);
}

/** Whether there are blanks here at all: only where somebody answers. */
const predicts = ({ tell, data, view }) => Boolean(tell && data.predicted && !data.beside && data.blanks[view.fade]?.length);

const here = (player, step) => player.answers.filter((a) => a.iteration === player.at.iteration && a.address[0] === step);
const isShown = (player, step) => here(player, step).some(({ kind }) => kind === "shown");
const blankSteps = (player) => (predicts(player) ? now(player).steps.filter((step) => player.data.blanks[player.view.fade].includes(step)) : []);
const layerOf = ({ data }, step) => (step === "C" ? data.layers.length - 1 : Number(/\d+$/.exec(step)[0]));

/** Finds what is blank at this stop: from a symbol and its layer to what is seen of it all the same. */
function hideBlanks(player) {
  const { data } = player, steps = blankSteps(player).filter((step) => !isShown(player, step));
  const found = steps.map((step) => [step, here(player, step).filter(({ kind, asked }) => kind === "right" && asked === "number").map((a) => a.address)]);
  player.hidden = found.length ? new Map(found.flatMap(([step, known]) => data.asks[step].results.map((ref) => [ref, seenIn(player, ref, known)]))) : null;
  player.hiddenKey = JSON.stringify(found);
}

/** Which cells of a matrix are seen: those that were predicted. */
function seenIn({ data }, ref, known) {
  const symbol = ref.split(" ")[0], first = SAMPLED.has(symbol) ? data.shown.first : 0;
  if (LOOSE.test(symbol)) return () => known.length > 0;
  return (row, column) => known.some(([, r, c]) => r === row && c === column + first);
}

/** What is asked for here: the step, and the row and column of the unit or connection in focus; null for nothing. */
function question(player) {
  const steps = blankSteps(player), step = steps.find((name) => !isShown(player, name)) ?? steps[0];
  if (!step) return null;
  const { axes, results } = player.data.asks[step], layer = layerOf(player, step);
  const env = environment(player.at.unit, layer, player.at.sample), [row, column] = axes.split(" ").map((name) => env[name] ?? 0);
  const [symbol] = results.at(-1).split(" "), first = SAMPLED.has(symbol) ? player.data.shown.first : 0;
  const truth = sentMatrix(player, symbol, symbol === "C" ? 0 : layer)?.[row]?.[column - first];
  const given = here(player, step).filter(({ address: [, r, c] }) => r === row && c === column);
  const done = isShown(player, step) || given.some(({ kind, asked }) => kind === "right" && asked === "number") || typeof truth !== "number";
  return { step, layer, row, column, symbol, axes, env, truth, given: given.filter(({ asked }) => asked !== "shown"), done };
}
/** The same while it has no answer. */
const asked = (player) => ((found) => (found && !found.done ? found : null))(question(player));

function inWords(player, { symbol, layer, row, column, axes }) {
  if (symbol === "C") return "the cost C";
  const from = axes === "j i" ? ` ← ${unitName(player, layer - 1, column)}` : "";
  const which = axes === "j s" && player.data.m > 1 ? `, sample ${column + 1}` : "";
  return `${shownName(symbol, layer)} of ${unitName(player, layer, row)}${from}${which}`;
}

function spokenQuestion(player) {
  const found = asked(player);
  return found ? ` Predict ${inWords(player, found)}.` : "";
}

function paintPrediction(player) {
  const { parts: p, root, view } = player, there = predicts(player), found = there ? question(player) : null;
  for (const name of ["fade", "detail"]) if (p[name].select.value !== view[name]) p[name].select.value = view[name] ?? "";
  p.fade.node.hidden = !(player.tell && player.data.predicted);
  set(root, "data-detail", view.detail ?? "all");
  p.predict.hidden = !there;
  if (!there) return;
  const kind = p.asks.select.value, open = found && !found.done, last = found?.given.at(-1);
  write(p.question, found ? (open ? "Predict " : "Predicted: ") + inWords(player, found) : "No blank at this step");
  for (const node of [p.guess, p.pick, p.check, p.hint, p.reveal, p.asks.select]) node.disabled = !open;
  p.guess.hidden = kind !== "number";
  p.pick.hidden = kind === "number";
  if (p.pick.dataset.kind !== kind) (options(p.pick, CHOICES[kind]), (p.pick.dataset.kind = kind));
  const at = found ? `${player.data.id} ${player.at.iteration} ${found.step} ${found.row} ${found.column}` : "";
  if (player.askedAt !== at) (p.guess.value = ""), (player.hints = {}), (player.askedAt = at);
  set(p.predict, "data-kind", last?.kind ?? (found?.done ? "shown" : ""));
  paintSaid(player, found, last);
  paintGuesses(player, found);
}

/** The verdict or the hint that was wanted last. */
function paintSaid(player, found, last) {
  const { said, hint } = player.parts, level = player.hints.level ?? 0;
  write(hint, level ? `Hint ${level} of ${HINTS}` : "Hint");
  const key = `${player.askedAt} ${level} ${player.hints.latest} ${found?.given.length} ${found?.done} ${player.version}`;
  if (said.key === key) return;
  said.key = key;
  if (!found) return said.replaceChildren("Go on to the next one.");
  if (player.hints.latest && !found.done) return said.replaceChildren(...hintNodes(player, found, level));
  const shown = found.done && !(last?.kind === "right" && last.asked === "number");
  said.replaceChildren(shown ? `It is ${number(found.truth)}.` : last?.told ?? "Nothing is graded: a wrong guess shows where it comes from.");
}

function hintNodes(player, { step, env }, level) {
  const scene = player.data.walks.formula.find(({ steps }) => steps[0] === step), slots = [];
  const nodes = level === 1 ? [el("p", {}, player.data.asks[step].hint)]
    : level === 2 ? scene.formula.map((markup) => el("div", { class: "pieces" }, math(markup)))
    : scene.numbers.map((pieces) => pieceLine(player, pieces, slots));
  fill(player, slots, env);
  return nodes;
}

/** Guess and truth on one line of numbers. */
function paintGuesses(player, found) {
  const { line } = player.parts, guesses = (found?.given ?? []).filter(({ asked: what, value }) => what === "number" && typeof value === "number");
  const truth = found?.done && typeof found.truth === "number" ? found.truth : undefined;
  const values = [0, ...guesses.map(({ value }) => value), ...(truth === undefined ? [] : [truth])];
  const empty = values.length === 1, low = Math.min(...values), high = Math.max(...values), wide = high - low || 1;
  const X = (v) => 60 + (360 * (v - low)) / wide, key = JSON.stringify([player.askedAt, guesses.map(({ value }) => value), truth]);
  if (line.key === key) return;
  line.key = key;
  const guess = guesses.at(-1);
  set(line, "aria-label", empty ? "No guess yet" : [guess && `Your guess ${number(guess.value)}`, truth !== undefined && `the truth ${number(truth)}`].filter(Boolean).join(", "));
  const text = (v, y, words, name) => svg("text", { class: name, x: X(v), y }, words);
  line.replaceChildren(...(empty ? [] : [svg("path", { class: "axis", d: `M20 28H460M${X(0)} 22V34` }), ...(values.some((v) => v !== 0 && Math.abs(X(v) - X(0)) < 24) ? [] : [svg("text", { class: "zero", x: X(0) + 4, y: 42 }, "0")])]),
    ...guesses.map(({ value }) => svg("circle", { class: "guessed", cx: X(value), cy: 28, r: 6 })),
    ...(guess ? [text(guess.value, 13, `your guess ${number(guess.value)}`, "guessed")] : []),
    ...(truth === undefined ? [] : [svg("path", { class: "truth", d: `M${X(truth)} 19l7 9-7 9-7-9z` }), text(truth, 53, `truth ${number(truth)}`, "truth")]));
}

function sendGuess(player) {
  const found = asked(player), { asks: { select: { value: kind } }, guess, pick } = player.parts;
  if (!found) return;
  player.hints.latest = false;
  tellGuess(player, found, kind, kind === "number" ? guess.value : pick.value);
}

function showHint(player) {
  if (!asked(player)) return;
  player.hints = { level: Math.min(HINTS, (player.hints.level ?? 0) + 1), latest: true };
  paintPrediction(player);
  write(player.parts.live, player.parts.said.textContent);
}

/** Shows what is blank at this step: at once, and for as long as the session remembers it. */
function showAnswer(player) {
  const found = asked(player);
  if (!found) return;
  tellGuess(player, found, "shown", "");
  player.answers = [...player.answers, { iteration: player.at.iteration, address: [found.step, found.row, found.column], asked: "shown", kind: "shown", told: "", value: null }];
  player.news = `${inWords(player, found)} is ${number(found.truth)}.`;
  const inside = isInside(player);
  paint(player);
  if (inside) goOnFrom(player);
}

function startOver(player) {
  tellGuess(player, { symbol: "", layer: 0, row: 0, column: 0 }, "over", "");
  Object.assign(player, { answers: [], hints: {} });
  player.parts.guess.value = "";
  paint(player);
}

function tellGuess(player, { symbol, layer, row, column }, kind, text) {
  pause(player);
  clearTimeout(player.resting);
  const cursor = cursorOf(player);
  player.told = JSON.stringify(cursor);
  player.guesses += 1;
  player.tell("guess", { mount: player.mount, count: player.guesses, cursor, address: [symbol.replace("_new", ""), layer, row, column], asked: kind, text });
}

/** Takes up what Python has answered; whether something new was said of a guess. */
function hearMark(player, predicted) {
  if (!predicted) return false;
  player.answers = predicted.answers;
  if (predicted.mount !== player.mount || predicted.count === player.heard || predicted.count !== player.guesses) return false;
  player.heard = predicted.count;
  player.news = predicted.answers.at(-1)?.told || player.news;
  return true;
}

const isInside = ({ parts: { predict }, root }) => predict.contains(root.getRootNode().activeElement);

/** An answer has come: when nothing is blank any more, the focus goes from the panel to where Enter leads on. */
function goOnFrom(player) {
  const { next, predict } = player.parts;
  if (!asked(player)) next.node.focus({ preventScroll: true });
  predict.scrollIntoView({ block: "nearest" }); // the line of numbers, too
}

/** Other blanks or another detail: shown at once, and let known. */
function changeView(player, change) {
  pause(player);
  player.view = { ...player.view, ...change };
  paint(player);
  remeasure(player);
  player.tell?.("view", { fade: player.view.fade, detail: player.view.detail });
}

function takeUpView(player, view) {
  player.view = { ...view };
  set(player.root, "data-detail", view.detail);
}

// ── 14 Saving ────────────────────────────────────────────────────────────────────────────────────────────────

/** The diagram as it is seen, complete in itself: every look is written out, and nothing is asked of anywhere. */
function pictured(player) {
  const { drawing, root, data } = player, { x, y, width, height } = margined(drawing), { fontFamily } = getComputedStyle(root);
  const copy = svg("svg", { viewBox: `${x} ${y} ${width} ${height}`, width, height, role: "img", "font-family": fontFamily },
    svg("title", {}, `${sizesOf(data)}: ${now(player).title}`), svg("desc", {}, spoken(player).trim()),
    svg("rect", { x, y, width, height, fill: getComputedStyle(root).getPropertyValue("--page").trim() }));
  copy.append(...copiesOf(drawing, isHead));
  return copy;
}

/** The box of the saved picture: with some air above the titles. */
const margined = ({ viewBox: { baseVal: { x, y, width, height } } }, air = 12) => ({ x, y: y - air, width, height: height + air });

/** The heads are saved in any case, if only in another form. */
const isHead = (node) => node.matches(".title, .activation");

const sizesOf = ({ layers }) => layers.map(({ width }) => width).join("-");

function save(player, kind) {
  const step = now(player).steps.at(-1), text = new XMLSerializer().serializeToString(pictured(player));
  return SAVE[kind](text, margined(player.drawing), `backstep-${sizesOf(player.data)}-${step}`);
}

// ── 15 Talking to Python ─────────────────────────────────────────────────────────────────────────────────────

const cursorOf = (player) => {
  const { iteration, sample, unit, grain } = player.at;
  return { iteration, sample, step: now(player).steps.at(-1), unit, grain };
};

/** After a move: at once where numbers are needed, else when we have rested (never while playing). */
function rest(player) {
  clearTimeout(player.resting);
  if (!player.tell) return;
  if (needsNumbers(player)) return send(player);
  if (!player.playing) player.resting = setTimeout(() => send(player), 350);
}

/** Whether numbers around the place shown have not been sent yet; asked once for each place. */
function needsNumbers(player) {
  const { at: { iteration: t, sample }, data } = player, { first, count } = data.shown;
  const missing = [t - 1, t, t + 1].some((k) => k >= (data.first ?? 0) && k <= data.last && !data.traces[k])
    || (sample < 0 ? first > 0 : sample < first || sample >= first + count) || isFar(player);
  const place = `${t} ${sample} ${now(player).layer} ${player.at.unit}`;
  if (!missing || player.asked === place) return false;
  player.asked = place;
  return true;
}

/** Whether words or numbers of the layers around this step, or of the chosen unit, have not been sent. */
function isFar(player) {
  const { at: { unit: [l, j, i] }, data: { told, layers } } = player, here = now(player).layer;
  if (!told || layers.length === 1) return false;
  const around = [here - 1, here, here + 1].filter((k) => k > 0 && k < layers.length);
  return around.some((k) => !told.includes(k)) || (l > 0 && (cellOf(player, "b", l, j, 0) === undefined
    || (i !== undefined && cellOf(player, "W", l, j, i) === undefined)));
}

function send(player) {
  clearTimeout(player.resting);
  const cursor = cursorOf(player), key = JSON.stringify(cursor);
  if (!player.tell || key === player.told) return;
  player.told = key;
  player.searchWhenTold = location.search;
  player.tell("cursor", cursor);
}

/** Waits, two seconds at most, until the address of the page has taken up what was told last. */
async function untilLinkFollows(player) {
  for (let waited = 0; player.searchWhenTold === location.search && waited < 5000; waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  player.searchWhenTold = undefined;
}

async function copyLink(player) {
  const { copied, link } = player.parts;
  pause(player);
  send(player);
  await untilLinkFollows(player);
  try {
    await navigator.clipboard.writeText(location.href);
    write(copied, "Copied");
    setTimeout(() => write(copied, ""), 2500);
  } catch {
    link.hidden = false;
    link.value = location.href;
    link.select();
    write(copied, "Press Ctrl+C to copy");
  }
}

/** The data as Python sends it, bytes of words and numbers; null where they are what we have already. */
function unpacked(player, data) {
  if (!(data instanceof Uint8Array)) return data === player.data ? null : data;
  const text = new TextDecoder().decode(data);
  if (text === player.text) return null;
  player.text = text;
  const { words, numbers } = JSON.parse(text);
  const same = words.wording === player.data?.wording;
  return { ...(same ? wordsOf(player.data) : expanded(words)), ...numbers };
}

const WORDS = ["asks", "blanks", "fades", "details", "wording", "network", "told", "grains", "order", "picture", "layers", "build", "walks", "derivations", "curves"];
const wordsOf = (data) => Object.fromEntries(WORDS.map((name) => [name, data[name]]));

/** §3 stands for formula 3: each of them travels once. */
function expanded({ formulas, ...tree }) {
  const whole = (branch) => {
    if (Array.isArray(branch)) return branch.map(whole);
    if (typeof branch === "string") return branch.startsWith("§") ? formulas[Number(branch.slice(1))] : branch;
    if (branch === null || typeof branch !== "object") return branch;
    return Object.fromEntries(Object.entries(branch).map(([name, value]) => [name, whole(value)]));
  };
  return whole(tree);
}

/** What Python sent: a new experiment, a new window of iterations, or a new place to go to. */
function receive(player, data) {
  if (!data) return;
  const fresh = player.data?.id !== data.id, moved = fresh || player.move !== data.move;
  const retyped = !data.presenter !== !player.data?.presenter;
  const reworded = !player.data || data.network === undefined || player.data.network !== data.network || retyped;
  const retold = !reworded && player.data.wording !== data.wording;
  player.root.toggleAttribute("data-presenter", Boolean(data.presenter));
  const top = topOf(player.pressed);
  player.data = data;
  player.version = (player.version ?? 0) + 1;
  player.asked = undefined;
  player.parts.notice.hidden = !data.notice;
  write(player.parts.notice, data.notice ?? "");
  if (reworded) build(player);
  if (fresh) nameSamples(player);
  const answered = data.built && hearAnswer(player, data.built);
  paintHeads(player);
  if (moved) takeUp(player, data);
  if (moved || data.beside) takeUpView(player, data.view);
  const marked = hearMark(player, data.predicted) && isInside(player);
  const walks = reworded || player.walkName !== player.at.grain;
  if (walks) buildWalk(player);
  if (moved) player.at.index = stopOf(player.walk, data.cursor.step);
  player.walk = data.walks[player.at.grain];
  if (retold && !walks) retell(player);
  Object.assign(player, { blockKey: fresh ? null : player.blockKey, fromKey: fresh ? null : player.fromKey, markKey: null });
  const large = answered && player.walk.length > 24; // its rows are as high as before until it has been seen
  if (walks) measure(player, !large);
  paint(player);
  if (marked) goOnFrom(player);
  if (answered) keepInPlace(player, top);
  clearTimeout(player.settling);
  if (walks && large) player.settling = setTimeout(() => settle(player), 150);
}

function settle(player) {
  const top = topOf(player.pressed);
  remeasure(player);
  keepInPlace(player, top);
}

function takeUp(player, { cursor, move }) {
  if (player.playing) (clearTimeout(player.playing), (player.playing = 0), showPlaying(player, false));
  clearTimeout(player.resting);
  const { sample, unit, grain } = cursor, iteration = Math.max(cursor.iteration, player.data.first ?? 0);
  Object.assign(player.at, { iteration, sample, unit: unit ?? [], grain });
  player.move = move;
  player.told = JSON.stringify({ iteration, sample, step: cursor.step, unit: unit ?? [], grain });
}

// ── 16 Life ──────────────────────────────────────────────────────────────────────────────────────────────────

function remeasure(player) {
  measure(player);
  paint(player);
}

function listen(player) {
  const stop = new AbortController(), { signal } = stop;
  document.addEventListener("keydown", (event) => player.data && !player.data.beside && onKey(player, event), { signal });
  document.addEventListener("backstep-step", ({ detail }) => player.data?.beside && accompany(player, detail), { signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paintTheme(player.root), { signal });
  const sizes = new ResizeObserver(() => {
    if (player.data && player.parts.matrices.clientWidth !== player.width) remeasure(player);
  });
  sizes.observe(player.parts.matrices);
  document.fonts.addEventListener("loadingdone", () => player.data && remeasure(player), { signal });
  player.destroy = () => {
    [player.playing, player.resting, player.speaking, player.settling].forEach(clearTimeout);
    stop.abort();
    sizes.disconnect();
    player.box.remove();
  };
}

// What is drawn before its font has come would move when it comes: the first picture waits for them all.
const PATIENCE = 3000; // milliseconds: as long as a browser shows no text in another font

/** Asks for the fonts of the stage; done when all of them have come or failed, or it has taken too long. */
function fontsOf(root) {
  const { fontFamily } = getComputedStyle(root), code = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
  const wanted = [`16px ${fontFamily}`, `italic 16px ${fontFamily}`, `16px ${code}`, '16px "STIX Two Math"'];
  const come = Promise.allSettled(wanted.map((font) => document.fonts.load(font)));
  return Promise.race([come, new Promise((late) => setTimeout(late, PATIENCE))]);
}

/** Takes up what Python has sent last. */
function take(player) {
  const { data, setStateValue } = player.sent, news = unpacked(player, data);
  player.tell = (news ?? player.data).beside ? undefined : setStateValue;
  player.parts.copy.hidden = !player.tell;
  player.root.toggleAttribute("data-beside", !player.tell && Boolean(setStateValue));
  paintTheme(player.root);
  receive(player, news);
}

export default function mount({ data, parentElement, setStateValue }) {
  const player = parentElement.querySelector("[data-testid=stage]")?.player ?? createPlayer(parentElement);
  player.sent = { data, setStateValue };
  if (player.data) take(player);
  else (player.fonts ??= fontsOf(player.root)).then(() => player.root.isConnected && take(player));
  return () => player.destroy();
}

export { number, parseRef, windowAround, shareColumns, segmentsOf, symbolAt, stopOf, neighbour, scaleOf, environment, shownTerms, labelPlaces };
