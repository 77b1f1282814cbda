import { formatGibibytes } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import { estimateRestore, imageBytes, type RestorePlan } from "./memory.ts";
import type { OpenJob } from "./open_jobs.ts";

/** How much smaller an image is tried where one of the right area does not fit yet, as sides are extended. */
const SHRINK = 0.99;

/**
 * Leave out the images that take more memory than the network leaves to them; others are not held up by them.
 *
 * @param jobs At least one.
 * @param limit Bytes there are.
 * @returns What fits, and a fault for every image that does not, with what would; all, and no fault, where the network
 *   alone does not fit.
 */
export async function leaveOutLarge(
  jobs: readonly OpenJob[],
  plan: Omit<RestorePlan, "lr">,
  limit: number,
): Promise<{ readonly fitting: OpenJob[]; readonly faults: string[] }> {
  const { facts, settings, options: { weights } } = plan;
  const bytesOf = (lr: RasterSize) => imageBytes(lr, facts, settings);
  const largest = jobs.reduce((a, b) => bytesOf(a.size) >= bytesOf(b.size) ? a : b).size;
  const estimates = (await estimateRestore({ ...plan, lr: largest }))
    .filter((estimate) => weights === undefined || estimate.weights === weights);
  const network = Math.min(...estimates.map(({ bytes }) => bytes)) - bytesOf(largest), room = limit - network;
  if (bytesOf({ width: 1, height: 1 }) > room) return { fitting: [...jobs], faults: [] };
  const faults = jobs.filter(({ size }) => bytesOf(size) > room).map(({ path, size }) => {
    const { width, height } = shrunk(size, bytesOf, room);
    return `Cannot restore ${path} as its ${size.width} x ${size.height} pixels take about ` +
      `${formatGibibytes(bytesOf(size))} of memory beside ${formatGibibytes(network)} of the network ` +
      `(${width} x ${height} would fit): current value is ${formatGibibytes(limit)}`;
  });
  return { fitting: jobs.filter(({ size }) => bytesOf(size) <= room), faults };
}

/** The largest image of about this shape that takes no more than `room`. */
function shrunk(size: RasterSize, bytesOf: (size: RasterSize) => number, room: number): RasterSize {
  for (let scale = Math.min(1, Math.sqrt(room / bytesOf(size)));; scale *= SHRINK) {
    const [width, height] = [size.width, size.height].map((side) => Math.max(1, Math.floor(side * scale)));
    if (bytesOf({ width, height }) <= room) return { width, height };
  }
}
