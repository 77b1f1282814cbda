import { crop } from "../../image/mod.ts";
import { type Plane, poolFactor, poolPlane } from "../plane.ts";
import { type MetricImage, type PreparedImage, preparePair } from "../prepared.ts";
import { type Protocol, protocols } from "../protocol.ts";
import { checkSide } from "../check_side.ts";
import { phaseCongruency } from "./phase_congruency.ts";

/** Shortest side: two full periods of the finest filter. */
export const FSIM_SIDE = 12;
/** Stabilising constants of phase congruency, gradients and colours, for levels up to 255. */
const T1 = 0.85, T2 = 160, T3 = 200, T4 = 200;
/** Weight of the colours. */
const LAMBDA = 0.03;
/** I and Q of the NTSC, of red, green and blue. */
const IN_PHASE = [0.596, -0.274, -0.322], QUADRATURE = [0.211, -0.523, 0.312];

/**
 * Measure feature similarity of luma (FSIM; Zhang, Zhang, Mou and Zhang 2011): phase congruency and Scharr gradients
 * compared, weighted by the larger phase congruency.
 *
 * Y is that of YIQ, not rounded, whatever the protocol's space; the shorter side is pooled to about 256 px first.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @returns In [0, 1]; 1 for equal images; NaN where neither image has a feature, as in constant images.
 * @throws {RangeError} If the sizes differ or a side is below 12 px.
 */
export function fsim(sr: MetricImage, hr: MetricImage, protocol: Protocol = protocols.paper): number {
  return similarity(sr, hr, protocol, () => 1);
}

/**
 * Measure feature similarity of luma and colours (FSIMc): {@link fsim}, times the similarity of I and Q to the power
 * 0.03.
 *
 * Of gray images it is FSIM. Where that product is negative, its magnitude is taken, as in pyiqa; the authors' program
 * takes the real part of the power, which is 0.4 % less there.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @returns In [0, 1]; 1 for equal images; NaN where neither image has a feature, as in constant images.
 * @throws {RangeError} If the sizes differ or a side is below 12 px.
 */
export function fsimc(sr: MetricImage, hr: MetricImage, protocol: Protocol = protocols.paper): number {
  return similarity(sr, hr, protocol, (a, b, i) => {
    return Math.abs(alike(a.inPhase[i], b.inPhase[i], T3) * alike(a.quadrature[i], b.quadrature[i], T4)) ** LAMBDA;
  });
}

/** What FSIM compares of an image. */
interface Features {
  readonly congruency: Float64Array;
  readonly gradient: Float64Array;
  readonly inPhase: Float64Array;
  readonly quadrature: Float64Array;
}

function similarity(
  sr: MetricImage,
  hr: MetricImage,
  protocol: Protocol,
  colour: (a: Features, b: Features, i: number) => number,
): number {
  const pair = preparePair(sr, hr, protocol);
  checkSide(pair[0].width, pair[0].height, FSIM_SIDE, "FSIM");
  const [a, b] = pair.map(featuresOf);
  let total = 0, weights = 0;
  for (let i = 0; i < a.congruency.length; i++) {
    const weight = Math.max(a.congruency[i], b.congruency[i]);
    const features = alike(a.congruency[i], b.congruency[i], T1) * alike(a.gradient[i], b.gradient[i], T2);
    total += features * colour(a, b, i) * weight;
    weights += weight;
  }
  return total / weights;
}

function alike(x: number, y: number, constant: number): number {
  return (2 * x * y + constant) / (x * x + y * y + constant);
}

const known = new WeakMap<PreparedImage, Features>();

function featuresOf(image: PreparedImage): Features {
  const computed = known.get(image);
  if (computed) return computed;
  const { width, height, luminance } = image, factor = poolFactor(width, height);
  const y = poolPlane({ ...luminance, data: luminance.data.map((value) => value * 255) }, factor);
  const [inPhase, quadrature] = [IN_PHASE, QUADRATURE].map((weights) => poolPlane(chroma(image, weights), factor).data);
  const features = { congruency: phaseCongruency(y), gradient: scharr(y), inPhase, quadrature };
  known.set(image, features);
  return features;
}

/** A weighted sum of the colours, in levels. */
function chroma({ image, protocol, width, height }: PreparedImage, weights: readonly number[]): Plane {
  const { channels, data } = crop(image, { left: protocol.border, top: protocol.border, width, height });
  const plane = new Float64Array(width * height);
  if (channels === 3) {
    for (let i = 0; i < plane.length; i++) {
      for (let c = 0; c < 3; c++) plane[i] += 255 * weights[c] * data[3 * i + c];
    }
  }
  return { width, height, data: plane }; // the weights of a gray image add up to zero
}

/** Gradient magnitude by Scharr's 3 x 3 operator, zeros outside. */
function scharr({ width, height, data }: Plane): Float64Array {
  const at = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x];
  return Float64Array.from({ length: width * height }, (_, i) => {
    const x = i % width, y = Math.floor(i / width);
    let across = 0, down = 0;
    for (let k = -1; k <= 1; k++) {
      const weight = (k === 0 ? 10 : 3) / 16;
      across += weight * (at(x + 1, y + k) - at(x - 1, y + k));
      down += weight * (at(x + k, y + 1) - at(x + k, y - 1));
    }
    return Math.hypot(across, down);
  });
}
