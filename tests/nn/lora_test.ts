import { assertEquals, assertThrows } from "@std/assert";
import { countParams, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { createLora, loraModules, mergeLora } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";

const targets = { "block.up": { in: 256, out: 64 }, "block.down": { in: 64, out: 256 } };

tensorTest("createLora() gives rank (in + out) values per module and B = 0", () => {
  const adapter = createLora(targets, { rank: 16, alpha: 16, rng: rng(1, "lora") });
  assertEquals(countParams(adapter.params), 2 * 16 * 320);
  assertEquals(loraModules(adapter), ["block.up", "block.down"]);
  assertEquals(adapter.params["block.up.lora_A.weight"].shape, [16, 256]);
  assertEquals(adapter.params["block.up.lora_B.weight"].shape, [64, 16]);
  close(adapter.params["block.up.lora_B.weight"], tf.zeros([64, 16]), 0);
});

tensorTest("createLora() draws A with the deviation that its init says", () => {
  const deviation = (init: "normal" | "kaiming" | "gaussian") => {
    const { params } = createLora(targets, { rank: 16, alpha: 16, rng: rng(1, "lora"), init });
    const drawn = params["block.up.lora_A.weight"];
    return { deviation: tf.moments(drawn).variance.sqrt().asScalar(), largest: drawn.abs().max().dataSync()[0] };
  };
  close(deviation("normal").deviation, 1 / 16, { relative: 0.05 });
  close(deviation("gaussian").deviation, 1 / 16, { relative: 0.05 });
  close(deviation("kaiming").deviation, 1 / 16 / Math.sqrt(3), { relative: 0.05 });
  assertEquals(deviation("kaiming").largest <= 1 / 16, true);
});

tensorTest("createLora() refuses a rank of 0", () => {
  const options = { rank: 0, alpha: 1, rng: rng(1, "lora") };
  assertThrows(() => createLora(targets, options), RangeError, "current value is 0");
});

tensorTest("mergeLora() gives tensors of its own and refuses a module without a weight", () => {
  const params = { "block.up.weight": tf.ones([64, 256]), "block.up.bias": tf.ones([64]) };
  const merged = mergeLora(params, []);
  Object.values(merged).forEach((tensor) => tensor.dispose());
  close(params["block.up.bias"], tf.ones([64]), 0);
  const adapter = createLora(targets, { rank: 1, alpha: 1, rng: rng(1, "lora") });
  assertThrows(() => mergeLora(params, [adapter]), RangeError, "current value is block.down");
});
