import { assertEquals } from "@std/assert";
import { bfloat16Flags, flagsText } from "../../lib/cli/bench/cpu_flags.ts";

Deno.test("bfloat16Flags() tells a processor without the flags from one that lscpu says nothing of", () => {
  const said = (flags: string) => `Architecture: x86_64\nFlags:                fpu ${flags} sse4_2\nL1d: 64 KiB\n`;
  assertEquals(bfloat16Flags(said("avx512f avx512_bf16 amx_tile amx_bf16")), ["avx512_bf16", "amx_tile", "amx_bf16"]);
  assertEquals(bfloat16Flags(said("avx512f")), []);
  assertEquals(bfloat16Flags("Architecture: aarch64\n"), null);
  const texts = [["avx512_bf16"], [], null].map(flagsText);
  assertEquals(texts, ["avx512_bf16", "neither AVX512-BF16 nor AMX", "AVX512-BF16 and AMX not known"]);
});
