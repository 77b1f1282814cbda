"""Does image work on request (see serving.py): `degradation`, `metrics` or `realesrgan`.

Arguments: a JSON file with the settings; a safetensors file with the images (`image.N` and `truth.N`, [H, W, 3]) and
parameters (`model.*` of NIQE, `network.*` of Real-ESRGAN). Numbers that only show what was computed are made in the first
turn, which the benchmark does not count.
"""

import json
import sys

import cv2
import numpy as np
import scipy
import torch
from safetensors.torch import load_file
from torch import Tensor

from degradation import Degradation
from image_metrics import niqe, psnr, ssim
from realesrgan import RealEsrganGeneral
from serving import Task, serve


def main(job_file: str, tensor_file: str) -> None:
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    torch.set_num_threads(job["threads"])
    torch.set_num_interop_threads(job["threads"])
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    cv2.setNumThreads(job["threads"])
    tensors = load_file(tensor_file)
    makers = {"degradation": degradation, "metrics": metrics, "realesrgan": realesrgan}
    plain = f"PyTorch {torch.__version__}"
    names = {
        "degradation": f"{plain}, NumPy {np.__version__}, SciPy {scipy.__version__}",
        "metrics": f"OpenCV {cv2.__version__}, NumPy {np.__version__}, SciPy {scipy.__version__}",
        "realesrgan": plain,
    }
    serve(names[job["task"]], lambda task: makers[task](job, tensors))


def degradation(job: dict, tensors: dict[str, Tensor]) -> Task:
    images = [tensors[f"image.{i}"].permute(2, 0, 1)[None].contiguous() for i in range(len(job["recipes"]))]
    degrade = Degradation()
    numbers: dict[str, float] = {}

    def run() -> dict[str, float]:
        pairs = list(zip(images, job["recipes"]))
        if not numbers:
            for index, (image, recipe) in enumerate(pairs):
                clean = degrade(image, recipe, noise=False).double()
                numbers[f"mean of {index}"] = clean.mean().item()
                numbers[f"deviation of {index}"] = clean.std(correction=0).item()
                numbers[f"gradient of {index}"] = gradient(clean)
            noisy = [gradient(degrade(image, recipe)) for image, recipe in pairs]
            numbers["gradient with noise"] = sum(noisy) / len(noisy)
        for image, recipe in pairs:
            degrade(image, recipe)
        return numbers

    return run


def gradient(image: Tensor) -> float:
    return image.double().diff(dim=3).abs().mean().item()


def metrics(job: dict, tensors: dict[str, Tensor]) -> Task:
    pairs = [
        tuple((255 * tensors[f"{kind}.{i}"]).round().to(torch.uint8).numpy() for kind in ("image", "truth"))
        for i in range(job["pairs"])
    ]
    mean, covariance = (tensors[f"model.{name}"].double().numpy() for name in ("mean", "covariance"))
    border = job["border"]

    def run() -> dict[str, float]:
        values = [(psnr(sr, hr, border), ssim(sr, hr, border), niqe(sr, border, mean, covariance)) for sr, hr in pairs]
        return dict(zip(("psnr", "ssim", "niqe"), np.mean(values, axis=0).tolist()))

    return run


def realesrgan(job: dict, tensors: dict[str, Tensor]) -> Task:
    network = RealEsrganGeneral().eval()
    network.load_state_dict({name.removeprefix("network."): t for name, t in tensors.items() if name.startswith("network.")})
    image = tensors["image.0"].permute(2, 0, 1)[None].contiguous()

    numbers: dict[str, float] = {}

    def run() -> dict[str, float]:
        output = network(image)
        if not numbers:
            numbers.update(mean=output.mean().item(), deviation=output.std(correction=0).item(), gradient=gradient(output))
        return numbers

    return run


if __name__ == "__main__":
    main(*sys.argv[1:])
