/**
 * tfjs: tensors, their operations and gradients. Start the engine before the first of them.
 *
 * The types that public signatures of this project name are declared here again. They are left out of its documentation,
 * as is all of tfjs, which documents itself.
 *
 * @internal
 * @module
 */
import * as tfjs from "@tensorflow/tfjs";

export * from "@tensorflow/tfjs";

// tfjs's plain JavaScript backend advertises tfjs-node when it is first used under a runtime like Node.
Object.assign(tfjs.findBackend("cpu") ?? {}, { firstUse: false });

/** @ignore */
export type Tensor<R extends tfjs.Rank = tfjs.Rank> = tfjs.Tensor<R>;
/** @ignore */
export const Tensor: typeof tfjs.Tensor = tfjs.Tensor;
/** @ignore */
export type Scalar = tfjs.Scalar;
/** @ignore */
export type Tensor1D = tfjs.Tensor1D;
/** @ignore */
export type Tensor2D = tfjs.Tensor2D;
/** @ignore */
export type Tensor3D = tfjs.Tensor3D;
/** @ignore */
export type Tensor4D = tfjs.Tensor4D;
/** @ignore */
export type Rank = tfjs.Rank;
/** @ignore */
export declare namespace Rank {
  type R0 = tfjs.Rank.R0;
  type R1 = tfjs.Rank.R1;
  type R2 = tfjs.Rank.R2;
  type R3 = tfjs.Rank.R3;
  type R4 = tfjs.Rank.R4;
}
/** @ignore */
export type ShapeMap = tfjs.ShapeMap;
