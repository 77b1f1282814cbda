import type { PlainField } from "../../lib/sobolev/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { goldenPath } from "../support.ts";

/** Arrays of SciPy 1.17.1 and NumPy in float64: DCT-II, Sobolev operators, radial spectra. */
export const spectral = readFixture(goldenPath("sobolev/spectral.safetensors"));

/** Numbers that go with them. */
export const numbers: SpectralNumbers = JSON.parse(Deno.readTextFileSync(goldenPath("sobolev/spectral.json")));

interface SpectralNumbers {
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
