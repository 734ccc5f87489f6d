// What fits depends on the font and the width of the page.

import { measureRows } from "./explanation.js";
import { MOST, MOST_SAMPLES } from "./matrices.js";
import { paint } from "./painting.js";
import { roomOf } from "./units.js";
import { linesOf } from "./windows.js";

/** What fits depends on the font of the page: numbers in circles, columns of matrices. */
function measureFont(player) {
  const canvas = document.createElement("canvas").getContext("2d"), { picture } = player.data;
  canvas.font = `100px ${getComputedStyle(player.root).fontFamily}`;
  const digit = canvas.measureText("0").width / 100,
    size = (1.88 * picture.radius) / (digit * (roomOf(player.data) - 0.4));
  const inCircle = player.data.presenter ? 0.94 * size : Math.min(15, size),
    inCell = cellSize(player),
    least = inCell < 24 ? 0.7 : 1;
  const looks = {
    number: `${inCircle.toFixed(1)}px`,
    cell: `${inCell}px`,
    enlarged: ((least * inCell) / inCircle).toFixed(3),
  };
  for (const [name, value] of Object.entries(looks)) {
    player.root.style.setProperty(`--${name}`, value);
  }
  player.column = Math.max(58, inCell * 8 * digit + 10);
}

/** In large type, a picture that is wider than its half of the page goes below the words. */
function arrange({ data: { picture }, parts: { main }, drawing, root }) {
  const width = drawing.viewBox?.baseVal.width * root.style.getPropertyValue("--enlarged");
  main.classList.toggle("wide", picture.wide || width > 0.53 * main.clientWidth);
}

/**
 * The type of a number in a matrix, in pixels. In presenter mode it follows the screen: 25 at 1920.
 */
const cellSize = (
  { data },
) => (data.presenter ? Math.max(17, Math.min(40, Math.ceil(innerWidth / 77))) : 14);

/** Reserves the height of the tallest matrices of this walk too, and knows the widths there are. */
export function measure(player, rows = true) {
  measureFont(player);
  if (player.data.presenter) arrange(player);
  if (rows) measureRows(player);
  const rowsOf = (
    item,
  ) => (item.rows <= MOST ? item.rows : (item.samples === "rows" ? MOST_SAMPLES : MOST) + 1);
  const em = cellSize(player) / 14; // as stage.css has it
  const heightOf = (line) =>
    em * (66 + 24 * Math.max(0, ...line.filter((entry) => entry.ref).map(rowsOf)));
  const heights = player.walk.map((scene) =>
    linesOf(scene.matrices).reduce((sum, line) => sum + heightOf(line), 0)
  );
  player.root.style.setProperty("--matrices", `${Math.max(...heights)}px`);
  player.width = player.parts.matrices.clientWidth || player.root.clientWidth || 1000;
  player.scrolls = player.parts.picture.scrollWidth > player.parts.picture.clientWidth;
}

export function remeasure(player) {
  measure(player);
  paint(player);
}
