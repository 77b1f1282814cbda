import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { disposeParams } from "../../lib/core/mod.ts";
import { loraModules } from "../../lib/nn/mod.ts";
import { readLora } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

for (const backbone of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(`trainModel() runs the whole procedure on a tiny ${backbone}`, async () => {
    await inFolder(async (folder) => {
      const places = { ...await prepareTiny(folder, backbone), out: join(folder, "out") };
      const { output, events } = await finish(tinyRequest(tinySettings(backbone), places));
      assertEquals(Object.keys(output), ["sft", "adversary", "asdpo"]);
      for (const [stage, record] of Object.entries(output)) {
        const adapter = await readLora(record.path, backbone === "flux" ? "transformer" : "unet");
        assertEquals([adapter.rank, adapter.alpha], [2, 2]);
        assert(loraModules(adapter).length > 0, stage);
        disposeParams(adapter.params);
      }
      const steps = events.filter((event) => event.kind === "step" && "loss" in event.numbers);
      assertEquals(steps.length, 9);
      assertEquals(events.filter(({ kind }) => kind === "strip").length, 3);
    });
  });
}
