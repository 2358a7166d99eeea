"""Endless training pictures from the exported art, made on the device: pose, bend, recolour, put two drawings together; and what is said.

The rules follow src/domain/imaging (recolour.ts, training-words.ts, training-batch.ts); what is new is told in docs/pictures/model.md.
"""

import io
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

UNITS, LABEL_UNITS, VARIANTS, LIKED = 8, 3, 48, 6
# every 51st drawing is only for the validation curve
HELD_OUT = 51
# hue, then saturation' = clamp(s a, low, high) and value' = max(v b + c, least): the bends of recolour.ts
TARGETS = [
    (2, 1, 0.6, 1, 1, 0, 0),  # red
    (27, 1, 0.6, 1, 1, 0, 0),  # orange
    (50, 1, 0.6, 1, 1, 0, 0.9),  # yellow
    (130, 1, 0.6, 1, 0.85, 0, 0),  # green
    (212, 1, 0.6, 1, 1, 0, 0),  # blue
    (272, 1, 0.6, 1, 1, 0, 0),  # purple
    (326, 1, 0, 0.62, 1, 0, 0.85),  # pink
    (22, 1, 0.5, 0.72, 0.58, 0, 0),  # brown
    (0, 0.08, 0, 1, 0.19, 0, 0),  # black
    (0, 0.08, 0, 1, 0.32, 0.35, 0),  # grey
    (0, 0.06, 0, 1, 0.13, 0.8, 0),  # white
]
CHANCE = dict(
    recolour=0.33, rotate_hue=0.1, two=0.25, silent=0.14, nothing=0.08, style=0.7, taste=0.35, palette=0.4, headgear=0.35
)
LIVELY = ("animals-nature", "smileys-emotion", "food-drink")


def to_hsv(rgb):
    """(N, 3, H, W) in [0, 1] -> hue in degrees, saturation, value, each (N, H, W) (Smith 1978)."""
    r, g, b = rgb.unbind(1)
    v, low = rgb.amax(1), rgb.amin(1)
    span = v - low
    safe = span.clamp(min=1e-6)
    h = torch.where(v == r, ((g - b) / safe) % 6, torch.where(v == g, (b - r) / safe + 2, (r - g) / safe + 4))
    return torch.where(span < 1e-6, torch.zeros_like(h), h * 60), span / v.clamp(min=1e-6), v


def from_hsv(h, s, v):
    def channel(n):
        k = (n + h / 60) % 6
        return v - v * s * torch.minimum(k, 4 - k).clamp(0, 1)

    return torch.stack([channel(5), channel(3), channel(1)], 1)


def palette_histogram(rgb):
    """(N, 3, H, W) in [0, 1] -> (N, 64): shares of the figure in 4 x 4 x 4 colours, each pixel shared by its eight neighbours."""
    x = rgb[:, :, ::2, ::2].flatten(2)  # (N, 3, P)
    figure = (x.amin(1) <= 246 / 255).float()  # (N, P)
    levels = torch.arange(4, device=x.device).view(1, 1, 4, 1)
    w = (1 - (x[:, :, None] * 3 - levels).abs()).clamp(min=0)  # (N, 3, 4, P)
    red_green = (w[:, 0, :, None] * w[:, 1, None] * figure[:, None, None]).flatten(1, 2)  # (N, 16, P)
    shares = torch.bmm(red_green, w[:, 2].transpose(1, 2)).flatten(1)  # (N, 64)
    return shares / shares.sum(1, keepdim=True).clamp(min=1e-6)


def read_pictures(path, sizes):
    data = Path(path).read_bytes()
    starts = np.concatenate([[0], np.cumsum(sizes)])

    def decode(i):
        picture = Image.open(io.BytesIO(data[starts[i] : starts[i + 1]])).convert("RGBA")
        return np.asarray(picture).transpose(2, 0, 1)

    with ThreadPoolExecutor(4) as pool:
        return np.stack(list(pool.map(decode, range(len(sizes)))))


