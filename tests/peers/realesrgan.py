"""Real-ESRGAN general x4v3 in PyTorch: 34 convolutions at low resolution, a pixel shuffle, plus the nearest enlargement."""

import torch.nn.functional as F
from torch import Tensor, nn

WIDTH, BODY, SCALE = 64, 32, 4


class RealEsrganGeneral(nn.Module):
    """Names as in the published checkpoint. Images [B, 3, H, W] in [0, 1]."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index in range(BODY + 1):
            layers += [nn.Conv2d(WIDTH if index else 3, WIDTH, 3, padding=1), nn.PReLU(WIDTH)]
        self.body = nn.ModuleList([*layers, nn.Conv2d(WIDTH, 3 * SCALE**2, 3, padding=1)])

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for layer in self.body:
            y = layer(y)
        return F.pixel_shuffle(y, SCALE) + F.interpolate(x, scale_factor=SCALE, mode="nearest")
