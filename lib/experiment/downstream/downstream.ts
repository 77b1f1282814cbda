/** Tasks that restored images are used for (Table 2), and the user study (Eq. 47). */
export type DownstreamTask = "ocr" | "coco" | "segmentation" | "study";

/** Names of the tasks, in the order of Table 2. */
export const downstreamTasks: readonly DownstreamTask[] = ["ocr", "coco", "segmentation", "study"];

/** Scores of one method in one task. */
export interface DownstreamEntry {
  /** Which task. */
  readonly task: DownstreamTask;
  /** What tables call the method. */
  readonly method: string;
  /** By name; shares are from 0 to 1. Null where there is none, such as mask scores of detections without masks. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Every choice that moves the scores, in one line. */
  readonly protocol: string;
  /** Hash of the annotations and the choices: only methods of one hash compare. */
  readonly truth: string;
  /** Files left out, with reasons. */
  readonly faults: readonly { readonly file: string; readonly reason: string }[];
  /** What should be known of the scores, such as how many images have no prediction. */
  readonly notes: readonly string[];
}

/** What `deno task downstream` keeps: the scores of every task and method that it was given. */
export interface DownstreamResults {
  /** Of this format. */
  readonly version: 1;
  /** In the order of Table 2, methods in the order in which they came. */
  readonly entries: readonly DownstreamEntry[];
}
