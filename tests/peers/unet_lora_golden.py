"""Write tests/golden/unet/*_lora.safetensors: adapters on UNets whose condition is on the channels.

Needs PyTorch 2.15.0, diffusers 0.42.1 and PEFT 0.21.2. Every tensor is drawn from a generator seeded by its name, so two runs
write the same bytes. Run: python tests/peers/unet_lora_golden.py
"""
import json
import pathlib
import re
import zlib

import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig
from safetensors.torch import load_file, save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "unet"
TARGETS = r".*\.attentions\..*\.(to_q|to_k|to_v|to_out\.0|proj|net\.2)|.*\.(proj_in|proj_out)|conv_in"


def draw(name, shape, deviation):
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()) & 0x7FFFFFFF)
    return deviation * torch.randn(shape, generator=generator)


def write(name):
    tag = f"unet_{name}_tiny"
    weights = load_file(GOLDEN / f"{tag}.safetensors")
    io = load_file(GOLDEN / f"{tag}_io.safetensors")
    config = json.loads((GOLDEN / f"{tag}_config.json").read_text())
    latents = config["in_channels"]
    model = UNet2DConditionModel.from_config({**config, "in_channels": 2 * latents}).eval()
    kernel = torch.cat([weights["conv_in.weight"], torch.zeros_like(weights["conv_in.weight"])], 1)
    model.load_state_dict({**weights, "conv_in.weight": kernel})
    model.add_adapter(LoraConfig(r=2, lora_alpha=3, target_modules=TARGETS, init_lora_weights=False))
    factors = {re.sub(r"\.default\.", ".", n): p for n, p in model.named_parameters() if ".lora_" in n}
    with torch.no_grad():
        for key, factor in factors.items():
            # Kernels are [r, in, h, w] and [out, r, 1, 1].
            deviation = factor[0].numel() ** -0.5 if "lora_A" in key else 0.3
            factor.copy_(draw(f"{tag}/{key}", factor.shape, deviation))

    sample = io["in.sample"].clone().requires_grad_()
    condition = draw(f"{tag}/condition", sample.shape, 1.0)
    target = draw(f"{tag}/target", sample.shape, 1.0)
    added = {"text_embeds": io["in.text_embeds"], "time_ids": io["in.time_ids"]} if "in.time_ids" in io else None
    out = model(
        torch.cat([sample, condition], 1),
        io["in.timestep"],
        io["in.encoder_hidden_states"],
        added_cond_kwargs=added,
        return_dict=False,
    )[0]
    loss = ((out - target) ** 2).mean()
    loss.backward()
    file = {
        "in.condition": condition,
        "in.target": target,
        "out.sample": out.detach(),
        "loss": loss.detach().reshape(1),
        "grad.sample": sample.grad,
        **{f"lora.{key}": factor.detach() for key, factor in factors.items()},
        **{f"grad.{key}": factor.grad for key, factor in factors.items()},
    }
    save_file({key: tensor.contiguous().clone() for key, tensor in file.items()}, GOLDEN / f"{tag}_lora.safetensors")


torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
for name in ("sd15", "sdxl"):
    write(name)
