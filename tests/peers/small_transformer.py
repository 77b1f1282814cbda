"""The small transformer of lib/backbones in plain PyTorch: FLUX's blocks at small width, parameter names as in diffusers.

Time runs as in the paper (0 noise, 1 image): the network sees sigma = 1 - t and its output changes sign.
Images are [B, H, W, 3] in [-1, 1].
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON = 1e-6


TEXT_WIDTH = 8  # of the zero context and the zero pooled vector


@dataclass(frozen=True)
class Config:
    """Widths and depths, as in SmallConfig of lib/backbones."""

    width: int
    heads: int
    double: int
    single: int
    patch: int
    contextTokens: int

    @property
    def axes_widths(self) -> tuple[int, int, int]:
        """Rotary channels of plane, row and column."""
        head_width = self.width // self.heads
        third = 2 * (head_width // 6)
        return head_width - 2 * third, third, third


class LoraLinear(nn.Linear):
    """A linear layer with named low-rank adapters, of which at most one is active."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.lora_A = nn.ParameterDict()
        self.lora_B = nn.ParameterDict()
        self.scales: dict[str, float] = {}
        self.active: str | None = None

    def add_adapter(self, name: str, lora_a: Tensor, lora_b: Tensor, alpha: float) -> None:
        """Add the adapter x -> alpha / r * B A x."""
        self.lora_A[name] = nn.Parameter(lora_a)
        self.lora_B[name] = nn.Parameter(lora_b)
        self.scales[name] = alpha / lora_a.shape[0]

    def forward(self, x: Tensor) -> Tensor:
        y = super().forward(x)
        if self.active not in self.scales:
            return y
        low = F.linear(x, self.lora_A[self.active])
        return y + F.linear(low, self.lora_B[self.active]) * self.scales[self.active]


