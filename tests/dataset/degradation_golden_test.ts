import { assert, assertEquals } from "@std/assert";
import { applyStep } from "../../lib/dataset/degradation/degrade.ts";
import {
  addGaussianNoise,
  addPoissonNoise,
  blurKernel,
  type DegradationStep,
  diffJpeg,
  filter2D,
  type KernelSpec,
  sharpen,
} from "../../lib/dataset/mod.ts";
import { createRaster, fromBytes, type Raster } from "../../lib/image/mod.ts";
import { type FixtureArray, fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, sharedTest } from "../support.ts";

// All values: Real-ESRGAN (a4abfb2) and BasicSR (8d56e3a) on PyTorch 2.15.0
const GOLDEN = goldenPath("dataset/degradation.safetensors");
const SHARED = "fixtures/metrics/degradation.safetensors";

function toRaster({ shape: [height, width], data }: FixtureArray): Raster {
  return createRaster({ width, height }, 3, Float32Array.from(data));
}

function photograph(fixture: Map<string, FixtureArray>, name: string): Raster {
  const { shape: [height, width], data } = fixtureArray(fixture, name);
  return fromBytes(data, { width, height });
}

/** Fails unless at most `share` of the values differ by more than `tolerance`. */
function mostlyClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, share: number): void {
  assertEquals(actual.length, expected.length);
  let differing = 0;
  for (let i = 0; i < expected.length; i++) if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) differing++;
  assert(differing <= share * expected.length, `${differing} of ${expected.length} values differ by over ${tolerance}`);
}

interface StoredKernel {
  readonly type: string;
  readonly size: number;
  readonly sig?: number;
  readonly sig_x?: number;
  readonly sig_y?: number;
  readonly theta?: number;
  readonly beta?: number;
  readonly cutoff?: number;
  readonly pad_to?: number;
}

function specOf(name: string, { type, size, sig, sig_x, sig_y, theta, beta, cutoff }: StoredKernel): KernelSpec {
  // The name of a padded kernel holds the side of the kernel inside
  if (type === "sinc") return { family: "sinc", size: name.startsWith("sinc_pad21.9") ? 9 : size, cutoff: cutoff! };
  const family = type.startsWith("generalized") ? "generalised" : type.startsWith("plateau") ? "plateau" : "gaussian";
  return { family, size, sigmaX: sig_x ?? sig!, sigmaY: sig_y ?? sig!, theta: theta ?? 0, beta: beta ?? 1 };
}

Deno.test("blurKernel() agrees with Real-ESRGAN on 123 kernels", () => {
  const fixture = readFixture(GOLDEN);
  const stored: Record<string, StoredKernel> = JSON.parse(Deno.readTextFileSync(goldenPath("dataset/kernels.json")));
  assertEquals(Object.keys(stored).length, 123);
  for (const [name, about] of Object.entries(stored)) {
    const { width, weights } = blurKernel(specOf(name, about));
    const { shape: [side], data } = fixtureArray(fixture, `kernel.${name}`);
    const border = (side - width) / 2;
    const inner = Array.from(weights, (_, i) => data[(Math.floor(i / width) + border) * side + i % width + border]);
    close(weights, inner, 1e-9);
  }
});

sharedTest("filter2D() agrees with Real-ESRGAN", SHARED, (path) => {
  const fixture = readFixture(path);
  const source = photograph(fixture, "img.gt96x128");
  for (const [name, expected] of fixture) {
    if (!name.startsWith("filter2d.")) continue;
    const { shape: [height, width], data: weights } = fixtureArray(fixture, name.replace("filter2d.", "kernel."));
    close(filter2D(source, { width, height, weights }).data, expected.data, 1e-5);
  }
});

Deno.test("sharpen() agrees with Real-ESRGAN's USMSharp", () => {
  const fixture = readFixture(GOLDEN);
  // The mask may flip where the residual is 10/255 in float32
  mostlyClose(sharpen(photograph(fixture, "img.gt96x128")).data, fixtureArray(fixture, "chain.0_usm").data, 1e-5, 1e-4);
});

sharedTest("sharpen() agrees with Real-ESRGAN's on low contrast", SHARED, (path) => {
  const fixture = readFixture(path);
  const faint = fixtureArray(fixture, "img.gt96x128").data.map((value) => 0.3 * value / 255 + 0.4);
  const source = createRaster({ width: 128, height: 96 }, 3, Float32Array.from(faint));
  mostlyClose(sharpen(source).data, fixtureArray(fixture, "usm.out_lowcontrast").data, 1e-5, 1e-4);
});

