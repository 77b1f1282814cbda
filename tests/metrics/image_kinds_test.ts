import { assert, assertEquals } from "@std/assert";
import { decodeImage, encodeJpeg, readImage, toBytes } from "asasr/image/mod.ts";
import { experimentMetrics, fsimc, type MetricImage, protocols } from "asasr/metrics/mod.ts";
import { sharedTest } from "../support.ts";

/** Files of every kind: name, sides, what reading says of it. */
const kinds = [
  ["flat128_128x160", 160, 128, []],
  ["gray_128x160", 160, 128, ["gray converted to RGB"]],
  ["rgba_128x160", 160, 128, ["alpha dropped"]],
  ["rgb16_64x80", 80, 64, ["16-bit samples read without rounding"]],
] as const;
const measures = [
  ...experimentMetrics.flatMap((metric) => metric.level === "image" ? [metric] : []),
  { name: "fsimc", leastSide: 12, better: "higher", measure: fsimc } as const,
];

for (const [name, width, height, notes] of kinds) {
  sharedTest(`metrics measure ${name}`, `fixtures/metrics/images/${name}.png`, async (path) => {
    const { image: truth, notes: said } = await readImage(path);
    assertEquals([truth.width, truth.height, said], [width, height, [...notes]]);
    const bytes = await encodeJpeg(truth, { quality: 20 });
    const { image: result } = await decodeImage(bytes, name);
    const flat = new Set(toBytes(truth)).size === 1;
    for (const { name: metric, leastSide, better, measure } of measures) {
      if (Math.min(width, height) < leastSide) continue;
      const value = (sr: MetricImage) => measure(sr, truth, protocols.paper);
      const [perfect, worse] = [value(truth), value(result)];
      if (flat && metric === "fsimc") assertEquals([perfect, worse], [NaN, NaN]); // nothing to compare
      else if (flat) assertEquals(worse, perfect, metric); // JPEG keeps a constant
      else assert(better === "higher" ? worse < perfect : worse > perfect, `${metric}: ${worse}, ${perfect}`);
    }
  });
}

sharedTest(
  "8-bit protocols see a 16-bit file as its rounded copy",
  "fixtures/metrics/images/rgb16_64x80.png",
  async (path) => {
    const { image } = await readImage(path);
    const rounded = { ...image, data: Float32Array.from(toBytes(image), (level) => level / 255) };
    for (const { measure, leastSide, name } of measures) {
      if (leastSide > 64) continue;
      const value = measure(image, rounded, protocols.paper);
      assertEquals(value, measure(rounded, rounded, protocols.paper), name);
    }
  },
);
