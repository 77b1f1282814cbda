"""Training steps of the small transformer in PyTorch: supervised flow matching and AS-DPO (Eqs. 1, 2, 9-18).

A step is what a training loop does between two batches: losses, backward pass, clipping, AdamW.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from small_transformer import LoraLinear, SmallTransformer

Step = Callable[[], tuple[float, float]]
"""Trains one step and returns the loss and the norm of its gradient before clipping."""


@dataclass(frozen=True)
class Batch:
    """Noise, images, times and conditions: x0, x1 and c are [B, H, W, 3], t is [B]."""

    x0: Tensor
    x1: Tensor
    t: Tensor
    c: Tensor


@dataclass(frozen=True)
class Settings:
    """Hyperparameters of both steps."""

    learningRate: float
    betas: tuple[float, float]
    epsilon: float
    weightDecay: float
    clipNorm: float
    s: float
    beta: float
    rho: float


def sft_step(model: SmallTransformer, batch: Batch, settings: Settings) -> Step:
    """Train all base weights by conditional flow matching (Eq. 2)."""
    base = [parameter for name, parameter in model.named_parameters() if ".lora_" not in name]
    update = updater(base, settings)

    def step() -> tuple[float, float]:
        xt = path(batch.x0, batch.x1, batch.t)
        return update(F.mse_loss(model(xt, batch.t, batch.c), batch.x1 - batch.x0))

    return step


def asdpo_step(model: SmallTransformer, batch: Batch, settings: Settings) -> Step:
    """Train the adapter `policy` against negatives of the adapter `adversary` (Eq. 18)."""
    model.requires_grad_(False)
    layers = [module for module in model.modules() if isinstance(module, LoraLinear)]
    policy = [factors["policy"] for layer in layers for factors in (layer.lora_A, layer.lora_B) if "policy" in factors]
    for parameter in policy:
        parameter.requires_grad_(True)
    update = updater(policy, settings)
    energy = sobolev_energy(batch.x0.shape[1], settings.s)
    x0, t, c = batch.x0, batch.t, batch.c
    time = t.view(-1, 1, 1, 1)

    def step() -> tuple[float, float]:
        winner, winner_target = path(x0, batch.x1, t), batch.x1 - x0
        with torch.no_grad():
            with model.adapter("adversary"):
                artifact = winner + (1 - time) * model(winner, t, c)
            loser, loser_target = path(x0, artifact, t), artifact - x0
            winner_reference = energy(model(winner, t, c) - winner_target)
            loser_reference = energy(model(loser, t, c) - loser_target)
        with model.adapter("policy"):
            winner_gap = energy(model(winner, t, c) - winner_target) - winner_reference
            loser_gap = energy(model(loser, t, c) - loser_target) - loser_reference
        inside = settings.beta * (settings.rho * loser_gap - winner_gap)
        return update(F.softplus(-inside).mean())

    return step


def path(x0: Tensor, x1: Tensor, t: Tensor) -> Tensor:
    """The state on the straight path from noise to image (Eq. 1)."""
    return torch.lerp(x0, x1, t.view(-1, 1, 1, 1))


def updater(parameters: list[Tensor], settings: Settings) -> Callable[[Tensor], tuple[float, float]]:
    """Make the part of a step that follows its loss."""
    optimizer = torch.optim.AdamW(
        parameters,
        lr=settings.learningRate,
        betas=settings.betas,
        eps=settings.epsilon,
        weight_decay=settings.weightDecay,
    )

    def update(loss: Tensor) -> tuple[float, float]:
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings.clipNorm)
        optimizer.step()
        return loss.item(), norm.item()

    return update


def sobolev_energy(size: int, s: float) -> Callable[[Tensor], Tensor]:
    """Make the function that measures fields [B, H, W, C] in H^s: weights of mean 1, mean over all values."""
    index = torch.arange(size, dtype=torch.float64)
    matrix = math.sqrt(2 / size) * torch.cos(math.pi * index[:, None] * (2 * index + 1) / (2 * size))
    matrix[0] /= math.sqrt(2)
    weights = (1 + index[:, None] ** 2 + index**2) ** s
    dct, weights = matrix.float(), (weights / weights.mean()).float()

    def energy(field: Tensor) -> Tensor:
        coefficients = dct @ field.permute(0, 3, 1, 2) @ dct.T
        return (coefficients.square() * weights).mean((1, 2, 3))

    return energy
