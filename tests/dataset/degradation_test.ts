import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng } from "../../lib/core/mod.ts";
import {
  addGaussianNoise,
  addPoissonNoise,
  blurKernel,
  type DegradationPreset,
  degrade,
  diffJpeg,
  drawRecipe,
  filter2D,
  type KernelSpec,
  proceduralImage,
  type Recipe,
  sharpen,
} from "../../lib/dataset/mod.ts";
import { createRaster, luma, quantise8, type Raster, resizeBicubic } from "../../lib/image/mod.ts";
import { close } from "../support.ts";

const PRESETS: readonly DegradationPreset[] = ["hard", "soft", "soft-wide", "mild", "none"];

function flat(value: number, width = 40, height = 24): Raster {
  const r = createRaster({ width, height });
  r.data.fill(value);
  return r;
}

function recipes(preset: DegradationPreset, count: number): Recipe[] {
  return Array.from({ length: count }, (_, i) => drawRecipe(rng(5, "recipes", 0, i), preset));
}

/** All kernels of many recipes. */
function drawnKernels(preset: DegradationPreset): KernelSpec[] {
  return recipes(preset, 200).flatMap(({ steps }) => steps).filter((step) => step.kind === "blur").map((step) =>
    step.kernel
  );
}

Deno.test("blurKernel() sums to 1, whatever is drawn", () => {
  const families = new Set<string>();
  for (const spec of [...drawnKernels("hard"), ...drawnKernels("mild")]) {
    const { weights, width, height } = blurKernel(spec);
    assertEquals([width, height, weights.length], [spec.size, spec.size, spec.size ** 2]);
    assert(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-12);
    families.add(spec.family);
  }
  assertEquals([...families].sort(), ["gaussian", "generalised", "plateau", "sinc"]);
});

Deno.test("blurKernel() is the same turned by half a circle, and refuses an even side", () => {
  const bell = { family: "gaussian", sigmaX: 2, sigmaY: 0.7, beta: 1 } as const;
  const one = blurKernel({ ...bell, size: 9, theta: 0.4 }),
    other = blurKernel({ ...bell, size: 9, theta: 0.4 + Math.PI });
  close(one.weights, other.weights, 1e-15);
  close(one.weights, one.weights.toReversed(), 1e-15);
  assertThrows(() => blurKernel({ ...bell, size: 8, theta: 0 }), RangeError, "current value is 8");
});

Deno.test("filter2D() keeps a flat image and, with a delta, every image", () => {
  const kernel = blurKernel({ family: "plateau", size: 21, sigmaX: 3, sigmaY: 1, theta: 1, beta: 1.5 });
  for (const side of [1, 2, 5, 40]) close(filter2D(flat(0.4, side, 3), kernel).data, flat(0.4, side, 3).data, 1e-6);
  const r = proceduralImage(0, 0, { width: 24, height: 20 });
  assertEquals(filter2D(r, { width: 3, height: 3, weights: Float64Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0) }).data, r.data);
});

Deno.test("filter2D() mirrors the border without repeating the edge", () => {
  const r = createRaster({ width: 3, height: 1 }, 1, Float32Array.of(0, 1, 3));
  const left = filter2D(r, { width: 3, height: 1, weights: Float64Array.of(1, 0, 0) });
  assertEquals([...left.data], [1, 0, 1]);
  const far = filter2D(r, { width: 11, height: 1, weights: Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) });
  assertEquals([...far.data], [1, 0, 1]); // 5 to the left, over two mirrors
});

Deno.test("sharpen() leaves a flat image and steepens an edge", () => {
  close(sharpen(flat(0.4)).data, flat(0.4).data, 1e-6);
  const edge = createRaster({ width: 60, height: 4 }, 1);
  edge.data.forEach((_, i) => edge.data[i] = i % 60 < 30 ? 0.3 : 0.7);
  const { data } = sharpen(edge);
  assert(data[29] < 0.25 && data[30] > 0.75, `${data[29]}, ${data[30]}`);
});

