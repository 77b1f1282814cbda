/** The experiments of the paper, one folder each. */
import type { ExperimentConfig, ExperimentText, GivenConfig, MeasurementConfig } from "asasr/experiment/mod.ts";
import { config as fig3 } from "./fig3/config.ts";
import { config as fig4 } from "./fig4/config.ts";
import { config as fig6 } from "./fig6/config.ts";
import { config as fig7 } from "./fig7/config.ts";
import { config as fig8 } from "./fig8/config.ts";
import { config as frontier } from "./frontier/config.ts";
import { config as frontierSearch } from "./frontier-search/config.ts";
import { config as grids } from "./grids/config.ts";
import { config as prop41 } from "./prop41/config.ts";
import { config as prop42 } from "./prop42/config.ts";
import { config as table1 } from "./table1/config.ts";
import { config as table2 } from "./table2/config.ts";
import { config as table3 } from "./table3/config.ts";
import { config as table4 } from "./table4/config.ts";
import { config as table5 } from "./table5/config.ts";
import { config as table6 } from "./table6/config.ts";
import { config as table7 } from "./table7/config.ts";
import { config as table8 } from "./table8/config.ts";

export { type Generator } from "./table6/config.ts";
export { table6 };

/** Experiments that compare arms, by name; the first is the default of `deno task ablation`. */
export const experiments: Readonly<Record<string, ExperimentConfig>> = {
  table3,
  fig7,
  table4,
  fig3,
  fig6,
  frontier,
  "frontier-search": frontierSearch,
};

/** Experiments that measure the references, by name. */
export const measurements: Readonly<Record<string, MeasurementConfig>> = { prop41, prop42, fig4, table5 };

/** Experiments that need what is not part of the project, by name. */
export const given: Readonly<Record<string, GivenConfig>> = { table1, table2, table7, table8, fig8, grids };

/** Every experiment by name, in the order of `deno task ablation --all`. */
export const everyExperiment: Readonly<Record<string, ExperimentText>> = {
  ...experiments,
  ...measurements,
  table6,
  ...given,
};
