import { UsageError } from "../../core/mod.ts";
import type { ModelKind } from "./kinds.ts";
import type { OpenOptions } from "./opened_model.ts";

/**
 * Check that a network's weights can be held as asked.
 *
 * @throws {UsageError} If they cannot be streamed.
 */
export function checkHold(kind: ModelKind, weights: OpenOptions["weights"]): void {
  if (weights !== "streamed" || kind === "flux") return;
  throw new UsageError(
    `Cannot hold weights as --hold ${weights} as only FLUX can be streamed: current value is ${kind}`,
  );
}
