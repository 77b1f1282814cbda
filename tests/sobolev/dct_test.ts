import { assertThrows } from "@std/assert";
import { tf, trace } from "../../lib/engine/mod.ts";
import { dct2, dctMatrix, idct2, plainDct2, plainIdct2 } from "../../lib/sobolev/mod.ts";
import { fixtureArray } from "../fixture.ts";
import { close, tensorTest } from "../support.ts";
import { field, noise, numbers, spectral, tensorOf } from "./golden.ts";

const sizes = Object.keys(numbers.dct).filter((name) => spectral.has(`${name}.x`));
const shapes: [number, number, number, number][] = [[2, 1, 1, 1], [1, 7, 5, 3], [3, 8, 12, 2], [1, 3, 160, 2]];

Deno.test("dctMatrix() is orthonormal", () => {
  for (const size of [1, 2, 5, 64, 129]) {
    const matrix = dctMatrix(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        let product = 0;
        for (let j = 0; j < size; j++) product += matrix[a * size + j] * matrix[b * size + j];
        close(product, a === b ? 1 : 0, 1e-13);
      }
    }
  }
});

Deno.test("dctMatrix() equals SciPy's basis of 8", () => {
  close(dctMatrix(8), fixtureArray(spectral, "dct.basis8").data, 1e-15); // scipy.fft.dct(eye(8), norm="ortho") 1.17.1
});

Deno.test("dctMatrix() throws on a size that is no positive integer", () => {
  for (const size of [0, -1, 2.5, NaN]) assertThrows(() => dctMatrix(size), RangeError, "positive integer");
});

for (const name of sizes) {
  Deno.test(`plainDct2() and plainIdct2() equal SciPy's dctn and idctn (${name})`, () => {
    close(plainDct2(field(`${name}.x`)).data, field(`${name}.X`).data, { relative: 1e-12 }); // SciPy 1.17.1
    close(plainIdct2(field(`${name}.C`)).data, field(`${name}.idct_of_C`).data, { relative: 1e-12 });
  });

  tensorTest(`dct2() and idct2() equal SciPy's dctn and idctn (${name})`, () => {
    close(dct2(tensorOf(`${name}.x`)), tensorOf(`${name}.X`), { relative: 1e-6 });
    close(idct2(tensorOf(`${name}.C`)), tensorOf(`${name}.idct_of_C`), { relative: 1e-6 });
  });
}

tensorTest("dct2() transforms each image and channel alone, over rows and columns", () => {
  const { shape, data } = fixtureArray(spectral, "dct.nhwc.x");
  const x = tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
  close(dct2(x), fixtureArray(spectral, "dct.nhwc.X").data, { relative: 1e-6 }); // SciPy 1.17.1, axes (1, 2)
});

tensorTest("dct2() keeps the sum of squares (Parseval)", () => {
  for (const shape of shapes) {
    const x = noise(shape, "x");
    close(dct2(x).square().sum(), x.square().sum(), { relative: 1e-6 });
  }
});

tensorTest("idct2() is the inverse and the adjoint of dct2()", () => {
  for (const shape of shapes) {
    const x = noise(shape, "x"), y = noise(shape, "y");
    close(idct2(dct2(x)), x, 1e-5);
    close(dct2(idct2(x)), x, 1e-5);
    close(dct2(x).mul(y).sum(), x.mul(idct2(y)).sum(), 1e-3);
  }
});

tensorTest("dct2() has the gradient idct2()", () => {
  const x = noise([2, 6, 5, 3], "x"), y = noise([2, 6, 5, 3], "y");
  const gradient = tf.grad((input) => dct2(input as tf.Tensor4D).mul(y).sum())(x);
  close(gradient, idct2(y), 1e-5);
});

tensorTest("dct2() is the same in a traced step, above 64 KiB of matrix too", async () => {
  const x = noise([1, 3, 160, 2], "x");
  using traced = disposable(trace((input: tf.Tensor4D) => ({ y: dct2(input), back: idct2(dct2(input)) })));
  const { y, back } = await traced.step(x), eager = dct2(x);
  close(y, eager, 1e-5);
  close(back, x, 1e-5);
  tf.dispose([x, y, back, eager]);
});

tensorTest("dct2() throws on a rank other than 4", () => {
  assertThrows(() => dct2(tf.zeros([2, 2]) as unknown as tf.Tensor4D), RangeError, "rank must be 4");
});

function disposable<S extends { dispose(): void }>(step: S): Disposable & { step: S } {
  return { step, [Symbol.dispose]: () => step.dispose() };
}
