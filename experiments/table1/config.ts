import type { GivenConfig, MeasurementTable } from "asasr/experiment/mod.ts";

// deno-fmt-ignore
const rows: MeasurementTable["rows"] = [
  ["DIV2K-Val", "PSNR", 20.36, 21.11, 20.43, 19.93, 19.85, 19.82, 20.46, 19.66, 19.79, 19.6, 19.01, 20.6],
  ["DIV2K-Val", "SSIM", 0.5637, 0.587, 0.5678, 0.5528, 0.472, 0.5167, 0.5411, 0.4902, 0.5137, 0.5064, 0.505, 0.6171],
  ["DIV2K-Val", "LPIPS", 0.3899, 0.3147, 0.3214, 0.3016, 0.3748, 0.3189, 0.3325, 0.3721, 0.3206, 0.313, 0.3299, 0.2784],
  ["DIV2K-Val", "DISTS", 0.241, 0.2191, 0.2181, 0.204, 0.2273, 0.2083, 0.1986, 0.2328, 0.2076, 0.2042, 0.2087, 0.2038],
  ["DIV2K-Val", "MANIQA", 0.3097, 0.3726, 0.3505, 0.4224, 0.5252, 0.4349, 0.5187, 0.5354, 0.4878, 0.581, 0.4507, 0.6519],
  ["DIV2K-Val", "MUSIQ", 54.51, 61.24, 58.7, 66.3, 66.57, 70.59, 70.59, 64.65, 60.66, 70.58, 68.1, 71.4],
  ["DIV2K-Val", "CLIPIQA+", 0.5641, 0.6126, 0.5883, 0.6702, 0.6897, 0.6767, 0.7222, 0.6753, 0.6356, 0.7142, 0.6991, 0.7521],
  ["LSDIR-Val", "PSNR", 16.88, 17.12, 16.87, 16.54, 16.8, 16.71, 16.91, 16.36, 16.19, 16.55, 15.91, 16.83],
  ["LSDIR-Val", "SSIM", 0.4413, 0.4528, 0.4464, 0.4012, 0.3909, 0.4093, 0.4208, 0.371, 0.401, 0.4049, 0.3887, 0.4448],
  ["LSDIR-Val", "LPIPS", 0.3992, 0.3453, 0.3572, 0.3285, 0.3819, 0.3239, 0.3366, 0.3884, 0.3335, 0.3153, 0.3561, 0.2854],
  ["LSDIR-Val", "DISTS", 0.241, 0.2235, 0.2209, 0.2047, 0.2123, 0.1956, 0.1917, 0.2247, 0.1942, 0.1876, 0.1975, 0.1757],
  ["LSDIR-Val", "MANIQA", 0.3549, 0.4271, 0.3874, 0.4736, 0.5678, 0.4435, 0.5546, 0.6392, 0.6203, 0.6299, 0.4988, 0.6372],
  ["LSDIR-Val", "MUSIQ", 63.09, 67.53, 65.12, 70.8, 70.26, 71.83, 73.26, 69.18, 68.01, 73.11, 71.69, 73.97],
  ["LSDIR-Val", "CLIPIQA+", 0.6184, 0.6756, 0.6571, 0.7089, 0.7375, 0.7095, 0.7451, 0.742, 0.722, 0.7773, 0.7106, 0.7761],
  ["RealSR", "PSNR", 23.32, 24.01, 24.44, 23.06, 23.75, 23.58, 23.51, 23.35, 23.64, 23.35, 21.78, 24.09],
  ["RealSR", "SSIM", 0.7301, 0.734, 0.7461, 0.6772, 0.6173, 0.6757, 0.6944, 0.6342, 0.6845, 0.6602, 0.6292, 0.7221],
  ["RealSR", "LPIPS", 0.2788, 0.2733, 0.2535, 0.3047, 0.3713, 0.2895, 0.3001, 0.3706, 0.3225, 0.3159, 0.3188, 0.2497],
  ["RealSR", "DISTS", 0.2248, 0.2069, 0.1938, 0.2152, 0.2424, 0.2108, 0.2214, 0.2482, 0.2417, 0.2221, 0.2234, 0.1986],
  ["RealSR", "MANIQA", 0.4001, 0.3764, 0.3476, 0.4334, 0.5047, 0.4666, 0.54, 0.4502, 0.4232, 0.5849, 0.4602, 0.573],
  ["RealSR", "MUSIQ", 63.83, 60.43, 58.76, 65.44, 65.15, 68.65, 69.12, 59.19, 57.5, 69.09, 67.94, 71.78],
  ["RealSR", "CLIPIQA+", 0.5939, 0.5878, 0.5532, 0.6506, 0.6725, 0.6529, 0.6915, 0.6131, 0.5837, 0.7134, 0.6654, 0.72],
  ["DrealSR", "PSNR", 25.13, 26.28, 26.22, 25.82, 24.81, 25.13, 25.96, 24.77, 26.24, 25.46, 23.72, 25.77],
  ["DrealSR", "SSIM", 0.7583, 0.7771, 0.7753, 0.7177, 0.5893, 0.6736, 0.7411, 0.6249, 0.7189, 0.6845, 0.6439, 0.7356],
  ["DrealSR", "LPIPS", 0.3038, 0.288, 0.2737, 0.3276, 0.4806, 0.3597, 0.3163, 0.4347, 0.3555, 0.3555, 0.37, 0.2874],
  ["DrealSR", "DISTS", 0.2292, 0.2087, 0.2037, 0.2277, 0.2962, 0.2409, 0.2295, 0.2767, 0.3558, 0.2414, 0.2444, 0.2023],
  ["DrealSR", "MANIQA", 0.3587, 0.3434, 0.3309, 0.3901, 0.4981, 0.4584, 0.5047, 0.4158, 0.3151, 0.5641, 0.4435, 0.6067],
  ["DrealSR", "MUSIQ", 59.25, 54.28, 52.77, 59.18, 59.81, 66.21, 64.72, 54.52, 42.82, 68.71, 64.69, 68.36],
  ["DrealSR", "CLIPIQA+", 0.5935, 0.554, 0.5355, 0.6193, 0.6518, 0.6604, 0.6716, 0.5888, 0.5176, 0.6771, 0.6674, 0.6803],
];

