import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { DataError, InputOutputError } from "../../lib/core/mod.ts";
import {
  createRaster,
  decodeImage,
  encodeJpeg,
  encodePng,
  fromBytes,
  imageFormat,
  quantise8,
  type Raster,
  readImage,
  writePng,
} from "../../lib/image/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, sharedTest } from "../support.ts";

/** A smooth colour image, so that lossy formats stay close. */
function gradient(width = 24, height = 16, channels: 1 | 3 = 3): Raster {
  const r = createRaster({ width, height }, channels);
  r.data.forEach((_, i) => {
    const pixel = Math.floor(i / channels);
    r.data[i] = 0.2 + 0.5 * (pixel % width) / width + 0.1 * (i % channels) + 0.1 * Math.floor(pixel / width) / height;
  });
  return quantise8(r);
}

/** A sharp pipeline over 8-bit samples. */
function pipeline(r: Raster, channels: 1 | 2 | 3 | 4 = r.channels, samples = Uint8Array.from(r.data, (v) => v * 255)) {
  return sharp(samples, { raw: { width: r.width, height: r.height, channels } });
}

Deno.test("writePng() and readImage() keep 8-bit values exactly", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "image.png"), r = gradient();
    await writePng(path, r);
    const { image, notes } = await readImage(path);
    assertEquals(image, r);
    assertEquals(notes, []);
    assertEquals(await encodePng(r), await Deno.readFile(path)); // the same bytes every time
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decodeImage() converts gray, alpha, palette, 16-bit and CMYK images and says so", async () => {
  const r = gradient(), gray = gradient(24, 16, 1);
  const rgba = Uint8Array.from(
    { length: 24 * 16 * 4 },
    (_, i) => i % 4 === 3 ? i % 200 : Math.round(r.data[i - (i >> 2)] * 255),
  );
  const deep = Uint16Array.from(r.data, (value) => Math.round(value * 65535) - 100);
  const grayDeep = Uint16Array.from(gray.data, (value) => Math.round(value * 65535) - 100);
  const raw16 = (samples: Uint16Array, channels: 1 | 3) =>
    sharp(samples, { raw: { width: 24, height: 16, channels } }).toColourspace(channels === 1 ? "grey16" : "rgb16");
  const cases: [string, Promise<Uint8Array>, Raster, readonly string[], number][] = [
    ["gray", encodePng(gray), gray, ["gray converted to RGB"], 0],
    ["alpha", pipeline(r, 4, rgba).png().toBuffer(), r, ["alpha dropped"], 0],
    ["palette", pipeline(r).png({ palette: true, dither: 0 }).toBuffer(), r, ["palette expanded to RGB"], 0.06],
    ["16-bit", raw16(deep, 3).png().toBuffer(), r, ["16-bit samples read without rounding"], 100.6 / 65535],
    ["gray 16-bit", raw16(grayDeep, 1).png().toBuffer(), gray, [
      "gray converted to RGB",
      "16-bit samples read without rounding",
    ], 100.6 / 65535],
    ["CMYK", pipeline(r).toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer(), r, ["CMYK converted to RGB"], 0.15],
    ["JPEG", pipeline(r).jpeg({ quality: 95 }).toBuffer(), r, [], 0.02],
    ["WebP", pipeline(r).webp({ lossless: true }).toBuffer(), r, [], 0],
    ["TIFF", pipeline(r).tiff({ compression: "lzw" }).toBuffer(), r, [], 0],
  ];
  for (const [name, bytes, expected, noted, tolerance] of cases) {
    const { image, notes } = await decodeImage(await bytes, name);
    assertEquals(notes.filter((note) => !note.startsWith("colour profile")), noted as string[], name);
    assertEquals([image.width, image.height, image.channels], [24, 16, 3], name);
    const wide = expected.channels === 3
      ? expected.data
      : Float32Array.from(image.data, (_, i) => expected.data[Math.floor(i / 3)]);
    image.data.forEach((value, i) =>
      assert(Math.abs(value - wide[i]) <= tolerance + 1e-7, `${name}: ${value}, ${wide[i]}`)
    );
  }
});

Deno.test("decodeImage() keeps the lower byte of 16-bit samples", async () => {
  const samples = Uint16Array.from({ length: 12 * 3 }, (_, i) => 1000 + 257 * i + i);
  const bytes = await sharp(samples, { raw: { width: 4, height: 3, channels: 3 } }).toColourspace("rgb16").png()
    .toBuffer();
  const { image } = await decodeImage(bytes, "deep.png");
  assertEquals(Array.from(image.data, (value) => Math.round(value * 65535)), [...samples]);
});

Deno.test("decodeImage() applies the EXIF orientation", async () => {
  const turned = await pipeline(gradient()).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const { image, notes } = await decodeImage(turned, "turned.jpg");
  assertEquals([image.width, image.height], [16, 24]);
  assert(notes.includes("EXIF orientation 6 applied"));
});

