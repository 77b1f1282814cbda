/** Degrades the files that it is sent, one after the other. */
import { AsasrError } from "../../core/mod.ts";
import { degradeFile, type DegradeJob } from "../../dataset/mod.ts";
import type { Reply } from "./pool.ts";

const self = globalThis as unknown as {
  postMessage(reply: Reply): void;
  onmessage: (event: MessageEvent<DegradeJob>) => Promise<void>;
};

self.onmessage = async ({ data: job }) => {
  try {
    self.postMessage({ results: await degradeFile(job) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    self.postMessage({ exitCode: error instanceof AsasrError ? error.exitCode : 1, message });
  }
};
