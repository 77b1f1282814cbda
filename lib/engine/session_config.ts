/** How TensorFlow's runtime is set up. */
export interface SessionOptions {
  /** Threads inside one operation, and operations at a time. The first number decides the last bits of results. */
  readonly threads: number;
  /** Whether CUDA devices may be used; memory on them then grows as needed. */
  readonly gpu: boolean;
}

/**
 * Returns a serialised `ConfigProto` (tensorflow/core/protobuf/config.proto).
 *
 * Fields: device_count 1, intra_op_parallelism_threads 2, inter_op_parallelism_threads 5, gpu_options 6 { allow_growth 4 }.
 */
export function sessionConfig(options: SessionOptions): Uint8Array<ArrayBuffer> {
  const noGpu = message(1, [...message(1, [...new TextEncoder().encode("GPU")]), ...integer(2, 0)]);
  return Uint8Array.from([
    ...integer(2, options.threads),
    ...integer(5, options.threads),
    ...(options.gpu ? message(6, integer(4, 1)) : noGpu),
  ]);
}

function varint(value: number): number[] {
  return value > 127 ? [value & 127 | 128, ...varint(value >>> 7)] : [value];
}

function integer(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

function message(field: number, body: readonly number[]): number[] {
  return [...varint(field << 3 | 2), ...varint(body.length), ...body];
}
