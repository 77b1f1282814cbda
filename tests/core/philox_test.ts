import { assertEquals, assertThrows } from "@std/assert";
import { philox4x32 } from "../../lib/core/mod.ts";

function block(key: number[], counter: number[]): string[] {
  const words = new Uint32Array(4);
  philox4x32(words, key, counter);
  return Array.from(words, (word) => word.toString(16).padStart(8, "0"));
}

// Known answers of philox4x32-10 in Random123 1.14.0 (kat_vectors).
const ones = 0xFFFFFFFF;
const answers: [number[], number[], string][] = [
  [[0, 0], [0, 0, 0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  [[ones, ones], [ones, ones, ones, ones], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  [
    [0xA4093822, 0x299F31D0],
    [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  ],
];

Deno.test("philox4x32() gives the known answers of Random123", () => {
  for (const [key, counter, words] of answers) assertEquals(block(key, counter).join(" "), words);
});

Deno.test("philox4x32() fills with consecutive counters", () => {
  const words = new Uint32Array(12), single = new Uint32Array(4);
  philox4x32(words, [7, 8], [ones, 1, 2, 3]);
  for (const [index, first] of [ones, 0, 1].entries()) {
    philox4x32(single, [7, 8], [first, 1, 2, 3]);
    assertEquals(words.slice(4 * index, 4 * index + 4), single);
  }
});

Deno.test("philox4x32() throws on a length that is no multiple of 4", () => {
  assertThrows(() => philox4x32(new Uint32Array(6), [0, 0], [0, 0, 0, 0]), RangeError, "a block has 4");
});
