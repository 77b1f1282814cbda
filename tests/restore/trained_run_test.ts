import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { RefusedError } from "../../lib/core/mod.ts";
import { restoreFiles } from "../../lib/experiment/mod.ts";
import { decodePhotograph } from "../../lib/image/mod.ts";
import { pictureFile } from "../cli/photographs.ts";
import { inFolder } from "../core/folder.ts";
import { runTiny } from "../experiment/tiny.ts";
import { nativeAvailable, tensorTest } from "../support.ts";

tensorTest(
  "restoreFiles() restores with the arms of a run that an experiment made, and says where their networks are not here",
  async () => {
    await inFolder(async (folder) => {
      const root = join(folder, "runs"), picture = join(folder, "picture.png");
      await Deno.writeFile(picture, await pictureFile(0, 12));
      const run = await runTiny(root, ["sobolev-asdpo"], undefined, { seeds: [0] });
      const restore = async (arm?: string) => {
        const out = join(folder, arm ?? "default"), notes: string[] = [];
        const work = restoreFiles({
          inputs: [picture],
          out,
          overwrite: true,
          network: { run: root, arm, loras: [] },
          settings: { steps: 2, seed: 0, colourFix: "none" },
          signal: new AbortController().signal,
          start: () => Promise.resolve(),
        });
        for await (const event of work) if (event.kind === "note") notes.push(event.text);
        const file = await Deno.readFile(join(out, "picture.png"));
        return { label: notes[0], values: (await decodePhotograph(file, out)).image.data };
      };
      const tuned = await restore(), reference = await restore("sft");
      assertEquals(tuned.label, `small model of ${run.folder}: sobolev-asdpo, seed 0, trained at 32 px`);
      assertEquals(reference.label, `small model of ${run.folder}: sft, seed 0, trained at 32 px`);
      assert(tuned.values.some((value, i) => value !== reference.values[i]));

      const [arm] = Array.from(Deno.readDirSync(join(root, "stages")), ({ name }) => name)
        .filter((name) => name.startsWith("arm-"));
      await Deno.remove(join(root, "stages", arm), { recursive: true });
      await assertRejects(() => restore(), RefusedError, `${arm} is needed: current value is none`);
      assertEquals((await restore("sft")).label, reference.label);
    });
  },
  { engines: [nativeAvailable ? "native" : "wasm"] },
);
