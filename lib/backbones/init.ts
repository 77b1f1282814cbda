import { tf } from "../engine/mod.ts";
import { type Params, rng } from "../core/mod.ts";

/**
 * Draw the first parameters of a network: a transformer's modulations and its last layer, and a UNet's last layer, zero, so
 * that the output is zero and a transformer's blocks are the identity (Peebles and Xie 2023); norm weights one; biases
 * zero; other weights Xavier uniform (Glorot and Bengio 2010).
 *
 * @param shapes Shape by diffusers name.
 * @param seed Of the run. Every weight has random numbers of its own.
 * @returns Parameters that belong to the caller.
 */
export function initTransformer(shapes: Readonly<Record<string, readonly number[]>>, seed: number): Params {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], item) => {
      if (shape.length === 1) return [name, isNorm(name) ? tf.ones([...shape]) : tf.zeros([...shape])];
      if (startsAtZero(name)) return [name, tf.zeros([...shape])];
      const [out, width, ...kernel] = shape, area = kernel.reduce((product, side) => product * side, 1);
      const bound = Math.sqrt(6 / ((out + width) * area));
      const values = rng(seed, "init", 0, item).uniforms(out * width * area).map((u) => bound * (2 * u - 1));
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}

function isNorm(name: string): boolean {
  return name.endsWith(".weight"); // the only weights of one axis
}

function startsAtZero(name: string): boolean {
  return name === "proj_out.weight" || name === "conv_out.weight" ||
    /(^|\.)norm(1|1_context|_out)?\.linear\.weight$/.test(name);
}
