import { constrainedMemory, memoryUsage, resourceUsage } from "node:process";

/**
 * Measure the memory that this process may still take: what the system has free, and less where a limit is set on the
 * process's group, as containers do.
 *
 * @returns Bytes.
 */
export function availableMemory(): number {
  const { available } = Deno.systemMemoryInfo();
  const limit = constrainedMemory(); // 0, or more than any machine has, where there is none
  return limit > 0 ? Math.min(available, Math.max(limit - memoryUsage().rss, 0)) : available;
}

/**
 * Tell the most memory that this process has held so far.
 *
 * Linux says it of the process itself, where Deno may read it (with `-A` alone). Elsewhere the figure begins with what the
 * process that started this one held, so it is never too small.
 *
 * @returns Bytes.
 */
export function peakMemory(): number {
  return 1024 * (ownPeak() ?? resourceUsage().maxRSS);
}

/** Kibibytes; undefined where they cannot be read. */
function ownPeak(): number | undefined {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Write a number of bytes in gibibytes of 2^30, as memory is counted: `2.63 GiB`. */
export function formatGibibytes(bytes: number): string {
  const amount = bytes / 2 ** 30;
  return `${amount < 999.5 ? amount.toPrecision(3) : amount.toFixed(0)} GiB`;
}
