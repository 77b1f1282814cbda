import { assert, assertEquals, assertRejects } from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, tensorScope } from "../../lib/core/mod.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { crop, type Raster, rasterToTensor, readImage } from "../../lib/image/mod.ts";
import {
  initSmallRestorer,
  loadRestorer,
  restoreImage,
  type RestorerNetworkName,
  smallRestorer,
} from "../../lib/restorers/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, sharedTest, tensorTest } from "../support.ts";

const WEIGHTS = fileURLToPath(new URL("../../../shared/weights", import.meta.url));

// Outputs of the published networks for golden_input_48x32.png (PyTorch and ncnn), before clamping
const GOLDENS: readonly (readonly [RestorerNetworkName, string])[] = [
  ["realesrgan-general", "realesr_general_x4v3"],
  ["realesrgan-general", "realesr_general_wdn_x4v3"],
  ["efdn", "efdn"],
  ["rlfn", "rlfn_cut_ntire22"],
];

async function golden(path: string): Promise<Raster> {
  return (await readImage(join(path, "golden_input_48x32.png"))).image;
}

for (const [name, file] of GOLDENS) {
  networkTest(`loadRestorer() gives the published outputs of ${file}`, async (folder) => {
    using loaded = await loadRestorer(name, join(folder, `${file}.safetensors`));
    const lr = rasterToTensor([await golden(folder)]);
    const output = tf.tidy(() => loaded.restore(lr).squeeze<tf.Tensor3D>([0]).transpose([2, 0, 1]).add(1).div(2));
    const expected = fixtureArray(readFixture(join(folder, `golden_${file}.safetensors`)), "output");
    assertEquals(output.shape, [...expected.shape]);
    close(await output.data(), expected.data, 1e-4);
    tf.dispose([lr, output]);
  });
}

networkTest("loadRestorer() blends two files linearly", async (folder) => {
  const [general, keeping] = [GOLDENS[0][1], GOLDENS[1][1]].map((file) => join(folder, `${file}.safetensors`));
  const lr = rasterToTensor([crop(await golden(folder), { left: 0, top: 0, width: 16, height: 12 })]);
  const run = async (path: string, share: number) => {
    using loaded = await loadRestorer("realesrgan-general", path, { blend: { path: keeping, share } });
    return tf.tidy(() => loaded.restore(lr).dataSync());
  };
  using plain = await loadRestorer("realesrgan-general", general);
  close(await run(general, 0), tf.tidy(() => plain.restore(lr).dataSync()), 1e-6);
  close(await run(general, 1), await run(keeping, 0.5), 1e-6);
  const [none, half] = [await run(general, 0), await run(general, 0.5)];
  assert(none.some((value, i) => Math.abs(value - half[i]) > 0.01));
  await assertRejects(() => run(general, 1.5), RangeError, "current value is 1.5");
  lr.dispose();
});

networkTest("loadRestorer() names the parameters that are not the network's", async (folder) => {
  const wrong = () => loadRestorer("rlfn", join(folder, "efdn.safetensors"));
  await assertRejects(wrong, DataError, "78 missing: fea_conv.weight");
  await assertRejects(wrong, DataError, "142 unmatched: head.weight");
});

tensorTest("restoreImage() in tiles equals the whole image where the tiles see enough", async () => {
  using scope = tensorScope();
  const start = scope.own(initSmallRestorer(4, 0));
  const params = { ...start, "tail.weight": scope.own(tf.fill([48, 4, 3, 3], 0.05)) };
  const restorer = smallRestorer(params), convolutions = 8;
  const lr = proceduralImage(4, 0, { width: 37, height: 26 });
  const whole = await restoreImage(restorer, lr, { context: 0, exact: true });
  assertEquals([whole.width, whole.height], [148, 104]);
  const exact = await restoreImage(restorer, lr, { tile: 9, context: convolutions, exact: true });
  close(exact.data, whole.data, 1e-5);
  const blind = await restoreImage(restorer, lr, { tile: 9, context: 0, exact: true });
  assert(blind.data.some((value, i) => Math.abs(value - whole.data[i]) > 1e-3), "tiles need their context");
  const faded = await restoreImage(restorer, lr, { tile: 9, context: 2 * convolutions, exact: false });
  assert(faded.data.every(Number.isFinite));
  close(faded.data, whole.data, 0.2);
  await assertRejects(() => restoreImage(restorer, lr, { tile: 0, context: 0, exact: true }), RangeError, "is 0");
});

/** Registers a test on both engines that needs the published weights. */
function networkTest(name: string, fn: (folder: string) => Promise<void>): void {
  if (existsSync(WEIGHTS)) tensorTest(name, async () => await fn(WEIGHTS));
  else sharedTest(name, "weights", fn);
}
