// The stage plays the scenes that figures/stage/payload.py wrote. Python decides what a step shows.

import { paintTheme } from "../looks.js";
import { fontsOf } from "./fonts.js";
import { onKey } from "./keys.js";
import { remeasure } from "./measuring.js";
import { accompany } from "./moving.js";
import { createPlayer } from "./page.js";
import { takeIn } from "./receiving.js";

export function listen(player) {
  const stop = new AbortController(), { matrices } = player.parts;
  const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal });
  on(document, "keydown", (event) => player.data && !player.data.beside && onKey(player, event));
  on(document, "backstep-step", ({ detail }) => player.data?.beside && accompany(player, detail));
  on(document, "backstep-cargo", () => player.ready && takeIn(player));
  on(matchMedia("(prefers-color-scheme: dark)"), "change", () => paintTheme(player.root));
  on(document.fonts, "loadingdone", () => player.data && remeasure(player));
  const sizes = new ResizeObserver(() => {
    if (player.data && matrices.clientWidth !== player.width) remeasure(player);
  });
  sizes.observe(matrices);
  player.destroy = () => {
    [player.playing, player.resting, player.speaking, player.settling].forEach(clearTimeout);
    stop.abort();
    sizes.disconnect();
    player.box.remove();
  };
}

/** The first picture, unless the stage has gone meanwhile. */
function begin(player) {
  player.ready = true;
  if (player.root.isConnected) takeIn(player);
}

/** Called whenever the data have changed, and the theme. */
export default function mount({ data, parentElement, setStateValue }) {
  const player = parentElement.querySelector("[data-testid=stage]")?.player ??
    createPlayer(parentElement);
  Object.assign(player, { sent: data, talk: setStateValue });
  paintTheme(player.root);
  if (player.ready) takeIn(player);
  else player.fonts ??= fontsOf(player.root).then(() => begin(player));
  return () => player.destroy();
}
