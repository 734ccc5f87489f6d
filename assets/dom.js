// What the players share: numbers as text, nodes, the markers of the classes, light or dark, parcels, saved pictures.
// figures/player.py puts it in front of each of them: it exports nothing by itself.

/**
 * Four significant digits. A shorter decimal that is exact stays short; 0.5000 was rounded. From 1,000 on a whole
 * number; below 0.001 and from 100,000 on the power of ten is written out. Words stay as they are.
 * figures/style.py has the same function.
 */
function number(v, digits = 4) {
  if (typeof v !== "number") return v === undefined || v === null ? "…" : String(v);
  if (v === 0) return "0";
  const plain = Math.abs(v) < 10 ** (digits - 1) ? v.toPrecision(digits) : v.toFixed(0), size = Math.abs(Number(plain));
  const text = size < 0.001 || size >= 100000 ? v.toExponential(digits - 1) : plain;
  return (Number(text) === v ? shortened(text) : text).replace("e+", "e").replaceAll("-", "−");
}

/** Without the zeros at the end of the decimals. */
function shortened(text) {
  const [mantissa, exponent] = text.split("e");
  return (mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa) + (exponent === undefined ? "" : `e${exponent}`);
}

const SVG = "http://www.w3.org/2000/svg";

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}
const el = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => dress(document.createElementNS(SVG, tag), attributes, children);

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function set(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

const MARKERS = { // all of about the same area
  circle: "M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0Z", square: "M-6.2-6.2H6.2V6.2H-6.2Z",
  "triangle-up": "M0-9.4L9 6.2H-9Z", diamond: "M0-8.9L8.9 0 0 8.9-8.9 0Z",
};

/** Light or dark, from the background that the page really has. */
function paintTheme(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  if (!root.probe) root.append((root.probe = el("span", { hidden: true })));
  root.probe.style.color = background;
  const [r, g, b] = (background && getComputedStyle(root.probe).color.match(/[\d.]+/g)?.map(Number)) || [];
  const dark = r === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  set(root, "data-theme", dark ? "dark" : "light");
}

const ARRAYS = { u1: Uint8Array, i1: Int8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

/** The words and the arrays {values, shape} of a parcel (figures/parcel.py). */
function unwrapped(bytes) {
  const whole = bytes.slice(), length = new DataView(whole.buffer).getUint32(0, true), start = Math.ceil((4 + length) / 8) * 8;
  const words = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  const read = ([kind, shape, place]) => ({ values: new ARRAYS[kind](whole.buffer, start + place, shape.reduce((p, q) => p * q, 1)), shape });
  const arrays = Object.fromEntries(Object.entries(words.arrays).map(([name, listed]) => [name, read(listed)]));
  return { ...words, arrays };
}

// A saved picture is complete in itself: every look is written out, and nothing is asked of anywhere.

const SHAPE = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "vector-effect"];
const TEXT = ["fill", "stroke", "stroke-width", "stroke-linejoin", "paint-order", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"];
const PLAIN = { opacity: "1", "vector-effect": "none", "dominant-baseline": "auto" }; // what need not be written
const PLACE = ["transform", "x", "y", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "d", "width", "height", "viewBox", "clip-path", "id"];
const HOLDERS = ["g", "svg", "clipPath"];

/** A copy of a drawn node with its look as attributes; null for what is not seen, unless `kept` says otherwise. */
function copyOf(node, kept = () => false) {
  const look = getComputedStyle(node), text = node.localName === "text", copy = svg(node.localName);
  if ((look.display === "none" || look.visibility === "hidden" || node.localName === "title") && !kept(node)) return null;
  for (const name of PLACE) if (node.hasAttribute(name)) copy.setAttribute(name, node.getAttribute(name));
  if (look.opacity !== "1") copy.setAttribute("opacity", look.opacity);
  if (HOLDERS.includes(node.localName)) return copy.append(...copiesOf(node, kept)), copy;
  for (const name of text ? TEXT : SHAPE) wear(copy, name, look.getPropertyValue(name));
  const length = text ? node.getComputedTextLength() : 0; // another font must not make the numbers wider
  if (length) dress(copy, { textLength: length.toFixed(1), lengthAdjust: "spacingAndGlyphs" }, []);
  copy.textContent = text ? node.textContent : "";
  return copy;
}
const copiesOf = (node, kept) => [...node.children].map((child) => copyOf(child, kept)).filter(Boolean);

function wear(copy, name, value) {
  if (value && value !== PLAIN[name]) copy.setAttribute(name, plainColour(value));
}

/** A mixed colour in the words that every program knows. */
function plainColour(value) {
  const mixed = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/);
  return mixed ? `#${mixed.slice(1).map((part) => Math.round(255 * part).toString(16).padStart(2, "0")).join("")}` : value;
}

/** What is seen of an HTML node as SVG: texts line by line, drawings, canvases and grounds, all where they are. */
function flat(node) {
  if (node.nodeType === Node.TEXT_NODE) return textLines(node).map((line) => textOf(line, node.parentElement));
  if (node.nodeType !== Node.ELEMENT_NODE || !isSeen(node)) return [];
  const paint = FLAT[node.localName];
  return paint ? paint(node, node.getBoundingClientRect()) : [...groundOf(node), ...[...node.childNodes].flatMap(flat)];
}

/** Buttons that save, what is for listeners alone, and a choice that is not made are no part of a picture. */
function isSeen(node) {
  const { display, visibility } = getComputedStyle(node);
  return display !== "none" && visibility === "visible" && !node.matches(".unseen, .save") && node.querySelector(":scope > input[type=checkbox]")?.checked !== false;
}

const FLAT = {
  svg: (node, { x, y, width, height }) => [dress(copyOf(node), { x, y, width, height }, [])],
  canvas: (node, { x, y, width, height }) => [svg("image", { href: node.toDataURL(), x, y, width, height, preserveAspectRatio: "none" })],
  select: (node, { x, y, width, height }) => [textOf({ text: node.selectedOptions[0]?.text ?? "", left: x, right: x + width, y: y + height / 2 }, node)],
  input: () => [],
};

function groundOf(node) {
  const { backgroundColor: fill } = getComputedStyle(node), { x, y, width, height } = node.getBoundingClientRect();
  return node.localName === "button" || !width || /^(transparent|rgba\(.*, 0\))$/.test(fill) ? [] : [svg("rect", { x, y, width, height, fill: plainColour(fill) })];
}

/** The lines into which a text is broken, and where they are; y is their middle. */
function textLines(node) {
  const range = document.createRange(), lines = [];
  for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const { left, right, top, bottom } = range.getBoundingClientRect(), y = (top + bottom) / 2, line = lines.at(-1);
    if (line && Math.abs(line.y - y) < 2) Object.assign(line, { text: `${line.text} ${word}`, right });
    else if (right > left) lines.push({ text: word, left, right, y });
  }
  return lines;
}

