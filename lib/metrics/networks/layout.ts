/** Shape of every parameter of a network, by name. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Shapes of a convolution with a square kernel, in PyTorch's layout. */
export function convShapes(module: string, from: number, to: number, kernel: number, bias = true): Shapes {
  const weight = { [`${module}.weight`]: [to, from, kernel, kernel] };
  return bias ? { ...weight, [`${module}.bias`]: [to] } : weight;
}

/** Shapes of a linear layer with a bias. */
export function linearShapes(module: string, from: number, to: number): Shapes {
  return { [`${module}.weight`]: [to, from], [`${module}.bias`]: [to] };
}

/** Shapes of a norm that scales and shifts channels. */
export function normShapes(module: string, channels: number): Shapes {
  return { [`${module}.weight`]: [channels], [`${module}.bias`]: [channels] };
}

/** Shapes of a batch norm in use: its scale and shift, and the mean and variance it has seen. */
export function batchNormShapes(module: string, channels: number): Shapes {
  const seen = { [`${module}.running_mean`]: [channels], [`${module}.running_var`]: [channels] };
  return { ...normShapes(module, channels), ...seen };
}

/** The shapes of several parts of a network. */
export function joinShapes(parts: readonly Shapes[]): Shapes {
  return Object.assign({}, ...parts);
}
