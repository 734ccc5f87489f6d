// The journey travels through a run that figures/journey/payload.py has written down, and computes nothing
// of it.

import { createJourney, retheme } from "./page.js";
import { receive } from "./talking.js";
import { paintTheme } from "../looks.js";
import { unwrapped } from "../parcel.js";

export default function ({ data, parentElement, setStateValue }) {
  const journey = parentElement.querySelector("[data-testid=journey]")?.journey ??
    createJourney(parentElement);
  journey.tell = setStateValue;
  const theme = journey.root.dataset.theme, bytes = data !== journey.data && data;
  paintTheme(journey.root);
  journey.data = data;
  if (journey.run && theme !== journey.root.dataset.theme) retheme(journey);
  if (bytes) receive(journey, unwrapped(bytes));
  return () => journey.destroy();
}
