/** The experiments of the paper, one folder each. */
import type { ExperimentConfig, ExperimentText } from "asasr/experiment/mod.ts";
import { config as fig7 } from "./fig7/config.ts";
import { config as table3 } from "./table3/config.ts";
import { config as table4 } from "./table4/config.ts";
import { config as table6 } from "./table6/config.ts";

export { type Generator } from "./table6/config.ts";
export { table6 };

/** Experiments that compare arms, by name; the first is the default of `deno task ablation`. */
export const experiments: Readonly<Record<string, ExperimentConfig>> = { table3, fig7, table4 };

/** Every experiment by name, in the order of `deno task ablation --all`. */
export const everyExperiment: Readonly<Record<string, ExperimentText>> = { ...experiments, table6 };
