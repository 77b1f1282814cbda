/**
 * Whether NVIDIA's driver is installed and sees a device.
 *
 * The driver is part of the system; the CUDA libraries above it come with wheels.
 */
export function hasNvidiaDevice(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const driver = Deno.dlopen("libcuda.so.1", {
      cuInit: { parameters: ["u32"], result: "i32" },
      cuDeviceGetCount: { parameters: ["buffer"], result: "i32" },
    });
    const { cuInit, cuDeviceGetCount } = driver.symbols;
    const count = new Int32Array(1);
    return cuInit(0) === 0 && cuDeviceGetCount(new Uint8Array(count.buffer)) === 0 && count[0] > 0;
  } catch {
    return false;
  }
}
