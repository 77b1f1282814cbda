import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { startEngine } from "../../lib/engine/mod.ts";
import { decodePhotograph, type Photograph } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";
import { nativeAvailable, sharedTest } from "../support.ts";
import { finish, requestIn } from "./requests.ts";
import { writeSmallRun } from "./small_run.ts";

async function read(path: string): Promise<Photograph> {
  return await decodePhotograph(await Deno.readFile(path), path);
}

sharedTest(
  "restoreFiles() takes every low-resolution photograph of Real-ESRGAN's authors, with all that it has",
  "images/real_lr_realesrgan",
  async (photographs) => {
    await startEngine({ engine: nativeAvailable ? "cpu" : "wasm", threads: 2, install: false });
    await inFolder(async (folder) => {
      await writeSmallRun(join(folder, "runs"), { size: 64 });
      const { output } = await finish(requestIn(folder, { inputs: [photographs] }));
      const files = [...Deno.readDirSync(photographs)].filter(({ name }) => /\.(png|jpg)$/.test(name));
      assertEquals(output, { made: files.length, kept: 0, faults: [] });
      for (const { name } of files) {
        const [source, result] = [
          await read(join(photographs, name)),
          await read(join(folder, "out", name.replace(/\.\w+$/, ".png"))),
        ];
        const facts = ({ image, alpha, bits, profile }: Photograph, scale: number) => [
          scale * image.width,
          scale * image.height,
          image.channels,
          alpha !== null,
          bits,
          profile?.length,
        ];
        assertEquals(facts(result, 1), facts(source, 4), name);
      }
    });
  },
);
