import { join } from "node:path";

/** Measurements kept on disk as they are made, so that a stopped evaluation goes on where it was. */
export interface MeasurementCache {
  get(key: string): number | undefined;
  /** Keeps a score. Why there is none is not kept: memory that did not suffice may the next time. */
  put(key: string, value: number): Promise<void>;
}

/** Opens the measurements of a folder: one line each; a line cut short by a crash is measured again. */
export async function measurementCache(folder: string): Promise<MeasurementCache> {
  const path = join(folder, "measured.jsonl"), known = new Map<string, number>();
  await Deno.mkdir(folder, { recursive: true });
  const text = await Deno.readTextFile(path).catch(() => "");
  for (const line of text.split("\n").slice(0, -1)) {
    const entry = parseLine(line);
    if (entry) known.set(...entry);
  }
  // Whatever follows the last whole line is cut off.
  if (text !== "" && !text.endsWith("\n")) await Deno.writeTextFile(path, text.slice(0, text.lastIndexOf("\n") + 1));
  return {
    get: (key) => known.get(key),
    put: async (key, value) => {
      known.set(key, value);
      await Deno.writeTextFile(path, JSON.stringify([key, value]) + "\n", { append: true });
    },
  };
}

function parseLine(line: string): [string, number] | undefined {
  try {
    const [key, value] = JSON.parse(line);
    return typeof key === "string" && typeof value === "number" ? [key, value] : undefined;
  } catch {
    return undefined; // measured again
  }
}
