"""Trains the built-in picture model on an accelerator: classifier, denoiser, sharpener, within a given time. See README.md beside it.

    python3 train.py --data data --out OUT --seconds 500
"""

import argparse
import copy
import json
import math
import signal
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from art import Art
from models import Classifier, Denoiser, Sharpener, patches, pictures
from sampling import as_tokens, condition_of, draw, frechet, nearest_distance, units_of

SHAPE = dict(tokens=256, k=48, width=384, layers=8, heads=6, dimensions=512, units=8, palette=64)
BATCH, RATE, DECAY, EMA = 512, 8e-4, 0.02, 0.9993
PART = 15 * 2**20
BRIEFS = (
    "red apple|cat face|grinning face|rose|automobile|house|evergreen tree|full moon|pizza|dog face|castle|tropical fish|star|owl|"
    "sunflower|ice cream|rocket|robot|crown|guitar|sailboat|red heart|mushroom|butterfly|strawberry|penguin|cactus|hot beverage|"
    "rainbow|bear|soccer ball|ghost|blue rose|green cat|purple car|pink elephant|blue apple|red moon|black star|green heart|"
    "blue face|purple dog|pink house|orange fish|yellow bird|red tree|blue pizza|green fox|cat crown|sad robot|angry apple|"
    "happy moon|frog hat|star ocean|flower house|ghost cat|spooky castle|sleepy bear|summer drink|cold mountain|party dog|"
    "love letter|magic potion|space ship"
).split("|")


class Run:
    """The clock, the log and the files of one training."""

    def __init__(self, out, seconds):
        self.started, self.seconds, self.out = time.time(), seconds, Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.stopped = False
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopped", True))

    def elapsed(self):
        return time.time() - self.started

    def over(self, limit):
        return self.stopped or self.elapsed() >= limit

    def log(self, **row):
        row = {"at": round(self.elapsed(), 1), **row}
        print(json.dumps(row), flush=True)
        with open(self.out / "log.jsonl", "a") as file:
            file.write(json.dumps(row) + "\n")

    def save(self, name, weights):
        """The layout of weights-file.ts, in parts that fit the way back."""
        names = sorted(weights)
        halves = [weights[n].detach().float().cpu().numpy().astype("<f2").ravel() for n in names]
        index = json.dumps([[n, int(h.size)] for n, h in zip(names, halves)], separators=(",", ":")).encode()
        padding = b"\0" * ((4 + len(index)) % 2)
        file = struct.pack("<I", len(index)) + index + padding + b"".join(h.tobytes() for h in halves)
        for i in range(0, len(file), PART):
            suffix = f"-{i // PART}" if len(file) > PART else ""
            (self.out / f"{name}{suffix}.bin").write_bytes(file[i : i + PART])


def prefixed(prefix, model):
    return {f"{prefix}/{name}": value for name, value in model.export().items()}


def optimiser(model, rate):
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=torch.cuda.is_available())


def set_rate(opt, rate, step, progress, warmup):
    """Warm up, stay, and fall linearly to 2 % in the second half of the time."""
    factor = min(1.0, (step + 1) / warmup) * min(1.0, max(0.02, (1 - progress) / 0.5))
    for group in opt.param_groups:
        group["lr"] = rate * factor


class Mean:
    """Exponential moving average of a model's weights; young averages forget faster."""

    def __init__(self, model, decay):
        self.model, self.decay, self.steps = copy.deepcopy(model).requires_grad_(False), decay, 0

    @torch.no_grad()
    def follow(self, model):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(list(self.model.parameters()), list(model.parameters()), 1 - decay)


def half(device):
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


# --- classifier ---------------------------------------------------------------------------------------------------------------------


