import { createRaster, type Raster, type RasterSize } from "../../image/mod.ts";
import type { Colour, Shape } from "./shape.ts";

const SAMPLES = 2; // per pixel and direction

/**
 * Render a scene: every sample takes the colour of the first shape that holds it, 2 x 2 samples a pixel are averaged.
 *
 * @param shapes Front ones first.
 * @param background Colour where there is none.
 * @param size Of the picture.
 * @returns RGB image in [0, 1].
 */
export function renderScene(shapes: readonly Shape[], background: Colour, size: RasterSize): Raster {
  const canvas = createRaster({ width: size.width * SAMPLES, height: size.height * SAMPLES });
  const taken = new Uint8Array(canvas.width * canvas.height);
  for (let i = 0; i < taken.length; i++) canvas.data.set(background, 3 * i);
  for (const shape of shapes) paint(shape, canvas, taken);
  return average(canvas, size);
}

function paint(shape: Shape, canvas: Raster, taken: Uint8Array): void {
  const { outline, a, b, shading } = shape;
  const cos = Math.cos(shape.angle), sin = Math.sin(shape.angle);
  const round = outline === "capsule" ? b : 0; // of the ends, beyond the half length
  const reachX = Math.abs(cos) * (a + round) + Math.abs(sin) * b,
    reachY = Math.abs(sin) * (a + round) + Math.abs(cos) * b;
  const brightness = stripes(shape);
  const [red, green, blue] = shape.colour;
  const [left, right] = samplesBetween(shape.x - reachX, shape.x + reachX, canvas.width);
  const [top, bottom] = samplesBetween(shape.y - reachY, shape.y + reachY, canvas.height);
  for (let row = top; row < bottom; row++) {
    const dy = (row + 0.5) / SAMPLES - shape.y;
    for (let column = left; column < right; column++) {
      const at = row * canvas.width + column;
      if (taken[at] === 1) continue;
      const dx = (column + 0.5) / SAMPLES - shape.x;
      const along = cos * dx + sin * dy, across = cos * dy - sin * dx;
      if (!holds(outline, along, across, a, b)) continue;
      taken[at] = 1;
      const lighter = brightness(dx, dy) + (shading === 0 ? 0 : shading * along / a);
      canvas.data[3 * at] = red + lighter;
      canvas.data[3 * at + 1] = green + lighter;
      canvas.data[3 * at + 2] = blue + lighter;
    }
  }
}

function holds(outline: Shape["outline"], along: number, across: number, a: number, b: number): boolean {
  if (outline === "rectangle") return Math.abs(along) <= a && Math.abs(across) <= b;
  if (outline === "ellipse") return (along / a) ** 2 + (across / b) ** 2 <= 1;
  return Math.max(Math.abs(along) - a, 0) ** 2 + across ** 2 <= b ** 2;
}

function stripes({ grating }: Shape): (dx: number, dy: number) => number {
  if (grating === null) return () => 0;
  const { wavelength, amplitude, angle, phase, square } = grating;
  const kx = 2 * Math.PI / wavelength * Math.cos(angle), ky = 2 * Math.PI / wavelength * Math.sin(angle);
  return (dx, dy) => {
    const wave = Math.sin(kx * dx + ky * dy + phase);
    return amplitude * (square ? Math.sign(wave) : wave);
  };
}

/** First sample and the one after the last whose middle may lie in the interval, inside the canvas. */
function samplesBetween(from: number, to: number, samples: number): [first: number, end: number] {
  return [Math.max(Math.floor(from * SAMPLES), 0), Math.min(Math.ceil(to * SAMPLES), samples)];
}

function average(canvas: Raster, size: RasterSize): Raster {
  const picture = createRaster(size);
  const stride = canvas.width * 3;
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      for (let c = 0; c < 3; c++, to++) {
        const at = SAMPLES * (y * stride + 3 * x) + c;
        const sum = canvas.data[at] + canvas.data[at + 3] + canvas.data[at + stride] + canvas.data[at + stride + 3];
        picture.data[to] = Math.min(Math.max(sum / SAMPLES ** 2, 0), 1);
      }
    }
  }
  return picture;
}
