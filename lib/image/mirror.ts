/**
 * Reflect an index into a side, the edge sample repeated.
 *
 * @param index Any whole number.
 * @param n Length of the side.
 * @returns From 0 to n - 1.
 */
export function mirror(index: number, n: number): number {
  const period = 2 * n;
  const within = ((index % period) + period) % period;
  return within < n ? within : period - 1 - within;
}
