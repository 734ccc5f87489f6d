// The page of the journey, and what is built anew for each run.

import { buildAtlas, drawAtlas } from "./atlas.js";
import { buildChart, drawChart } from "./charts.js";
import { select } from "./figures.js";
import { reserveFindings } from "./findings.js";
import { count, ordinal } from "./lists.js";
import { go, pause, play } from "./moving.js";
import { paint, paintTable } from "./painting.js";
import { buildPicture, drawPicture } from "./picture.js";
import { receive } from "./talking.js";
import { paintTheme } from "../looks.js";
import { el, set, svg, write } from "../nodes.js";

export const ICON = { play: "M7 5l11 7-11 7z", pause: "M8 5v14M16 5v14" };

export function createJourney(parent) {
  const view = { log: {}, choice: {}, hidden: 0, quantity: 0, speed: 1 };
  const journey = { view, parts: {}, charts: [], t: 0, k: 0 }, p = journey.parts;
  p.notice = el("p", { class: "notice", role: "note", hidden: true });
  p.views = el("div", { class: "views" });
  p.atlas = el("section", { class: "atlas", "aria-label": "Gradient atlas" });
  p.findings = el("ul", { class: "findings" });
  p.table = el("div", { class: "scroll" });
  const summary = el("summary", {}, "The numbers at this iteration as a table");
  const toggle = () => paintTable(journey);
  p.details = el("details", { class: "numbers", toggle }, summary, p.table);
  const look = { class: "journey", "data-testid": "journey", "aria-label": TITLE, hidden: true };
  const parts = [buildTransport(journey), p.notice, p.views, p.atlas, p.details];
  journey.root = el("section", look, ...parts);
  journey.root.journey = journey;
  journey.box = el("div", { class: "journey-box" }, journey.root);
  parent.append(journey.box);
  listen(journey);
  return journey;
}

const TITLE = "The journey through the run";

function buildTransport(journey) {
  const p = journey.parts;
  p.icon = svg("path", { d: ICON.play });
  p.play = el("button", {
    type: "button",
    class: "play",
    "aria-label": "Play",
    click: () => (journey.playing ? pause(journey) : play(journey)),
  }, svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, p.icon));
  const input = () => {
    pause(journey);
    go(journey, Number(p.range.value));
  };
  p.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Iteration", input });
  p.where = el("p", { class: "where" });
  p.every = el("p", { class: "every" });
  const speeds = [0.5, 1, 2, 4].map((v) => [v, `${v}×`]);
  p.speed = select("Speed", speeds, (v) => (journey.view.speed = Number(v)));
  p.speed.select.value = "1";
  const place = el("div", { class: "place" }, p.where, p.every);
  return el("div", { class: "transport" }, p.play, p.range, place, p.speed.node);
}

function listen(journey) {
  const stop = new AbortController(), { signal } = stop;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => retheme(journey), { signal });
  document.addEventListener("backstep-cargo", () => receive(journey), { signal });
  const sizes = new ResizeObserver(() => {
    if (journey.run && journey.root.clientWidth !== journey.width) measure(journey);
  });
  sizes.observe(journey.box);
  journey.destroy = () => {
    cancelAnimationFrame(journey.playing);
    clearTimeout(journey.resting);
    stop.abort();
    sizes.disconnect();
    journey.box.remove();
  };
}

/** Everything of a new run. */
export function build(journey) {
  const { run, parts: p } = journey;
  set(p.range, "max", count(journey) - 1);
  p.notice.hidden = !run.notice;
  write(p.notice, run.notice);
  write(
    p.every,
    run.every > 1
      ? `Every ${ordinal(run.every)} iteration is shown, and the last.`
      : "Every iteration is shown.",
  );
  p.views.classList.toggle("unpictured", !run.picture);
  journey.charts = run.charts.map((words) => buildChart(journey, words, run));
  journey.picture = run.picture && buildPicture(journey);
  buildSample(journey);
  buildAtlas(journey);
  arrange(journey);
  journey.root.hidden = false;
  journey.width = undefined;
}

export function buildSample(journey) {
  const { sample } = journey;
  journey.charts = journey.charts.filter(({ words }) => words.name !== "sample");
  if (sample) journey.charts.push(buildChart(journey, sample.chart, sample));
}

export function arrange({ charts, picture, parts: p }) {
  const [cost, ...others] = charts.map(({ node }) => node);
  p.views.replaceChildren(cost, ...(picture ? [picture.node] : []), ...others);
}

export function measure(journey) {
  journey.width = journey.root.clientWidth;
  journey.charts.forEach((chart) => drawChart(journey, chart));
  if (journey.picture) drawPicture(journey);
  drawAtlas(journey);
  reserveFindings(journey);
  paint(journey);
}

export function retheme(journey) {
  paintTheme(journey.root);
  if (!journey.run) return;
  journey.painted = undefined;
  measure(journey);
}
