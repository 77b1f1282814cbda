/**
 * Require the shorter side of an image to fit a window.
 *
 * @throws {RangeError} If it does not.
 */
export function checkSide(width: number, height: number, least: number, name: string): void {
  if (Math.min(width, height) < least) {
    throw new RangeError(
      `Cannot measure ${name} as the shorter side must be at least ${least} px: current size is ${width} x ${height}`,
    );
  }
}
