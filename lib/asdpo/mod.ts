/**
 * Adversarial Sobolev DPO: residuals and energy gaps (Eqs. 9, 14), preference loss (Eqs. 15, 18), dual LoRA, trainer.
 *
 * @module
 */
export { type EnergyGap, energyGap, type EnergyMetric, residual } from "./energy_gap.ts";
export { type Preference, preferenceLoss, type PreferenceOptions } from "./preference_loss.ts";
export { type Contest, type Objective, type ObjectiveOptions, preferenceObjective } from "./objective.ts";
export { type DualLora, dualLora } from "./dual_lora.ts";
export { type Health, healthGate, type HealthOptions } from "./health.ts";
export { asdpo, type AsDpoOptions } from "./asdpo.ts";
