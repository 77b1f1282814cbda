import { DataError } from "../../core/mod.ts";
import type { LoraLayer } from "./layer.ts";

/** Tells the alpha of a layer of a rank; nothing where the settings are silent. */
export type AlphaRule = (module: string, rank: number) => number | undefined;

/** Plain names, with or without the `^` of a whole name and the escapes of a regular expression. */
const PATTERN = /^\^?(?:[\w-]|\\?\.)+$/;

/**
 * Read the alphas of PEFT's settings (`LoraConfig`).
 *
 * A pattern is a name or its end, as PEFT matches it; `use_rslora` divides by the root of the rank.
 *
 * @param settings Fields of the configuration.
 * @param label Names their file in errors.
 * @throws {DataError} If alpha is no number, or the settings ask for what is more than two factors a layer.
 */
export function alphaRule(settings: Readonly<Record<string, unknown>>, label: string): AlphaRule {
  const refuse = (field: string, rule: string): never => {
    throw new DataError(
      `Cannot read adapter ${label} as ${field} ${rule}: current value is ${JSON.stringify(settings[field])}`,
    );
  };
  const { lora_alpha: common, use_rslora: rooted, alpha_pattern: pattern } = settings;
  if (common !== undefined && !isNumber(common)) refuse("lora_alpha", "must be a number");
  if (settings.use_dora) refuse("use_dora", "must be false");
  if ((settings.bias ?? "none") !== "none") refuse("bias", "must be none");
  if ([settings.modules_to_save ?? []].flat().length > 0) refuse("modules_to_save", "must be empty");
  const own = Object.entries(pattern ?? {}).map(([name, alpha]): [string, number] => {
    if (!PATTERN.test(name) || !isNumber(alpha)) return refuse("alpha_pattern", "must map names of layers to numbers");
    return [name.replaceAll("\\", ""), alpha];
  });
  return (module, rank) => {
    const [, alpha = common as number | undefined] = own.find(([name]) => matches(name, module)) ?? [];
    return alpha === undefined || !rooted ? alpha : alpha * Math.sqrt(rank);
  };
}

/**
 * State ranks and alphas as PEFT does: the most frequent ones for all, and those of single layers by their whole names.
 *
 * @param layers With the same `alpha / rank`.
 */
export function rankSettings(layers: readonly LoraLayer[]): Readonly<Record<string, unknown>> {
  const byRank = Map.groupBy(layers, ({ down }) => down.shape[0]);
  const [[rank, [{ alpha }]]] = [...byRank].sort(([, a], [, b]) => b.length - a.length);
  const others = layers.filter(({ down }) => down.shape[0] !== rank);
  return {
    r: rank,
    lora_alpha: alpha,
    rank_pattern: Object.fromEntries(others.map(({ module, down }) => [`^${module}`, down.shape[0]])),
    alpha_pattern: Object.fromEntries(others.map(({ module, alpha }) => [`^${module}`, alpha])),
  };
}

/**
 * State the `adapter_config.json` of PEFT. Layers are named by an expression: in a list, `proj_out` would mean every layer
 * whose name ends so.
 *
 * @param layers With the same `alpha / rank`.
 */
export function peftConfig(layers: readonly LoraLayer[]): Readonly<Record<string, unknown>> {
  return {
    ...rankSettings(layers),
    base_model_name_or_path: null,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    lora_dropout: 0,
    peft_type: "LORA",
    target_modules: layers.map(({ module }) => module.replaceAll(".", "\\.")).join("|"),
    task_type: null,
    use_dora: false,
    use_rslora: false,
  };
}

function matches(name: string, module: string): boolean {
  return name.startsWith("^") ? module === name.slice(1) : module === name || module.endsWith(`.${name}`);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