def train_classifier(run, art, until, batch):
    """Learns from 11 of 12 drawings; the others measure it. Returns the model and the held-out accuracy."""
    model = Classifier(len(art.groups)).to(art.device)
    everything = torch.arange(len(art.art), device=art.device)
    test, train = everything[everything % 12 == 5], everything[everything % 12 != 5]
    opt, mean, step, start = optimiser(model, 2e-3), Mean(model, 0.998), 0, run.elapsed()
    while not run.over(until):
        x, facts = art.draw_pictures(batch, two=0.0, allowed=train)
        goal = art.group_of[art.concept_of[facts["a"]]]
        blurred = x + torch.randn_like(x) * art.uniform(batch, 0, 0.06).view(-1, 1, 1, 1)
        with half(art.device):
            _, scores = model(blurred * 2 - 1)
        loss = F.cross_entropy(scores.float(), goal, label_smoothing=0.05)
        set_rate(opt, 2e-3, step, (run.elapsed() - start) / (until - start), 100)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        mean.follow(model)
        step += 1
        if step % 200 == 1:
            run.log(stage="classifier", step=step, loss=round(loss.item(), 4))
    accuracy = {"heldOut": accuracy_on(mean.model, art, test), "learnt": accuracy_on(mean.model, art, train)}
    run.log(stage="classifier", step=step, **accuracy)
    return mean.model, accuracy


@torch.no_grad()
def accuracy_on(model, art, drawings):
    plain = on_white(art.art_small[drawings])
    right = [model(x)[1].argmax(1) for x in plain.split(256)]
    return round((torch.cat(right) == art.group_of[art.concept_of[drawings]]).float().mean().item(), 4)


def on_white(small):
    """Premultiplied (n, 4, 64, 64) uint8 -> (n, 3, 64, 64) in [-1, 1]."""
    x = small.float() / 255
    return (x[:, :3] + 1 - x[:, 3:]).clamp(0, 1) * 2 - 1


# --- denoiser -----------------------------------------------------------------------------------------------------------------------


def training_times(n, device):
    """Logit-normal, leaning to the noise where a flat picture is decided; one draw in each n-th of the range."""
    u = (torch.arange(n, device=device) + torch.rand(n, device=device)) / n
    z = torch.special.ndtri(u.clamp(1e-5, 1 - 1e-5))[torch.randperm(n, device=device)]
    return torch.sigmoid(-0.9 + 1.1 * z)


def velocity_loss(model, clean, noise, time, condition):
    t = time[:, None, None]
    predicted = model(t * clean + (1 - t) * noise, time, **condition)
    away = (predicted.float() - clean) / (1 - t).clamp(min=0.1)
    return (away * away).mean()


def denoiser_batch(art, n, allowed=None):
    picture, facts = art.draw_pictures(n, allowed=allowed)
    clean = as_tokens(picture)
    return clean, torch.randn_like(clean), training_times(n, art.device), art.draw_condition(picture, facts)


def fixed_batch(art, n, allowed):
    with torch.random.fork_rng(devices=[0] if art.device.type == "cuda" else []):
        torch.manual_seed(11)
        return denoiser_batch(art, n, allowed)


def compiled(run, model, art, batch):
    """The loss, compiled if that works on this machine."""
    try:
        fast = torch.compile(velocity_loss)
        for _ in range(2):
            with half(art.device):
                fast(model, *denoiser_batch(art, batch)).backward()
        model.zero_grad(set_to_none=True)
        return fast
    except Exception as error:  # a slower training is better than none
        run.log(stage="denoiser", compile="failed", error=str(error)[:300])
        model.zero_grad(set_to_none=True)
        return velocity_loss


