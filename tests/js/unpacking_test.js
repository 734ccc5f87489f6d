// A parcel is known as one whatever its length: four bytes of that stand before its words.

import assert from "node:assert/strict";
import { opened } from "../../assets/stage/unpacking.js";

/** A parcel without arrays whose words have so many characters, as figures/parcels.py writes it. */
function parcel(length) {
  const bare = JSON.stringify({ cargo: { words: "w", samples: "s" }, name: "", arrays: {} });
  const words = bare.replace('"name":""', `"name":"${"x".repeat(length - bare.length)}"`);
  const bytes = new Uint8Array(Math.ceil((4 + length) / 8) * 8).fill(32);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(new TextEncoder().encode(words), 4);
  return bytes;
}

Deno.test("a parcel of any length waits for its cargo, and is never read as one piece", () => {
  for (let length = 100; length < 1000; length++) {
    assert.equal(opened(parcel(length)), undefined);
  }
});

Deno.test("what came in one piece is read as that", () => {
  const whole = { words: { id: 1 }, numbers: [1, 2] };
  assert.deepEqual(opened(new TextEncoder().encode(JSON.stringify(whole))), whole);
});
