"""The second-order degradation of Real-ESRGAN (Wang et al. 2021), from a recipe, in plain PyTorch, NumPy and SciPy.

The operations are those of the published pipeline, which runs on BasicSR's functions: blur kernels of 21 x 21 (filled up
with zeros) made in NumPy, dense convolutions, also for the unsharp mask of 51 x 51, F.interpolate, torch.randn and
torch.poisson, DiffJPEG by tensordot. As there, colour noise is drawn even where gray noise is used.
"""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy import special
from torch import Tensor

KERNEL_SIDE = 21
USM_SIDE, USM_SIGMA, USM_AMOUNT, USM_THRESHOLD = 51, 8.0, 0.5, 10
GRAY = torch.tensor([0.2989, 0.587, 0.114]).view(1, 3, 1, 1)


class Degradation:
    """Degrades images [1, 3, H, W] in [0, 1] by recipes."""

    def __init__(self) -> None:
        axis = torch.arange(USM_SIDE, dtype=torch.float64) - USM_SIDE // 2
        bell = torch.exp(-(axis**2) / (2 * USM_SIGMA**2))
        bell = bell / bell.sum()
        self.usm = torch.outer(bell, bell).float()
        self.jpeg = DiffJpeg()

    def __call__(self, image: Tensor, recipe: dict[str, Any], noise: bool = True) -> Tensor:
        rows, columns = (side // recipe["scale"] for side in image.shape[2:])
        x = image
        for step in recipe["steps"]:
            match step["kind"]:
                case "sharpen":
                    x = self.sharpen(x)
                case "blur":
                    x = filter_2d(x, torch.from_numpy(blur_kernel(step["kernel"])).float())
                case "resize":
                    x = F.interpolate(x, scale_factor=step["factor"], mode=step["mode"])
                case "resizeToResult":
                    size = (int(rows * step["times"]), int(columns * step["times"]))
                    x = F.interpolate(x, size=size, mode=step["mode"])
                case "gaussianNoise":
                    x = add_gaussian(x, step["sigma"], step["gray"]) if noise else x
                case "poissonNoise":
                    x = add_poisson(x, step["scale"], step["gray"]) if noise else x
                case "diffJpeg":
                    x = self.jpeg(x.clamp(0, 1), step["quality"])
                case "quantise":
                    x = to_levels(x)
                case other:
                    raise ValueError(f"Cannot degrade by {other}")
        return x

    def sharpen(self, x: Tensor) -> Tensor:
        residual = x - filter_2d(x, self.usm)
        mask = (residual.abs() * 255 > USM_THRESHOLD).float()
        soft = filter_2d(mask, self.usm)
        return soft * (x + USM_AMOUNT * residual).clip(0, 1) + (1 - soft) * x


def filter_2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Correlate every channel; borders mirrored without repeating the edge."""
    side = kernel.shape[-1]
    padded = F.pad(x, (side // 2,) * 4, mode="reflect")
    _, channels, height, width = padded.shape
    return F.conv2d(padded.view(channels, 1, height, width), kernel.view(1, 1, side, side)).view(x.shape)


def blur_kernel(spec: dict[str, Any]) -> np.ndarray:
    """Evaluate a kernel and fill it up to 21 x 21."""
    size = spec["size"]
    axis = np.arange(size) - (size - 1) / 2
    x, y = np.meshgrid(axis, axis)
    if spec["family"] == "sinc":
        cutoff, radius = spec["cutoff"], np.hypot(x, y)
        radius[size // 2, size // 2] = 1
        kernel = cutoff * special.j1(cutoff * radius) / (2 * np.pi * radius)
        kernel[size // 2, size // 2] = cutoff**2 / (4 * np.pi)
    else:
        cos, sin = math.cos(spec["theta"]), math.sin(spec["theta"])
        turn = np.array([[cos, -sin], [sin, cos]])
        inverse = np.linalg.inv(turn @ np.diag([spec["sigmaX"] ** 2, spec["sigmaY"] ** 2]) @ turn.T)
        grid = np.stack([x, y], axis=-1)
        q = np.sum(grid @ inverse * grid, axis=2)
        bells = {
            "gaussian": lambda: np.exp(-q / 2),
            "generalised": lambda: np.exp(-(q ** spec["beta"]) / 2),
            "plateau": lambda: 1 / (q ** spec["beta"] + 1),
        }
        kernel = bells[spec["family"]]()
    return np.pad(kernel / kernel.sum(), (KERNEL_SIDE - size) // 2)


def add_gaussian(x: Tensor, sigma: float, gray: bool) -> Tensor:
    colour = torch.randn_like(x) * sigma / 255
    noise = torch.randn_like(x[:, :1]) * sigma / 255 if gray else colour
    return (x + noise).clamp(0, 1)


def add_poisson(x: Tensor, scale: float, gray: bool) -> Tensor:
    noise = poisson_noise(x)
    if gray:
        noise = poisson_noise((x * GRAY).sum(dim=1, keepdim=True))
    return (x + scale * noise).clamp(0, 1)


def poisson_noise(x: Tensor) -> Tensor:
    levels = to_levels(x)
    photons = 2 ** math.ceil(math.log2(len(torch.unique(levels))))
    return torch.poisson(levels * photons) / photons - levels


def to_levels(x: Tensor) -> Tensor:
    return (x * 255).round().clamp(0, 255) / 255


class DiffJpeg:
    """JPEG without entropy coding (Shin and Song 2017): real quality, chroma averaged 2 x 2 and repeated."""

    LUMA = [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ]  # fmt: skip
    CHROMA = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

    def __init__(self) -> None:
        self.luma = torch.tensor(self.LUMA, dtype=torch.float32).T.contiguous()
        self.chroma = torch.full((8, 8), 99.0)
        self.chroma[:4, :4] = torch.tensor(self.CHROMA, dtype=torch.float32).T
        u, x = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
        dct = torch.cos((2 * x + 1) * u * math.pi / 16) / 2
        dct[0] /= math.sqrt(2)
        self.forward_dct = torch.einsum("ux,vy->xyuv", dct, dct).contiguous()
        self.inverse_dct = torch.einsum("ux,vy->uvxy", dct, dct).contiguous()
        self.to_ycc = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]).T
        self.to_rgb = torch.tensor([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]]).T
        self.shift = torch.tensor([0.0, 128.0, 128.0])

    def __call__(self, x: Tensor, quality: float) -> Tensor:
        factor = (5000 / quality if quality < 50 else 200 - 2 * quality) / 100
        height, width = x.shape[2:]
        x = F.pad(x, (0, -width % 16, 0, -height % 16))
        ycc = torch.tensordot(255 * x.permute(0, 2, 3, 1), self.to_ycc, dims=1) + self.shift
        small = F.avg_pool2d(ycc.permute(0, 3, 1, 2)[:, 1:], 2)
        y = self.code(ycc[..., 0], self.luma * factor)
        cb, cr = (self.code(small[:, i], self.chroma * factor) for i in (0, 1))
        chroma = [c.repeat_interleave(2, 1).repeat_interleave(2, 2) for c in (cb, cr)]
        rgb = torch.tensordot(torch.stack([y, *chroma], dim=3) - self.shift, self.to_rgb, dims=1)
        return (rgb.permute(0, 3, 1, 2).clamp(0, 255) / 255)[:, :, :height, :width]

    def code(self, plane: Tensor, table: Tensor) -> Tensor:
        """Quantise every block of a plane [1, H, W]."""
        batch, height, width = plane.shape
        blocks = plane.view(batch, height // 8, 8, width // 8, 8).permute(0, 1, 3, 2, 4)
        levels = torch.round(torch.tensordot(blocks - 128, self.forward_dct, dims=2) / table)
        decoded = torch.tensordot(levels * table, self.inverse_dct, dims=2) + 128
        return decoded.permute(0, 1, 3, 2, 4).reshape(batch, height, width)
