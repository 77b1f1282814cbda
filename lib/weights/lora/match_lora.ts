import { DataError } from "../../core/mod.ts";
import { type Adapter, loraModules } from "../../nn/mod.ts";
import { listed } from "../match.ts";
import type { LoraNetwork } from "./lora_file.ts";

/**
 * Check that every layer of an adapter is one that a network has.
 *
 * @param adapter What was read, or what is to be written.
 * @param network Its layers that may be adapted.
 * @param label Names the adapter in errors, such as its file.
 * @throws {DataError} If layers are unmatched or have other widths; it counts and lists them.
 */
export function matchLora(adapter: Adapter, { targets }: LoraNetwork, label = "adapter"): void {
  const modules = loraModules(adapter);
  const unmatched = modules.filter((module) => !Object.hasOwn(targets, module));
  const misshapen = modules.filter((module) => !unmatched.includes(module)).flatMap((module) => {
    const shape = widths(adapter, module), expected = [targets[module].in, targets[module].out];
    return shape.join() === expected.join() ? [] : [`${module} [${shape}] for [${expected}]`];
  });
  const problems = [
    ...(unmatched.length > 0 ? [`${unmatched.length} unmatched: ${listed(unmatched)}`] : []),
    ...(misshapen.length > 0 ? [`${misshapen.length} of other widths [in, out]: ${listed(misshapen)}`] : []),
  ];
  if (problems.length === 0) return;
  const matched = modules.length - unmatched.length - misshapen.length;
  throw new DataError(
    `Cannot use adapter ${label} as its layers must be the network's: ` +
      `current value is ${matched} of ${modules.length} matched, ${problems.join("; ")}`,
  );
}

function widths({ params }: Adapter, module: string): number[] {
  return [params[`${module}.lora_A.weight`].shape[1]!, params[`${module}.lora_B.weight`].shape[0]];
}
