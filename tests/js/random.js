// Numbers to try functions with: the same ones in each run, and awkward ones among them.

/** A generator of numbers from 0 to 1 (mulberry32). */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const whole = (roll, from, to) => from + Math.floor(roll() * (to - from + 1));
export const pick = (roll, list) => list[whole(roll, 0, list.length - 1)];

const AWKWARD = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-320,
  5e-324,
  1e-16,
  1e16,
  2 ** 53,
  -(2 ** 53),
  1e300,
  -1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  -88705333.6733,
];

/** A finite number of any size. */
export function size(roll) {
  if (roll() < 0.2) return pick(roll, AWKWARD);
  return (roll() < 0.5 ? -1 : 1) * roll() * 10 ** whole(roll, -30, 30);
}

/** The number that comes `ulps` after v. */
export function after(v, ulps) {
  const bits = new BigInt64Array(new Float64Array([v]).buffer);
  bits[0] += BigInt(v < 0 ? -ulps : ulps);
  const [next] = new Float64Array(bits.buffer);
  return Number.isFinite(next) ? next : v;
}

/** Calls `check` with a generator of each of so many seeds; a failure names its seed. */
export function each(times, check) {
  for (let seed = 1; seed <= times; seed++) {
    try {
      check(dice(seed));
    } catch (error) {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}