Deno.test("addGaussianNoise() has the standard deviation asked for; gray noise is the same in all channels", () => {
  const r = flat(0.5, 100, 100);
  for (const gray of [false, true]) {
    const noisy = addGaussianNoise(r, 10, rng(1, "noise").normals(gray ? 10_000 : 30_000));
    const deviation = Math.sqrt(noisy.data.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / 30_000) * 255;
    assert(Math.abs(deviation - 10) < 0.3, `${deviation}`);
    assertEquals(noisy.data[0] === noisy.data[1] && noisy.data[1] === noisy.data[2], gray);
  }
  assertThrows(() => addGaussianNoise(r, 10, new Float32Array(7)), RangeError, "current value is 7");
});

Deno.test("addPoissonNoise() has a variance in proportion to brightness over photons", () => {
  const r = createRaster({ width: 100, height: 100 });
  r.data.forEach((_, i) => r.data[i] = i < 15_000 ? 51 / 255 : 102 / 255); // two levels: two photons for white
  const random = rng(2, "poisson");
  const noisy = addPoissonNoise(r, 0.1, false, (mean) => random.poisson(mean)); // not clamped at this scale
  const variance = (from: number) =>
    noisy.data.slice(from, from + 15_000).reduce((sum, value, i) => sum + (value - r.data[from + i]) ** 2, 0) / 15_000;
  close(variance(0), 0.1 ** 2 * 0.2 / 2, { relative: 0.05 });
  close(variance(15_000), 0.1 ** 2 * 0.4 / 2, { relative: 0.05 });
});

Deno.test("diffJpeg() loses less at a higher quality, and refuses what it cannot do", () => {
  const r = proceduralImage(0, 1, { width: 48, height: 40 });
  const loss = [20, 60, 95].map((quality) =>
    diffJpeg(r, quality).data.reduce((sum, value, i) => sum + (value - r.data[i]) ** 2, 0)
  );
  assert(loss[0] > loss[1] && loss[1] > loss[2] && loss[2] > 0, `${loss}`);
  assertThrows(() => diffJpeg(r, 100), RangeError, "quality 100");
  assertThrows(() => diffJpeg(createRaster({ width: 8, height: 8 }, 1), 50), RangeError, "1 channels");
});

Deno.test("drawRecipe() gives plain JSON, the same for the same stream", () => {
  for (const preset of PRESETS) {
    const [one, other] = [0, 1].map((item) => drawRecipe(rng(3, "recipe", 0, item), preset));
    assertEquals(drawRecipe(rng(3, "recipe", 0, 0), preset), one);
    assertEquals(JSON.parse(JSON.stringify(one)), one);
    assertEquals(preset === "none", JSON.stringify(one) === JSON.stringify(other));
  }
});

Deno.test("drawRecipe() stays in the ranges of Real-ESRGAN and takes both final orders", () => {
  const drawn = recipes("hard", 300);
  const orders = drawn.map(({ steps }) => steps.at(-2)!.kind === "diffJpeg");
  const share = orders.filter(Boolean).length / orders.length;
  assert(share > 0.42 && share < 0.58, `${share}`);
  for (const { steps } of drawn) {
    assertEquals(steps[0].kind, "sharpen");
    assertEquals(steps.at(-1)!.kind, "quantise");
    for (const step of steps) {
      if (step.kind === "diffJpeg") assert(step.quality >= 30 && step.quality < 95);
      if (step.kind === "resize") assert(step.factor >= 0.15 && step.factor < 1.5);
      if (step.kind === "resizeToResult") assert(step.times >= 0.3 && step.times < 1.2);
      if (step.kind === "gaussianNoise") assert(step.sigma >= 1 && step.sigma < 30);
      if (step.kind === "poissonNoise") assert(step.scale >= 0.05 && step.scale < 3);
      if (step.kind === "blur") assert(step.kernel.size >= 7 && step.kernel.size <= 21);
    }
  }
});

