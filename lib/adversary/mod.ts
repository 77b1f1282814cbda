/**
 * The adversary: artifacts and the network that imitates them (Sec. 4.1), coupled and stored negatives, and the optimal
 * perturbations of Props. 4.1 and 4.2.
 *
 * @module
 */
export { artifactNegatives, type ArtifactSet, type ArtifactSource } from "./artifacts.ts";
export { sharpened, undertrained, type UndertrainedOptions } from "./sources.ts";
export { type CachedCropOptions, type CachedCrops, cropNegatives } from "./cached_crops.ts";
export {
  type CachedNegative,
  type CachedPair,
  NEGATIVES_FILE,
  type NegativesFile,
  readNegatives,
} from "./cached_file.ts";
export { exportInputs, folderOutputs } from "./folder.ts";
export { hallucinated, type HallucinationOptions } from "./hallucinated.ts";
export {
  type FieldNegatives,
  fieldNegatives,
  type NegativeSource,
  type StoredNegative,
  type StoredNegatives,
} from "./negatives.ts";
export {
  buildRolloutBank,
  mixBank,
  type RolloutBank,
  rolloutNegatives,
  rolloutNoise,
  type RolloutOptions,
} from "./rollouts.ts";
export { distill, type DistillOptions } from "./distill.ts";
export { drawPairedBatch, type PairedBatch } from "./pairs.ts";
export { type AdversaryOptions, trainAdversary } from "./train.ts";
export { type CoupledNegative, coupledNegative } from "./coupled.ts";
export {
  energyGradient,
  fixedTarget,
  movingTarget,
  type ResidualEnergy,
  residualEnergy,
  type TargetVelocity,
} from "./energy.ts";
export { closedFormPerturbation, onSphere, type SobolevBall, sobolevCosine } from "./ball.ts";
export { freeAdversary, type FreeAdversaryOptions } from "./free.ts";
export { type ParametricAdversaryOptions, parametricPerturbation, trainParametricAdversary } from "./parametric.ts";
