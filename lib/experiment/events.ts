/** What a run says while it works: numbers and paths, drawn by whoever listens. */
export type RunEvent =
  | {
    /** A stage begins; `cached` if its outputs are already there. */
    readonly kind: "stage";
    readonly stage: string;
    /** For people: `SFT, seed 0`. */
    readonly label: string;
    readonly cached: boolean;
    /** 1-based place in the plan. */
    readonly index: number;
    readonly count: number;
  }
  | {
    /** Progress inside the stage. */
    readonly kind: "step";
    readonly label: string;
    readonly step: number;
    readonly steps: number;
    readonly numbers: Readonly<Record<string, number>>;
  }
  | {
    /** A strip of samples was written. */
    readonly kind: "strip";
    readonly label: string;
    readonly path: string;
  }
  | {
    /** A conversion, warning or measurement worth a line. */
    readonly kind: "note";
    readonly text: string;
  };
