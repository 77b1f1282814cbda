/**
 * List what the processor has for bfloat16 products: AVX512-BF16 or AMX. Read by `lscpu`, so on Linux alone.
 *
 * @returns Flags as Linux names them; empty where it has none, or it cannot be known.
 */
export async function cpuFlags(): Promise<string[]> {
  try {
    const { stdout } = await new Deno.Command("lscpu", { stdout: "piped", stderr: "null" }).output();
    return new TextDecoder().decode(stdout).match(/\b(avx512_bf16|amx_\w+)\b/g) ?? [];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
