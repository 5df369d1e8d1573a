#!/usr/bin/python3
"""Compares training speed with PyTorch: same network, tensors, batch size and threads, alternating in one run.

    network_epoch_beside_torch.py [--program build/release/bin/bench-network-epoch] [--threads N] [--rounds N]

PyTorch runs with its usual memory layout and with channels_last; the faster of the two counts. Prints, for each network,
the milliseconds of a training step (the least and the median of all steps) and PyTorch's time over ours. Where other
programs run beside it, --threads 1 --processor-time still compares fairly.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import torch
    from torch import nn
except ImportError:
    print("[skipped] python3-torch is not installed")
    sys.exit(0)

NETWORKS = ["16,16,M,32,32,M,64,64,M,64", "24,24,M,48,48,M,96,96,M,96"]
BATCH, SIZE, CLASSES = 64, 50, 7


class Residual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return torch.relu(x + self.layers(x))


def parse_network(text):
    """As bench-network-epoch reads it."""
    layers, channels = [], 1
    for token in text.split(","):
        if token == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        residual, out, kernel, stride = re.fullmatch(r"(\+?)(\d+)(?:k(\d+))?(?:/(\d+))?", token).groups()
        kernel = int(kernel or 3)
        convolution = nn.Conv2d(channels, int(out), kernel, int(stride or 1), kernel // 2, bias=False)
        channels = int(out)
        if residual:
            layers.append(Residual(convolution, nn.BatchNorm2d(channels)))
        else:
            layers += [convolution, nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(channels, CLASSES))


class TorchTraining:
    def __init__(self, network, images, targets, layout, clock):
        self.clock = clock
        self.network = parse_network(network).to(memory_format=layout)
        self.images, self.targets = images.to(memory_format=layout), targets
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=1e-2)
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.1)

    def step(self):
        start = self.clock()
        self.optimizer.zero_grad()
        self.loss(self.network(self.images), self.targets).backward()
        self.optimizer.step()
        return 1e3 * (self.clock() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("--program", default=here.parents[2] / "build/release/bin/bench-network-epoch")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--steps", type=int, default=6, help="of each in a round")
    parser.add_argument("--processor-time", action="store_true")
    parser.add_argument("--networks", nargs="+", default=NETWORKS, help="as bench-network-epoch reads them")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    images, targets = torch.randn(BATCH, 1, SIZE, SIZE), torch.eye(CLASSES)[torch.randint(CLASSES, (BATCH,))]
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "batch.f32"
        data.write_bytes(images.numpy().tobytes() + targets.numpy().tobytes())
        for network in options.networks:
            compare(options, network, images, targets, data)


def compare(options, network, images, targets, data):
    clock, key = time.perf_counter, "step_ms"
    if options.processor_time:
        clock, key = time.process_time, "step_processor_ms"
    rivals = {
        "torch": TorchTraining(network, images, targets, torch.contiguous_format, clock),
        "torch channels_last": TorchTraining(network, images, targets, torch.channels_last, clock),
    }
    for training in rivals.values():
        training.step()  # to warm up
    times = {"ours": []} | {name: [] for name in rivals}
    command = [str(options.program), "--network", network, "--batch", str(BATCH), "--steps", str(options.steps),
               "--threads", str(options.threads), "--data", str(data)]
    for _ in range(options.rounds):
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        times["ours"] += report[key]
        for name, training in rivals.items():
            times[name] += [training.step() for _ in range(options.steps)]
    assert report["parameters"] == sum(p.numel() for p in rivals["torch"].network.parameters())
    print(f"{network}: {report['parameters']} parameters, batches of {BATCH}, {options.threads} threads, "
          f"{report['instruction_set']}, load {os.getloadavg()[0]:.1f}")
    for name, values in times.items():
        print(f"  {name:20} {min(values):7.1f} ms at least, {statistics.median(values):7.1f} ms median a step")
    for name, of in (("least", min), ("median", statistics.median)):
        print(f"  PyTorch's best over ours, {name}: {min(of(times[rival]) for rival in rivals) / of(times['ours']):.2f}")


if __name__ == "__main__":
    main()
