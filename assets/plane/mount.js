// The plane: users draw a data set by clicking points onto it. It knows points, and nothing of what
// they are for.

import { paintTheme } from "../looks.js";
import { createPlane } from "./page.js";
import { receive } from "./talking.js";

export default function ({ data, parentElement, setStateValue }) {
  const plane = parentElement.querySelector("[data-testid=plane]")?.plane ??
    createPlane(parentElement);
  plane.tell = setStateValue;
  paintTheme(plane.root);
  receive(plane, data);
  return () => plane.destroy();
}
