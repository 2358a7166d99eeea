"""Pictures from noise, as src/domain/imaging draws them: guided velocity, second-order multistep. For the curve's sake and for measuring."""

import numpy as np
import torch

from models import patches, pictures


def flow_times(steps, shift):
    s = 1 - np.arange(steps + 1) / steps
    return [float(1 - shift * v / (1 + (shift - 1) * v)) for v in s]


def guided(model, x, t, condition, guidance, until):
    """x̂ = x̂_∅ + g (x̂_c − x̂_∅) while t < until, then x̂_c alone."""
    time = torch.full((len(x),), t, device=x.device)
    if guidance == 1 or t >= until:
        return model(x, time, **condition).float()
    silent = {key: torch.cat([value, torch.zeros_like(value)]) for key, value in condition.items()}
    said, unsaid = model(torch.cat([x, x]), torch.cat([time, time]), **silent).float().chunk(2)
    return unsaid + guidance * (said - unsaid)


@torch.no_grad()
def draw(model, condition, noise, steps=16, guidance=2.5, shift=2.5, until=0.8):
    """Adams-Bashforth of second order with steps of unequal length; the last step is Euler's. -> (n, 3, 64, 64) in [-1, 1]."""
    times, x, before = flow_times(steps, shift), noise, None
    for t, after in zip(times, times[1:]):
        v = (guided(model, x, t, condition, guidance, until) - x) / max(1 - t, 1e-3)
        h = after - t
        slope = v if before is None or after >= 1 else v + h / (2 * before[1]) * (v - before[0])
        x, before = x + h * slope, (v, h)
    return pictures(x)


def condition_of(art, units, style=None):
    """units: lists of unit numbers, one list a picture."""
    n = len(units)
    table = torch.tensor([(list(row) + [art.none] * 8)[:8] for row in units], device=art.device)
    bag = torch.zeros(n, art.meta["bag"] + 1, device=art.device)
    bag.scatter_(1, art.unit_bags[table].flatten(1), 1.0)
    if style is not None:
        bag[torch.arange(n, device=art.device), art.style_bag[style]] = 1.0
    vectors = art.unit_vectors[table]
    text = vectors.sum(1)
    return {
        "text": text / text.norm(dim=1, keepdim=True).clamp(min=1e-6),
        "units": vectors,
        "bag": bag[:, :-1],
        "taste": torch.zeros(n, art.meta["dimensions"], device=art.device),
        "palette": torch.zeros(n, 64, device=art.device),
    }


def units_of(art, briefs):
    """Known names of several words first, then single words; what is not known is left out."""
    number = {name: i for i, name in enumerate(art.meta["unitNames"])}
    return [[number[u] for u in ([brief] if brief in number else brief.split()) if u in number] for brief in briefs]


def nearest_distance(made, art, chunk=64):
    """Root mean square per pixel, in [0, 255], to the nearest drawing or its mirror image. made (n, 3, 64, 64) in [-1, 1]."""
    plain = art.art_small.float() / 255
    plain = ((plain[:, :3] + 1 - plain[:, 3:]) * 2 - 1).flatten(1)
    return torch.cat(
        [
            torch.minimum(torch.cdist(x.flatten(1), plain).amin(1), torch.cdist(x.flip(3).flatten(1), plain).amin(1))
            for x in made.split(chunk)
        ]
    ) * (127.5 / (3 * 64 * 64) ** 0.5)


def frechet(a, b):
    """Fréchet distance of two clouds (n, d) taken as normal: |μa − μb|² + tr(Σa + Σb − 2 (Σa Σb)^½)."""
    a, b = a.double().cpu(), b.double().cpu()
    ca, cb = torch.cov(a.T), torch.cov(b.T)
    values, vectors = torch.linalg.eigh(ca)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cb @ root).clamp(min=0).sqrt().sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + ca.trace() + cb.trace() - 2 * cross)


def as_tokens(picture):
    return patches(picture * 2 - 1)
