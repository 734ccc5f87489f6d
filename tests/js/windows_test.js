// Which part of what is long is seen, and places in a walk.

import assert from "node:assert/strict";
import { linesOf, shareColumns, shownTerms, windowAround } from "../../assets/stage/windows.js";
import { neighbour, segmentsOf, stopOf, symbolAt } from "../../assets/stage/walking.js";
import { each, pick, whole } from "./random.js";

const sum = (list) => list.reduce((p, q) => p + q, 0);

Deno.test("a window has neighbouring indices, the marked one among them, and as many as there is room for", () => {
  assert.deepEqual(windowAround(20, 10, 5), [8, 9, 10, 11, 12]);
  assert.deepEqual(windowAround(3, null, 12), [0, 1, 2]);
  each(5_000, (roll) => {
    const count = whole(roll, 1, 300), mark = whole(roll, 0, count - 1), limit = whole(roll, 1, 40);
    const seen = windowAround(count, mark, limit);
    assert.equal(seen.length, Math.min(count, limit));
    assert(seen.includes(mark) && seen[0] >= 0 && seen.at(-1) < count);
    seen.slice(1).forEach((v, k) => assert.equal(v, seen[k] + 1));
  });
});

Deno.test("matrices share the columns that there is room for, each at most 12, each at least 2 if it has them", () => {
  each(5_000, (roll) => {
    const counts = Array.from({ length: whole(roll, 1, 6) }, () => whole(roll, 1, 40));
    const budget = whole(roll, -5, 60), shown = shareColumns(counts, budget);
    shown.forEach((n, k) => assert(n <= Math.min(12, counts[k]) && n >= Math.min(2, counts[k])));
    assert(sum(shown) <= budget || Math.max(...shown) <= 2);
  });
});

Deno.test("of a long sum the first terms are written out, and the last", () => {
  assert.deepEqual(shownTerms(3), [0, 1, 2]);
  assert.deepEqual(shownTerms(20), [0, 1, 2, 3, 4, 5, 6, 7, -1, 19]);
  each(1_000, (roll) => {
    const count = whole(roll, 0, 400), most = whole(roll, 1, 20), terms = shownTerms(count, most);
    assert(terms.length <= most + 2);
    assert.equal(terms.includes(-1), terms.length < count || terms.includes(-1));
    if (count) assert.equal(terms.at(-1), count - 1);
  });
});

Deno.test("lines of matrices end where a new one begins, and lose nothing", () => {
  assert.deepEqual(linesOf(["a", "=", "\n", "b"]), [["a", "="], ["b"]]);
  assert.deepEqual(linesOf([]), [[]]);
});

Deno.test("the segments of a scrubber cover each stop once", () => {
  each(1_000, (roll) => {
    const phases = Array.from(
      { length: whole(roll, 1, 400) },
      () => pick(roll, ["forward", "backward"]),
    );
    const segments = segmentsOf(phases), long = phases.length > 120;
    assert.deepEqual(segments.flatMap(({ from, to }) => phases.slice(from, to + 1)), phases);
    for (const { from, to } of segments) {
      assert(long || from === to);
      assert.equal(new Set(phases.slice(from, to + 1)).size, 1);
    }
  });
});

Deno.test("one step on and one back is the same place again, within the run", () => {
  each(5_000, (roll) => {
    const stops = whole(roll, 1, 30), first = whole(roll, 0, 5), last = first + whole(roll, 0, 9);
    const here = { iteration: whole(roll, first, last), index: whole(roll, 0, stops - 1) };
    for (const direction of [1, -1]) {
      const there = neighbour(here, direction, stops, last, first);
      if (there) assert.deepEqual(neighbour(there, -direction, stops, last, first), here);
      else assert.equal(here.iteration, direction > 0 ? last : first);
    }
  });
});

Deno.test("a step is found in the stop that contains it, and an unknown one in the first", () => {
  const walk = [{ steps: ["z1", "a1"] }, { steps: ["C"] }];
  assert.deepEqual(["a1", "C", "u9"].map((step) => stopOf(walk, step)), [0, 1, 0]);
});

Deno.test("a layer shows the symbol that was said of it or of a layer below it", () => {
  /** @type {[number, string][]} */
  const changes = [[0, "a"], [2, "z"], [4, ""]];
  assert.deepEqual([0, 1, 2, 3, 4, 9].map((l) => symbolAt(changes, l)), [
    "a",
    "a",
    "z",
    "z",
    "",
    "",
  ]);
  assert.equal(symbolAt(undefined, 1), undefined);
});
