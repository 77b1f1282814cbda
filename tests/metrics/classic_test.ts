import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRaster, readImage } from "asasr/image/mod.ts";
import {
  gmsd,
  type MetricImage,
  msssim,
  prepareImage,
  type Protocol,
  protocols,
  psnr,
  ssim,
  uniformSsim,
} from "asasr/metrics/mod.ts";
import { goldenPath, sharedTest } from "../support.ts";

/** Values of pyiqa 0.1.16, BasicSR 8d56e3a and scikit-image 0.26.0 for one pair; a text where the toolbox fails. */
type Golden = Record<string, number | string>;
interface Classic {
  readonly pairs: Record<string, Golden>;
}
const classic: Classic = JSON.parse(await Deno.readTextFile(goldenPath("metrics/classic.json")));

const crop4 = (protocol: Protocol): Protocol => ({ ...protocol, border: 4 });
const rgb = (protocol: Protocol): Protocol => ({ ...protocol, channel: "rgb", border: 0 });
const { paper, pyiqa, basicsr } = protocols, uncropped = protocols["basicsr-uncropped"];
/** MATLAB's uint8 Y: rounded, in NumPy's doubles. */
const rounded: Protocol = { ...uncropped, roundPlanes: true, halves: "fused" };

type Measure = (sr: MetricImage, hr: MetricImage, protocol?: Protocol) => number;
/** Key of the fixture, our metric, our protocol, tolerance (README of the fixtures: float32 paths of pyiqa 1e-4). */
const columns: readonly (readonly [string, Measure, Protocol, number])[] = [
  ["pyiqa_psnr_rgb", psnr, rgb(paper), 1e-4],
  ["pyiqa_psnr_y_yiq(default)", psnr, pyiqa, 1e-4],
  ["pyiqa_psnr_y_ycbcr", psnr, paper, 1e-4],
  ["pyiqa_psnr_y_ycbcr_crop4", psnr, crop4(paper), 1e-4],
  ["pyiqa_ssim_y_yiq(default)", ssim, pyiqa, 1e-4],
  ["pyiqa_ssim_y_ycbcr", ssim, paper, 1e-4],
  ["pyiqa_ssim_y_ycbcr_crop4", ssim, crop4(paper), 1e-4],
  ["pyiqa_ssim_rgb(ssimc)", ssim, rgb(paper), 1e-4],
  ["pyiqa_msssim_y_yiq(default)", msssim, pyiqa, 1e-4],
  ["pyiqa_msssim_y_ycbcr", msssim, paper, 1e-4],
  ["pyiqa_msssim_rgb", msssim, rgb(paper), 1e-4],
  ["pyiqa_gmsd_y(default)", gmsd, pyiqa, 1e-4],
  ["basicsr_psnr_rgb_crop0", psnr, rgb(uncropped), 1e-6],
  ["basicsr_psnr_rgb_crop4", psnr, crop4(rgb(uncropped)), 1e-6],
  ["basicsr_psnr_y_crop0", psnr, uncropped, 1e-4],
  ["basicsr_psnr_y_crop4", psnr, basicsr, 1e-4],
  ["basicsr_ssim_rgb_crop0", ssim, rgb(uncropped), 1e-6],
  ["basicsr_ssim_rgb_crop4", ssim, crop4(rgb(uncropped)), 1e-6],
  ["basicsr_ssim_y_crop0", ssim, uncropped, 1e-6],
  ["basicsr_ssim_y_crop4", ssim, basicsr, 1e-6],
  ["pyiqa_ssim_y_yiq_downsample", (sr, hr, protocol) => ssim(sr, hr, protocol, { shrink: true }), pyiqa, 1e-4],
  ["matlab_psnr_y_rounded_f64", (sr, hr, protocol) => psnr(sr, hr, protocol, { structure: true }), rounded, 1e-9],
  ["f64_psnr_rgb_u8", psnr, rgb(uncropped), 1e-9],
  ["skimage_ssim_y_gauss_popcov", ssim, rounded, 1e-9],
  ["skimage_ssim_y_default_uniform7", uniformSsim, rounded, 1e-9],
];

/** Measured by fsim_test.ts. */
const elsewhere = ["pyiqa_fsimc"];

async function checkPair(name: string, folder: string): Promise<void> {
  const [size] = name.split("_");
  const [sr, hr] = await Promise.all([name, `${size}_gt`].map((file) => readImage(`${folder}/${file}.png`)));
  const keys = columns.map(([key]) => key);
  assertEquals(Object.keys(classic.pairs[name]).filter((key) => !keys.includes(key)), elsewhere); // none is forgotten
  for (const [key, measure, protocol, tolerance] of columns) {
    const expected = classic.pairs[name][key];
    const value = () => measure(sr.image, hr.image, protocol);
    if (typeof expected === "number") assertAlmostEquals(value(), expected, tolerance, `${key} of ${name}: ${value()}`);
    else if (expected === "inf") assertEquals(value(), Infinity);
    else assertThrows(value, RangeError, "the shorter side must be at least 161 px");
  }
}

for (const name of ["d97x131_blurx4", "d97x131_noise12", "d97x131_shift1", "d97x131_gt", "b193x257_halluc"]) {
  Deno.test(`psnr(), ssim(), msssim() and gmsd() match pyiqa, BasicSR and scikit-image on ${name}`, () =>
    checkPair(name, goldenPath("metrics")));
}
sharedTest(
  "psnr(), ssim(), msssim() and gmsd() match the toolboxes on all pairs",
  "fixtures/metrics/images",
  async (folder) => {
    for (const name of Object.keys(classic.pairs)) await checkPair(name, folder);
  },
);

Deno.test("psnr() on Y of YCbCr lies 20 log10(255 / 219) above Y of YIQ", async () => {
  const [sr, hr] = await Promise.all(["blurx4", "gt"].map((n) => readImage(goldenPath(`metrics/d97x131_${n}.png`))));
  const free = uncropped;
  const gap = psnr(sr.image, hr.image, free) - psnr(sr.image, hr.image, { ...free, space: "yiq" });
  assertAlmostEquals(gap, 20 * Math.log10(255 / 219), 1e-5);
});

Deno.test("metrics refuse other sizes, other protocols and images below their window", () => {
  const small = createRaster({ width: 10, height: 16 }), other = createRaster({ width: 16, height: 16 });
  assertThrows(() => psnr(small, other), RangeError, "current values are 10 x 16 and 16 x 16");
  assertThrows(() => ssim(small, small), RangeError, "at least 11 px: current size is 10 x 16");
  assertThrows(
    () => psnr(small, small, { ...paper, border: 5 }),
    RangeError,
    "nothing is left: current size is 10 x 16",
  );
  assertThrows(() => psnr(prepareImage(small, pyiqa), small), RangeError, "was prepared by protocol pyiqa");
});

Deno.test("metrics of a prepared image are those of the image", async () => {
  const [sr, hr] = await Promise.all(["noise12", "gt"].map((n) => readImage(goldenPath(`metrics/d97x131_${n}.png`))));
  const truth = prepareImage(hr.image, paper);
  for (const measure of [psnr, ssim, gmsd]) {
    assertEquals(measure(sr.image, truth), measure(sr.image, hr.image));
    assert(Number.isFinite(measure(truth, truth)));
  }
});
