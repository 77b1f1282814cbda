/** When a preference run counts as unhealthy, and what happens then. */
export interface HealthOptions {
  /**
   * Largest mean of the winner's energy gap, in the reduction of the run. Default 1e-2: good runs at small scale sit at
   * 0.003 to 0.006, collapsing ones pass 0.1 while loss and accuracy look excellent.
   */
  readonly limit?: number;
  /** Steps that the mean goes over. Default 20. */
  readonly window?: number;
  /** `report` (default): go on and say so; `stop`: end the run after the step. */
  readonly action?: "report" | "stop";
  /** Winner gaps of the steps before a resumed run, so that it is judged as an uninterrupted one. */
  readonly history?: readonly number[];
}

/** The state of a run's health after a step. */
export interface Health {
  /** Mean winner gap of the last `window` steps, or of all so far. */
  readonly winnerGapMean: number;
  /** False once a full window has exceeded the limit. */
  readonly healthy: boolean;
}

/**
 * Open a health gate on the winner's energy gap.
 *
 * Accuracy and loss cannot serve: a policy that fits winner and loser ever worse, the loser faster, has both perfect.
 *
 * @returns A function that takes each step's mean winner gap and judges the run so far.
 * @throws {RangeError} If the limit is not positive or the window not a positive integer.
 */
export function healthGate({ limit = 1e-2, window = 20, history = [] }: HealthOptions = {}): (gap: number) => Health {
  if (!(limit > 0)) {
    throw new RangeError(`Cannot open a health gate as its limit must be positive: current value is ${limit}`);
  }
  if (!Number.isInteger(window) || window < 1) {
    throw new RangeError(
      `Cannot open a health gate as its window must be a positive integer: current value is ${window}`,
    );
  }
  const recent: number[] = [];
  let healthy = true;
  const judge = (gap: number): Health => {
    recent.push(gap);
    if (recent.length > window) recent.shift();
    const winnerGapMean = recent.reduce((sum, value) => sum + value, 0) / recent.length;
    if (recent.length === window && winnerGapMean > limit) healthy = false;
    return { winnerGapMean, healthy };
  };
  history.forEach(judge);
  return judge;
}
