import { assert, assertEquals, assertThrows } from "@std/assert";
import { rng } from "../../lib/core/mod.ts";
import { readImage, toBytes } from "../../lib/image/mod.ts";
import { fft, fft2, ifft2, radialPsd, spectralSlope } from "../../lib/sobolev/mod.ts";
import { fixtureArray } from "../fixture.ts";
import { close, goldenPath } from "../support.ts";
import { numbers, spectral } from "./golden.ts";

/** The sum that defines the transform. */
function slowFft(re: Float64Array, im: Float64Array): { re: number[]; im: number[] } {
  const N = re.length, out = { re: new Array<number>(N).fill(0), im: new Array<number>(N).fill(0) };
  for (let k = 0; k < N; k++) {
    for (let n = 0; n < N; n++) {
      const angle = -2 * Math.PI * ((k * n) % N) / N, c = Math.cos(angle), s = Math.sin(angle);
      out.re[k] += re[n] * c - im[n] * s;
      out.im[k] += re[n] * s + im[n] * c;
    }
  }
  return out;
}

Deno.test("fft() equals the sum that defines it, for every length", () => {
  for (const N of [1, 2, 3, 4, 5, 7, 12, 16, 31, 60, 97, 128, 131]) {
    const source = rng(5, "fft", 0, N),
      re = Float64Array.from(source.normals(N)),
      im = Float64Array.from(source.normals(N));
    const expected = slowFft(re, im);
    fft(re, im);
    close(re, expected.re, { relative: 1e-12 });
    close(im, expected.im, { relative: 1e-12 });
  }
});

Deno.test("fft2() equals numpy.fft.fft2", () => {
  const { re, im } = fft2([1, 2, 3, 4, 5, 7], 2, 3); // NumPy 2: fft2([[1, 2, 3], [4, 5, 7]])
  const root = Math.sqrt(3);
  close(re, [22, -3.5, -3.5, -10, 0.5, 0.5], 1e-13);
  close(im, [0, 1.5 * root, -1.5 * root, 0, -0.5 * root, 0.5 * root], 1e-13);
});

Deno.test("fft2() keeps the sum of squares times the size (Parseval), and takes a wave to one pair of coefficients", () => {
  const H = 15, W = 22;
  const plane = Float64Array.from(rng(6, "plane").normals(H * W));
  const { re, im } = fft2(plane, H, W);
  const energy = re.reduce((sum, value, at) => sum + value ** 2 + im[at] ** 2, 0);
  close(energy, H * W * plane.reduce((sum, value) => sum + value ** 2, 0), { relative: 1e-12 });
  const wave = Float64Array.from(
    { length: H * W },
    (_, at) => Math.cos(2 * Math.PI * (2 * Math.floor(at / W) / H + 3 * (at % W) / W)),
  );
  const found = fft2(wave, H, W).re;
  close(found[2 * W + 3], H * W / 2, 1e-9);
  close(found[(H - 2) * W + W - 3], H * W / 2, 1e-9);
  close(found.reduce((sum, value) => sum + Math.abs(value), 0), H * W, 1e-8);
});

Deno.test("fft2() equals the sum that defines it on both axes, for odd and even sides, in conjugates", () => {
  for (const [H, W] of [[1, 1], [1, 6], [5, 1], [3, 4], [4, 7], [18, 17], [19, 40]]) {
    const plane = Float64Array.from(rng(9, "plane", H, W).normals(H * W)), { re, im } = fft2(plane, H, W);
    const rows = Array.from({ length: H }, (_, y) => slowFft(plane.slice(y * W, (y + 1) * W), new Float64Array(W)));
    for (let x = 0; x < W; x++) {
      const column = (part: "re" | "im") => Float64Array.from(rows, (row) => row[part][x]);
      const expected = slowFft(column("re"), column("im")), at = (y: number) => y * W + x;
      close(rows.map((_, y) => re[at(y)]), expected.re, 1e-11);
      close(rows.map((_, y) => im[at(y)]), expected.im, 1e-11);
      for (let y = 0; x > 0 && 2 * x !== W && y < H; y++) {
        const mirrored = (H - y) % H * W + W - x;
        assertEquals([re[mirrored], im[mirrored]], [re[at(y)], -im[at(y)]]);
      }
    }
  }
});

Deno.test("ifft2() undoes fft2(), for every size, and equals numpy.fft.ifft2", () => {
  for (const [H, W] of [[1, 1], [1, 7], [8, 16], [15, 22], [13, 11]]) {
    const plane = Float64Array.from(rng(8, "plane", H, W).normals(H * W));
    const coefficients = fft2(plane, H, W), { re, im } = ifft2(coefficients, H, W);
    close(re, plane, 1e-12);
    close(im, new Float64Array(H * W), 1e-12);
  }
  // NumPy 2: ifft2([[1 + 2j, 0, 3], [0, -1j, 4]])
  const { re, im } = ifft2({ re: Float64Array.of(1, 0, 3, 0, 0, 4), im: Float64Array.of(2, 0, 0, 0, -1, 0) }, 2, 3);
  close(
    re,
    [1.3333333333333333, -0.2723290993692602, -0.5610042339640731, 0, 0.10566243270259355, 0.3943375672974064],
    1e-15,
  );
  close(im, [
    0.16666666666666666,
    -0.5936963044151784,
    1.4270296377485117,
    0.5,
    0.3943375672974064,
    0.10566243270259368,
  ], 1e-15);
});

Deno.test("ifft2() throws if coefficients and size do not fit", () => {
  const three = new Float64Array(3);
  assertThrows(() => ifft2({ re: three, im: three }, 2, 2), RangeError, "2 x 2 must be their size");
});

Deno.test("fft2() throws if plane and size do not fit", () => {
  assertThrows(() => fft2([1, 2, 3], 2, 2), RangeError, "2 x 2 must be its size");
});

for (const [name, windows] of Object.entries(numbers.psd)) {
  Deno.test(`radialPsd() and spectralSlope() equal NumPy's (${name})`, async () => {
    const { image } = await readImage(goldenPath(`metrics/${name}.png`));
    const bytes = toBytes(image), at = (i: number, c: number): number => bytes[3 * i + c];
    const Y = Float64Array.from(
      { length: image.width * image.height },
      (_, i) => (0.299 * at(i, 0) + 0.587 * at(i, 1) + 0.114 * at(i, 2)) / 255,
    );
    const size = name.replace("_gt", "");
    for (const window of ["none", "hann"] as const) {
      const psd = radialPsd(Y, image.height, image.width, { window });
      close(psd.frequency, fixtureArray(spectral, `psd.${size}.freq`).data, 1e-15); // NumPy, float64
      close(psd.count, fixtureArray(spectral, `psd.${size}.count`).data, 0);
      close(psd.power, fixtureArray(spectral, `psd.${name}.${window}`).data, { relative: 1e-12 });
      const { slope, intercept } = spectralSlope(psd);
      close(slope, windows[window]["slope_loglog_.02_.4"], 1e-9);
      close(intercept, windows[window]["intercept"], 1e-9);
    }
  });
}

Deno.test("radialPsd() of white noise is flat at the variance, and spectralSlope() about 0", () => {
  const psd = radialPsd(rng(7, "white").normals(128 * 96), 96, 128);
  assertEquals(psd.power.length, 48);
  close(psd.power.slice(8), new Float64Array(40).fill(1), 0.35);
  assert(Math.abs(spectralSlope(psd).slope) < 0.1);
});

Deno.test("radialPsd() throws on a plane that is too small", () => {
  assertThrows(() => radialPsd([1, 2], 1, 2), RangeError, "at least 2");
});