function textOf({ text, left, right, y }, node) {
  const { color, fontSize, fontWeight } = getComputedStyle(node), length = node.localName === "select" ? {} : { textLength: (right - left).toFixed(1), lengthAdjust: "spacingAndGlyphs" };
  return svg("text", { x: left.toFixed(1), y: y.toFixed(1), dy: "0.35em", fill: plainColour(color), "font-size": fontSize, "font-weight": fontWeight, ...length }, text);
}

/** A part of a page as a picture: a line above it says `when`, and `said` is what it shows in words. */
function savedPicture(node, { title, when, said }) {
  const air = 12, line = 24, look = getComputedStyle(node), paint = (name) => look.getPropertyValue(name).trim();
  const { left, right, top, height } = reachOf(node), size = { width: Math.ceil(right - left + 2 * air), height: Math.ceil(height + line + 2 * air) };
  const copy = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: "img", "font-family": look.fontFamily },
    svg("title", {}, `${title}. ${when}`), svg("desc", {}, said), svg("rect", { ...size, fill: paint("--page") }),
    svg("text", { x: air, y: air + line / 2, dy: "0.35em", fill: paint("--muted"), "font-size": "14px" }, when),
    svg("g", { transform: `translate(${(air - left).toFixed(2)} ${(air + line - top).toFixed(2)})` }, ...flat(node)));
  return { text: new XMLSerializer().serializeToString(copy), size };
}

/** The box of a node, with what of its tables is scrolled out of sight. */
function reachOf(node) {
  const { top, height } = node.getBoundingClientRect(), boxes = [node, ...node.querySelectorAll("table")].map((part) => part.getBoundingClientRect());
  return { top, height, left: Math.min(...boxes.map(({ left }) => left)), right: Math.max(...boxes.map(({ right }) => right)) };
}

/** A small menu that saves as SVG or PNG; `save` is told which. Escape, or a step out of it, closes it. */
function saveMenu(title, save) {
  const button = (kind) => el("button", { type: "button", "aria-label": `Save as ${kind}: ${title}`, click: () => (close(), save(kind)) }, kind);
  const head = el("summary", { "aria-label": `Save: ${title}` }, "Save"), menu = el("details", { class: "save" }, head, el("div", { role: "group", "aria-label": "Save as" }, button("SVG"), button("PNG")));
  const close = () => (menu.contains(menu.getRootNode().activeElement) && head.focus(), (menu.open = false));
  return dress(menu, {
    keydown: (event) => event.key === "Escape" && menu.open && (event.stopPropagation(), close()),
    focusout: ({ relatedTarget }) => { if (!menu.contains(relatedTarget)) menu.open = false; },
  }, []);
}

function download(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

async function painted(text, { width, height }, scale) {
  const image = new Image(), canvas = el("canvas", { width: scale * width, height: scale * height });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const SAVE = {
  SVG: (text, size, name) => download(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`),
  PNG: async (text, size, name) => download(await painted(text, size, 2), `${name}.png`),
};
