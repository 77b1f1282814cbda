import { existsSync } from "node:fs";
import { join } from "node:path";

/** The two files of TensorFlow that the engine loads. */
export interface Library {
  readonly main: string;
  readonly framework: string;
}

/** Returns the library of the folder that ASASR_TENSORFLOW_DIR names. */
export function findLibrary(): Library | undefined {
  const folder = Deno.env.get("ASASR_TENSORFLOW_DIR");
  if (!folder) return undefined;
  const library = {
    main: join(folder, "libtensorflow_cc.so.2"),
    framework: join(folder, "libtensorflow_framework.so.2"),
  };
  return existsSync(library.main) ? library : undefined;
}
