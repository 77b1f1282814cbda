import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng, StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  countTiles,
  type HostImage,
  mapTiles,
  noiseField,
  sampleEuler,
  tileAxis,
  tileGrid,
  tileWeights,
  traceTiledSampler,
} from "../../lib/flow/mod.ts";
import { close, tensorTest } from "../support.ts";
import { toyBackbone } from "./toy.ts";

const CASES = [
  { length: 64, tile: 64, overlap: 32, unit: 4 },
  { length: 68, tile: 64, overlap: 32, unit: 4 },
  { length: 2000, tile: 64, overlap: 32, unit: 4 },
  { length: 1504, tile: 512, overlap: 100, unit: 16 },
  { length: 40, tile: 8, overlap: 0, unit: 4 },
  { length: 132, tile: 64, overlap: 60, unit: 4 },
];

Deno.test("tileAxis() covers every sample with tiles of one length that share at least the overlap", () => {
  for (const { length, ...options } of CASES) {
    const { tile, starts } = tileAxis(length, options);
    assertEquals([starts[0], starts[starts.length - 1] + tile], [0, length]);
    for (let i = 1; i < starts.length; i++) {
      assert(starts[i] > starts[i - 1] && starts[i - 1] + tile - starts[i] >= options.overlap, `${starts}`);
    }
    assert(starts.every((start) => start % options.unit === 0));
  }
  assertEquals(tileAxis(20, { tile: 64, overlap: 32, unit: 4 }), { length: 20, tile: 20, starts: [0] });
});

Deno.test("tileWeights() are positive and add up to 1 at every sample, in pixels and in latents", () => {
  for (const { length, ...options } of CASES) {
    const axis = tileAxis(length, options);
    for (const scale of [1, 1 / options.unit]) {
      const total = new Float64Array(length * scale);
      tileWeights(axis, scale).forEach((weights, i) => {
        assertEquals(weights.length, axis.tile * scale);
        assert(weights.every((weight) => weight > 0));
        weights.forEach((weight, k) => total[axis.starts[i] * scale + k] += weight);
      });
      close(total, Array(total.length).fill(1), 1e-6);
    }
  }
});

Deno.test("tileWeights() pass from one tile to the next without a jump", () => {
  const [first, second] = tileWeights(tileAxis(96, { tile: 64, overlap: 32, unit: 4 }));
  assertEquals([first[0], first[31], second[32], second[63]], [1, 1, 1, 1]);
  for (let k = 1; k < 64; k++) assert(Math.abs(first[k] - first[k - 1]) <= 0.5 * Math.PI / 32);
});

Deno.test("tileGrid() refuses what cannot be cut", () => {
  const options = { tile: 64, overlap: 32, unit: 4 };
  assertThrows(() => tileGrid({ height: 66, width: 64 }, options), RangeError, "side must be a multiple of 4");
  assertThrows(() => tileGrid({ height: 64, width: 64 }, { ...options, tile: 0 }), RangeError, "tile must be");
  assertThrows(
    () => tileGrid({ height: 64, width: 64 }, { ...options, overlap: 61 }),
    RangeError,
    "overlap must leave",
  );
});

function image(height: number, width: number, channels: number, value: (i: number) => number): HostImage {
  return {
    height,
    width,
    channels,
    data: Float32Array.from({ length: height * width * channels }, (_, i) => value(i)),
  };
}

tensorTest("mapTiles() of the identity gives the image, in any batches, and of a constant the constant", async () => {
  const random = rng(0, "map"), x = image(28, 44, 3, () => random.normal());
  const grid = tileGrid(x, { tile: 16, overlap: 6, unit: 4 });
  for (const batchSize of [1, 4, 100]) {
    const into = image(28, 44, 3, () => NaN), shapes = new Set<string>();
    let done = 0;
    await mapTiles({
      grid,
      inputs: [x],
      into,
      batchSize,
      apply: ([tiles]) => {
        shapes.add(`${tiles.shape}`);
        return Promise.resolve(tiles.clone());
      },
      onTiles: (count) => done += count,
    });
    close(into.data, x.data, 1e-6);
    assertEquals([shapes.size, done], [1, countTiles(grid)]);
  }
  const halved = image(14, 22, 1, () => 0); // a result of half the sides, as a codec's
  await mapTiles({
    grid,
    inputs: [x],
    into: halved,
    apply: ([tiles]) => Promise.resolve(tf.fill([tiles.shape[0], 8, 8, 1], 0.3)),
  });
  close(halved.data, Array(14 * 22).fill(0.3), 1e-6);
});

tensorTest("mapTiles() refuses images of another shape and stops at the signal", async () => {
  const x = image(16, 16, 1, () => 0), grid = tileGrid(x, { tile: 8, overlap: 4, unit: 4 });
  const apply = ([tiles]: readonly tf.Tensor4D[]) => Promise.resolve(tiles.clone());
  const narrow = image(16, 12, 1, () => 0);
  await assertRejects(() => mapTiles({ grid, inputs: [narrow], into: x, apply }), RangeError, "12 x 16");
  const stop = new AbortController();
  const run = mapTiles({ grid, inputs: [x], into: x, apply, signal: stop.signal, onTiles: () => stop.abort() });
  await assertRejects(() => run, StoppedError, "tile 1 of 9");
});

tensorTest(
  "traceTiledSampler() of a field without surroundings equals the pure sampler on the whole image",
  async () => {
    using scope = tensorScope();
    const field = toyBackbone.velocity(scope.own(toyBackbone.init(0))); // works on every pixel alone
    const x0 = noiseField(1, "x0", { height: 20, width: 28, channels: 3 });
    const c = noiseField(2, "c", { height: 20, width: 28, channels: 3 });
    const tensor = ({ height, width, channels, data }: HostImage) =>
      scope.own(tf.tensor4d(data, [1, height, width, channels]));
    const whole = scope.own(sampleEuler(field, tensor(x0), tensor(c), 4));
    using sampler = traceTiledSampler(field);
    for (const options of [{ tile: 8, overlap: 4, unit: 4 }, { tile: 64, overlap: 0, unit: 4 }]) {
      const tiled = await sampler.sample({
        x0,
        c,
        grid: tileGrid(x0, options),
        times: [0, 0.25, 0.5, 0.75, 1],
        batchSize: 3,
      });
      close(tiled.data, whole.dataSync(), 1e-5);
    }
    const falling = { x0, c, grid: tileGrid(x0, { tile: 8, overlap: 4, unit: 4 }), times: [0, 0.5, 0.4, 1] };
    await assertRejects(() => sampler.sample(falling), RangeError, "must rise");
  },
);

Deno.test("noiseField() has the same value at a place whatever the size, and is standard normal", () => {
  const small = noiseField(7, "n", { height: 5, width: 9, channels: 3 });
  const large = noiseField(7, "n", { height: 64, width: 101, channels: 3 });
  for (let y = 0; y < 5; y++) {
    assertEquals(small.data.slice(y * 27, y * 27 + 27), large.data.slice(y * 303, y * 303 + 27));
  }
  const mean = large.data.reduce((sum, v) => sum + v, 0) / large.data.length;
  const square = large.data.reduce((sum, v) => sum + v * v, 0) / large.data.length;
  assert(Math.abs(mean) < 0.03 && Math.abs(square - 1) < 0.05, `${mean} ${square}`);
});
