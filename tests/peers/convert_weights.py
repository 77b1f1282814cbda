"""Converts an official checkpoint of a metric's network to safetensors: names as they are, float32.

    python tests/peers/convert_weights.py vgg16-397923af.pth weights/metrics/vgg16.safetensors

The same for every file; what to convert to which name is listed in data/README.md. It needs PyTorch and
safetensors (tests/peers/requirements.txt). For a plain state dict it is no more than this line:

    python -c 'import sys, torch; from safetensors.torch import save_file; save_file({k: v.float().contiguous() for k, v in torch.load(sys.argv[1], map_location="cpu", weights_only=True).items()}, sys.argv[2])' IN OUT

The rest is for what some files do differently: CLIP's RN50.pt is a TorchScript archive in half precision, the learned
prompts of CLIP-IQA+ are a bare tensor (stored as `ctx`), some are wrapped in `params`, some names begin with `module.`.
"""

import sys

import torch
from safetensors.torch import save_file
from torch import Tensor


def read_checkpoint(path: str) -> object:
    """Reads tensors only: a checkpoint that holds other objects is refused, as unpickling them would run their code."""
    try:
        return torch.jit.load(path, map_location="cpu").state_dict()
    except RuntimeError:
        return torch.load(path, map_location="cpu", weights_only=True)


def named_tensors(content: object) -> dict[str, Tensor]:
    """Gives every tensor of a checkpoint its name."""
    if isinstance(content, Tensor):
        return {"ctx": content}
    if not isinstance(content, dict):
        raise SystemExit(f"Cannot convert checkpoint as it must hold tensors: current value is {type(content).__name__}")
    for wrapper in ("params", "state_dict"):
        if isinstance(content.get(wrapper), dict):
            return named_tensors(content[wrapper])
    return {name.removeprefix("module."): tensor for name, tensor in content.items() if isinstance(tensor, Tensor)}


def as_stored(tensor: Tensor) -> Tensor:
    """Widens floating numbers to float32 and copies, so that no two names share memory."""
    return (tensor.float() if tensor.is_floating_point() else tensor).detach().clone().contiguous()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python tests/peers/convert_weights.py CHECKPOINT OUT.safetensors")
    tensors = named_tensors(read_checkpoint(sys.argv[1]))
    save_file({name: as_stored(tensor) for name, tensor in tensors.items()}, sys.argv[2])
    print(f"{sys.argv[2]}: {len(tensors)} tensors")