class Attention(nn.Module):
    """Joint attention of a double block (with `context`) or plain attention of a single one."""

    def __init__(self, width: int, heads: int, context: bool) -> None:
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = (LoraLinear(width, width) for _ in range(3))
        self.norm_q, self.norm_k = (nn.RMSNorm(width // heads, eps=EPSILON) for _ in range(2))
        if context:
            self.add_q_proj, self.add_k_proj, self.add_v_proj = (LoraLinear(width, width) for _ in range(3))
            self.norm_added_q, self.norm_added_k = (nn.RMSNorm(width // heads, eps=EPSILON) for _ in range(2))
            self.to_out = nn.ModuleList([LoraLinear(width, width)])
            self.to_add_out = LoraLinear(width, width)

    def forward(self, x: Tensor, rope: Tensor, context: Tensor | None = None) -> Tensor:
        q, k, v = (self.split(layer(x)) for layer in (self.to_q, self.to_k, self.to_v))
        q, k = self.norm_q(q), self.norm_k(k)
        if context is not None:
            layers = (self.add_q_proj, self.add_k_proj, self.add_v_proj)
            added_q, added_k, added_v = (self.split(layer(context)) for layer in layers)
            q = torch.cat([self.norm_added_q(added_q), q], 2)
            k = torch.cat([self.norm_added_k(added_k), k], 2)
            v = torch.cat([added_v, v], 2)
        return F.scaled_dot_product_attention(turn(q, rope), turn(k, rope), v).transpose(1, 2).flatten(2)

    def split(self, x: Tensor) -> Tensor:
        """[B, N, D] -> [B, heads, N, D / heads]"""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        up = nn.Module()
        up.proj = LoraLinear(width, 4 * width)
        self.net = nn.ModuleList([up, nn.Identity(), LoraLinear(4 * width, width)])

    def forward(self, x: Tensor) -> Tensor:
        return self.net[2](F.gelu(self.net[0].proj(x), approximate="tanh"))


class Modulation(nn.Module):
    """Scales, shifts and gates computed from the time embedding."""

    def __init__(self, width: int, parts: int) -> None:
        super().__init__()
        self.parts = parts
        self.linear = LoraLinear(width, parts * width)

    def forward(self, embedding: Tensor) -> tuple[Tensor, ...]:
        return self.linear(F.silu(embedding))[:, None].chunk(self.parts, -1)


class DoubleBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm1_context = Modulation(width, 6), Modulation(width, 6)
        self.attn = Attention(width, heads, context=True)
        self.ff, self.ff_context = FeedForward(width), FeedForward(width)

    def forward(self, x: Tensor, y: Tensor, embedding: Tensor, rope: Tensor) -> tuple[Tensor, Tensor]:
        x_mod, y_mod = self.norm1(embedding), self.norm1_context(embedding)
        attended = self.attn(norm(x, x_mod[1], x_mod[0]), rope, norm(y, y_mod[1], y_mod[0]))
        to_y, to_x = attended.split([y.shape[1], x.shape[1]], 1)
        x = x + x_mod[2] * self.attn.to_out[0](to_x)
        x = x + x_mod[5] * self.ff(norm(x, x_mod[4], x_mod[3]))
        y = y + y_mod[2] * self.attn.to_add_out(to_y)
        y = y + y_mod[5] * self.ff_context(norm(y, y_mod[4], y_mod[3]))
        return x, y


class SingleBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm = Modulation(width, 3)
        self.attn = Attention(width, heads, context=False)
        self.proj_mlp = LoraLinear(width, 4 * width)
        self.proj_out = LoraLinear(5 * width, width)

    def forward(self, z: Tensor, embedding: Tensor, rope: Tensor) -> Tensor:
        shift, scale, gate = self.norm(embedding)
        n = norm(z, scale, shift)
        mlp = F.gelu(self.proj_mlp(n), approximate="tanh")
        return z + gate * self.proj_out(torch.cat([self.attn(n, rope), mlp], -1))


class Embedder(nn.Module):
    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(inputs, width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(x)))


class TimeTextEmbed(nn.Module):
    def __init__(self, width: int, pooled: int) -> None:
        super().__init__()
        self.timestep_embedder, self.text_embedder = Embedder(256, width), Embedder(pooled, width)
        frequencies = 10000 ** (-torch.arange(128, dtype=torch.float64) / 128)
        self.register_buffer("frequencies", frequencies.float(), False)

    def forward(self, sigma: Tensor, pooled: Tensor) -> Tensor:
        angles = 1000 * sigma[:, None] * self.frequencies
        return self.timestep_embedder(torch.cat([angles.cos(), angles.sin()], -1)) + self.text_embedder(pooled)


class SmallTransformer(nn.Module):
    """A velocity field v(xt, t, c)."""

    def __init__(self, config: Config, size: int) -> None:
        super().__init__()
        width, values = config.width, 3 * config.patch**2
        self.config, self.grid = config, size // config.patch
        self.x_embedder = LoraLinear(2 * values, width)
        self.context_embedder = nn.Linear(TEXT_WIDTH, width)
        self.time_text_embed = TimeTextEmbed(width, TEXT_WIDTH)
        self.transformer_blocks = nn.ModuleList(DoubleBlock(width, config.heads) for _ in range(config.double))
        self.single_transformer_blocks = nn.ModuleList(SingleBlock(width, config.heads) for _ in range(config.single))
        self.norm_out = Modulation(width, 2)
        self.proj_out = LoraLinear(width, values)
        self.register_buffer("rope", rope_table(config, self.grid), False)
        self.register_buffer("context", torch.zeros(1, config.contextTokens, TEXT_WIDTH), False)
        self.register_buffer("pooled", torch.zeros(1, TEXT_WIDTH), False)

    def forward(self, xt: Tensor, t: Tensor, c: Tensor) -> Tensor:
        x = self.x_embedder(torch.cat([self.patches(xt), self.patches(c)], -1))
        y = self.context_embedder(self.context).expand(len(xt), -1, -1)
        embedding = self.time_text_embed(1 - t, self.pooled)
        for block in self.transformer_blocks:
            x, y = block(x, y, embedding, self.rope)
        z = torch.cat([y, x], 1)
        for block in self.single_transformer_blocks:
            z = block(z, embedding, self.rope)
        scale, shift = self.norm_out(embedding)
        return -self.image(self.proj_out(norm(z[:, y.shape[1] :], scale, shift)))

    def patches(self, image: Tensor) -> Tensor:
        """[B, H, W, 3] -> [B, N, 3 p p]"""
        p, g = self.config.patch, self.grid
        return image.reshape(-1, g, p, g, p, 3).permute(0, 1, 3, 2, 4, 5).reshape(len(image), g * g, -1)

    def image(self, tokens: Tensor) -> Tensor:
        """[B, N, 3 p p] -> [B, H, W, 3]"""
        p, g = self.config.patch, self.grid
        return tokens.reshape(-1, g, g, p, p, 3).permute(0, 1, 3, 2, 4, 5).reshape(len(tokens), g * p, g * p, 3)

    @contextmanager
    def adapter(self, name: str | None) -> Iterator[None]:
        """Make one adapter active, or none."""
        layers = [module for module in self.modules() if isinstance(module, LoraLinear)]
        for layer in layers:
            layer.active = name
        try:
            yield
        finally:
            for layer in layers:
                layer.active = None


def norm(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Normalise the last axis and modulate it."""
    return F.layer_norm(x, x.shape[-1:], eps=EPSILON) * (1 + scale) + shift


def turn(x: Tensor, rope: Tensor) -> Tensor:
    """Turn adjacent pairs of channels of [B, heads, N, C] by each token's angles."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * rope).flatten(-2)


def rope_table(config: Config, grid: int) -> Tensor:
    """Complex rotations [N, C / 2] of the context tokens (none) and of the image tokens at (0, row, column)."""
    context = torch.zeros(config.contextTokens, 3, dtype=torch.float64)
    rows, columns = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    image = torch.stack([torch.zeros_like(rows), rows, columns], -1).reshape(-1, 3).double()
    ids = torch.cat([context, image])
    angles = [
        ids[:, axis, None] * 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
        for axis, width in enumerate(config.axes_widths)
    ]
    turns = torch.cat(angles, -1)
    return torch.polar(torch.ones_like(turns), turns).to(torch.complex64)
