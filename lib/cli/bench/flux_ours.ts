import { mapParams, type Params } from "../../core/mod.ts";
import { tf, trace } from "../../engine/mod.ts";
import { type FluxPass, jointDoubleBlock, singleBlock } from "../../backbones/mod.ts";
import { silu } from "../../nn/mod.ts";
import { globalNorm, lossGradients } from "../../optim/mod.ts";
import { loadParams, openCheckpoint } from "../../weights/mod.ts";
import type { BlockKind, FluxBlockSize } from "./flux_workload.ts";
import type { Runner, StepNumbers } from "./runner.ts";

/** What is measured of a block. */
export interface BlockTask {
  /** Kind of block. */
  readonly kind: BlockKind;
  /** Of the frozen weights: bfloat16 is multiplied as such. */
  readonly precision: "float32" | "bfloat16";
  /** The block alone; or with an adapter, and the gradients of its factors. */
  readonly direction: "forward" | "backward";
}

/**
 * Open a block on the engine that runs.
 *
 * @param file From `writeFluxBlock`.
 * @param task What to compute: the mean square of the block's output, and for `backward` the norm of its gradients.
 * @param size Sizes of the block.
 * @returns A runner whose first step traces.
 */
export async function openFluxBlock(file: string, task: BlockTask, size: FluxBlockSize): Promise<Runner<StepNumbers>> {
  using source = await openCheckpoint(file, { precision: task.precision === "bfloat16" ? "stored" : "float32" });
  const held = await loadParams(source);
  const part = (prefix: string): Params =>
    Object.fromEntries(
      Object.entries(held).filter(([name]) => name.startsWith(prefix)).map(([name, tensor]) => [
        prefix === "in." ? name.slice(prefix.length) : `block.${name.slice(prefix.length)}`,
        tensor,
      ]),
    );
  const params = part("block."), factors = part("lora."), inputs = part("in.");
  const loss = (factors: Params | undefined, { joint, embedding, cos, sin }: Params): tf.Scalar => {
    const pass: FluxPass = {
      heads: size.config.heads,
      params,
      adapters: factors ? [{ rank: 16, alpha: 16, params: factors }] : [],
      modulation: silu(embedding),
      rope: { cos, sin },
    };
    const output = task.kind === "double"
      ? jointDoubleBlock(pass, "block", joint, size.text)
      : singleBlock(pass, "block", joint);
    return output.square().mean();
  };
  const forward = trace((inputs: Params) => {
    const value = loss(undefined, inputs);
    return { loss: value, norm: value, gradients: {} };
  }, { name: `${task.kind} block` });
  const backward = trace((factors: Params, inputs: Params) => {
    const { loss: value, gradients } = lossGradients(factors, (factors) => ({ loss: loss(factors, inputs) }));
    return { loss: value, norm: globalNorm(gradients), gradients };
  }, { name: `${task.kind} block, backward` });
  return {
    run: async () => {
      const start = performance.now();
      const result = task.direction === "forward" ? await forward(inputs) : await backward(factors, inputs);
      const value = (await result.loss.data())[0], gradientNorm = (await result.norm.data())[0];
      const ms = performance.now() - start;
      tf.dispose(result);
      return { ms, loss: value, gradientNorm };
    },
    close: () => {
      forward.dispose();
      backward.dispose();
      mapParams(held, (tensor) => tensor.dispose());
      return Promise.resolve();
    },
  };
}
