import { assertEquals } from "@std/assert";
import {
  countLora,
  diffusersTargets,
  FLUX_DEV,
  fluxTargets,
  paperTargets,
  SD15_UNET,
  unetTargets,
} from "../../lib/backbones/mod.ts";

Deno.test("paperTargets() of FLUX.1-dev comes nearest to Table 4 and does not meet it", () => {
  const targets = paperTargets(fluxTargets(FLUX_DEV));
  const millions = [4, 8, 16, 32, 64].map((rank) => countLora(targets, rank) / 1e6);
  // 609 units of 3072 and the narrow end of proj_out; the table has 7.4, 14.8, 29.5, 59.0 and 118.0.
  assertEquals(millions.map((value) => value.toFixed(2)), ["7.48", "14.97", "29.93", "59.87", "119.74"]);
  assertEquals(Object.keys(targets).length, 19 * 4 + 38 * 4 + 1);
  assertEquals("proj_out" in targets && "transformer_blocks.0.attn.to_out.0" in targets, true);
});

Deno.test("diffusersTargets() of FLUX.1-dev is the list of diffusers' script: 44.83 M values at rank 16", () => {
  const targets = diffusersTargets(fluxTargets(FLUX_DEV));
  assertEquals(countLora(targets, 16), 44_826_624);
  assertEquals(Object.keys(targets).length, 19 * 12 + 38 * 3);
  assertEquals("single_transformer_blocks.0.proj_mlp" in targets, false);
});

Deno.test("diffusersTargets() and paperTargets() of a UNet are attention, and feed-forward or projections", () => {
  const all = unetTargets({ ...SD15_UNET, inChannels: 8 });
  assertEquals(Object.keys(diffusersTargets(all)).length, 16 * 10);
  assertEquals(Object.keys(paperTargets(all)).length, 16 * 9);
  assertEquals(paperTargets(all)["mid_block.attentions.0.proj_out"], { in: 1280, out: 1280, kernel: [1, 1] });
});
