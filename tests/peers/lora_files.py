"""Load adapters' files into diffusers and PEFT, run the networks, and write their outputs.

Needs PyTorch, diffusers and PEFT as requirements.txt pins them. Run: python tests/peers/lora_files.py JOB.json

The job has "golden" (folder of the tests), "out" (a safetensors file) and "cases", each with "name", "network" (flux, sd15 or
sdxl), "format" (diffusers, kohya, peft, or merged: a checkpoint) and "path"; with "conditioned" the input has a condition on
its channels. FLUX's weights are as they were published: diffusers itself widens the first layer.
"""
import json
import os
import pathlib
import sys

import torch
from diffusers import FluxPipeline, FluxTransformer2DModel, StableDiffusionPipeline, StableDiffusionXLPipeline
from diffusers import UNet2DConditionModel
from peft import PeftModel
from safetensors.torch import load_file, save_file

job = json.loads(pathlib.Path(sys.argv[1]).read_text())
golden = pathlib.Path(job["golden"])


def flux_model():
    model = FluxTransformer2DModel.from_config(json.loads((golden / "flux/config.json").read_text()))
    model.load_state_dict(load_file(golden / "flux/flux_tiny.safetensors"))
    return model


def unet_model(name):
    tag = f"unet_{name}_tiny"
    config, weights = json.loads((golden / f"unet/{tag}_config.json").read_text()), load_file(golden / f"unet/{tag}.safetensors")
    model = UNet2DConditionModel.from_config({**config, "in_channels": 2 * config["in_channels"]})
    kernel = torch.cat([weights["conv_in.weight"], torch.zeros_like(weights["conv_in.weight"])], 1)
    model.load_state_dict({**weights, "conv_in.weight": kernel})
    return model


def pipeline(network, model):
    """A pipeline of nothing but the network: what people load adapters with."""
    parts = dict(vae=None, text_encoder=None, tokenizer=None, scheduler=None)
    if network == "flux":
        return FluxPipeline(**parts, text_encoder_2=None, tokenizer_2=None, transformer=model)
    if network == "sd15":
        return StableDiffusionPipeline(
            **parts, unet=model, safety_checker=None, feature_extractor=None, requires_safety_checker=False
        )
    return StableDiffusionXLPipeline(**parts, text_encoder_2=None, tokenizer_2=None, unet=model)


def load(case):
    network, path = case["network"], case["path"]
    kind = FluxTransformer2DModel if network == "flux" else UNet2DConditionModel
    if case["format"] == "merged":
        return kind.from_pretrained(path)
    model = flux_model() if network == "flux" else unet_model(network)
    if case["format"] == "peft":
        return PeftModel.from_pretrained(model, path)
    folder, name = os.path.split(path)
    pipeline(network, model).load_lora_weights(folder, weight_name=name)
    return model


def run_flux(case, model):
    io = load_file(golden / "flux/flux_tiny_io.safetensors")
    tokens = io["in.hidden_states"]
    if case.get("conditioned"):
        tokens = torch.cat([tokens, load_file(golden / "lora/channel_lora_io.safetensors")["in.cond_packed"]], -1)
    return model(
        hidden_states=tokens,
        encoder_hidden_states=io["in.encoder_hidden_states"],
        pooled_projections=io["in.pooled_projections"],
        timestep=io["in.timestep"],
        guidance=io["in.guidance"],
        img_ids=io["in.img_ids"],
        txt_ids=io["in.txt_ids"],
    ).sample


def run_unet(case, model):
    tag = f"unet_{case['network']}_tiny"
    io = load_file(golden / f"unet/{tag}_io.safetensors")
    condition = load_file(golden / f"unet/{tag}_lora.safetensors")["in.condition"]
    added = {"text_embeds": io["in.text_embeds"], "time_ids": io["in.time_ids"]} if "in.time_ids" in io else None
    sample = torch.cat([io["in.sample"], condition], 1)
    return model(sample, io["in.timestep"], io["in.encoder_hidden_states"], added_cond_kwargs=added).sample


torch.set_num_threads(1)
outputs = {}
with torch.no_grad():
    for case in job["cases"]:
        run = run_flux if case["network"] == "flux" else run_unet
        outputs[case["name"]] = run(case, load(case).eval()).contiguous()

    # diffusers takes kohya's fused layers apart at the width of FLUX.1-dev only: there without a network.
    for name, path in job.get("products", {}).items():
        folder, file = os.path.split(path)
        factors, alphas = FluxPipeline.lora_state_dict(folder, weight_name=file, return_alphas=True)
        for key, down in factors.items():
            if not key.endswith(".lora_A.weight"):
                continue
            module = key.removesuffix(".lora_A.weight")
            alpha = (alphas or {}).get(f"{module}.alpha", down.shape[0])
            product = factors[f"{module}.lora_B.weight"] @ down * (float(alpha) / down.shape[0])
            outputs[f"{name}/{module.removeprefix('transformer.')}"] = product[:, :8].contiguous()
save_file(outputs, job["out"])
