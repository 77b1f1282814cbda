import { type MetricImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";

/**
 * Measure the peak signal-to-noise ratio 10 log10(1 / (mse + floor)), on planes scaled to [0, 1]; in RGB the error is
 * averaged over the colours first.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @param options `structure`: on the planes that SSIM takes, which the protocol may round, as MATLAB's 8-bit Y is.
 * @returns Decibel; 80 for equal images where the protocol has a floor of 1e-8, Infinity where it has none.
 * @throws {RangeError} If the sizes differ.
 */
export function psnr(
  sr: MetricImage,
  hr: MetricImage,
  protocol: Protocol = protocols.paper,
  { structure = false }: { readonly structure?: boolean } = {},
): number {
  const pair = preparePair(sr, hr, protocol), [a] = pair;
  const [ours, theirs] = pair.map(({ planes, structurePlanes }) => structure ? structurePlanes : planes);
  let squares = 0;
  ours.forEach(({ data }, c) => {
    const truth = theirs[c].data;
    for (let i = 0; i < data.length; i++) squares += (data[i] - truth[i]) ** 2;
  });
  const mse = squares / (a.planes.length * a.width * a.height) / protocol.dataRange ** 2;
  return -10 * Math.log10(mse + protocol.psnrFloor);
}
