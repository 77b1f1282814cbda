/**
 * Statistics of a finished run: paired differences with intervals over seeds and images, verdicts on the paper's
 * orderings, and distances from the distortion-realism frontier.
 *
 * @module
 */
export * from "./bootstrap.ts";
export * from "./comparisons.ts";
export * from "./crossed.ts";
export * from "./directions.ts";
export * from "./frontier.ts";
export * from "./holm.ts";
export * from "./moments.ts";
export * from "./observations.ts";
export * from "./offsets.ts";
export * from "./paired.ts";
export * from "./place.ts";
export * from "./rank.ts";
export * from "./resampling.ts";
export * from "./student.ts";
export * from "./verdict.ts";
