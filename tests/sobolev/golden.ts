import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { PlainField } from "../../lib/sobolev/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { goldenPath } from "../support.ts";

/** Arrays of SciPy 1.17.1 and NumPy in float64: DCT-II, Sobolev operators, radial spectra. */
export const spectral = readFixture(goldenPath("sobolev/spectral.safetensors"));

/** Numbers that go with them. */
export const numbers: SpectralNumbers = JSON.parse(Deno.readTextFileSync(goldenPath("sobolev/spectral.json")));

/** Numbers of the file. */
export interface SpectralNumbers {
  dct: Record<string, { parseval_x: number }>;
  sobolev: {
    case: string;
    omega: "index" | "rad" | "unit" | "cyc";
    s: number;
    norm2_x: number;
    mean_x: number;
    inner_xg: number;
    weight_mean: number;
    weight_max: number;
  }[];
  psd: Record<string, Record<"none" | "hann", Record<string, number>>>;
}

/** Returns one array as a field; a plane has one channel. */
export function field(name: string): PlainField {
  const { shape, data } = fixtureArray(spectral, name);
  const [height, width, channels = 1] = shape;
  return { height, width, channels, data };
}

/** Returns the cases of the Sobolev operators that the golden file has arrays for. */
export function sobolevCases(): SpectralNumbers["sobolev"] {
  return numbers.sobolev.filter(({ case: name }) => spectral.has(`${name}.x`));
}

/** Returns one array as a batch of one. `[1, H, W, C]` */
export function tensorOf(name: string): tf.Tensor4D {
  const { height, width, channels, data } = field(name);
  return tf.tensor4d(Float32Array.from(data), [1, height, width, channels]);
}

/** Draws standard normal fields, the same in every run. */
export function noise(shape: [number, number, number, number], purpose: string): tf.Tensor4D {
  return normalTensor<tf.Rank.R4>(rng(1, purpose), shape);
}
