import { type InstallOptions, installPython, type PythonEnvironment } from "../python/mod.ts";
import { peerEnvironment } from "./environment.ts";

/** Space that installing takes at its height; on Linux x86-64 PyTorch brings NVIDIA's libraries. */
const GIGABYTES = Deno.build.os === "linux" && Deno.build.arch === "x86_64" ? 9 : 3;

const check = `
import cv2, numpy, safetensors.torch, scipy.ndimage, torch
assert float((torch.ones(2, 3) @ torch.ones(3, 2)).sum()) == 12
print(f"PyTorch {torch.__version__}, NumPy {numpy.__version__}, SciPy {scipy.__version__}, OpenCV {cv2.__version__}")
`;

/** How to install the peers. */
export interface PeerInstallOptions extends Partial<Omit<InstallOptions, "what" | "check">> {
  /** By default the project's. */
  readonly environment?: PythonEnvironment;
}

/**
 * Install Python packages to compare with, or do nothing where they are installed.
 *
 * @returns One line that says what is installed.
 * @throws {EngineError} If there is no fitting Python, pip fails or the packages do not work.
 * @throws {InputOutputError} If the disk has too little space.
 * @throws {LockedError} If another process installs them.
 * @throws {StoppedError} If the signal stopped it.
 */
export function installPeers(options: PeerInstallOptions = {}): Promise<string> {
  const { environment = peerEnvironment(), ...rest } = options;
  return installPython(environment, { gigabytes: GIGABYTES, ...rest, what: "the peers", check });
}
