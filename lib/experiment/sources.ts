import { type ArtifactSourceSettings, type Settings, type TrainedSource, trainedSources } from "./schema/mod.ts";

/** The sources of artifacts by what they need. */
export interface SourcesByKind {
  /** Trained in the run, in the order of `trainedSources`. */
  readonly trained: readonly TrainedSource[];
  /** Published networks, by name. */
  readonly restorers: readonly string[];
  /** Folders of outputs on the training crops. */
  readonly outputs: readonly Extract<ArtifactSourceSettings, { kind: "outputs" }>[];
  /** Folders of `deno task negatives`. */
  readonly negatives: readonly string[];
}

/** Groups the sources of a run; those of a kind keep their order, and none stands twice. */
export function sourcesOf({ artifacts }: Pick<Settings, "artifacts">): SourcesByKind {
  const sources = artifacts.sources ?? trainedSources.map((name) => ({ kind: "trained" as const, name }));
  const names = new Set(sources.flatMap((source) => source.kind === "trained" ? [source.name] : []));
  return {
    trained: trainedSources.filter((name) => names.has(name)),
    restorers: [...new Set(sources.flatMap((source) => source.kind === "restorer" ? [source.name] : []))],
    outputs: sources.filter((source) => source.kind === "outputs"),
    negatives: [...new Set(sources.flatMap((source) => source.kind === "negatives" ? [source.folder] : []))],
  };
}

/** Says in a sentence where artifacts come from that the run does not train itself; null where it trains them all. */
export function describeSources(settings: Pick<Settings, "artifacts">): string | null {
  if (settings.artifacts.sources === undefined) return null;
  const { trained, restorers, outputs, negatives } = sourcesOf(settings);
  const parts = [
    ...trained.map((name) => `${name} (trained here)`),
    ...restorers.map((name) => `${name} on the training crops`),
    ...outputs.map(({ name, folder }) => `outputs of ${name} in ${folder}`),
    ...negatives.map((folder) => `the cached negatives in ${folder}`),
  ];
  return `The artifacts come from ${parts.join(", ")}; the paper's from Real-ESRGAN, SeeSR and SUPIR.`;
}
