/** One channel of an image in doubles, row by row. */
export interface Plane {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `[H, W]` */
  readonly data: Float64Array;
}

/** Round every value to a whole number, ties to even (as `torch.round`). */
export function roundPlane(plane: Plane): Plane {
  return { ...plane, data: plane.data.map(roundHalfEven) };
}

/**
 * Average blocks of 2 x 2.
 *
 * @param padded Put a row and a column of zeros before the first where a side is odd, and count them; else drop the
 * last row or column.
 */
export function halvePlane(plane: Plane, padded = false): Plane {
  const { width, height, data } = plane;
  const shiftX = padded ? width % 2 : 0, shiftY = padded ? height % 2 : 0;
  const outWidth = (width + shiftX) >> 1, outHeight = (height + shiftY) >> 1;
  const halved = new Float64Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let dy = 0; dy < 2; dy++) {
        for (let dx = 0; dx < 2; dx++) {
          const row = 2 * y + dy - shiftY, column = 2 * x + dx - shiftX;
          if (row >= 0 && column >= 0) sum += data[row * width + column];
        }
      }
      halved[y * outWidth + x] = sum / 4;
    }
  }
  return { width: outWidth, height: outHeight, data: halved };
}

/**
 * Say by how much SSIM's and FSIM's authors shrink an image before measuring: its shorter side over 256, rounded (halves
 * to even), at least 1.
 */
export function poolFactor(width: number, height: number): number {
  return Math.max(1, roundHalfEven(Math.min(width, height) / 256));
}

/** Average blocks of `factor x factor`; what is left over at the right and below is dropped. */
export function poolPlane(plane: Plane, factor: number): Plane {
  if (factor === 1) return plane;
  const width = Math.floor(plane.width / factor), height = Math.floor(plane.height / factor);
  const pooled = new Float64Array(width * height);
  for (let y = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      pooled[Math.floor(y / factor) * width + Math.floor(x / factor)] += plane.data[y * plane.width + x];
    }
  }
  return { width, height, data: pooled.map((sum) => sum / factor ** 2) };
}

/** Round to a whole number, ties to even. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value), rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