def train_denoiser(run, art, until, options):
    model = Denoiser({**SHAPE, "bag": art.meta["bag"], "layers": options.layers}).to(art.device)
    opt, mean = optimiser(model, RATE), Mean(model, EMA)
    loss_of = compiled(run, model, art, options.batch) if options.compile else velocity_loss
    checked_on = min(256, options.batch)
    checks = {"validation": fixed_batch(art, checked_on, art.held_out), "training": fixed_batch(art, checked_on, art.learnt[::50])}
    run.log(stage="denoiser", ready=True, weights=sum(p.numel() for p in model.parameters()))
    step, start, losses, next_save, grids = 0, run.elapsed(), [], run.elapsed() + 60, []
    marks = [start + share * (until - start) for share in (0.1, 0.3, 0.6)]
    while not run.over(until) and step < options.steps:
        with half(art.device):
            loss = loss_of(model, *denoiser_batch(art, options.batch))
        set_rate(opt, RATE, step, (run.elapsed() - start) / (until - start), 200)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        mean.follow(model)
        losses.append(loss.detach())
        step += 1
        if step % 50 == 0:
            value = torch.stack(losses).mean().item()
            if not math.isfinite(value):
                raise SystemExit(f"the denoiser lost its way at step {step}")
            run.log(stage="denoiser", step=step, loss=round(value, 4), rate=round(step / (run.elapsed() - start), 2))
            losses = []
        if run.elapsed() > next_save:
            next_save += 60
            run.save("denoiser", prefixed("denoiser", mean.model))
            run.log(stage="denoiser", step=step, **checked(mean.model, checks, art))
        if marks and run.elapsed() > marks[0]:
            marks.pop(0)
            grids.append(brief_grid(mean.model, art))
            save_image(run, grids)
    run.save("denoiser", prefixed("denoiser", mean.model))
    run.log(stage="denoiser", step=step, seconds=round(run.elapsed() - start, 1), **checked(mean.model, checks, art))
    return mean.model, grids, {"steps": step, "batch": options.batch, "seconds": round(run.elapsed() - start, 1)}


@torch.no_grad()
def checked(model, checks, art):
    with half(art.device):
        return {name: round(velocity_loss(model, *batch).item(), 4) for name, batch in checks.items()}


def brief_grid(model, art, briefs=BRIEFS[::2]):
    condition = condition_of(art, units_of(art, briefs), torch.full((len(briefs),), 1, device=art.device))
    generator = torch.Generator(device="cpu").manual_seed(3)
    noise = torch.randn(len(briefs), SHAPE["tokens"], SHAPE["k"], generator=generator).to(art.device)
    with half(art.device):
        return draw(model, condition, noise).float()


# --- sharpener ----------------------------------------------------------------------------------------------------------------------


def train_sharpener(run, art, denoiser, until, batch):
    """Large art against its small version as the denoiser leaves it: finished by it in one step from late on the path."""
    model, loss = Sharpener().to(art.device), torch.zeros(())
    opt, mean, step, start = optimiser(model, 1e-3), Mean(model, 0.998), 0, run.elapsed()
    while not run.over(until):
        large = art.draw_large(batch)
        small = spoilt(denoiser, F.avg_pool2d(large, 4), art)
        with half(art.device):
            made = model(small)
        loss = torch.sqrt((made.float() - (large * 2 - 1)) ** 2 + 1e-4).mean()
        set_rate(opt, 1e-3, step, (run.elapsed() - start) / (until - start), 100)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        mean.follow(model)
        step += 1
        if step % 100 == 1:
            run.log(stage="sharpener", step=step, loss=round(loss.item(), 4))
    run.log(stage="sharpener", step=step, loss=round(loss.item(), 4))
    return mean.model, step


@torch.no_grad()
def spoilt(denoiser, small, art):
    """(n, 3, 64, 64) in [0, 1] -> [-1, 1]; a quarter stays as it is."""
    n, clean = len(small), as_tokens(small)
    t = art.uniform(n, 0.6, 0.98)
    x = t[:, None, None] * clean + (1 - t)[:, None, None] * torch.randn_like(clean)
    with half(art.device):
        finished = denoiser(x, t, **condition_of(art, [[]] * n)).float()
    keep = art.chance(n, 0.25)[:, None, None]
    return pictures(torch.where(keep, clean, finished).clamp(-1, 1))


# --- what came out ------------------------------------------------------------------------------------------------------------------