Deno.test("drawRecipe() draws the mild steps as often as it says", () => {
  const steps = recipes("mild", 1000).flatMap(({ steps }) => steps);
  const share = (kind: string) => steps.filter((step) => step.kind === kind).length / 1000;
  // 0.05 is over three standard deviations
  close([share("blur"), share("gaussianNoise"), share("libjpeg"), share("resizeToResult")], [0.8, 0.5, 0.7, 1], 0.05);
  for (const step of steps) {
    if (step.kind === "blur") {
      assert(step.kernel.family === "gaussian" && step.kernel.sigmaX >= 0.3 && step.kernel.sigmaX < 1.5);
    }
    if (step.kind === "gaussianNoise") assert(step.sigma >= 1 && step.sigma < 10);
    if (step.kind === "libjpeg") assert(step.quality >= 50 && step.quality <= 95 && step.chroma === "4:4:4");
  }
});

Deno.test("degrade() gives the same bits again from the recipe's JSON, at a quarter of the sides", async () => {
  const r = proceduralImage(4, 0, { width: 96, height: 64 });
  for (const preset of PRESETS) {
    for (const recipe of recipes(preset, 4)) {
      const low = await degrade(r, recipe);
      assertEquals([low.width, low.height], [24, 16]);
      assertEquals(quantise8(low).data, low.data);
      assertEquals(await degrade(r, JSON.parse(JSON.stringify(recipe))), low);
    }
  }
});

Deno.test("degrade() keeps the picture: its luma follows the bicubic one", async () => {
  const r = proceduralImage(4, 3, { width: 128, height: 128 });
  const plain = luma(resizeBicubic(r, 0.25));
  for (const recipe of recipes("mild", 8)) {
    const difference = luma(await degrade(r, recipe)).map((value, i) => value - plain[i]);
    assert(Math.sqrt(difference.reduce((sum, d) => sum + d * d, 0) / difference.length) < 40);
    assert(Math.abs(difference.reduce((sum, d) => sum + d, 0) / difference.length) < 2);
  }
});

Deno.test("degrade() with `none` is MATLAB's bicubic in 8 bits", async () => {
  const r = proceduralImage(4, 1, { width: 64, height: 48 });
  assertEquals(await degrade(r, drawRecipe(rng(0, "any"), "none")), quantise8(resizeBicubic(r, 0.25)));
});

Deno.test("degrade() refuses sides that are no multiples of 4, and a recipe that ends elsewhere", async () => {
  const recipe = drawRecipe(rng(0, "any"), "none");
  await assertRejects(() => degrade(flat(0.5, 30, 24), recipe), RangeError, "current value is 30 x 24");
  const odd: Recipe = { ...recipe, steps: [{ kind: "resize", mode: "area", factor: 0.5 }] };
  await assertRejects(() => degrade(flat(0.5, 32, 24), odd), RangeError, "must end at 8 x 6: current value is 16 x 12");
});

Deno.test("drawRecipe() of soft-wide draws wide blurs, soft noise and JPEG, and never sharpens", () => {
  const steps = recipes("soft-wide", 300).flatMap(({ steps }) => steps);
  assert(!steps.some(({ kind }) => kind === "sharpen"));
  const sigmas = drawnKernels("soft-wide").flatMap((kernel) => "sigmaX" in kernel ? [kernel.sigmaX] : []);
  assert(Math.max(...sigmas) > 2.5 && Math.max(...sigmas) <= 3);
  const noises = steps.flatMap((step) => step.kind === "gaussianNoise" ? [step.sigma] : []);
  assert(Math.max(...noises) <= 15);
  const qualities = steps.flatMap((step) => step.kind === "diffJpeg" ? [step.quality] : []);
  assert(Math.min(...qualities) >= 60);
});
