import { createHmac } from "node:crypto";

/**
 * Make a name that tells nothing about what it stands for: HMAC-SHA-256 of its parts under the key of a study.
 *
 * Without the key nobody can tell which method an id stands for, or that two people's ids mean the same one. Sorted by their
 * ids, methods stand in an order that differs for every person and image.
 *
 * @param key Hexadecimal, secret.
 * @param parts What it stands for, such as "image", a person, an image and a method.
 * @returns 32 hexadecimal digits.
 */
export function blindId(key: string, ...parts: readonly string[]): string {
  return createHmac("sha256", Uint8Array.fromHex(key)).update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A new key: 256 random bits, in hexadecimal. */
export function blindingKey(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
