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

/** The most memory that this process has held so far, in bytes. */
export function peakMemory(): number {
  return 1024 * resourceUsage().maxRSS;
}

/** Write a number of bytes in gigabytes of 10^9, such as `2.6 GB`. */
export function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Write a number of bytes in gibibytes of 2^30, such as `2.63 GiB`. */
export function formatGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
