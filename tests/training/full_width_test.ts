import { assert } from "@std/assert";
import { inFolder } from "../core/folder.ts";
import { nativeAvailable } from "../support.ts";
import { measureFullWidth } from "./programs/full_width.ts";

Deno.test({
  name: "FLUX at its full width with one block of each kind trains a step of every stage within 24 GiB",
  ignore: !nativeAvailable || Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      for (const { stage, bytes, loss } of await measureFullWidth(folder, 64)) {
        assert(bytes < 24 * 2 ** 30, `${stage}: ${bytes} bytes`);
        assert(Number.isFinite(loss), `${stage}: ${loss}`);
        if (stage === "asdpo") assert(Math.abs(loss - Math.LN2) < 1e-5, `${loss}`); // the policy starts at the reference
      }
    }),
});
