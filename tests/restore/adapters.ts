import { disposeParams, mapParams, rng, tensorScope } from "../../lib/core/mod.ts";
import { openModel, type OpenOptions } from "../../lib/experiment/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { readLora, writeLora } from "../../lib/weights/mod.ts";

/** Writes an adapter whose second factors are not zero, of the layers whose names match. */
export async function writeAdapter(options: OpenOptions, path: string, layers = /./): Promise<void> {
  using scope = tensorScope();
  using model = await openModel(options);
  const targets = Object.fromEntries(Object.entries(model.backbone.targets).filter(([name]) => layers.test(name)));
  const adapter = createLora(targets, { rank: 2, alpha: 2, rng: rng(0, "adapter") });
  scope.own(adapter.params);
  const params = scope.own(mapParams(adapter.params, (tensor) => tensor.add(0.05)));
  await writeLora(path, { ...adapter, params }, { prefix: model.prefix, targets });
}

/** Writes an adapter again as PEFT's folder. */
export async function rewriteLora(path: string, folder: string): Promise<void> {
  const lora = await readLora(path);
  try {
    await writeLora(folder, lora, lora.network, { format: "peft" });
  } finally {
    disposeParams(lora.params);
  }
}
