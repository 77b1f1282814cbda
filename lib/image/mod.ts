/** Pixels: files, resizing, colour, strips. Images are [0, 1] here and [-1, 1] as tensors. @module */
export { resizeBicubic, resizeBicubicPlane } from "./bicubic.ts";
export { type ColourFix, fixColour } from "./colour_fix.ts";
export { type ImageFormat, imageFormat } from "./format.ts";
export { type Box, crop, cropToMultiple, flip } from "./geometry.ts";
export { composeGrid, type GridOptions, type GridPlaces, gridPlaces } from "./grid.ts";
export { interpolate, type InterpolationMode } from "./interpolate.ts";
export { type Lettering, letteringSvg, letteringWidth } from "./lettering.ts";
export { fusedLuma, level, luma, type LumaSpace } from "./luma.ts";
export { fromBytes, quantise8, toBytes } from "./quantise.ts";
export { imageSize } from "./size.ts";
export { createRaster, type Raster, type RasterSize, toRgb } from "./raster.ts";
export { decodeImage, type ReadImage, readImage, type ReadOptions } from "./read.ts";
export { readImageBytes } from "./read_bytes.ts";
export { repeatPixels } from "./repeat.ts";
export { rasteriseSvg } from "./svg.ts";
export { rasterToTensor, tensorToRasters } from "./tensor.ts";
export { encodeJpeg, encodePng, type JpegOptions, writePng } from "./write.ts";
