import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, tensorScope } from "../../lib/core/mod.ts";
import {
  CLIP_G,
  CLIP_L,
  clipShapes,
  countShapes,
  encodeClip,
  encodeT5,
  parseClipConfig,
  parseT5Config,
  T5_XXL,
  t5Shapes,
} from "../../lib/backbones/mod.ts";
import { matchParams } from "../../lib/weights/mod.ts";
import { close, tensorTest } from "../support.ts";
import { textConfig, withText } from "./text_fixture.ts";

// Goldens: transformers 5.23.0 on PyTorch 2.15.0, float32; values up to 6.
const TOLERANCE = 5e-5;

tensorTest("encodeT5() equals transformers", async () => {
  await withText("t5_tiny", async ({ json, params, read, ids, golden }) => {
    using scope = tensorScope();
    const config = parseT5Config(json);
    matchParams(params, t5Shapes(config));
    close(scope.own(await encodeT5(config, read, ids)), golden["out.last_hidden_state"], TOLERANCE);
  });
});

for (const name of ["clip_tiny", "clip_g_tiny"] as const) {
  tensorTest(`encodeClip() equals transformers on ${name}`, async () => {
    await withText(name, async ({ json, params, read, ids, golden }) => {
      using scope = tensorScope();
      const config = parseClipConfig(json);
      matchParams(params, clipShapes(config));
      const states = scope.own({ ...await encodeClip(config, read, ids) });
      assertEquals(states.hidden.length, 3);
      states.hidden.forEach((hidden, i) => close(hidden, golden[`out.hidden.${i}`], TOLERANCE));
      close(states.last, golden["out.last_hidden_state"], TOLERANCE);
      close(states.pooled, golden["out.pooled"], TOLERANCE);
    });
  });
}

tensorTest("encodeClip() lets no token see those behind it", async () => {
  await withText("clip_tiny", async ({ json, read, ids, golden }) => {
    using scope = tensorScope();
    const changed = ids.map((text) => [...text.slice(0, 6), ...text.slice(6).map(() => 3)]);
    const { last } = scope.own({ ...await encodeClip(parseClipConfig(json), read, changed) });
    const head = (x: typeof last) => scope.own(x.slice([0, 0, 0], [2, 6, 20]));
    close(head(last), head(golden["out.last_hidden_state"] as typeof last), TOLERANCE);
  });
});

tensorTest("text encoders refuse tokens that they do not know, and texts of different or too many tokens", async () => {
  await withText("clip_tiny", async ({ json, read }) => {
    const encode = (...ids: number[][]) => encodeClip(parseClipConfig(json), read, ids);
    await assertRejects(() => encode([62, 64]), RangeError, "below 64: current value is 64");
    await assertRejects(() => encode([62, 63], [62]), RangeError, "current value is [2,1]");
    await assertRejects(() => encode(Array(13).fill(1)), RangeError, "12 tokens: current value is 13");
    await assertRejects(() => encode(), RangeError, "same number of tokens");
  });
});

Deno.test("t5Shapes() and clipShapes() have as many parameters as the published encoders", () => {
  assertEquals(countShapes(t5Shapes(T5_XXL)), 4_762_310_656);
  assertEquals(countShapes(clipShapes(CLIP_L)), 123_060_480);
  assertEquals(countShapes(clipShapes(CLIP_G)), 694_659_840);
});

Deno.test("parseT5Config() and parseClipConfig() read published fields, and name the one that does not fit", () => {
  // text_encoder_2/config.json of FLUX.1-dev
  const t5 = {
    architectures: ["T5EncoderModel"],
    ...{ d_ff: 10240, d_kv: 64, d_model: 4096, feed_forward_proj: "gated-gelu", layer_norm_epsilon: 1e-6 },
    ...{ num_heads: 64, num_layers: 24, relative_attention_max_distance: 128, relative_attention_num_buckets: 32 },
    vocab_size: 32128,
  };
  assertEquals(parseT5Config(t5), T5_XXL);
  assertThrows(() => parseT5Config({ ...t5, feed_forward_proj: "relu" }), DataError, "feed_forward_proj");
  assertThrows(() => parseT5Config(null), DataError, "Cannot read T5 config");
  // text_encoder_2/config.json of SDXL
  const clip = {
    architectures: ["CLIPTextModelWithProjection"],
    ...{ bos_token_id: 0, eos_token_id: 2, pad_token_id: 1, hidden_act: "gelu", hidden_size: 1280 },
    ...{ intermediate_size: 5120, layer_norm_eps: 1e-5, max_position_embeddings: 77, num_attention_heads: 20 },
    ...{ num_hidden_layers: 32, projection_dim: 1280, vocab_size: 49408 },
  };
  assertEquals(parseClipConfig(clip), CLIP_G);
  assertEquals("projection" in parseClipConfig(textConfig("clip_tiny")), false);
  assertThrows(() => parseClipConfig({ ...clip, hidden_act: "relu" }), DataError, "hidden_act");
});