function compareDiffJpeg(path: string, size: string): void {
  const fixture = readFixture(path);
  const source = photograph(fixture, `jpeg.src.${size}`);
  for (const quality of [30, 47.3, 60, 82.5, 95]) {
    const expected = fixtureArray(fixture, `diffjpeg.${size}.q${quality}`);
    // A coefficient at a rounding tie flips between float32 and doubles: it moves the 64 or 256 pixels of its block
    mostlyClose(diffJpeg(source, quality).data, expected.data, 1e-5, 0.01);
  }
}

Deno.test("diffJpeg() agrees with DiffJPEG", () => compareDiffJpeg(GOLDEN, "41x57"));
sharedTest("diffJpeg() agrees with DiffJPEG on a larger image", SHARED, (path) => compareDiffJpeg(path, "96x128"));

sharedTest("addGaussianNoise() agrees with BasicSR on given fields", SHARED, (path) => {
  const fixture = readFixture(path);
  const source = photograph(fixture, "img.gt96x128");
  for (const kind of ["color", "gray"]) {
    const noisy = addGaussianNoise(source, 12.5, fixtureArray(fixture, `noise.z_${kind}`).data);
    close(noisy.data, fixtureArray(fixture, `noise.gauss_${kind}_s12.5`).data, 1e-5);
  }
});

sharedTest("addPoissonNoise() agrees with BasicSR on given counts", SHARED, (path) => {
  const fixture = readFixture(path);
  const source = photograph(fixture, "img.gt96x128");
  const counts = fixtureArray(fixture, "noise.poisson_counts").data[Symbol.iterator]();
  const noisy = addPoissonNoise(source, 1.7, false, () => counts.next().value!);
  close(noisy.data, fixtureArray(fixture, "noise.poisson_color_scale1.7").data, 1e-5);
  assert(counts.next().done === true);
});

/** The upper left part of a field of 96 x 128, as one of the fixture's images used it. */
function cutField({ shape: [, width, channels = 1], data }: FixtureArray, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return data[(Math.floor(pixel / columns) * width + pixel % columns) * channels + i % channels];
  });
}

Deno.test("the steps of a recipe make up Real-ESRGAN's pipeline, in both final orders", async () => {
  const fixture = readFixture(GOLDEN);
  const stored = (name: string) => fixtureArray(fixture, name);
  const result = { width: 32, height: 24 };
  const bell = { sigmaX: 1.1, sigmaY: 1.9, theta: Math.PI / 2, beta: 1 };
  const first: KernelSpec = { family: "gaussian", size: 13, ...bell };
  const second: KernelSpec = { family: "generalised", size: 7, sigmaX: 1.3, sigmaY: 1.3, theta: 0, beta: 2 };
  const shrinkAndRing: DegradationStep[] = [
    { kind: "resizeToResult", mode: "bilinear", times: 1 },
    { kind: "blur", kernel: { family: "sinc", size: 9, cutoff: 1.7 } },
  ];
  const jpeg: DegradationStep = { kind: "diffJpeg", quality: 71.5 };
  /** Applies steps to one stored image and compares with another. */
  const check = async (from: string, steps: readonly DegradationStep[], to: string, share = 0, tolerance = 1e-5) => {
    let image = from.startsWith("img") ? photograph(fixture, from) : toRaster(stored(from));
    for (const step of steps) image = await applyStep(image, step, result);
    assertEquals([image.height, image.width, 3], stored(to).shape as [number, number, number], to);
    mostlyClose(image.data, stored(to).data, tolerance, share);
  };
  await check("img.gt96x128", [{ kind: "sharpen" }], "chain.0_usm", 1e-4);
  await check("chain.0_usm", [{ kind: "blur", kernel: first }], "chain.1_blur1");
  await check("chain.1_blur1", [{ kind: "resize", mode: "bicubic", factor: 0.62 }], "chain.2_resize1");
  const colour = addGaussianNoise(toRaster(stored("chain.2_resize1")), 9, cutField(stored("noise.z_color"), 59, 79));
  close(colour.data, stored("chain.3_noise1").data, 1e-5);
  await check("chain.3_noise1", [{ kind: "diffJpeg", quality: 63.25 }], "chain.4_jpeg1", 0.02);
  await check("chain.4_jpeg1", [{ kind: "blur", kernel: second }], "chain.5_blur2");
  await check("chain.5_blur2", [{ kind: "resizeToResult", mode: "area", times: 1.13 }], "chain.6_resize2");
  const gray = addGaussianNoise(toRaster(stored("chain.6_resize2")), 5, cutField(stored("noise.z_gray"), 27, 36));
  close(gray.data, stored("chain.7_noise2_gray").data, 1e-5);
  await check("chain.7_noise2_gray", shrinkAndRing, "chain.8a_resize_sinc");
  await check("chain.8a_resize_sinc", [jpeg, { kind: "quantise" }], "chain.9a_order1_final", 0.01);
  await check("chain.7_noise2_gray", [jpeg, ...shrinkAndRing, { kind: "quantise" }], "chain.9b_order2_final", 0.01);
});
