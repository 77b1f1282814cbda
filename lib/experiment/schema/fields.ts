import { z } from "zod";

/** One zod type per field of a section: a field that is missing, unknown or of another type does not compile. */
export type Fields<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** A whole number of at least one. */
export const count = z.int().min(1);
/** A learning rate or another number above zero. */
export const positive = z.number().positive();
/** A share of a whole. */
export const fraction = z.number().min(0).max(1);
/** A Sobolev index; 0 is Euclidean. */
export const sobolevIndex = z.number().min(0).max(6);
