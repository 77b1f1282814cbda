import { tf } from "../engine/mod.ts";
import { mapParams, type Params, tensorScope } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import type { WeightSource } from "../weights/mod.ts";
import { BLOCK, blockOf, ofBlock, overBlocks } from "./block_stream.ts";
import type { FieldInputs, Flow, FluxStages, StageWeights } from "./streamed_stages.ts";

const BLOCK_PREFIX = new RegExp(`^${BLOCK}\\.`);

/** What one pass over a streamed transformer needs. */
export interface StreamedNetwork {
  /** Of the blocks' weights. */
  readonly source: WeightSource;
  /** Weights of no block. */
  readonly resident: Params;
  /** Names of the blocks. */
  readonly blocks: { readonly double: readonly string[]; readonly single: readonly string[] };
  /** For these adapters. */
  readonly stages: FluxStages;
  /** The last one is trained. */
  readonly adapters: readonly Adapter[];
}

/** A velocity and the way back from it to the factors of the last adapter. Owns its tensors until it is disposed. */
export class StreamedPass implements Disposable {
  /** `[B, H, W, C]` */
  readonly velocity: tf.Tensor4D;
  readonly #network: StreamedNetwork;
  readonly #inputs: FieldInputs;
  /** With the tokens after the last block. */
  readonly #flow: Flow;
  /** Tokens before each block, where they were kept. */
  readonly #before: ReadonlyMap<string, tf.Tensor>;
  readonly #owned: Disposable;

  private constructor(
    network: StreamedNetwork,
    inputs: FieldInputs,
    flow: Flow,
    velocity: tf.Tensor4D,
    before: ReadonlyMap<string, tf.Tensor>,
    owned: Disposable,
  ) {
    [this.#network, this.#inputs, this.#flow, this.#before, this.#owned] = [network, inputs, flow, before, owned];
    this.velocity = velocity;
  }

  /**
   * Run the network.
   *
   * @param keepTokens Keep what `pullback` needs.
   */
  static async run(network: StreamedNetwork, given: FieldInputs, keepTokens: boolean): Promise<StreamedPass> {
    using scope = tensorScope();
    const { source, blocks, stages } = network, before = new Map<string, tf.Tensor>();
    const inputs = scope.own(mapParams(given, (tensor) => tensor.clone()) as unknown as FieldInputs);
    let flow = scope.own(await stages.start(ofStart(network), inputs));
    await overBlocks(source, [...blocks.double, ...blocks.single], async (block, weights) => {
      const { forward } = blocks.double.includes(block) ? stages.double : stages.single;
      const joint = scope.own(await forward(inside(network, block, weights), flow, []));
      if (keepTokens) before.set(block, flow.joint);
      else scope.keep(flow.joint).dispose();
      flow = { ...flow, joint };
    });
    const velocity = scope.own(await stages.end.forward(ofEnd(network), flow, inputs.xt)) as tf.Tensor4D;
    const owned = tensorScope();
    owned.own(scope.keep([inputs, flow, velocity, ...before.values()]));
    return new StreamedPass(network, inputs, flow, velocity, before, owned);
  }

  /**
   * Differentiate `sum(gradient * velocity)` by the factors of the last adapter, reading the blocks in reverse.
   *
   * @param gradient Of a loss by the velocity. `[B, H, W, C]`
   * @returns Gradients by the names of the factors, owned by the caller.
   * @throws {RangeError} If the pass kept no tokens.
   */
  async pullback(gradient: tf.Tensor4D): Promise<Params> {
    const { source, blocks, stages } = this.#network, all = [...blocks.double, ...blocks.single];
    if (this.#before.size < all.length) {
      throw new RangeError(`Cannot differentiate the pass as it must keep ${all.length} tokens: current value is none`);
    }
    using scope = tensorScope();
    const found: Record<string, tf.Tensor> = {};
    const take = ({ joint, modulation, ...factors }: Params, block = BLOCK) => {
      for (const [name, factor] of Object.entries(factors)) found[name.replace(BLOCK_PREFIX, `${block}.`)] = factor;
      return { joint, modulation };
    };
    const end = await stages.end.backward(ofEnd(this.#network), this.#flow, this.#inputs.xt, gradient);
    let sums = take(scope.own(end));
    await overBlocks(source, all.toReversed(), async (block, weights) => {
      const { backward } = blocks.double.includes(block) ? stages.double : stages.single;
      const flow = { ...this.#flow, joint: this.#before.get(block)! };
      const { joint, modulation } = take(
        scope.own(await backward(inside(this.#network, block, weights), flow, [], sums.joint)),
        block,
      );
      scope.keep(sums.joint).dispose();
      sums = { joint, modulation: scope.own(tf.add(sums.modulation, modulation)) };
    });
    const start = ofStart(this.#network);
    if (Object.keys(start.factors.at(-1) ?? {}).length > 0) {
      take(scope.own(await stages.startBackward(start, this.#inputs, sums)));
    }
    return scope.keep(found);
  }

  /** Free the tensors of the pass, the velocity included. */
  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Weights before the blocks, and the factors that adapt them. */
function ofStart({ resident, adapters }: StreamedNetwork): StageWeights {
  return { weights: resident, factors: factorsOf(adapters, (name) => blockOf(name) === undefined && !isOfEnd(name)) };
}

/** Weights after the blocks, and the factors that adapt them. */
function ofEnd({ resident, adapters }: StreamedNetwork): StageWeights {
  return { weights: resident, factors: factorsOf(adapters, isOfEnd) };
}

function isOfEnd(name: string): boolean {
  return name.startsWith("norm_out.") || name.startsWith("proj_out.");
}

function factorsOf(adapters: readonly Adapter[], chosen: (name: string) => boolean): Params[] {
  return adapters.map(({ params }) => Object.fromEntries(Object.entries(params).filter(([name]) => chosen(name))));
}

/** Weights and factors of a block. */
function inside({ adapters }: StreamedNetwork, block: string, weights: Params): StageWeights {
  return { weights, factors: adapters.map(({ params }) => ofBlock(params, block)) };
}
