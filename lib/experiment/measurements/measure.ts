import type { RunEvent } from "../events.ts";
import type { Finding, MeasurementTable } from "../measurement.ts";
import type { StripFile } from "../results.ts";
import type { RunContext } from "../stages/context.ts";

/** What a measurement gives. */
export interface Measurement {
  readonly tables: readonly MeasurementTable[];
  readonly findings: readonly Finding[];
  readonly pictures?: readonly StripFile[];
}

/** Measures in stages; pictures go into the folder. */
export type Measure = (context: RunContext, folder: string) => AsyncGenerator<RunEvent, Measurement>;
