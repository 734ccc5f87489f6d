// The cargo: what rarely changes travels by itself, once, and is left here for the players of the
// page. A part that the page shows again unchanged costs nothing on the way, however often the
// cursor comes to rest.

import { hold } from "./hold.js";
import { unwrapped } from "./parcel.js";

export default function mount({ data }) {
  hold(unwrapped(data));
}
