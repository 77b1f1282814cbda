import { z } from "zod";
import { count, type Fields, positive } from "./fields.ts";

/** FLUX's architecture at small width on pixels, trained from scratch. */
export interface SmallBackboneSettings {
  /** Names this kind. */
  readonly kind: "small";
  /** Width of the tokens, a multiple of 8; the heads divide it into even head widths of at least 6. */
  readonly width: number;
  /** Attention heads. */
  readonly heads: number;
  /** Blocks with separate weights for image and context. */
  readonly doubleBlocks: number;
  /** Blocks on the joined sequence. */
  readonly singleBlocks: number;
}

/** FLUX.1-dev, as in the paper; it needs the published weights. */
export interface FluxBackboneSettings {
  /** Names this kind. */
  readonly kind: "flux";
}

/** The generator. */
export type BackboneSettings = SmallBackboneSettings | FluxBackboneSettings;

/** The generator as a config writes it. */
export type BackboneInput = { readonly kind: "small" } & Partial<SmallBackboneSettings> | FluxBackboneSettings;

/** Size of the adapters: of the policy, of supervised arms, and of the adversary where its arm names no rank. */
export interface LoraSettings {
  /** Rank of the update of each linear layer. */
  readonly rank: number;
  /** The update counts by alpha / rank. */
  readonly alpha: number;
}

const small = {
  kind: z.literal("small"),
  width: z.int().multipleOf(8).default(96),
  heads: count.default(4),
  doubleBlocks: count.default(2),
  singleBlocks: count.default(2),
} satisfies Fields<SmallBackboneSettings>;

export const backboneSchema = z.discriminatedUnion("kind", [
  z.strictObject(small),
  z.strictObject({ kind: z.literal("flux") } satisfies Fields<FluxBackboneSettings>),
]);

export const loraSchema = z.strictObject(
  { rank: count.default(16), alpha: positive.default(16) } satisfies Fields<LoraSettings>,
);
