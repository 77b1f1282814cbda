/**
 * List what the processor has for bfloat16 products: AVX512-BF16 or AMX. Read by `lscpu`, so on Linux alone.
 *
 * @returns Flags as Linux names them, empty where it has none; null where it cannot be known.
 */
export async function cpuFlags(): Promise<string[] | null> {
  try {
    const { stdout } = await new Deno.Command("lscpu", { stdout: "piped", stderr: "null", env: { LC_ALL: "C" } })
      .output();
    return bfloat16Flags(new TextDecoder().decode(stdout));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Finds the flags in what `lscpu` prints; null where it prints none at all. */
export function bfloat16Flags(text: string): string[] | null {
  const [, flags] = /^Flags:\s*(.+)$/m.exec(text) ?? [];
  return flags === undefined ? null : flags.split(" ").filter((flag) => /^(avx512_bf16|amx_\w+)$/.test(flag));
}

/** Says the flags in a few words. */
export function flagsText(flags: readonly string[] | null): string {
  if (flags === null) return "AVX512-BF16 and AMX not known";
  return flags.length > 0 ? flags.join(", ") : "neither AVX512-BF16 nor AMX";
}
