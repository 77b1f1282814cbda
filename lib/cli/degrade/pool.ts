import { AsasrError, DataError, InputOutputError } from "../../core/mod.ts";
import { type DegradedResult, degradeFile, type DegradeJob } from "../../dataset/mod.ts";
import { startWorker } from "../worker.ts";

/** What a worker answers: results, or an error and the exit code of its kind. */
export type Reply = { readonly results: readonly DegradedResult[] } | {
  readonly exitCode: number;
  readonly message: string;
};

/** What became of a file. */
export type Outcome = { readonly job: DegradeJob; readonly results: readonly DegradedResult[] } | {
  readonly job: DegradeJob;
  readonly fault: string;
};

/**
 * Degrades files by several workers. A file that cannot be used becomes a fault and the others go on; a full disk ends
 * everything. Every byte depends on the file and the settings alone, so the number of workers changes nothing else.
 *
 * @param count Workers; 1 works in this thread.
 * @param onDone Called after every file.
 * @param signal Stops after the files under way.
 * @returns One outcome per finished job, in the order of the jobs.
 */
export async function degradeAll(
  jobs: readonly DegradeJob[],
  { count, onDone, signal }: { count: number; onDone: (done: number) => void; signal: AbortSignal },
): Promise<Outcome[]> {
  const outcomes: (Outcome | undefined)[] = new Array(jobs.length);
  let next = 0, done = 0;
  const work = async (degrade: (job: DegradeJob) => Promise<Reply>) => {
    while (next < jobs.length && !signal.aborted) {
      const index = next++, job = jobs[index];
      const reply = await degrade(job);
      if ("results" in reply) outcomes[index] = { job, results: reply.results };
      else if (reply.exitCode === new DataError("").exitCode) outcomes[index] = { job, fault: reply.message };
      else {
        next = jobs.length; // the others stop after their file
        throw reply.exitCode === 1 ? new Error(reply.message) : new InputOutputError(reply.message);
      }
      onDone(++done);
    }
  };
  if (count === 1) await work(here);
  else await Promise.all(Array.from({ length: Math.min(count, jobs.length) }, () => withWorker(work)));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function here(job: DegradeJob): Promise<Reply> {
  try {
    return { results: await degradeFile(job) };
  } catch (error) {
    if (!(error instanceof AsasrError)) throw error;
    return { exitCode: error.exitCode, message: error.message };
  }
}

async function withWorker(work: (degrade: (job: DegradeJob) => Promise<Reply>) => Promise<void>): Promise<void> {
  using worker = startWorker<DegradeJob, Reply>(new URL("./worker.ts", import.meta.url));
  await work(worker.ask);
}
