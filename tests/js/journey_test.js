// The journey's lists, borders and colours.

import assert from "node:assert/strict";
import { pathOf } from "../../assets/journey/charts.js";
import { shareOf } from "../../assets/journey/colours.js";
import { crossings } from "../../assets/journey/crossings.js";
import { bitOf, nearestIndex, ordinal, since } from "../../assets/journey/lists.js";
import { each, size, whole } from "./random.js";

Deno.test("the nearest of ascending values is found, whatever is asked for", () => {
  each(5_000, (roll) => {
    const values = Float64Array.from({ length: whole(roll, 1, 60) }, () => size(roll)).sort();
    const v = size(roll), found = values[nearestIndex(values, v)];
    for (const other of values) assert(!(Math.abs(other - v) < Math.abs(found - v)));
  });
});

Deno.test("a bit is that of its frame and sample", () => {
  const packed = { values: Uint8Array.of(0b101, 0, 0, 0b10), shape: [2, 2] };
  assert.deepEqual([0, 1, 2, 9].map((s) => bitOf(packed, 0, s)), [1, 0, 1, 0]);
  assert.deepEqual([0, 9].map((s) => bitOf(packed, 1, s)), [0, 1]);
});

Deno.test("what holds since an iteration holds until the next entry", () => {
  const entries = [[0, ["a"]], [5, ["b"]]];
  assert.deepEqual([0, 4, 5, 99].map((k) => since(entries, k)), [["a"], ["a"], ["b"], ["b"]]);
  assert.deepEqual(since([], 3), []);
});

Deno.test("ordinals", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 112, 103].map(ordinal), [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "112th",
    "103rd",
  ]);
});

Deno.test("a border lies where a plane is 0", () => {
  each(300, (roll) => {
    const n = whole(roll, 2, 30), [p, q, r] = [roll() - 0.5, roll() - 0.5, roll() - 0.5];
    const value = (i, j) => p * (j / (n - 1)) + q * (i / (n - 1)) + r;
    for (const ends of crossings(value, n)) {
      for (const [x, y] of ends) {
        assert(x >= 0 && x <= 1 && y >= 0 && y <= 1);
        assert(Math.abs(p * x + q * y + r) < 1e-9);
      }
    }
  });
});

Deno.test("a circle's border is closed: each of its points is met twice", () => {
  const n = 31, place = (k) => k / (n - 1) - 0.5;
  const found = crossings((i, j) => Math.hypot(place(i), place(j)) - 0.3, n), met = new Map();
  for (const point of found.flat()) {
    const name = point.map((v) => v.toFixed(9)).join();
    met.set(name, (met.get(name) ?? 0) + 1);
  }
  assert(found.length > 20);
  assert([...met.values()].every((times) => times === 2));
});

Deno.test("a border of any values ends, and stays in the square", () => {
  each(300, (roll) => {
    const n = whole(roll, 2, 20), grid = Float64Array.from({ length: n * n }, () => size(roll));
    for (const [x, y] of crossings((i, j) => grid[i * n + j], n).flat()) {
      assert(x >= 0 && x <= 1 && y >= 0 && y <= 1, `${x} ${y}`);
    }
  });
});

Deno.test("a size has a share of the scale, and what is no size has none", () => {
  assert.equal(shareOf([-4, 0], 0.01), 0.5);
  assert.deepEqual([0, -1, NaN].map((v) => shareOf([-4, 0], v)), [undefined, undefined, undefined]);
  each(3_000, (roll) => {
    const part = shareOf([-8, 2], Math.abs(size(roll)) || 1);
    assert(part >= 0 && part <= 1);
  });
});

Deno.test("a line has a gap wherever a number is not finite, and no huge coordinate", () => {
  const chart = { x: (t) => t, scale: { y: (v) => v } };
  assert.equal(pathOf(chart, [0, 1, 2, 3], [1, NaN, 2, 1e300]), "M0.0 1.0M2.0 2.0L3.0 4000.0");
});
