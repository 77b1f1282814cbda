/** The experiments of the paper, one folder each. */
import type { ExperimentConfig } from "asasr/experiment/mod.ts";
import { config as fig7 } from "./fig7/config.ts";
import { config as table3 } from "./table3/config.ts";
import { config as table4 } from "./table4/config.ts";

export { config as table6, type Generator } from "./table6/config.ts";

/** Every experiment by its name; the first is the default of `deno task ablation`. */
export const experiments: Readonly<Record<string, ExperimentConfig>> = { table3, fig7, table4 };
