import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "./child.ts";
import { EngineError } from "./errors.ts";

/** Python wheels to fetch. */
export interface WheelRequest {
  /** Requirements such as `tensorflow-cpu==2.21.0`. */
  readonly requirements: readonly string[];
  /** Platform tags, any of which fits. */
  readonly tags: readonly string[];
}

/**
 * Downloads wheels with pip from whatever index it is configured for.
 *
 * Which Python runs pip does not matter: the wheels are those of CPython 3.11, and only their libraries are used.
 *
 * @param folder Existing, empty folder; the wheels land in its `wheels`.
 * @param onBytes Called about twice a second with the bytes so far.
 * @returns Paths of the wheels.
 * @throws {EngineError} With pip's own reason.
 */
export async function downloadWheels(
  python: string,
  request: WheelRequest,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<string[]> {
  const wheels = join(folder, "wheels");
  const temporary = join(folder, "temporary");
  await Deno.mkdir(wheels, { recursive: true });
  await Deno.mkdir(temporary, { recursive: true });
  const args = ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--progress-bar=off"];
  args.push("--disable-pip-version-check", "--retries=2", "--timeout=20", "--python-version=3.11");
  args.push("--implementation=cp", "--abi=cp311", ...request.tags.map((tag) => `--platform=${tag}`));
  const result = await runChild(python, [...args, `--dest=${wheels}`, ...request.requirements], {
    // pip collects a download in its temporary folder: where it can be watched, and on the disk whose space was checked;
    // it copies the file when it is complete
    env: { TMPDIR: temporary },
    onTick: () => onBytes(Math.max(bytesIn(wheels), bytesIn(temporary))),
  });
  if (!result.success) {
    const reason = result.stderr.split("\n").filter((line) => line.startsWith("ERROR:")).at(-1)?.slice(7);
    throw new EngineError(`Cannot download TensorFlow with pip: ${reason ?? result.ending}`);
  }
  await Deno.remove(temporary, { recursive: true });
  return readdirSync(wheels).map((name) => join(wheels, name));
}

/** Unpacks the members whose names match a pattern; zipfile copies in pieces and checks each member's CRC. */
const unpackScript = `
import fnmatch, sys, zipfile
wheel, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if any(fnmatch.fnmatchcase(member.filename, pattern) for pattern in patterns):
            archive.extract(member, folder)
`;

/**
 * Unpacks some files of a wheel.
 *
 * @param patterns Names in the wheel, with `*` for any characters.
 * @throws {EngineError} If the wheel is damaged or the disk is full.
 */
export async function unpackWheel(
  python: string,
  wheel: string,
  folder: string,
  patterns: readonly string[],
): Promise<void> {
  const result = await runChild(python, ["-c", unpackScript, wheel, folder, ...patterns]);
  if (!result.success) {
    const reason = result.stderr.trim().split("\n").at(-1) || result.ending;
    throw new EngineError(`Cannot unpack the download as it must be a whole wheel and the disk have room: ${reason}`);
  }
}

/** Bytes of all files below a folder; files that vanish meanwhile do not count. */
function bytesIn(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile()) bytes += status.size;
  }
  return bytes;
}
