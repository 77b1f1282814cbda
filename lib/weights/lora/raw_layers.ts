import { DataError, type Params } from "../../core/mod.ts";
import { listed, withoutFractions } from "../match.ts";

/** What a file holds of a layer, under the file's own name of it. */
export interface RawLayer {
  /** A. `[r, in]` or, of a convolution, `[r, in, h, w]` */
  readonly down: Params[string];
  /** B. `[out, r]` or `[out, r, 1, 1]` */
  readonly up: Params[string];
  /** Where the file has it. */
  readonly alpha?: number;
}

/** Both factors by the ends of their names, in the order of their age: PEFT's, kohya's, diffusers' before 0.22. */
const FACTOR = /^(.+)\.(?:lora_([AB])|lora_(down|up)|lora\.(down|up)|lora_linear_layer\.(down|up))\.weight$/;
/** Of diffusers before 0.18: the layer is called after the processor of its attention. */
const OLDEST = /^(.+)\.processor\.(to_q|to_k|to_v|to_out)_lora\.(down|up)\.weight$/;

/**
 * Sort the tensors of an adapter's file by layer.
 *
 * @param tensors Stay the caller's.
 * @param label Names the file in errors.
 * @throws {DataError} If a tensor is neither factor nor alpha, a layer has not both factors, or they do not fit each other.
 */
export async function rawLayers(tensors: Params, label: string): Promise<ReadonlyMap<string, RawLayer>> {
  const factors = Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.endsWith(".alpha")));
  refuse(label, "factors must be floating-point numbers", withoutFractions(factors));
  const found = new Map<string, { down?: Params[string]; up?: Params[string]; alpha?: number }>();
  const others: string[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const [layer, part] = partOf(name) ?? [];
    if (layer === undefined || part === undefined || (part === "alpha" && tensor.size !== 1)) {
      others.push(name);
      continue;
    }
    const entry = found.get(layer) ?? {};
    found.set(layer, { ...entry, [part]: part === "alpha" ? (await tensor.data())[0] : tensor });
  }
  refuse(label, "every tensor must be a factor or the alpha of a layer", others);
  const halves = [...found].filter(([, { down, up }]) => down === undefined || up === undefined);
  refuse(label, "every layer must have both factors", halves.map(([layer]) => layer));
  const whole = found as Map<string, RawLayer>;
  if (whole.size === 0) refuse(label, "it must adapt layers", ["none"]);
  const torn = [...whole].filter(([, { down, up }]) => !fits(down.shape, up.shape));
  refuse(
    label,
    "factors must be [r, in] and [out, r], or kernels [r, in, h, w] and [out, r, 1, 1]",
    torn.map(([layer, { down, up }]) => `${layer} [${down.shape}] and [${up.shape}]`),
  );
  return whole;
}

/** The layer and the part of it that a name means. */
function partOf(name: string): [layer: string, part: "down" | "up" | "alpha"] | undefined {
  if (name.endsWith(".alpha")) return [name.slice(0, -".alpha".length), "alpha"];
  const oldest = OLDEST.exec(name);
  if (oldest) {
    const [, attention, layer, part] = oldest;
    return [`${attention}.${layer === "to_out" ? "to_out.0" : layer}`, part as "down" | "up"];
  }
  const [, layer, letter, ...words] = FACTOR.exec(name) ?? [];
  if (layer === undefined) return undefined;
  if (letter !== undefined) return [layer, letter === "A" ? "down" : "up"];
  return [layer, words.find((word) => word !== undefined) as "down" | "up"];
}

function fits(down: readonly number[], up: readonly number[]): boolean {
  const axes = down.length;
  return (axes === 2 || axes === 4) && up.length === axes && down[0] > 0 && down[0] === up[1] &&
    up.slice(2).every((length) => length === 1);
}

function refuse(label: string, rule: string, names: readonly string[]): void {
  if (names.length === 0) return;
  throw new DataError(`Cannot read adapter ${label} as ${rule}: current value is ${listed(names)}`);
}
