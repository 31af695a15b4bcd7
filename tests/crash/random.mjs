// Choices that a seed replays.

/** @param {string|number} seed */
export function randomFrom(seed) {
  let state = 2166136261;
  for (const byte of Buffer.from(String(seed))) state = Math.imul(state ^ byte, 16777619);
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (end) => Math.floor(next() * end);
  return {
    below,
    /** First and last are among them. */
    between: (first, last) => first + below(last - first + 1),
    of: (list) => list[below(list.length)],
    /** @param {[string, number][]} choices with their weights */
    weighted: (choices) => {
      let left = below(choices.reduce((sum, [, weight]) => sum + weight, 0));
      return choices.find(([, weight]) => (left -= weight) < 0)[0];
    },
  };
}