def read_vectors(path, dimensions):
    rows = np.fromfile(path, dtype=np.int8).reshape(-1, dimensions).astype(np.float32)
    return torch.from_numpy(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


class Art:
    """Everything examples are drawn from, on `device`."""

    def __init__(self, folder, device, seed=7):
        folder = Path(folder)
        self.device = device
        self.meta = meta = json.loads((folder / "meta.json").read_text())
        self.random = random.Random(seed)
        drawings, concepts = meta["drawings"], meta["concepts"]
        art = read_pictures(folder / "art.bin", [d["bytes"] for d in drawings])
        self.art = torch.from_numpy(art).to(device)  # (D, 4, 128, 128)
        self.art_small = self.averaged(self.art)
        self.large = torch.from_numpy(read_pictures(folder / "large.bin", meta["largeBytes"])).to(device)
        put = lambda values: torch.tensor(values, device=device)
        self.concept_of = put([d["concept"] for d in drawings])
        self.style_of = put([d["style"] for d in drawings])
        self.hue_of = put([float(d["hue"]) for d in drawings])
        self.colours_of = put([(d["colours"] + [-1, -1])[:2] for d in drawings])
        self.groups = sorted({c["group"] for c in concepts})
        self.group_of = put([self.groups.index(c["group"]) for c in concepts])
        self.targets = put(TARGETS)
        self.colour_units = put(meta["colours"])
        self.style_bag = put(meta["styleBag"])
        self.read_words(folder)
        self.read_neighbours(concepts, drawings)

    def averaged(self, art):
        """Half the size, premultiplied on the way so that edges stay clean."""
        parts = []
        for some in art.split(256):
            x = premultiplied(some)
            parts.append((F.avg_pool2d(x, 2) * 255).round().to(torch.uint8))
        return torch.cat(parts)  # already premultiplied

    def read_words(self, folder):
        meta, device = self.meta, self.device
        vectors = read_vectors(folder / "units.bin", meta["dimensions"])
        self.none = len(vectors)
        self.unit_vectors = torch.cat([vectors, torch.zeros(1, meta["dimensions"])]).to(device)
        self.concept_vectors = read_vectors(folder / "concepts.bin", meta["dimensions"]).to(device)
        bags = [(bag + [meta["bag"]] * 6)[:6] for bag in meta["units"]] + [[meta["bag"]] * 6]
        self.unit_bags = torch.tensor(bags, device=device)  # (units + 1, 6), the last place is thrown away
        self.said = {
            kind: torch.tensor(
                [[self.draw_units(c[kind]) for _ in range(VARIANTS)] for c in meta["concepts"]], device=device
            )
            for kind in ("said", "plain")
        }
        self.labels = {
            kind: torch.tensor(
                [[self.padded(self.draw_label(c[kind]), LABEL_UNITS) for _ in range(8)] for c in meta["concepts"]],
                device=device,
            )
            for kind in ("said", "plain")
        }

    def draw_label(self, words):
        if self.random.random() < 0.5:
            return list(words["phrase"])
        return [word for word in words["words"] if self.random.random() > 0.1]

    def draw_units(self, words):
        """What somebody might have typed: training-words.ts, without colours, which the batch adds."""
        units = self.draw_label(words)
        share = 0 if self.random.random() < 0.5 else 0.5 * self.random.random()
        units += [tag for tag in words["tags"] if self.random.random() < share]
        if self.random.random() < 0.2:
            units += words["groups"]
        return self.padded(list(dict.fromkeys(units)), UNITS - 2)

    def padded(self, units, length):
        return (units + [self.none] * length)[:length]

    def read_neighbours(self, concepts, drawings):
        """Tables of random neighbours by narrow and broad group, and drawings by concept and style."""

        def table(key):
            members = {}
            for i, c in enumerate(concepts):
                members.setdefault(c[key], []).append(i)
            return torch.tensor([self.random.choices(members[c[key]], k=64) for c in concepts], device=self.device)

        self.near = torch.stack([table("subgroup"), table("group")])  # (2, C, 64)
        by_style = [[-1] * len(self.meta["styles"]) for _ in concepts]
        for i, d in enumerate(drawings):
            by_style[d["concept"]][d["style"]] = i
        self.drawing_at = torch.tensor(
            [[at if at >= 0 else max(row) for at in row] for row in by_style], device=self.device
        )
        worn = re.compile(r"\b(hat|crown|cap|helmet)\b")
        is_worn = [bool(worn.search(c["label"])) and c["group"] == "objects" for c in concepts]
        self.headgear = torch.tensor([i for i, worn in enumerate(is_worn) if worn], device=self.device)
        lively = [c["group"] in LIVELY for c in concepts]
        numbers = range(len(drawings))
        pick = lambda fits: torch.tensor([i for i in numbers if fits(i)], device=self.device)
        self.held_out = pick(lambda i: i % HELD_OUT == 7)
        self.learnt = pick(lambda i: i % HELD_OUT != 7)
        self.lively = pick(lambda i: lively[drawings[i]["concept"]] and i % HELD_OUT != 7)

    # --- pictures -----------------------------------------------------------------------------------------------------------------

    def uniform(self, n, low=0.0, high=1.0):
        return torch.rand(n, device=self.device) * (high - low) + low

    def chance(self, n, p):
        return torch.rand(n, device=self.device) < p

    def integers(self, n, count):
        return torch.randint(count, (n,), device=self.device)

    def draw_pictures(self, n, two=None, allowed=None):
        """n pictures on white, (n, 3, 64, 64) in [0, 1], and the facts of each that words are drawn from."""
        pool = self.learnt if allowed is None else allowed
        a = pool[self.integers(n, len(pool))]
        two = self.chance(n, CHANCE["two"] if two is None else two)
        if allowed is None:
            lively = two & self.chance(n, 0.6)
            a = torch.where(lively, self.lively[self.integers(n, len(self.lively))], a)
        colours = self.draw_colours(a)
        place = self.draw_places(n, two)
        first = self.posed(self.art[a], place["a"], premultiply=True)
        rgb = self.coloured(first[:, :3] / first[:, 3:].clamp(min=1e-3), self.hue_of[a], colours)
        first = torch.cat([rgb.clamp(0, 1) * first[:, 3:], first[:, 3:]], 1)
        concept_b = torch.where(
            place["headgear"], self.headgear[self.integers(n, len(self.headgear))], self.integers(n, len(self.meta["concepts"]))
        )
        b = self.drawing_at[concept_b, self.style_of[a]]
        second = self.posed(self.art_small[b], place["b"]) * two.view(-1, 1, 1, 1)
        back, front = torch.where(place["behind"].view(-1, 1, 1, 1), second, first), torch.where(
            place["behind"].view(-1, 1, 1, 1), first, second
        )
        both = front + back * (1 - front[:, 3:])
        picture = (both[:, :3] + 1 - both[:, 3:]).clamp(0, 1)
        return picture, {"a": a, "b": concept_b, "two": two, **colours}

    def draw_colours(self, a):
        n = len(a)
        recolour = self.chance(n, CHANCE["recolour"]) & (self.hue_of[a] >= 0)
        rotate = ~recolour & self.chance(n, CHANCE["rotate_hue"])
        turn = torch.where(rotate, self.uniform(n, 30, 330), torch.randn(n, device=self.device) * 4)
        return {"recolour": recolour, "rotate": rotate, "turn": turn, "target": self.integers(n, len(TARGETS))}

    def draw_places(self, n, two):
        """Centre, size, aspect, angle and shear of both drawings. Layouts: worn on top, side by side, in a corner, behind."""
        headgear = two & self.chance(n, CHANCE["headgear"])
        layout = torch.where(headgear, torch.zeros(n, dtype=torch.long, device=self.device), self.integers(n, 4))
        side = torch.where(self.chance(n, 0.5), 1.0, -1.0)
        pick = lambda *values: torch.tensor(values, device=self.device)[layout]
        alone = {"size": self.uniform(n, 0.8, 0.99), "x": self.uniform(n, -0.08, 0.08), "y": self.uniform(n, -0.08, 0.08)}
        wobble = lambda size: torch.randn(n, device=self.device) * size
        first = {
            "size": pick(0.78, 0.5, 0.88, 0.62) * self.uniform(n, 0.95, 1.08),
            "x": pick(0.0, 1.0, 0.0, 0.0) * side * -0.48 + wobble(0.03),
            "y": pick(0.2, 0.05, 0.0, -0.1) + wobble(0.03),
        }
        a = {key: torch.where(two, first[key], alone[key]) for key in alone}
        b = {
            "size": pick(0.44, 0.5, 0.42, 0.98) * self.uniform(n, 0.92, 1.08),
            "x": pick(0.0, 0.48, 0.52, 0.0) * side + wobble(0.03),
            "y": pick(-0.58, 0.05, 0.5, 0.15) + wobble(0.03),
        }
        return {"a": a, "b": b, "headgear": headgear, "behind": two & (layout == 3)}

    def posed(self, art, place, premultiply=False, out=64, bend=0.05):
        """art (n, 4, H, W) uint8 -> (n, 4, out, out) premultiplied, at its place, a little turned, sheared, mirrored and bent."""
        n = len(art)
        x = premultiplied(art) if premultiply else art.float() / 255
        angle, shear = torch.randn(n, device=self.device) * 0.09, torch.randn(n, device=self.device) * 0.06
        aspect = torch.exp(torch.randn(n, device=self.device) * 0.05)
        mirror = torch.where(self.chance(n, 0.5), 1.0, -1.0)
        sx, sy = place["size"] * aspect * mirror, place["size"] / aspect
        cos, sin = torch.cos(angle), torch.sin(angle)
        a, b, c, d = cos / sx, (sin + shear) / sx, -sin / sy, cos / sy
        theta = torch.stack([a, b, -a * place["x"] - b * place["y"], c, d, -c * place["x"] - d * place["y"]], 1)
        grid = F.affine_grid(theta.view(n, 2, 3), [n, 4, out, out], align_corners=False)
        strength = self.uniform(n, 0, bend) * self.chance(n, 0.6)
        field = torch.randn(n, 2, 5, 5, device=self.device) * strength.view(-1, 1, 1, 1)
        grid = grid + F.interpolate(field, out, mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
        return F.grid_sample(x, grid, align_corners=False)

    def coloured(self, rgb, main, colours):
        """Recoloured where asked (recolour.ts), else its hue turned: far for the palette's sake, or a little."""
        h, s, v = to_hsv(rgb.clamp(0, 1))
        wide = lambda values: values.view(-1, 1, 1)
        hue, a, low, high, b, c, least = (wide(t) for t in self.targets[colours["target"]].float().unbind(1))
        away = (h - wide(main) + 540) % 360 - 180
        hit = wide(colours["recolour"]) & (s >= 0.12) & (v >= 0.12) & (away.abs() <= 45)
        new_s = torch.minimum(torch.maximum(s * a, low), high)
        new_v = torch.maximum(v * b + c, least)
        turned = torch.where(wide(colours["recolour"]), h, (h + wide(colours["turn"])) % 360)
        h = torch.where(hit, (hue + away * 0.5) % 360, turned)
        fresh = wide(self.uniform(len(rgb), 0.9, 1.1))
        return from_hsv(h, torch.where(hit, new_s, (s * fresh).clamp(max=1)), torch.where(hit, new_v, v))

    # --- what is said -------------------------------------------------------------------------------------------------------------

    def draw_condition(self, picture, facts):
        n = len(picture)
        units = self.draw_said(facts)  # (n, 8)
        nothing = self.chance(n, CHANCE["nothing"])
        silent = nothing | self.chance(n, CHANCE["silent"])
        units = torch.where(silent[:, None], torch.full_like(units, self.none), units)
        bag = torch.zeros(n, self.meta["bag"] + 1, device=self.device)
        bag.scatter_(1, self.unit_bags[units].flatten(1), 1.0)
        styled = self.chance(n, CHANCE["style"]) & ~nothing
        place = torch.where(styled, self.style_bag[self.style_of[facts["a"]]], self.meta["bag"])
        bag.scatter_(1, place[:, None], 1.0)
        vectors = self.unit_vectors[units]  # (n, 8, d)
        tasted = self.chance(n, CHANCE["taste"]) | (silent & self.chance(n, 0.6))
        coloured = torch.where(facts["rotate"], self.chance(n, 0.85), self.chance(n, CHANCE["palette"]))
        return {
            "text": direction(vectors.sum(1)),
            "units": vectors,
            "bag": bag[:, :-1],
            "taste": self.draw_taste(facts["a"]) * (tasted & ~nothing)[:, None],
            "palette": self.draw_palette(picture) * (coloured & ~nothing)[:, None],
        }

    def draw_said(self, facts):
        """Unit numbers (n, 8): six of the drawing, or three and three of two drawings; the last two are colours."""
        a, n = facts["a"], len(facts["a"])
        concept, plain = self.concept_of[a], facts["recolour"] | facts["rotate"]
        variant, label = self.integers(n, VARIANTS), self.integers(n, 8)
        either = lambda tables, i: torch.where(plain[:, None], tables["plain"][concept, i], tables["said"][concept, i])
        second = self.labels["said"][facts["b"], self.integers(n, 8)]
        both = torch.cat([either(self.labels, label), second], 1)
        things = torch.where(facts["two"][:, None], both, either(self.said, variant))  # (n, 6)
        own = self.colours_of[a]
        told = (own >= 0) & (torch.rand(n, 2, device=self.device) < 0.4) & ~plain[:, None]
        own_units = torch.where(told, self.colour_units[own.clamp(min=0)], self.none)
        target = torch.stack([self.colour_units[facts["target"]], torch.full_like(a, self.none)], 1)
        return torch.cat([things, torch.where(facts["recolour"][:, None], target, own_units)], 1)

    def draw_taste(self, a):
        """Somebody who likes this drawing likes others too: mostly of its narrow group, sometimes of its broad one or of any."""
        n, own = len(a), self.concept_of[a]
        near = self.near[:, own[:, None], torch.randint(64, (n, LIKED), device=self.device)]  # (2, n, LIKED)
        dice = torch.rand(n, LIKED, device=self.device)
        anything = torch.randint(len(self.meta["concepts"]), (n, LIKED), device=self.device)
        liked = torch.where(dice < 0.6, near[0], torch.where(dice < 0.9, near[1], anything))
        liked[:, 0] = torch.where(self.chance(n, 0.6), own, liked[:, 0])
        counted = torch.arange(LIKED, device=self.device)[None] < 1 + self.integers(n, LIKED)[:, None]
        mean = direction((self.concept_vectors[liked] * counted[..., None]).sum(1))
        noise = direction(torch.randn_like(mean)) * self.uniform(n, 0, 0.5)[:, None]
        return direction(mean + noise)

    def draw_palette(self, picture):
        """Some of the picture's colours, and their shares more or less flattened: people name a few colours and no shares."""
        n = len(picture)
        shares = palette_histogram(picture)
        enough = shares > self.uniform(n, 0.02, 0.3)[:, None] * shares.amax(1, keepdim=True)
        kept = torch.where(enough, shares ** self.uniform(n, 0.3, 1)[:, None], 0)
        return kept / kept.sum(1, keepdim=True).clamp(min=1e-6)

    def draw_large(self, n):
        """For the sharpener: (n, 3, 256, 256) in [0, 1], posed like the small ones."""
        i = self.integers(n, len(self.large))
        none = torch.zeros(n, dtype=torch.bool, device=self.device)
        colours = {"recolour": none, "turn": self.uniform(n, 0, 360) * self.chance(n, 0.5), "target": self.integers(n, 11)}
        x = self.posed(self.large[i], self.draw_places(n, none)["a"], premultiply=True, out=256, bend=0.03)
        rgb = self.coloured(x[:, :3] / x[:, 3:].clamp(min=1e-3), self.uniform(n), colours).clamp(0, 1)
        return (rgb * x[:, 3:] + 1 - x[:, 3:]).clamp(0, 1)


def premultiplied(art):
    x = art.float() / 255
    return torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1)


def direction(x):
    return x / x.norm(dim=-1, keepdim=True).clamp(min=1e-6)
