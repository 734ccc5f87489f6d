// Numbers as text: readable, short, and close to what they stand for.

import assert from "node:assert/strict";
import { number } from "../../assets/numbers.js";
import { exact } from "../../assets/stage/values.js";
import { fitted } from "../../assets/stage/units.js";
import { text as coordinate } from "../../assets/plane/places.js";
import { each, size } from "./random.js";

const read = (text) => Number(text.replaceAll("−", "-"));

Deno.test("four significant digits, exact decimals stay short, words stay as they are", () => {
  const texts = {
    "0.5": 0.5,
    "0.3333": 1 / 3,
    "−0.25": -0.25,
    "1234": 1234.4,
    "1e−5": 1e-5,
    "1.235e5": 123456,
  };
  for (const [text, v] of Object.entries(texts)) assert.equal(number(v), text);
  assert.equal(number(-0), "0");
  assert.equal(number("overflow"), "overflow");
  assert.equal(number(undefined), "…");
});

Deno.test("a number is within half a unit of its fourth digit, and is never longer than 10 characters", () => {
  each(20_000, (roll) => {
    const v = size(roll), text = number(v);
    assert(text.length <= 10, text);
    assert(!text.includes("-"));
    if (v === 0 || Math.abs(v) < 1e-300 || Math.abs(v) > 1e300) return;
    assert(Math.abs(read(text) - v) <= 0.00051 * Math.abs(v), `${v} as ${text}`);
  });
});

Deno.test("fewer digits fit into less room, and as many as fit are kept", () => {
  each(5_000, (roll) => {
    const v = size(roll), [wide, narrow] = [fitted(v, 9), fitted(v, 5)];
    assert(wide.length >= narrow.length);
    assert(narrow.length <= 5 || narrow === number(v, 1));
  });
});

Deno.test("the exact text is the number itself", () => {
  each(5_000, (roll) => {
    const v = size(roll);
    assert(Object.is(read(exact(v)), v) || v === 0);
  });
});

Deno.test("a coordinate has two decimals and a true minus sign", () => {
  assert.equal(coordinate(-1.5), "−1.50");
  assert.equal(coordinate(0.005), "0.01");
});
