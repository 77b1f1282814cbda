import { createRaster, type Raster } from "../../image/mod.ts";

/** Quantisation tables of ITU-T T.81, Annex K, transposed as DiffJPEG reads them: row = horizontal frequency. */
const LUMA_TABLE = [
  [16, 12, 14, 14, 18, 24, 49, 72],
  [11, 12, 13, 17, 22, 35, 64, 92],
  [10, 14, 16, 22, 37, 55, 78, 95],
  [16, 19, 24, 29, 56, 64, 87, 98],
  [24, 26, 40, 51, 68, 81, 103, 112],
  [40, 58, 57, 87, 109, 104, 121, 100],
  [51, 60, 69, 80, 103, 113, 120, 103],
  [61, 55, 56, 62, 77, 92, 101, 99],
].flat();
const CHROMA_CORNER = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]];
const CHROMA_TABLE = Array.from({ length: 64 }, (_, i) => CHROMA_CORNER[i >> 3]?.[i & 7] ?? 99);

/** Orthonormal DCT-II of 8 samples. `[frequency, sample]` */
const DCT = Float64Array.from({ length: 64 }, (_, i) => {
  const frequency = i >> 3, sample = i & 7;
  return Math.cos((2 * sample + 1) * frequency * Math.PI / 16) * (frequency === 0 ? Math.SQRT1_2 : 1) / 2;
});

/**
 * Compress an image as DiffJPEG does (Shin and Song 2017, as used in Real-ESRGAN's training), forward only.
 *
 * It is not libjpeg: the quality is any real number, the tables are transposed and not rounded, chroma is averaged 2 x 2
 * and repeated, values in between are not rounded, and the image is filled up with zeros to multiples of 16.
 *
 * @param r RGB image; clamped to [0, 1] first.
 * @param quality From 1 to 99.
 * @returns Image in [0, 1], not rounded to 8 bits.
 * @throws {RangeError} If the quality is out of range or the image is gray.
 */
export function diffJpeg(r: Raster, quality: number): Raster {
  if (!(quality >= 1 && quality < 100) || r.channels !== 3) {
    throw new RangeError(
      `Cannot compress image as it needs 3 channels and a quality in [1, 100): ` +
        `current value is ${r.channels} channels, quality ${quality}`,
    );
  }
  const factor = quality < 50 ? 50 / quality : 2 - quality / 50;
  const width = Math.ceil(r.width / 16) * 16, height = Math.ceil(r.height / 16) * 16;
  const [y, cb, cr] = toYcbcr(r, width, height);
  codePlane(y, width, LUMA_TABLE, factor);
  const [smallCb, smallCr] = [halve(cb, width, height), halve(cr, width, height)];
  codePlane(smallCb, width / 2, CHROMA_TABLE, factor);
  codePlane(smallCr, width / 2, CHROMA_TABLE, factor);
  return toRgb(r, y, smallCb, smallCr, width);
}

/** Full-range YCbCr in 8-bit units, all three centred on 0 (128 taken off). */
function toYcbcr(r: Raster, width: number, height: number): [Float64Array, Float64Array, Float64Array] {
  const [y, cb, cr] = [1, 2, 3].map(() => new Float64Array(width * height));
  y.fill(-128);
  const byte = (value: number) => Math.min(Math.max(value, 0), 1) * 255;
  for (let row = 0, from = 0; row < r.height; row++) {
    for (let to = row * width; to < row * width + r.width; to++, from += 3) {
      const red = byte(r.data[from]), green = byte(r.data[from + 1]), blue = byte(r.data[from + 2]);
      y[to] = 0.299 * red + 0.587 * green + 0.114 * blue - 128;
      cb[to] = -0.168736 * red - 0.331264 * green + 0.5 * blue;
      cr[to] = 0.5 * red - 0.418688 * green - 0.081312 * blue;
    }
  }
  return [y, cb, cr];
}

function toRgb(r: Raster, y: Float64Array, cb: Float64Array, cr: Float64Array, width: number): Raster {
  const decoded = createRaster(r);
  const unit = (value: number) => Math.min(Math.max(value, 0), 255) / 255;
  for (let row = 0, to = 0; row < r.height; row++) {
    for (let column = 0; column < r.width; column++, to += 3) {
      const luma = y[row * width + column] + 128, half = (row >> 1) * (width >> 1) + (column >> 1);
      decoded.data[to] = unit(luma + 1.402 * cr[half]);
      decoded.data[to + 1] = unit(luma - 0.344136 * cb[half] - 0.714136 * cr[half]);
      decoded.data[to + 2] = unit(luma + 1.772 * cb[half]);
    }
  }
  return decoded;
}

function halve(plane: Float64Array, width: number, height: number): Float64Array {
  const half = new Float64Array(plane.length / 4);
  for (let row = 0, to = 0; row < height; row += 2) {
    for (let at = row * width; at < (row + 1) * width; at += 2) {
      half[to++] = (plane[at] + plane[at + 1] + plane[at + width] + plane[at + width + 1]) / 4;
    }
  }
  return half;
}

/** Quantise every block of 8 x 8 of a plane, in place. */
function codePlane(plane: Float64Array, width: number, table: readonly number[], factor: number): void {
  const block = new Float64Array(64), work = new Float64Array(64);
  for (let top = 0; top < plane.length; top += 8 * width) {
    for (let start = top; start < top + width; start += 8) {
      for (let i = 0; i < 64; i++) block[i] = plane[start + (i >> 3) * width + (i & 7)];
      transform(block, work, false);
      for (let i = 0; i < 64; i++) block[i] = roundHalfEven(block[i] / (table[i] * factor)) * (table[i] * factor);
      transform(block, work, true);
      for (let i = 0; i < 64; i++) plane[start + (i >> 3) * width + (i & 7)] = block[i];
    }
  }
}

/** D B D' in place, or D' B D for the inverse. */
function transform(block: Float64Array, work: Float64Array, inverse: boolean): void {
  const row = inverse ? 1 : 8, column = inverse ? 8 : 1;
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 8; j++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += DCT[i * row + k * column] * block[8 * k + j];
      work[8 * i + j] = sum;
    }
  }
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 8; j++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += work[8 * i + k] * DCT[j * row + k * column];
      block[8 * i + j] = sum;
    }
  }
}

function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
