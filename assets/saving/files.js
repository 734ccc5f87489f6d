// Pictures become files, SVG or PNG.

import { el } from "../nodes.js";

export function download(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

export async function painted(text, { width, height }, scale) {
  const image = new Image(),
    canvas = el("canvas", { width: scale * width, height: scale * height });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export const SAVE = {
  SVG: (text, _size, name) => download(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`),
  PNG: async (text, size, name) => download(await painted(text, size, 2), `${name}.png`),
};
