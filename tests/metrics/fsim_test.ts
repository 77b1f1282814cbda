import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import { createRaster, flip, type Raster, readImage } from "asasr/image/mod.ts";
import { fsim, fsimc, phaseCongruency, prepareImage, protocols } from "asasr/metrics/mod.ts";
import { close, goldenPath, sharedTest } from "../support.ts";

/** FSIMc of pyiqa 0.1.16. */
const golden: { pairs: Record<string, { pyiqa_fsimc: number }> } = JSON.parse(
  await Deno.readTextFile(goldenPath("metrics/classic.json")),
);
const open = async (folder: string, name: string): Promise<Raster> => (await readImage(`${folder}/${name}.png`)).image;

async function checkPair(folder: string, name: string): Promise<void> {
  const [sr, hr] = await Promise.all([name, `${name.split("_")[0]}_gt`].map((file) => open(folder, file)));
  const value = fsimc(sr, hr), expected = golden.pairs[name].pyiqa_fsimc;
  assertAlmostEquals(value, expected, 1e-4, `${name}: ${value}, pyiqa ${expected}`);
}

for (const name of ["d97x131_blurx4", "d97x131_noise12", "d97x131_shift1", "d97x131_gt", "b193x257_halluc"]) {
  Deno.test(`fsimc() matches pyiqa on ${name}`, () => checkPair(goldenPath("metrics"), name));
}
sharedTest("fsimc() matches pyiqa on all pairs", "fixtures/metrics/images", async (folder) => {
  for (const name of Object.keys(golden.pairs)) await checkPair(folder, name);
});

/** A step from dark to bright, half way across. */
function edge(width: number, height: number, dark: number, bright: number): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => i % width < width / 2 ? dark : bright);
}

Deno.test("phaseCongruency() finds edges whatever their contrast, and nothing in flat planes", () => {
  for (const [width, height] of [[64, 48], [61, 45]]) {
    const strong = phaseCongruency({ width, height, data: edge(width, height, 20, 220) });
    const weak = phaseCongruency({ width, height, data: edge(width, height, 110, 130) });
    close(weak, strong, 1e-3);
    const at = 20 * width + Math.floor(width / 2);
    assert(strong[at] > 0.75 && strong[at + 6] < 0.3, `${strong[at]}, ${strong[at + 6]}`);
    assert(strong.every((value) => value >= 0 && value <= 1));
    assertEquals(new Set(phaseCongruency({ width, height, data: edge(width, height, 77, 77) })), new Set([0]));
  }
});

Deno.test("fsim() is 1 for equal images, symmetric, and the same mirrored; fsimc() of gray images is fsim()", () => {
  const [a, b] = [1, 2].map((seed) =>
    createRaster({ width: 40, height: 34 }, 3, rng(seed, "image").uniforms(40 * 34 * 3))
  );
  assertEquals([fsim(a, a), fsimc(a, a)], [1, 1]);
  assertAlmostEquals(fsimc(a, b), fsimc(b, a), 1e-12);
  assert(fsimc(a, b) < fsim(a, b) && fsim(a, b) < 1);
  const odd = (r: Raster) => createRaster({ width: 33, height: 35 }, 1, r.data.subarray(0, 33 * 35));
  const [g, h] = [odd(a), odd(b)];
  assertEquals(fsimc(g, h), fsim(g, h));
  assertAlmostEquals(fsim(flip(g, "horizontal"), flip(h, "horizontal")), fsim(g, h), 1e-9);
});

Deno.test("fsim() sees what the border leaves, is NaN without features, and refuses small images", () => {
  const framed = createRaster({ width: 40, height: 40 }, 3, rng(3, "image").uniforms(4800));
  const inner = createRaster(
    { width: 40, height: 40 },
    3,
    framed.data.map((value, i) => {
      const x = Math.floor(i / 3) % 40, y = Math.floor(i / 120);
      return Math.min(x, y) < 4 || Math.max(x, y) >= 36 ? 0 : value;
    }),
  );
  assertEquals(fsimc(framed, inner, { ...protocols.paper, border: 4 }), 1);
  const flat = createRaster({ width: 16, height: 16 });
  assertEquals(fsim(flat, flat), NaN);
  const small = createRaster({ width: 11, height: 16 });
  assertThrows(() => fsim(small, small), RangeError, "at least 12 px: current size is 11 x 16");
  const prepared = prepareImage(framed, protocols.paper);
  assertEquals(fsim(prepared, prepared), 1);
});
