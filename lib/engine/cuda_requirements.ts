import { EngineError } from "./errors.ts";

/**
 * Reads from a wheel's metadata which wheels its extra `and-cuda` asks for.
 *
 * @param metadata Content of `METADATA`, one `Requires-Dist: requirement; marker` a line.
 * @returns Requirements for pip, such as `nvidia-cudnn-cu12<10.0,>=9.3.0.75`.
 * @throws {EngineError} If there are none.
 */
export function cudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(/^Requires-Dist:([^;\n]+);[^\n]*\bextra\s*==\s*["']and-cuda["']/gm);
  const requirements = Array.from(lines, ([, requirement]) => requirement.replace(/[()\s]/g, ""));
  if (requirements.length === 0) {
    throw new EngineError("Cannot set up the gpu engine as TensorFlow's metadata must list the extra and-cuda");
  }
  return requirements;
}
