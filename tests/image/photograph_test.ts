import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import sharp, { type Sharp } from "sharp";
import { DataError } from "../../lib/core/mod.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import {
  createRaster,
  decodePhotograph,
  encodePhotograph,
  encodePng,
  extendMirrored,
  type Photograph,
  readText,
} from "../../lib/image/mod.ts";
import { close } from "../support.ts";

const picture = await encodePng(proceduralImage(3, 0, { width: 13, height: 9 }));

/** Any file that sharp makes of the picture. */
async function file(make: (image: Sharp) => Sharp): Promise<Uint8Array> {
  return new Uint8Array(await make(sharp(picture)).toBuffer());
}

const KINDS: Record<string, [(image: Sharp) => Sharp, Partial<Photograph>]> = {
  rgb: [(image) => image.png(), { bits: 8, alpha: null, profile: null, notes: [] }],
  gray: [(image) => image.toColourspace("b-w").png(), { bits: 8, notes: [] }],
  "gray of 16 bits": [(image) => image.toColourspace("grey16").png(), { bits: 16, notes: [] }],
  "16 bits": [(image) => image.toColourspace("rgb16").png(), { bits: 16, notes: [] }],
  alpha: [(image) => image.ensureAlpha(0.5).png(), { bits: 8, notes: [] }],
  "gray with alpha": [(image) => image.toColourspace("b-w").ensureAlpha(0.5).png(), { bits: 8, notes: [] }],
  palette: [(image) => image.png({ palette: true }), { bits: 8, notes: ["palette expanded to RGB"] }],
  "Display P3": [(image) => image.withIccProfile("p3").png(), { bits: 8, notes: [] }],
  CMYK: [(image) => image.toColourspace("cmyk").jpeg(), { bits: 8, profile: null, notes: ["CMYK converted to RGB"] }],
  WebP: [(image) => image.webp({ lossless: true }), { bits: 8, notes: [] }],
  TIFF: [(image) => image.tiff({ compression: "lzw" }), { bits: 8, notes: [] }],
};

for (const [kind, [make, expected]] of Object.entries(KINDS)) {
  Deno.test(`decodePhotograph() keeps what a file of ${kind} has, and encodePhotograph() writes it back`, async () => {
    const photograph = await decodePhotograph(await file(make), kind);
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, photograph[key as keyof Photograph]]));
    assertEquals<unknown>(found, expected);
    assertEquals([photograph.image.width, photograph.image.height], [13, 9]);
    assertEquals(photograph.image.channels, kind.startsWith("gray") ? 1 : 3);
    assertEquals(photograph.alpha !== null, kind.includes("alpha"));
    assertEquals(photograph.profile !== null, kind === "Display P3");
    const again = await decodePhotograph(await encodePhotograph(photograph), kind);
    close(again.image.data, photograph.image.data, 1e-6);
    close(again.alpha?.data ?? [], photograph.alpha?.data ?? [], 1e-6);
    assertEquals(again.profile, photograph.profile);
    assertEquals(again.bits, photograph.bits);
  });
}

Deno.test("decodePhotograph() leaves the values of a wide colour space alone", async () => {
  const wide = await file((image) => image.withIccProfile("p3").png());
  const values = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
  const { image } = await decodePhotograph(wide, "wide");
  close(image.data, Array.from(values, (value) => value / 255), 1e-6);
});

Deno.test("decodePhotograph() applies the EXIF orientation and takes the first of several pages", async () => {
  const turned = await decodePhotograph(await file((image) => image.withMetadata({ orientation: 6 }).jpeg()), "turned");
  assertEquals([turned.image.width, turned.image.height], [9, 13]);
  assertEquals(turned.notes, ["EXIF orientation 6 applied"]);
  const frames = new Uint8Array(
    await sharp([picture, await file((image) => image.negate().png())], { join: { animated: true } }).webp({
      lossless: true,
    }).toBuffer(),
  );
  const animated = await decodePhotograph(frames, "animated");
  assertEquals([animated.image.width, animated.image.height], [13, 9]);
  assertEquals(animated.notes, ["first of 2 pages used"]);
});

Deno.test("decodePhotograph() refuses what is no whole image", async () => {
  const cut = picture.subarray(0, picture.length / 2);
  await assertRejects(() => decodePhotograph(cut, "cut.png"), DataError, "cut.png");
  await assertRejects(() => decodePhotograph(new TextEncoder().encode("text"), "x.png"), DataError, "must be PNG");
});

Deno.test("encodePhotograph() stores texts that readText() finds, and the file stays an image", async () => {
  const photograph = await decodePhotograph(await file((image) => image.withIccProfile("p3").png()), "p3");
  const bytes = await encodePhotograph(photograph, { record: "größe × 4" });
  assertEquals(readText(bytes.subarray(0, 200), "record"), "größe × 4");
  assertEquals(readText(bytes, "other"), null);
  assertEquals(readText(new TextEncoder().encode("no image at all"), "record"), null);
  const { format, hasProfile } = await sharp(bytes, { failOn: "warning" }).metadata();
  assertEquals([format, hasProfile], ["png", true]);
  assertEquals(await encodePhotograph(photograph, { record: "größe × 4" }), bytes);
});

Deno.test("extendMirrored() mirrors the image as often as needed", () => {
  const r = createRaster({ width: 2, height: 1 }, 1, Float32Array.of(0.25, 0.5));
  const { data } = extendMirrored(r, { width: 7, height: 2 });
  assertEquals([...data.subarray(0, 7)], [0.25, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5]);
  assertEquals([...data.subarray(7)], [...data.subarray(0, 7)]);
  assert(extendMirrored(r, r) === r);
  assertThrows(() => extendMirrored(r, { width: 1, height: 1 }), RangeError, "at least 2 x 1");
});