Deno.test("decodeImage() refuses everything that is not a whole image, in one line that names it", async () => {
  const png = await encodePng(gradient(64, 64)), text = new TextEncoder();
  const jpeg = await encodeJpeg(gradient(64, 64), { quality: 90 });
  const bad: [string, Uint8Array, string][] = [
    ["text.png", text.encode("not an image"), "12 bytes that start with 6e 6f 74"],
    ["empty.png", new Uint8Array(), "an empty file"],
    [
      "drawing.png",
      text.encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      "PNG, JPEG, WebP or TIFF",
    ],
    ["animation.gif", text.encode("GIF89a.........."), "PNG, JPEG, WebP or TIFF"],
    ["truncated.png", png.subarray(0, png.length - 40), "complete and valid"],
    ["header.png", png.subarray(0, 20), "complete and valid"],
    ["truncated.jpg", jpeg.subarray(0, jpeg.length - 100), "complete and valid"],
  ];
  for (const [name, bytes, reason] of bad) {
    const error = await decodeImage(bytes, name).then(() => null, (error) => error);
    assert(error instanceof DataError, name);
    assert(error.message.startsWith(`Cannot read ${name} as `) && error.message.includes(reason), error.message);
    assert(!error.message.includes("\n"));
  }
});

Deno.test("decodeImage() refuses more pixels than allowed", async () => {
  const bytes = await encodePng(gradient(64, 64));
  await assertRejects(() => decodeImage(bytes, "large.png", { maxPixels: 4095 }), DataError, "pixel limit");
  assertEquals((await decodeImage(bytes, "large.png", { maxPixels: 4096 })).image.width, 64);
});

Deno.test("readImage() names a missing file", async () => {
  await assertRejects(() => readImage("nowhere/none.png"), InputOutputError, "nowhere/none.png");
});

Deno.test("readImage() refuses what is no file, without waiting for it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(() => readImage(folder), DataError, "must be a file: current value is a folder");
    if (Deno.build.os === "windows") return; // which has neither of these
    await Deno.symlink("/dev/zero", join(folder, "endless.png"));
    await new Deno.Command("mkfifo", { args: [join(folder, "pipe.png")] }).output();
    for (const name of ["endless.png", "pipe.png"]) {
      await assertRejects(() => readImage(join(folder, name)), DataError, "a pipe or device");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readImage() refuses a file that would fill the memory", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.truncate(path, 2 ** 30 + 1); // takes no room on the disk
    await assertRejects(() => readImage(path), DataError, "at most 1073741824 bytes");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("imageFormat() goes by content", () => {
  assertEquals(imageFormat(Uint8Array.fromHex("ffd8ffe000104a46")), "jpeg");
  assertEquals(imageFormat(Uint8Array.fromHex("524946460000000057454250")), "webp");
  assertEquals(imageFormat(Uint8Array.fromHex("49492a00")), "tiff");
  assertEquals(imageFormat(Uint8Array.fromHex("4d4d002a")), "tiff");
  assertEquals(imageFormat(new TextEncoder().encode("BM")), null);
});

Deno.test("encodeJpeg() writes libjpeg's pixels", async () => {
  // Pillow's libjpeg-turbo, qualities 30, 60 and 95 of an image of 41 x 57 with strong chroma
  const fixture = readFixture(goldenPath("image/jpeg.safetensors"));
  const { shape: [height, width], data } = fixtureArray(fixture, "jpeg.src.41x57");
  for (const quality of [30, 60, 95]) {
    for (const chroma of ["4:4:4", "4:2:0"] as const) {
      const expected = fixtureArray(fixture, `pil_jpeg.41x57.q${quality}.${chroma.replaceAll(":", "")}`);
      const encoded = await encodeJpeg(fromBytes(data, { width, height }), { quality, chroma });
      const { image } = await decodeImage(encoded, "golden.jpg");
      close(Array.from(image.data, (value) => value * 255), expected.data, 1e-4);
    }
  }
});

Deno.test("encodeJpeg() refuses a quality that libjpeg has not", async () => {
  for (const quality of [0, 101, 52.5]) {
    await assertRejects(() => encodeJpeg(gradient(), { quality }), RangeError, `current value is ${quality}`);
  }
});

sharedTest("readImage() converts the real images of every kind", "images/real_lr_realesrgan", async (folder) => {
  assertEquals((await readImage(join(folder, "wolf_gray.jpg"))).notes[0], "gray converted to RGB");
  const { image, notes } = await readImage(join(folder, "tree_alpha_16bit.png"));
  assertEquals(notes.slice(0, 2), ["alpha dropped", "16-bit samples read without rounding"]);
  assert(image.data.every((value) => value >= 0 && value <= 1));
});
