import { tf } from "../../engine/mod.ts";

/**
 * Look up tokens in a table.
 *
 * @param table `[vocabulary, C]`
 * @param ids Tokens of texts, all of one length.
 * @returns `[B, N, C]`
 * @throws {RangeError} If there is no text, texts are of different lengths, or a token is not in the vocabulary.
 */
export function embedTokens(table: tf.Tensor, ids: readonly (readonly number[])[]): tf.Tensor3D {
  const [vocabulary, width] = table.shape, length = ids[0]?.length ?? 0;
  if (length === 0 || ids.some((text) => text.length !== length)) {
    throw new RangeError(
      `Cannot embed texts as all must have the same number of tokens: current value is [${ids.map((x) => x.length)}]`,
    );
  }
  const stray = ids.flat().find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (stray !== undefined) {
    throw new RangeError(`Cannot embed texts as tokens must be below ${vocabulary}: current value is ${stray}`);
  }
  return tf.tidy(() => tf.gather(table, tf.tensor1d(ids.flat(), "int32")).reshape([ids.length, length, width]));
}
