"""Runs training steps on request: one line with the name of a step in, one line of JSON with its time and numbers out.

Arguments: a JSON file with the model, the settings and the threads; a safetensors file with the weights (`base.*`,
`policy.*` and `adversary.*`, names as in diffusers) and the batch (`batch.*`).
"""

import json
import sys

import torch
from safetensors.torch import load_file
from torch import Tensor

from serving import Task, serve
from small_transformer import Config, LoraLinear, SmallTransformer
from training_steps import Batch, Settings, Step, asdpo_step, sft_step


def main(job_file: str, tensor_file: str) -> None:
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    torch.set_num_threads(job["threads"])
    torch.set_num_interop_threads(job["threads"])
    tensors = load_file(tensor_file)
    batch, settings = Batch(**under(tensors, "batch.")), Settings(**job["settings"])
    makers = {"sft": sft_step, "asdpo": asdpo_step}

    def start(name: str) -> Task:
        step: Step = makers[name](load_model(job, tensors), batch, settings)

        def run() -> dict[str, float]:
            loss, norm = step()
            return {"loss": loss, "gradientNorm": norm}

        return run

    serve(f"PyTorch {torch.__version__}", start)


def load_model(job: dict, tensors: dict[str, Tensor]) -> SmallTransformer:
    """Make a model with its adapters; it shares no tensor with another."""
    config = Config(**job["model"])
    model = SmallTransformer(config, tensors["batch.x0"].shape[1])
    expected = {name for name, _ in model.named_parameters()}
    base = under(tensors, "base.")
    if base.keys() != expected:
        raise ValueError(f"Cannot load weights as names differ: {sorted(base.keys() ^ expected)}")
    model.load_state_dict(base)
    modules = dict(model.named_modules())
    for adapter in ("policy", "adversary"):
        factors = under(tensors, f"{adapter}.")
        for name in (name.removesuffix(".lora_A.weight") for name in factors if name.endswith(".lora_A.weight")):
            layer = modules[name]
            assert isinstance(layer, LoraLinear)
            lora_a, lora_b = (factors[f"{name}.lora_{factor}.weight"].clone() for factor in "AB")
            layer.add_adapter(adapter, lora_a, lora_b, job["alpha"])
    return model


def under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Tensors whose names start so, without the prefix."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


if __name__ == "__main__":
    main(*sys.argv[1:])
