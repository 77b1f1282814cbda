import { assert, assertEquals } from "@std/assert";
import { proceduralImage, proceduralImages } from "../../lib/dataset/mod.ts";
import { luma, quantise8 } from "../../lib/image/mod.ts";
import { radialPsd, spectralSlope } from "../../lib/sobolev/mod.ts";

Deno.test("proceduralImage() has the power spectrum of photographs", () => {
  const spectra = Array.from({ length: 12 }, (_, index) => {
    const { width, height, ...r } = proceduralImage(0, index);
    return radialPsd(luma({ width, height, ...r }, "yiq").map((y) => y / 255), height, width);
  });
  const mean = spectra[0].power.map((_, bin) => spectra.reduce((sum, { power }) => sum + power[bin], 0) / 12);
  const ofMean = spectralSlope({ ...spectra[0], power: mean }).slope;
  const meanOf = spectra.reduce((sum, psd) => sum + spectralSlope(psd).slope, 0) / 12;
  for (const slope of [ofMean, meanOf]) assert(slope > -2.6 && slope < -2, `${slope}`);
});

Deno.test("proceduralImage() is a function of seed, index and size", () => {
  const size = { width: 64, height: 40 };
  const one = proceduralImage(1, 2, size);
  assertEquals([one.width, one.height, one.channels], [64, 40, 3]);
  assertEquals(proceduralImage(1, 2, size), one);
  assertEquals(quantise8(one).data, one.data);
  for (const [seed, index] of [[1, 3], [2, 2]]) {
    assert(proceduralImage(seed, index, size).data.some((value, i) => value !== one.data[i]));
  }
});

Deno.test("proceduralImage() uses the range of values, in low chroma", () => {
  for (let index = 0; index < 4; index++) {
    const { data } = proceduralImage(8, index, { width: 160, height: 160 });
    const pixels = data.length / 3;
    let chroma = 0, mean = 0, square = 0;
    for (let at = 0; at < data.length; at += 3) {
      const [red, green, blue] = data.subarray(at, at + 3);
      chroma += (Math.max(red, green, blue) - Math.min(red, green, blue)) / pixels;
      mean += green / pixels;
      square += green * green / pixels;
    }
    assert(chroma < 0.3, `chroma ${chroma}`);
    assert(Math.sqrt(square - mean * mean) > 0.05, `contrast ${Math.sqrt(square - mean * mean)}`);
  }
});

Deno.test("proceduralImages() makes disjoint sets of one seed, known by their names", async () => {
  const train = proceduralImages(1, { count: 3 }), test = proceduralImages(1, { count: 2, from: 3 });
  assertEquals([...train, ...test].map(({ id }) => id), [0, 1, 2, 3, 4].map((index) => `procedural-1/000${index}`));
  assertEquals(new Set([...train, ...test].map(({ hash }) => hash)).size, 5);
  assertEquals([train[0].width, train[0].height], [320, 320]);
  const [small] = proceduralImages(1, { count: 1, size: { width: 48, height: 32 } });
  assertEquals(await small.read(), proceduralImage(1, 0, { width: 48, height: 32 }));
});