/** Table 1: needs the outputs of every method on every set; each folder is measured by the command. */
export const config: GivenConfig = {
  name: "table1",
  title: "Table 1: comparison with published methods",
  claim:
    "ASASR has superior LPIPS and DISTS and top ranks in SSIM on synthetic sets, and dominates no-reference metrics on real ones.",
  command:
    "npx -y deno@2.9.6 task evaluate --sr OUTPUTS --hr TRUTHS --lr INPUTS --metrics psnrDb,ssim,lpips,dists,maniqa,musiq,clipiqaPlus --weights METRIC_WEIGHTS",
  cost: "one evaluation a method and set",
  needs:
    "outputs of the published methods on the four test sets, and ASASR on FLUX.1-dev (its weights are not published)",
  departures: [
    "Counted in the table as printed, ASASR is first in 14 of 28 rows: in LPIPS on three of four sets, in DISTS on two, in SSIM on one, in no-reference metrics in 8 of 12.",
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
  paper: [{
    caption: "Table 1 of the paper, as printed (it writes SUPIR as SUPSR).",
    columns: [
      "dataset",
      "metric",
      "BSRGAN",
      "Real-ESRGAN",
      "SwinIR-GAN",
      "StableSR",
      "DiffBIR",
      "FaithDiff",
      "SeeSR",
      "SUPIR",
      "DreamClear",
      "DP2O-SR",
      "DiT4SR",
      "ASASR",
    ],
    rows,
  }],
};