@torch.no_grad()
def measure(run, art, denoiser, classifier, count):
    """Agreement, Fréchet distance and near-copies of `count` pictures of random ideas, at several strengths of guidance."""
    everything = torch.cat([classifier(x)[0] for x in on_white(art.art_small).split(256)])
    generator = torch.Generator(device="cpu").manual_seed(5)
    concepts = torch.randint(len(art.meta["concepts"]), (count,), generator=generator).to(art.device)
    styles = torch.randint(len(art.meta["styles"]), (count,), generator=generator).to(art.device)
    noise = torch.randn(count, SHAPE["tokens"], SHAPE["k"], generator=generator).to(art.device)
    phrase = [art.meta["concepts"][i]["said"]["phrase"] for i in concepts.tolist()]
    rows, trials = [], ((1, 16, 0.8), (1.5, 16, 0.8), (2, 16, 0.8), (3, 16, 0.8), (3, 16, 1), (4, 16, 0.8), (3, 12, 0.8), (3, 40, 0.8))
    for guidance, steps, until in trials if art.device.type == "cuda" else trials[:1]:
        condition = condition_of(art, phrase, styles)
        made = []
        with half(art.device):
            for i in range(0, count, 128):
                part = {key: value[i : i + 128] for key, value in condition.items()}
                made.append(draw(denoiser, part, noise[i : i + 128], steps=steps, guidance=guidance, until=until).float())
        made = torch.cat(made).clamp(-1, 1)
        features, scores = classifier(made)
        distance = nearest_distance(made, art)
        row = {
            "guidance": guidance,
            "steps": steps,
            "until": until,
            "agreement": round((scores.argmax(1) == art.group_of[concepts]).float().mean().item(), 4),
            "frechet": round(frechet(features, everything), 4),
            "nearCopies": round((distance < 12).float().mean().item(), 4),
            "nearest": round(distance.mean().item(), 2),
        }
        run.log(stage="measure", **row)
        rows.append(row)
    return rows


def save_image(run, grids, sheet=None):
    """The finished sheet, then the same briefs early in training."""
    bands = [tile(grid, 8) for grid in grids]
    bands = [np.concatenate(bands[i : i + 2] + [np.full_like(bands[0], 255)] * (2 - len(bands[i : i + 2])), 1) for i in range(0, len(bands), 2)]
    if sheet is not None:
        bands = [tile(sheet, 8)] + bands
    width = max(band.shape[1] for band in bands)
    padded = [np.pad(band, ((0, 8), (0, width - band.shape[1]), (0, 0)), constant_values=255) for band in bands]
    Image.fromarray(np.concatenate(padded)).save(run.out / "samples.png")


