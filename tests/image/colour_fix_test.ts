import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRaster, fixColour, type Raster } from "../../lib/image/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath } from "../support.ts";

// Pixels 0 to 255 from a generator of images; corrected in PyTorch, float32, by the formulas of StableSR.
const golden = readFixture(goldenPath("image/colorfix.safetensors"));

function raster(name: string, scale = 1): Raster {
  const { shape: [height, width], data } = fixtureArray(golden, name);
  return createRaster({ width, height }, 3, Float32Array.from(data, (value) => value * scale));
}

for (const fix of ["wavelet", "adain"] as const) {
  Deno.test(`fixColour() equals the golden of ${fix}`, () => {
    const fixed = fixColour(raster("content", 1 / 255), raster("style", 1 / 255), fix);
    close(fixed.data, fixtureArray(golden, fix).data, 1e-6);
  });
}

Deno.test("fixColour() by wavelets adds the low frequencies of the reference to a black image", () => {
  const style = raster("style", 1 / 255), black = createRaster(style);
  close(fixColour(black, style, "wavelet").data, fixtureArray(golden, "wavelet_low_of_style").data, 1e-6);
});

Deno.test("fixColour() changes nothing when both images are the same, or none is asked for", () => {
  const image = raster("content", 1 / 255);
  close(fixColour(image, image, "wavelet").data, image.data, 1e-7);
  close(fixColour(image, image, "adain").data, image.data, 1e-6);
  assert(fixColour(image, raster("style", 1 / 255), "none") === image);
});

Deno.test("fixColour() gives the mean colour of the reference, also to an image smaller than the blur and to one pixel", () => {
  for (const [width, height] of [[3, 5], [1, 1]]) {
    const image = createRaster({ width, height }, 1).data.map((_, i) => i / 20);
    const fixed = fixColour(
      createRaster({ width, height }, 1, image),
      createRaster({ width, height }, 1, image.map(() => 0.7)),
      "adain",
    );
    close(fixed.data.reduce((sum, value) => sum + value) / image.length, 0.7, 1e-6);
    const flat = createRaster({ width, height }, 1, image.map(() => 0.2));
    const shifted = fixColour(flat, createRaster({ width, height }, 1, image.map(() => 0.7)), "wavelet");
    close(shifted.data, image.map(() => 0.7), 1e-6);
  }
});

Deno.test("fixColour() refuses a reference of another size or kind", () => {
  const image = createRaster({ width: 4, height: 3 });
  const message = "must be 4 x 3 x 3: current value is 3 x 4 x 3";
  assertThrows(() => fixColour(image, createRaster({ width: 3, height: 4 }), "adain"), RangeError, message);
  assertThrows(() => fixColour(image, createRaster(image, 1), "none"), RangeError, "current value is 4 x 3 x 1");
  assertEquals(fixColour(image, image, "adain").data.length, 36);
});
