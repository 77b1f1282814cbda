import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  type JsonValue,
  type Params,
  readJson,
  type TensorScope,
  tensorScope,
  writeJson,
} from "../../../lib/core/mod.ts";
import { FLUX_DEV, fluxForward, fluxTargets, unetForward } from "../../../lib/backbones/mod.ts";
import { hasPeers, peerEnvironment, PEERS_SOURCE } from "../../../lib/cli/peers/environment.ts";
import { runPython } from "../../../lib/cli/python/mod.ts";
import { tf } from "../../../lib/engine/mod.ts";
import { type Adapter, type LinearShapes, sumLora, weightLora } from "../../../lib/nn/mod.ts";
import { type LoraFormat, mergeCheckpoint, readSafetensors, writeLora } from "../../../lib/weights/mod.ts";
import { tinyConfig, withFlux } from "../../backbones/flux_fixture.ts";
import { withAdapter } from "../../backbones/unet_fixture.ts";
import { inFolder } from "../../core/folder.ts";
import { close, goldenPath, tensorTest } from "../../support.ts";
import { drawAdapter, type NetworkName, networks } from "./adapters.ts";

// diffusers and PEFT as tests/peers/requirements.txt pins them.

/** A file for the peers, and the adapter in it. */
interface Case {
  readonly name: string;
  readonly network: NetworkName;
  readonly format: LoraFormat | "merged";
  readonly adapter: Adapter;
  /** Layers that the file may have. */
  readonly targets: LinearShapes;
}

/** Layers of the tiny FLUX that diffusers reads in kohya's files at any width. */
const KOHYA = /^transformer_blocks\.|^single_transformer_blocks\.\d\.(proj_out|norm\.linear)$/;
/** The tolerances of the goldens. */
const TOLERANCES = {
  flux: { absolute: 2e-4, relative: 1e-4 },
  sd15: { absolute: 5e-5, relative: 1e-5 },
  sdxl: { absolute: 5e-5, relative: 1e-5 },
};

/** Runs tests/peers/lora_files.py. */
async function ask(folder: string, job: Readonly<Record<string, JsonValue>>): Promise<Params> {
  const path = join(folder, "job.json"), out = join(folder, "out.safetensors");
  await writeJson(path, { golden: goldenPath(""), out, ...job });
  await runPython(peerEnvironment().python, [join(PEERS_SOURCE, "lora_files.py"), path], {
    purpose: "load adapters in diffusers and PEFT",
    env: { HF_HUB_OFFLINE: "1" },
    quiet: true,
  });
  return (await readSafetensors(out)).tensors;
}

/** Fails unless the peer's output is ours, and far from that without an adapter. */
async function compare({ name, network, adapter }: Case, peer: tf.Tensor): Promise<void> {
  const check = (run: (adapters: Adapter[]) => tf.Tensor) => {
    const [adapted, base] = [run([adapter]), run([])];
    assert(adapted.sub(base).abs().max().dataSync()[0] > 0.1, `${name}: the adapter changes too little`);
    close(peer, adapted, TOLERANCES[network]);
  };
  if (network !== "flux") {
    return await withAdapter(network, ({ config, params, inputs }) => {
      check((adapters) => unetForward(config, params, inputs, adapters).transpose([0, 3, 1, 2]));
    });
  }
  await withFlux(["lora/channel_lora_io"], ({ params, inputs, files: [{ "in.cond_packed": condition }] }) => {
    if (!isWide(adapter)) return check((adapters) => fluxForward(tinyConfig, params, inputs, adapters));
    const weight = params["x_embedder.weight"], config = { ...tinyConfig, inChannels: 128 };
    const widened = { ...params, "x_embedder.weight": tf.concat([weight, tf.zerosLike(weight)], 1) };
    check((adapters) => fluxForward(config, widened, { ...inputs, condition }, adapters));
  });
}

function isWide({ params }: Adapter): boolean {
  return params["x_embedder.lora_A.weight"]?.shape[1] === 128;
}

