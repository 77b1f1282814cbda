import { tf } from "../../engine/mod.ts";

/** Score of places that were not neighbours before the shift. */
const UNSEEN = -100;

/**
 * Move maps along both axes; what leaves at one side enters at the other.
 *
 * @param x `[B, H, W, C]`
 * @param by Pixels down and right, less than a side; negative: up and left.
 */
export function roll(x: tf.Tensor4D, by: number): tf.Tensor4D {
  if (by === 0) return x;
  return [1, 2].reduce<tf.Tensor4D>((maps, axis) => {
    const side = maps.shape[axis], first = by > 0 ? side - by : -by;
    return tf.concat<tf.Tensor4D>(tf.split<tf.Tensor4D>(maps, [first, side - first], axis).reverse(), axis);
  }, x);
}

/**
 * Cut maps into square windows, as rows of tokens.
 *
 * @param x Maps whose sides the window divides. `[B, H, W, C]`
 * @returns Windows row by row, sample by sample. `[B * windows, side * side, C]`
 */
export function splitWindows(x: tf.Tensor4D, side: number): tf.Tensor3D {
  const [batch, height, width, channels] = x.shape;
  const rows = x.reshape([batch * height / side, side, width / side, side * channels]);
  return rows.transpose([0, 2, 1, 3]).reshape([-1, side * side, channels]);
}

/**
 * Put windows together again.
 *
 * @param windows As {@linkcode splitWindows} returns them. `[B * windows, side * side, C]`
 * @param shape Of the maps.
 */
export function joinWindows(
  windows: tf.Tensor,
  shape: readonly [number, number, number, number],
  side: number,
): tf.Tensor4D {
  const [batch, height, width, channels] = shape;
  const rows = windows.reshape([batch * height / side, width / side, side, side * channels]);
  return rows.transpose([0, 2, 1, 3]).reshape([batch, height, width, channels]);
}

/**
 * What is added to the scores of every window: nothing, or after a shift -100 between places that came from opposite
 * sides of the maps.
 *
 * @returns `[windows, 1, side * side, side * side]`
 */
export function shiftMask(height: number, width: number, side: number, shift: number): tf.Tensor4D {
  const count = side * side, across = width / side;
  const windows = height / side * across;
  const part = (at: number, length: number) => at < length - side ? 0 : at < length - shift ? 1 : 2;
  const values = new Float32Array(windows * count * count);
  if (shift > 0) {
    const region = (window: number, place: number) => {
      const y = Math.floor(window / across) * side + Math.floor(place / side);
      const x = window % across * side + place % side;
      return 3 * part(y, height) + part(x, width);
    };
    for (let i = 0; i < values.length; i++) {
      const window = Math.floor(i / (count * count)), pair = i % (count * count);
      const differ = region(window, Math.floor(pair / count)) !== region(window, pair % count);
      if (differ) values[i] = UNSEEN;
    }
  }
  return tf.tensor4d(values, [windows, 1, count, count]);
}
