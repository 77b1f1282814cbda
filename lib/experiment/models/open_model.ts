import { openFluxModel } from "./flux_model.ts";
import type { OpenedModel, OpenOptions } from "./opened_model.ts";
import { openSmallModel } from "./small_model.ts";
import { openUnetModel } from "./unet_model.ts";

/**
 * Open a model from its files: everything that restoring an image or training adapters needs of it.
 *
 * @returns Owned by the caller; disposing it frees its weights.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If files do not fit the network: names that are missing or unmatched are listed.
 * @throws {RefusedError} If a checkpoint has neither text encoders nor a file of the empty prompt.
 */
export function openModel(options: OpenOptions): Promise<OpenedModel> {
  switch (options.backbone) {
    case "flux":
      return openFluxModel(options);
    case "sd15":
    case "sdxl":
      return openUnetModel(options.backbone, options);
    case "small":
      return openSmallModel(options);
  }
}
