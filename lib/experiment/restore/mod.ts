/** Restoring files with a trained network, of any size. @module */
export type { NetworkChoice } from "./network.ts";
export type { ResolvedRestore, RestoreRequest } from "./request.ts";
export { restoreFiles, type RestoreOutput } from "./restore_files.ts";
export { type RasterOptions, type RasterRestorer, rasterRestorer } from "./restore_raster.ts";
export { type ImageRules, type RestoreLayout, restoreLayout, type RestoreSettings } from "./settings.ts";
