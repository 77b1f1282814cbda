import type { PixelMetric } from "./record.ts";

/** Make a metric of a function of pixels: it compares with a truth and has nothing to load. */
export function pixelMetric(facts: Omit<PixelMetric, "level" | "reference" | "weights" | "open">): PixelMetric {
  return {
    ...facts,
    level: "image",
    reference: "full",
    weights: [],
    open: (protocol) =>
      Promise.resolve({
        measure: async (sr, hr) => {
          if (hr === null) {
            throw new RangeError(`Cannot measure ${facts.label} as a truth must be given: current value is none`);
          }
          return await Promise.resolve(facts.measure(sr, hr, protocol));
        },
        [Symbol.dispose]: () => {},
      }),
  };
}
