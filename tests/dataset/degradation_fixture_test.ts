import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { addPoissonNoise, blurKernel, diffJpeg, sharpen } from "../../lib/dataset/mod.ts";
import { USM_WEIGHTS } from "../../lib/dataset/degradation/sharpen.ts";
import { decodeImage, encodeJpeg, fromBytes, type Raster } from "../../lib/image/mod.ts";
import { type FixtureArray, fixtureArray, readFixture } from "../fixture.ts";
import { close, sharedTest } from "../support.ts";

/** Real-ESRGAN (a4abfb2) and BasicSR (8d56e3a) on PyTorch 2.15.0, Pillow and OpenCV: what the repository does not hold. */
const FIXTURE = "fixtures/metrics/degradation.safetensors";

function photograph(fixture: Map<string, FixtureArray>, name: string): Raster {
  const { shape: [height, width], data } = fixtureArray(fixture, name);
  return fromBytes(data, { width, height });
}

const numbersOf = (path: string) => JSON.parse(Deno.readTextFileSync(path.replace(".safetensors", ".json")));

sharedTest("sharpen() agrees with USMSharp and with the same steps in OpenCV", FIXTURE, (path) => {
  const fixture = readFixture(path), { radius } = numbersOf(path).usm;
  assertEquals(USM_WEIGHTS.length, radius);
  close(USM_WEIGHTS, fixtureArray(fixture, "usm.gauss51").data, 1e-9);
  const { data } = sharpen(photograph(fixture, "img.gt96x128"));
  for (const name of ["usm.out", "usm.cv2_f32"]) {
    const expected = fixtureArray(fixture, name).data;
    const differing = data.filter((value, i) => !(Math.abs(value - expected[i]) <= 1e-5)).length;
    assert(differing <= 1e-4 * data.length, `${differing} values differ from ${name}`); // where the mask may flip
  }
});

sharedTest("encodeJpeg() writes the pixels of Pillow's and OpenCV's libjpeg", FIXTURE, async (path) => {
  const fixture = readFixture(path);
  let compared = 0;
  for (const [name, { data }] of fixture) {
    const [, library, size, quality, digits] = /^(pil|cv2)_jpeg\.(\w+)\.q(\d+)(?:\.(\d+))?$/.exec(name) ?? [];
    if (library === undefined) continue;
    const chroma = digits === "444" ? "4:4:4" : "4:2:0"; // OpenCV's is 4:2:0
    const encoded = await encodeJpeg(photograph(fixture, `jpeg.src.${size}`), { quality: Number(quality), chroma });
    const { image } = await decodeImage(encoded, name);
    close(Array.from(image.data, (value) => value * 255), data, 1e-4);
    compared++;
  }
  assertEquals(compared, 18);
});

sharedTest("diffJpeg() lies as far from libjpeg and from its source as DiffJPEG does", FIXTURE, (path) => {
  const fixture = readFixture(path), distances: Record<string, Record<string, number>> = numbersOf(path).jpeg;
  for (const [name, expected] of Object.entries(distances)) {
    const [size, quality] = name.split(".q");
    const source = photograph(fixture, `jpeg.src.${size}`), { data } = diffJpeg(source, Number(quality));
    const rmse = (other: ArrayLike<number>) =>
      Math.sqrt(data.reduce((sum, value, i) => sum + (value * 255 - other[i]) ** 2, 0) / data.length);
    const libjpeg = fixtureArray(fixture, `pil_jpeg.${size}.q${quality}.420`).data;
    // A coefficient at a rounding tie moves its block.
    assertAlmostEquals(rmse(libjpeg), expected.rmse_diffjpeg_vs_pil420, 0.02, name);
    assertAlmostEquals(rmse(source.data.map((value) => value * 255)), expected.rmse_diffjpeg_vs_src, 0.02, name);
  }
});

sharedTest("addPoissonNoise() counts the photons of BasicSR, of colours and of gray", FIXTURE, (path) => {
  const source = photograph(readFixture(path), "img.gt96x128"), { vals, vals_gray } = numbersOf(path).poisson;
  for (const [gray, photons] of [[false, vals], [true, vals_gray]]) {
    let largest = 0, whole = 0;
    addPoissonNoise(source, 1, gray, (mean) => {
      largest = Math.max(largest, mean);
      whole = Math.max(whole, Math.abs(mean * 255 / photons - Math.round(mean * 255 / photons)));
      return mean;
    });
    assert(largest > photons / 2 && largest <= photons && whole < 1e-4, `${largest}, ${whole}`);
  }
});

sharedTest("blurKernel() of a padded sinc is that in its middle, and zero around it", FIXTURE, (path) => {
  const { shape: [side], data } = fixtureArray(readFixture(path), "kernel.sinc_pad21.9.1.7");
  const { width, weights } = blurKernel({ family: "sinc", size: 9, cutoff: 1.7 });
  const border = (side - width) / 2, padded = new Float64Array(side * side);
  weights.forEach((weight, i) => padded[(Math.floor(i / width) + border) * side + i % width + border] = weight);
  close(padded, data, 1e-9);
});
