// The marks of axes, of ranges of every size.

import assert from "node:assert/strict";
import { plainText, powers, powerText, ticks } from "../../assets/journey/axes.js";
import { after, each, pick, size, whole } from "./random.js";

/** A range: of any width, of a few ulps, empty, or upside down. */
function range(roll) {
  const low = size(roll), high = pick(roll, [size(roll), after(low, whole(roll, 0, 40)), low]);
  return roll() < 0.9 && high < low ? [high, low] : [low, high];
}

Deno.test("ticks of 0 … 1 and 0 … 199 are round", () => {
  assert.deepEqual(ticks(0, 1, 4), [0, 0.5, 1]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(0, 199, 5), [0, 50, 100, 150]);
  assert.deepEqual(ticks(-1.5, 1.5, 5), [-1, 0, 1]);
});

Deno.test("a range of a few ulps has few ticks", () => {
  const low = 0.6931471805599453;
  for (const ulps of [1, 2, 5, 17]) assert(ticks(low, after(low, ulps), 4).length <= 6);
  assert(ticks(2 ** 53, 2 ** 53 + 4, 4).length <= 6);
});

Deno.test("ticks end, are few, ascend, never come twice, and lie in their range", () => {
  each(20_000, (roll) => {
    const [low, high] = range(roll), count = whole(roll, 1, 12), found = ticks(low, high, count);
    assert(found.length <= count + 2, `${found.length} ticks of ${low} … ${high}`);
    const slack = 1e-5 * Math.abs(high - low);
    found.forEach((v, k) => {
      assert(Number.isFinite(v));
      assert(v >= low - slack && v <= high + slack, `${v} of ${low} … ${high}`);
      assert(k === 0 || v > found[k - 1], `${found}`);
    });
  });
});

Deno.test("an ordinary range has ticks, and evenly spaced ones", () => {
  each(5_000, (roll) => {
    const low = 200 * roll() - 100,
      high = low + 10 ** whole(roll, -3, 3),
      found = ticks(low, high, 4);
    assert(found.length >= 1 && found.length <= 6);
    const gaps = found.slice(1).map((v, k) => v - found[k]);
    for (const gap of gaps) assert(Math.abs(gap - gaps[0]) < 1e-6 * gaps[0]);
  });
});

Deno.test("powers of ten end, ascend and lie in their range", () => {
  assert.deepEqual(powers(-2, 1, 5), [0.01, 0.1, 1, 10]);
  assert.deepEqual(powers(0, 1, 5), [1, 2, 5, 10]);
  each(20_000, (roll) => {
    const [low, high] = range(roll), count = whole(roll, 1, 12), found = powers(low, high, count);
    assert(found.length <= 3 * count + 9, `${found.length} of ${low} … ${high}`);
    found.forEach((v, k) => {
      assert(Math.log10(v) >= low - 1e-9 && Math.log10(v) <= high + 1e-9);
      assert(k === 0 || v > found[k - 1]);
    });
  });
});

Deno.test("a power of ten is written with its exponent where that is shorter", () => {
  assert.equal(powerText(1000), "1000");
  assert.equal(powerText(1e-7), "10⁻⁷");
  assert.equal(powerText(5e12), "5·10¹²");
  assert.equal(plainText(-0.25), "−0.25");
  assert.equal(plainText(0.1 + 0.2), "0.3");
});
