import { disposeParams, UsageError } from "../../core/mod.ts";
import { type Adapter, sumLora, weightLora } from "../../nn/mod.ts";
import { type LoraFile, type LoraNetwork, matchLora, readLora } from "../../weights/mod.ts";
import { list, type OptionValues } from "../options.ts";

/** An adapter of a file, and where it lies. */
export interface NamedLora {
  readonly path: string;
  readonly file: LoraFile;
}

/**
 * Opens adapters of one kind of network.
 *
 * @param stack Gets their tensors.
 * @throws {UsageError} If some are for FLUX and others for a UNet.
 */
export async function openInputs(paths: readonly string[], stack: DisposableStack): Promise<NamedLora[]> {
  const opened: NamedLora[] = [];
  for (const path of paths) {
    const file = await readLora(path);
    stack.adopt(file.params, disposeParams);
    opened.push({ path, file });
  }
  const [first, other] = [...new Map(opened.map((named) => [named.file.network.prefix, named])).values()];
  if (other !== undefined) {
    throw new UsageError(
      `Cannot add adapters up as all must be for one network: current value is ${first.path} for a ` +
        `${first.file.network.prefix}, ${other.path} for a ${other.file.network.prefix}`,
    );
  }
  return opened;
}

/**
 * Makes one adapter of several, each with its factor; a single one stays as it is but for its alpha.
 *
 * @param stack Gets what is new.
 * @returns The adapter and the network as far as the files tell.
 * @throws {DataError} If widths of a layer are not the same in all.
 */
export function combine(
  inputs: readonly NamedLora[],
  scales: readonly number[],
  stack: DisposableStack,
): { adapter: Adapter; network: LoraNetwork } {
  const network = {
    prefix: inputs[0].file.network.prefix,
    targets: Object.assign({}, ...inputs.map(({ file }) => file.network.targets)),
  };
  for (const { path, file } of inputs) matchLora(file, network, path);
  const scaled = inputs.map(({ file }, i) => weightLora(file, scales[i]));
  if (scaled.length === 1) return { adapter: scaled[0], network };
  const adapter = sumLora(scaled);
  stack.adopt(adapter.params, disposeParams);
  return { adapter, network };
}

/**
 * Reads `--scale`: a factor for every adapter, or one for all.
 *
 * @throws {UsageError} If there are fewer or more, or one is no number.
 */
export function scalesOf(value: OptionValues[string], count: number): number[] {
  const scales = (list(value) ?? ["1"]).map(Number);
  if (scales.some((scale) => !Number.isFinite(scale)) || (scales.length !== 1 && scales.length !== count)) {
    throw new UsageError(
      `Cannot read --scale as it must be one number, or one for each of ${count} adapters: current value is ${value}`,
    );
  }
  return Array.from({ length: count }, (_, i) => scales[i % scales.length]);
}

/** Says what an adapter is, in one line. */
export function describeLora({ params, rank, alpha }: Adapter, { prefix, targets }: LoraNetwork): string {
  const ranks = Object.entries(params).filter(([name]) => name.endsWith(".lora_A.weight")).map(([, { shape }]) =>
    shape[0]
  );
  const least = Math.min(...ranks), values = Object.values(params).reduce((sum, { size }) => sum + size, 0);
  const width = least === rank ? `rank ${rank}` : `rank ${least} to ${rank}`;
  return `${prefix}, ${Object.keys(targets).length} layers, ${width}, alpha / rank ${
    Number((alpha / rank).toPrecision(6))
  }, ` +
    `${values.toLocaleString("en")} values`;
}
