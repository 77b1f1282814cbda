"""Runs FLUX blocks of diffusers on request: a job in, one line of JSON with its time and numbers out.

Argument: the number of threads. A job is a line of JSON (file, kind, precision, direction, text, heads, headWidth); its
safetensors file has the weights (`block.*`), the adapter's factors (`lora.*`, rank = alpha) and the inputs (`in.*`).
"""

import json
import sys
import time
from collections.abc import Callable

import torch
from diffusers.models.transformers.transformer_flux import FluxSingleTransformerBlock, FluxTransformerBlock
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F


class LoraLinear(nn.Module):
    """A frozen linear layer with a trained adapter whose alpha is its rank."""

    def __init__(self, frozen: nn.Linear, lora_a: Tensor, lora_b: Tensor) -> None:
        super().__init__()
        self.frozen = frozen
        self.lora_a, self.lora_b = nn.Parameter(lora_a), nn.Parameter(lora_b)

    def forward(self, x: Tensor) -> Tensor:
        return self.frozen(x) + F.linear(F.linear(x, self.lora_a), self.lora_b)


def main(threads: str) -> None:
    torch.set_num_threads(int(threads))
    answer({"pytorch": torch.__version__})
    last, run = "", None
    for line in sys.stdin:
        if line != last:
            run = None  # frees the block before
            last, run = line, open_block(json.loads(line))
        start = time.perf_counter()
        loss, norm = run()
        answer({"ms": 1000 * (time.perf_counter() - start), "loss": loss, "gradientNorm": norm})


def open_block(job: dict) -> Callable[[], tuple[float, float]]:
    """Load a block; the result computes the mean square of its output and, for `backward`, the norm of its gradients."""
    dtype = torch.bfloat16 if job["precision"] == "bfloat16" else torch.float32
    stored = load_file(job["file"])
    tensors = {name: tensor.to(dtype) for name, tensor in stored.items()}
    kind = FluxTransformerBlock if job["kind"] == "double" else FluxSingleTransformerBlock
    with torch.device("meta"):
        block = kind(job["heads"] * job["headWidth"], job["heads"], job["headWidth"])
    block.load_state_dict(under(tensors, "block."), assign=True)
    block.requires_grad_(False)
    factors = add_adapter(block, under(tensors, "lora.")) if job["direction"] == "backward" else []
    joint, embedding, rope = tensors["in.joint"], tensors["in.embedding"], (stored["in.cos"], stored["in.sin"])
    text, image = joint.split([job["text"], joint.shape[1] - job["text"]], dim=1)

    def run() -> tuple[float, float]:
        with torch.set_grad_enabled(bool(factors)):
            outputs = block(image, text, embedding, rope)
            loss = torch.cat(outputs, dim=1).float().square().mean()
        if not factors:
            return loss.item(), loss.item()
        gradients = torch.autograd.grad(loss, factors)
        norm = torch.stack([gradient.float().square().sum() for gradient in gradients]).sum().sqrt()
        return loss.item(), norm.item()

    return run


def add_adapter(block: nn.Module, factors: dict[str, Tensor]) -> list[nn.Parameter]:
    """Wrap every adapted layer; returns the trained factors."""
    trained: list[nn.Parameter] = []
    for name in (name.removesuffix(".lora_A.weight") for name in factors if name.endswith(".lora_A.weight")):
        parent, _, child = name.rpartition(".")
        layer = LoraLinear(block.get_submodule(name), *(factors[f"{name}.lora_{factor}.weight"] for factor in "AB"))
        setattr(block.get_submodule(parent), child, layer)
        trained += [layer.lora_a, layer.lora_b]
    return trained


def under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Tensors whose names start so, without the prefix."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def answer(value: dict) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
