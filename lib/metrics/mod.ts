export * from "./gmsd.ts";
export * from "./msssim.ts";
export * from "./plane.ts";
export * from "./prepared.ts";
export * from "./protocol.ts";
export * from "./psnr.ts";
export * from "./ssim.ts";
