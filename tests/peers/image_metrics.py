"""PSNR, SSIM and NIQE as BasicSR computes them, in plain NumPy, OpenCV and SciPy: every function takes 8-bit images.

The formulation is BasicSR's: Y of YCbCr by every function anew, SSIM by five dense 11 x 11 filters, NIQE by
scipy.ndimage.convolve, a table of 9,801 shapes for every fit, and MATLAB's bicubic along both axes.
"""

import math

import cv2
import numpy as np
from scipy.ndimage import convolve
from scipy.special import gamma

BLOCK = 96
SHIFTS = ((0, 1), (1, 0), (1, 1), (1, -1))


def luma(image: np.ndarray) -> np.ndarray:
    """Y of YCbCr (BT.601, 16 to 235), not rounded; the channels are red, green and blue."""
    return (np.dot(image.astype(np.float32) / 255, [65.481, 128.553, 24.966]) + 16).astype(np.float32)


def cropped_luma(image: np.ndarray, border: int) -> np.ndarray:
    return luma(image[border:-border, border:-border] if border else image).astype(np.float64)


def psnr(sr: np.ndarray, hr: np.ndarray, border: int) -> float:
    error = np.mean((cropped_luma(sr, border) - cropped_luma(hr, border)) ** 2)
    return float(10 * np.log10(255**2 / error))


def ssim(sr: np.ndarray, hr: np.ndarray, border: int) -> float:
    x, y = cropped_luma(sr, border), cropped_luma(hr, border)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    kernel = cv2.getGaussianKernel(11, 1.5)
    window = np.outer(kernel, kernel.transpose())

    def average(values: np.ndarray) -> np.ndarray:
        return cv2.filter2D(values, -1, window)[5:-5, 5:-5]

    mx, my = average(x), average(y)
    xx, yy, xy = average(x**2) - mx**2, average(y**2) - my**2, average(x * y) - mx * my
    similarity = ((2 * mx * my + c1) * (2 * xy + c2)) / ((mx**2 + my**2 + c1) * (xx + yy + c2))
    return float(similarity.mean())


def niqe(image: np.ndarray, border: int, mean: np.ndarray, covariance: np.ndarray) -> float:
    y = luma(image)
    y = (y[border:-border, border:-border] if border else y).round()
    rows, columns = y.shape[0] // BLOCK, y.shape[1] // BLOCK
    y = y[: rows * BLOCK, : columns * BLOCK]
    axis = np.arange(7) - 3
    window = np.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / (2 * (7 / 6) ** 2))
    window /= window.sum()
    scales = []
    for side in (BLOCK, BLOCK // 2):
        centre = convolve(y, window, mode="nearest")
        deviation = np.sqrt(np.abs(convolve(np.square(y), window, mode="nearest") - np.square(centre)))
        normalised = (y - centre) / (deviation + 1)
        scales.append([
            block_features(normalised[i * side : (i + 1) * side, j * side : (j + 1) * side])
            for j in range(columns)
            for i in range(rows)
        ])
        if side == BLOCK:
            y = halve(y / 255) * 255
    features = np.concatenate([np.array(scale) for scale in scales], axis=1)
    own = np.cov(features[~np.isnan(features).any(axis=1)], rowvar=False)
    gap = mean - np.nanmean(features, axis=0)
    return float(np.sqrt(gap @ np.linalg.pinv((covariance + own) / 2) @ gap))


def block_features(block: np.ndarray) -> list[float]:
    alpha, left, right = fit_aggd(block)
    features = [alpha, (left + right) / 2]
    for shift in SHIFTS:
        alpha, left, right = fit_aggd(block * np.roll(block, shift, axis=(0, 1)))
        features += [alpha, (right - left) * (gamma(2 / alpha) / gamma(1 / alpha)), left, right]
    return features


def fit_aggd(block: np.ndarray) -> tuple[float, float, float]:
    values = block.flatten()
    shapes = np.arange(0.2, 10.001, 0.001)
    inverse = np.reciprocal(shapes)
    ratios = np.square(gamma(inverse * 2)) / (gamma(inverse) * gamma(inverse * 3))
    left, right = np.sqrt(np.mean(values[values < 0] ** 2)), np.sqrt(np.mean(values[values > 0] ** 2))
    g = left / right
    ratio = np.mean(np.abs(values)) ** 2 / np.mean(values**2)
    alpha = shapes[np.argmin((ratios - ratio * (g**3 + 1) * (g + 1) / (g**2 + 1) ** 2) ** 2)]
    scale = np.sqrt(gamma(1 / alpha) / gamma(3 / alpha))
    return alpha, left * scale, right * scale


def halve(y: np.ndarray) -> np.ndarray:
    """MATLAB's imresize by 1/2: antialiased cubic, a = -0.5, borders mirrored with the edge repeated."""
    for _ in range(2):
        taps = np.array([cubic((k - 3.5) / 2) for k in range(8)])
        padded = np.pad(y, ((3, 3), (0, 0)), mode="symmetric")
        size = y.shape[0] // 2
        y = sum(tap * padded[k : k + 2 * size : 2] for k, tap in enumerate(taps / taps.sum())).T
    return y


def cubic(x: float) -> float:
    d = math.fabs(x)
    if d <= 1:
        return (1.5 * d - 2.5) * d * d + 1
    return ((-0.5 * d + 2.5) * d - 4) * d + 2 if d < 2 else 0.0
