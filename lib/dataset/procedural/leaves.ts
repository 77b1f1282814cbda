import type { Rng } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { Colour, Grating, Shape } from "./shape.ts";

const SMALLEST = 1.6; // px, radius
const LARGEST = 0.3; // of the shorter side, radius
const PALETTE_COLOURS = 6;
const OUTLINES = ["ellipse", "ellipse", "rectangle"] as const;

/**
 * Draw the leaves of a dead-leaves scene, front ones first (Lee, Mumford and Huang 2001): radii with density r^-3, which
 * makes the picture look alike at every scale, so that its spectrum falls as a power of the frequency.
 *
 * 40% of the leaves carry a grating, 20% are shaded; in 15% of the scenes small leaves lie in front of large ones, in the
 * others the order is random.
 *
 * @param random Where the numbers come from.
 * @param size Of the picture.
 * @param palette Colours to choose from.
 * @returns Leaves that cover the picture three to six times over.
 */
export function drawLeaves(random: Rng, size: RasterSize, palette: readonly Colour[]): Shape[] {
  const largest = Math.max(LARGEST * Math.min(size.width, size.height), 2 * SMALLEST);
  const wanted = random.uniformIn(3, 6) * size.width * size.height;
  const sorted = random.bool(0.15);
  const leaves: Shape[] = [];
  for (let covered = 0; covered < wanted;) {
    const leaf = drawLeaf(random, size, largest, palette);
    covered += Math.PI * leaf.a * leaf.b;
    leaves.push(leaf);
  }
  return sorted ? leaves.sort((one, other) => one.a * one.b - other.a * other.b) : leaves;
}

/**
 * Draw a few colours of low chroma.
 *
 * @param random Where the numbers come from.
 * @returns Six colours.
 */
export function drawPalette(random: Rng): Colour[] {
  return Array.from({ length: PALETTE_COLOURS }, (): Colour => {
    const gray = random.uniformIn(0.08, 0.92);
    const warm = 0.07 * random.normal(), green = 0.03 * random.normal();
    return [gray + warm, gray + green, gray - warm];
  });
}

function drawLeaf(random: Rng, { width, height }: RasterSize, largest: number, palette: readonly Colour[]): Shape {
  // The inverse of the distribution function of r^-3 on [SMALLEST, largest]
  const low = SMALLEST ** -2, high = largest ** -2;
  const radius = (low - random.uniform() * (low - high)) ** -0.5;
  const stretch = Math.exp(0.3 * random.normal());
  const lighter = 0.04 * random.normal();
  const base = random.pick(palette);
  return {
    outline: random.pick(OUTLINES),
    x: random.uniform() * width,
    y: random.uniform() * height,
    a: radius * stretch,
    b: radius / stretch,
    angle: random.uniform() * Math.PI,
    colour: [base[0] + lighter, base[1] + lighter, base[2] + lighter],
    grating: random.bool(0.4) ? drawGrating(random) : null,
    shading: random.bool(0.2) ? 0.12 * random.normal() : 0,
  };
}

function drawGrating(random: Rng): Grating {
  return {
    wavelength: random.uniformIn(2.5, 12),
    amplitude: random.uniformIn(0.02, 0.15),
    angle: random.uniform() * Math.PI,
    phase: random.uniform() * 2 * Math.PI,
    square: random.bool(0.3),
  };
}
