/** The paper's spectral geometry: DCT-II, H^s energies and norms, Sigma_s, and power spectra. @module */
export { applySigma, applySigmaInverse, applySigmaInverseRoot, applySigmaRoot, colouredNoise } from "./covariance.ts";
export type { CovarianceOptions } from "./covariance.ts";
export { dct2, idct2 } from "./dct.ts";
export { dctMatrix } from "./dct_matrix.ts";
export { sobolevEnergy, sobolevInner, sobolevNorm } from "./energy.ts";
export type { EnergyOptions } from "./energy.ts";
export { fft } from "./fft.ts";
export { fft2 } from "./fft2.ts";
export type { Complex } from "./fft.ts";
export { ifft2 } from "./ifft2.ts";
export { plainDct2, plainIdct2, plainSobolevInner, plainWeigh } from "./plain.ts";
export type { PlainField } from "./plain.ts";
export { radialPsd, spectralSlope } from "./radial_psd.ts";
export type { RadialPsd } from "./radial_psd.ts";
export { sobolevWeights } from "./weights.ts";
export type { FrequencyUnit, WeightOptions } from "./weights.ts";
