/** Degrades images that it is sent once, again and again. */
import { degrade, type Recipe } from "../../../dataset/mod.ts";
import { createRaster, type Raster } from "../../../image/mod.ts";

/** The images and their recipes, or the number of the one to degrade, with noise or without. */
export type DegradationRequest =
  | { readonly images: readonly Raster[]; readonly recipes: readonly Recipe[] }
  | { readonly index: number; readonly noise: boolean };

/** The image that came out; one pixel where images were sent. */
export type DegradationReply = Raster;

const self = globalThis as unknown as {
  postMessage(reply: DegradationReply): void;
  onmessage: (event: MessageEvent<DegradationRequest>) => Promise<void>;
};

let images: readonly Raster[] = [], recipes: readonly Recipe[] = [];

self.onmessage = async ({ data }) => {
  if ("images" in data) {
    ({ images, recipes } = data);
    return self.postMessage(createRaster({ width: 1, height: 1 }));
  }
  const recipe = recipes[data.index], { steps } = recipe;
  const kept = data.noise ? steps : steps.filter(({ kind }) => !/Noise$/.test(kind));
  self.postMessage(await degrade(images[data.index], { ...recipe, steps: kept }));
};