function casesOf(network: NetworkName, scope: TensorScope): Case[] {
  const { targets } = networks[network];
  const draw = (options: Parameters<typeof drawAdapter>[1], chosen = targets) => drawAdapter(chosen, options, scope);
  const some = Object.fromEntries(
    Object.entries(targets).filter(([module], i) => i % 3 === 0 || module === "proj_out"),
  );
  // A sum of adapters of different layers, as SFT and DPO may be: rank 2 in some, 5 in others.
  const sum = sumLora([draw({ rank: 2, alpha: 4 }), weightLora(draw({ rank: 3, alpha: 3 }, some), 0.5)]);
  scope.own(sum.params);
  const adapters = { header: draw({ rank: 2, alpha: 2 }), alpha: draw({ rank: 2, alpha: 5 }), sum };
  const cases = Object.entries(adapters).flatMap(([kind, adapter]) =>
    (["diffusers", "peft", "merged"] as const).map((format): Case => (
      { name: `${format} ${kind}`, network, format, adapter, targets }
    ))
  );
  const kohya = Object.fromEntries(
    Object.entries(targets).filter(([module]) => network !== "flux" || KOHYA.test(module)),
  );
  const narrow = Object.fromEntries(Object.entries(kohya).filter((_, i) => i % 2 === 0));
  const several = sumLora([draw({ rank: 2, alpha: 4 }, kohya), draw({ rank: 3, alpha: 3 }, narrow)]);
  scope.own(several.params);
  for (const [kind, adapter] of Object.entries({ alpha: draw({ rank: 2, alpha: 5 }, kohya), sum: several })) {
    cases.push({ name: `kohya ${kind}`, network, format: "kohya", adapter, targets: kohya });
  }
  if (network !== "flux") return cases;
  const wide = { ...targets, x_embedder: { in: 128, out: 32 } };
  for (const format of ["diffusers", "merged"] as const) {
    cases.push({
      name: `${format} channel`,
      network,
      format,
      adapter: draw({ rank: 2, alpha: 2 }, wide),
      targets: wide,
    });
  }
  return cases;
}

/** Writes the file of a case; returns its path. */
async function write({ name, network, format, adapter, targets }: Case, folder: string): Promise<string> {
  const { prefix } = networks[network], path = join(folder, name.replace(" ", "-"));
  if (format === "merged") {
    await mergeCheckpoint(join(folder, "base"), adapter, prefix, path);
    return path;
  }
  const file = format === "peft" ? path : `${path}.safetensors`;
  await writeLora(file, adapter, { prefix, targets }, { format });
  return file;
}

/** Writes the network without an adapter as a checkpoint; a UNet as it is conditioned. */
async function writeBase(network: NetworkName, folder: string): Promise<void> {
  const stem = network === "flux" ? "flux/flux_tiny" : `unet/unet_${network}_tiny`;
  const config = await readJson(goldenPath(network === "flux" ? "flux/config.json" : `${stem}_config.json`));
  await writeJson(join(folder, "base", "config.json"), config);
  await Deno.copyFile(goldenPath(`${stem}.safetensors`), join(folder, "base", "diffusion_pytorch_model.safetensors"));
}

for (const network of Object.keys(networks) as NetworkName[]) {
  const name = `writeLora() and mergeCheckpoint() write what diffusers and PEFT load, with the same output, ${network}`;
  if (!hasPeers()) {
    Deno.test.ignore(`${name}: \`deno task peers:setup\` installs them`, () => {});
    continue;
  }
  tensorTest(name, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      await writeBase(network, folder);
      const cases = casesOf(network, scope), listed: Record<string, JsonValue>[] = [];
      for (const one of cases) {
        const { name, format, adapter } = one;
        listed.push({ name, network, format, path: await write(one, folder), conditioned: isWide(adapter) });
      }
      const outputs = scope.own(await ask(folder, { cases: listed }));
      assertEquals(Object.keys(outputs).sort(), cases.map(({ name }) => name).sort());
      for (const one of cases) await compare(one, outputs[one.name]);
    });
  }, { engines: ["native"] });
}

if (hasPeers()) {
  tensorTest(
    "writeLora() writes kohya files that diffusers takes apart to the same products, at FLUX's full width",
    async () => {
      await inFolder(async (folder) => {
        using scope = tensorScope();
        const all = fluxTargets({ ...FLUX_DEV, doubleBlocks: 1, singleBlocks: 1 });
        const targets = Object.fromEntries(
          Object.entries(all).filter(([module]) => module.includes("transformer_blocks.") && !module.endsWith("to_k")),
        );
        const adapter = drawAdapter(targets, { rank: 2, alpha: 3 }, scope), path = join(folder, "x.safetensors");
        await writeLora(path, adapter, { prefix: "transformer", targets }, { format: "kohya" });
        const products = scope.own(await ask(folder, { cases: [], products: { kohya: path } }));
        tf.tidy(() => {
          for (const module of Object.keys(targets)) {
            const { [`${module}.lora_A.weight`]: down, [`${module}.lora_B.weight`]: up } = adapter.params;
            close(products[`kohya/${module}`], up.matMul(down.slice([0, 0], [2, 8])).mul(1.5), { relative: 1e-5 });
          }
        });
      });
    },
    { engines: ["native"] },
  );
}
