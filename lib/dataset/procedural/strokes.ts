import type { Rng } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { Colour, Shape } from "./shape.ts";

const AREA_OF_A_WORD = 64 * 64; // px: on average one word in such a square

/**
 * Draw words of letter-like strokes: thin lines with sharp ends, as in signs and print.
 *
 * @param random Where the numbers come from.
 * @param size Of the picture.
 * @param palette Colours to choose from.
 * @returns Strokes, to lie in front of the leaves.
 */
export function drawStrokes(random: Rng, size: RasterSize, palette: readonly Colour[]): Shape[] {
  const words = 1 + random.poisson(size.width * size.height / AREA_OF_A_WORD / 2);
  return Array.from({ length: words }, () => drawWord(random, size, palette)).flat();
}

function drawWord(random: Rng, { width, height }: RasterSize, palette: readonly Colour[]): Shape[] {
  const letter = random.uniformIn(5, 16); // px, its height
  const pen = letter * random.uniformIn(0.05, 0.1); // half the width of a line
  const colour = random.pick(palette);
  const slope = 0.15 * random.normal();
  const left = random.uniform() * width, top = random.uniform() * height;
  const strokes: Shape[] = [];
  for (let i = 0, letters = 2 + random.int(6); i < letters; i++) {
    const x = left + 0.85 * letter * i, y = top + slope * 0.85 * letter * i;
    for (let k = 0, lines = 2 + random.int(3); k < lines; k++) {
      strokes.push(drawLine(random, { x, y, letter, pen, colour }));
    }
  }
  return strokes;
}

/** A line between two of the 3 x 3 corners and middles of a letter's box. */
function drawLine(
  random: Rng,
  { x, y, letter, pen, colour }: { x: number; y: number; letter: number; pen: number; colour: Colour },
): Shape {
  const from = random.int(9), to = (from + 1 + random.int(8)) % 9;
  const point = (at: number) => [x + 0.3 * letter * (at % 3), y + 0.5 * letter * Math.floor(at / 3)];
  const [x0, y0] = point(from), [x1, y1] = point(to);
  return {
    outline: "capsule",
    x: (x0 + x1) / 2,
    y: (y0 + y1) / 2,
    a: Math.hypot(x1 - x0, y1 - y0) / 2,
    b: pen,
    angle: Math.atan2(y1 - y0, x1 - x0),
    colour,
    grating: null,
    shading: 0,
  };
}
