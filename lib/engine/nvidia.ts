/** Whether NVIDIA's driver is installed. It is part of the system; the CUDA libraries above it come with wheels. */
export function hasNvidiaDriver(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    Deno.dlopen("libcuda.so.1", {}).close();
    return true;
  } catch {
    return false;
  }
}
