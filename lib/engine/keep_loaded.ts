/** Libraries that hold `dlopen`, by operating system: glibc moved it into libc.so.6 in 2.34. */
const homes: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  linux: ["libc.so.6", "libdl.so.2"],
  darwin: ["libSystem.dylib"],
};
const RTLD_NOW = 2;

/**
 * Loads a library once more, outside Deno's care, so that it stays in the process until the very end.
 *
 * Deno unloads what `Deno.dlopen` loaded before the C library runs the exit handlers; those that TensorFlow has
 * registered would then be code that is gone, and the process would end with a segmentation fault.
 *
 * @param path Library that is already loaded.
 */
export function keepLoaded(path: string): void {
  for (const home of homes[Deno.build.os] ?? []) {
    try {
      const { dlopen } = Deno.dlopen(home, { dlopen: { parameters: ["buffer", "i32"], result: "pointer" } }).symbols;
      dlopen(new TextEncoder().encode(`${path}\0`), RTLD_NOW);
      return;
    } catch {
      continue; // the next home may have it; without any, the library is unloaded as Deno does
    }
  }
}