def tile(x, per_row):
    """(n, 3, w, w) in [-1, 1] -> rows of pictures, uint8."""
    n, c, w, _ = x.shape
    rows = ((x.clamp(-1, 1) + 1) * 127.5).round().byte().cpu().reshape(n // per_row, per_row, c, w, w)
    return rows.permute(0, 3, 1, 4, 2).reshape(n // per_row * w, per_row * w, c).numpy()


@torch.no_grad()
def save_reference(run, models):
    """Inputs and float32 outputs on the CPU, from weights rounded to 16 bits as they are saved: what our own runtime must give."""
    denoiser, sharpener, classifier = (rounded(model) for model in models)
    shape, g = denoiser.shape, torch.Generator().manual_seed(17)
    unit = lambda *size: F.normalize(torch.randn(*size, generator=g), dim=-1)
    units = unit(3, shape["units"], shape["dimensions"])
    units[:, 3:] = 0
    feeds = {
        "x": torch.randn(3, shape["tokens"], shape["k"], generator=g),
        "time": torch.tensor([0.02, 0.4, 0.9]),
        "text": unit(3, shape["dimensions"]),
        "units": units,
        "bag": (torch.rand(3, shape["bag"], generator=g) < 0.004).float(),
        "taste": unit(3, shape["dimensions"]) * torch.tensor([1.0, 0.0, 1.0])[:, None],
        "palette": F.normalize(torch.rand(3, shape["palette"], generator=g), p=1, dim=-1) * torch.tensor([0.0, 1.0, 1.0])[:, None],
    }
    small = torch.rand(1, 3, 64, 64, generator=g) * 2 - 1
    faces = F.interpolate(torch.rand(4, 3, 8, 8, generator=g) * 2 - 1, size=64, mode="bilinear")
    features, scores = classifier(faces)
    tensors = {f"denoiser/{key}": value for key, value in feeds.items()}
    tensors |= {"denoiser/clean": denoiser(**feeds), "sharpener/small": small, "sharpener/enlarged": sharpener(small)}
    tensors |= {"classifier/x": faces, "classifier/features": features, "classifier/scores": scores}
    index = json.dumps([[name, list(t.shape)] for name, t in tensors.items()], separators=(",", ":")).encode()
    index += b" " * (-len(index) % 4)
    body = b"".join(t.contiguous().numpy().astype("<f4").tobytes() for t in tensors.values())
    (run.out / "reference.bin").write_bytes(struct.pack("<I", len(index)) + index + body)


def rounded(model):
    plain = copy.deepcopy(model).cpu().float().requires_grad_(False)
    for p in plain.parameters():
        p.copy_(p.half().float())
    return plain


def finish(run, art, models, made):
    denoiser, sharpener, classifier = models
    run.save("others", {**prefixed("sharpener", sharpener), **prefixed("classifier", classifier)})
    save_reference(run, models)
    grids = made.pop("grids")
    summary = {**made, "shape": denoiser.shape, "groups": art.groups, "held": len(art.held_out)}
    write = lambda: (run.out / "summary.json").write_text(json.dumps(summary, indent=1))
    write()
    with torch.no_grad():
        small = brief_grid(denoiser, art, BRIEFS).clamp(-1, 1)
        save_image(run, grids, F.interpolate(sharpener(small), 128, mode="area"))
    summary["measured"] = measure(run, art, denoiser, classifier, 512 if art.device.type == "cuda" else 8)
    write()


def smoke(run, art, options):
    """Step times at two batch sizes, before the short run through everything."""
    model = Denoiser({**SHAPE, "bag": art.meta["bag"], "layers": options.layers}).to(art.device)
    for batch in (options.batch // 2, options.batch):
        for _ in range(3):
            started = time.time()
            with half(art.device):
                velocity_loss(model, *denoiser_batch(art, batch)).backward()
            if art.device.type == "cuda":
                torch.cuda.synchronize()
            run.log(stage="smoke", batch=batch, seconds=round(time.time() - started, 4))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=str(Path(__file__).parent / "data"))
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--steps", type=int, default=10**9)
    parser.add_argument("--no-compile", dest="compile", action="store_false")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(7)
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(options.out, options.seconds)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    run.log(stage="start", device=name, torch=torch.__version__)
    art = Art(options.data, device)
    run.log(stage="art", drawings=len(art.art), concepts=len(art.meta["concepts"]), groups=len(art.groups))
    end = options.seconds
    if options.smoke:
        smoke(run, art, options)
        options.layers = 2  # so that compiling is short
    loaded = run.elapsed()
    spans = [0.05, 0.82, 0.07] if not options.smoke else [0.1, 0.5, 0.1]  # classifier, denoiser, sharpener; the rest is for saving
    ends = [loaded + sum(spans[: i + 1]) * (end - loaded) for i in range(3)]
    small = max(8, options.batch // 4)
    classifier, accuracy = train_classifier(run, art, ends[0], options.batch)
    denoiser, grids, trained = train_denoiser(run, art, ends[1], options)
    sharpener, steps = train_sharpener(run, art, denoiser, ends[2], min(64, small))
    made = {"classifier": accuracy, "denoiser": trained, "sharpenerSteps": steps, "grids": grids}
    finish(run, art, (denoiser, sharpener, classifier), made)
    run.log(stage="end")


if __name__ == "__main__":
    sys.exit(main())
