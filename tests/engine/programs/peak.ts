/**
 * Measures the largest resident size that this process has had, on Linux.
 *
 * `ru_maxrss` will not do: a program begins with that of the process that started it.
 *
 * @returns Bytes. Deno lets a process read /proc with `-A` alone.
 */
export function peakBytes(): number {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
}
