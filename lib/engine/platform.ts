/** What PyPI holds for a platform: a wheel is a zip whose name says what it fits. */
export interface Platform {
  /** Package for the processor alone. */
  readonly cpu: string;
  /** Package with CUDA; undefined where there is none. */
  readonly gpu?: string;
  /** Platform tag of TensorFlow's wheel. */
  readonly tag: string;
  /** Platform tags that NVIDIA's wheels may carry. */
  readonly nvidiaTags: readonly string[];
  /** Names of the two libraries in the wheel's folder `tensorflow`. */
  readonly main: string;
  readonly framework: string;
}

/** Version of TensorFlow that setup brings. Any 2.x that exports the same C API works as a library of one's own. */
export const tensorflowVersion = "2.21.0";

const linux = { main: "libtensorflow_cc.so.2", framework: "libtensorflow_framework.so.2" };
const macos = { main: "libtensorflow_cc.2.dylib", framework: "libtensorflow_framework.2.dylib" };

/** Platforms with a native engine, by `Deno.build.os` and `Deno.build.arch`; all others use wasm. */
const platforms: Readonly<Record<string, Platform>> = {
  "linux-x86_64": {
    cpu: "tensorflow-cpu",
    gpu: "tensorflow",
    tag: "manylinux_2_27_x86_64",
    nvidiaTags: ["manylinux_2_27_x86_64", "manylinux_2_25_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
    ...linux,
  },
  "linux-aarch64": {
    cpu: "tensorflow",
    gpu: "tensorflow",
    tag: "manylinux_2_27_aarch64",
    nvidiaTags: ["manylinux_2_27_aarch64", "manylinux_2_25_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"],
    ...linux,
  },
  "darwin-aarch64": { cpu: "tensorflow", tag: "macosx_12_0_arm64", nvidiaTags: [], ...macos },
};

/** Returns the entry of this machine, or undefined where only wasm runs. */
export function thisPlatform(): Platform | undefined {
  return platforms[`${Deno.build.os}-${Deno.build.arch}`];
}
