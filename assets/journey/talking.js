// What Python is told and what it sends.

import { fromHold } from "../hold.js";
import { label } from "./figures.js";
import { nearestIndex } from "./lists.js";
import { pause } from "./moving.js";
import { arrange, build, buildSample, measure } from "./page.js";
import { paint } from "./painting.js";

export function rest(journey) {
  clearTimeout(journey.resting);
  journey.resting = setTimeout(() => send(journey), 150);
}

export function send(journey) {
  journey.resting = clearTimeout(journey.resting);
  label(journey);
  const { t: iteration, step, chosen: sample } = journey;
  if (iteration === journey.told && !step && sample === undefined) return;
  journey.told = iteration;
  journey.turn += 1;
  journey.tell("cursor", {
    turn: journey.turn,
    iteration,
    ...(step && { step }),
    ...(sample !== undefined && { sample }),
  });
  journey.step = journey.chosen = undefined;
}

/**
 * What Python says of the cursor counts once it has heard all that was said here, and while nobody
 * is moving it. The same run may come again, when more of it is known.
 */
export function receive(journey, parcel) {
  if (parcel) journey.moment = parcel;
  const { moment, run } = journey, fresh = fromHold("run"), sample = fromHold("sample");
  if (!moment || fresh?.id !== moment.run) return;
  journey.turn ??= moment.turn;
  const another = fresh !== run, grown = another && fresh.run === run?.run;
  const other = sample?.id === moment.sample && sample !== journey.sample;
  const sampled = sample?.id === moment.sample;
  if (other) journey.sample = sample;
  if (another) takeRun(journey, fresh, grown, sampled);
  else if (other) takeSample(journey);
  if ((another && !grown) || isAtRest(journey)) takeUp(journey, moment.iteration);
  if (another || other) measure(journey);
  else paint(journey);
  if (another || !journey.dragging) label(journey);
}

const isAtRest = ({ moment, turn, playing, dragging, resting }) =>
  moment.turn === turn && !playing && !dragging && !resting;

function takeRun(journey, fresh, grown, sampled) {
  if (!grown) pause(journey);
  journey.run = fresh;
  if (!sampled) journey.sample = undefined;
  build(journey);
  journey.k = nearestIndex(fresh.arrays.iterations.values, journey.t);
}

function takeSample(journey) {
  buildSample(journey);
  arrange(journey);
}

function takeUp(journey, iteration) {
  journey.resting = clearTimeout(journey.resting);
  journey.t = journey.told = iteration;
  journey.k = nearestIndex(journey.run.arrays.iterations.values, iteration);
}
