/**
 * Feed-forward restorers: bicubic interpolation, a small network trained here, and what makes it over-sharpened.
 *
 * @module
 */
export { type Restorer, SCALE } from "./restorer.ts";
export { bicubic } from "./bicubic.ts";
export { initSmallRestorer, smallRestorer } from "./small.ts";
export { type RestorerTrainingOptions, trainSmallRestorer } from "./train.ts";
export { pixelShuffle } from "./pixel_shuffle.ts";
export { gaussianBlur, unsharpMask, type UnsharpOptions } from "./unsharp.ts";
export { lowResolution, type RestoreOptions, restorePairs } from "./restore_pairs.ts";
export { restoreImage, type TilingOptions, type TracedRestorer } from "./restore_image.ts";
export type { RestorerNetwork } from "./networks/network.ts";
export { type LoadedRestorer, loadRestorer, type RestorerNetworkName, restorerNetworks } from "./networks/load.ts";
export { checkRestorer, type NamedRestorer, openRestorer, readRestorerName, restorerNames } from "./networks/named.ts";
export { type CheckedOutputs, checkOutputs, type ExpectedInput } from "./published/check_outputs.ts";
export { type PublishedSystem, type PublishedSystemName, publishedSystems } from "./published/systems.ts";
