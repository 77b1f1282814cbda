import { join } from "node:path";
import { restoreFiles, type RestoreOutput, type RestoreRequest, type RunEvent } from "../../lib/experiment/mod.ts";
import { decodePhotograph, type Photograph } from "../../lib/image/mod.ts";
import { pictureFile } from "../cli/photographs.ts";
import { inFolder } from "../core/folder.ts";
import { writeSmallRun } from "./small_run.ts";

/** A request for everything in `folder`/in with the small network of `folder`/runs. */
export function requestIn(folder: string, changes: Partial<RestoreRequest> = {}): RestoreRequest {
  return {
    inputs: [join(folder, "in")],
    out: join(folder, "out"),
    overwrite: false,
    network: { run: join(folder, "runs"), loras: [] },
    settings: { steps: 1, seed: 0, colourFix: "wavelet" },
    signal: new AbortController().signal,
    start: () => Promise.resolve(),
    ...changes,
  };
}

/** Runs a request to its end. */
export async function finish(request: RestoreRequest): Promise<{ output: RestoreOutput; events: RunEvent[] }> {
  const run = restoreFiles(request), events: RunEvent[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  return { output: next.value, events };
}

/** Runs a test beside a small network and a folder `in` of pictures of 12 x 12 pixels. */
export function onPictures(count: number, fn: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    await inFolder(async (folder) => {
      await writeSmallRun(join(folder, "runs"));
      await Deno.mkdir(join(folder, "in"));
      for (let i = 0; i < count; i++) await Deno.writeFile(join(folder, "in", `${i}.png`), await pictureFile(i, 12));
      await fn(folder);
    });
  };
}

/** A result of `requestIn`. */
export async function restored(folder: string, name: string): Promise<Photograph> {
  const path = join(folder, "out", name);
  return await decodePhotograph(await Deno.readFile(path), path);
}
