"""The picture model's three networks, as src/domain/imaging writes them: same names, same layouts, same formulas.

denoiser.ts, sharpener.ts, group-classifier.ts. Parameters are created when first asked for, like Graph.parameter;
a name's dots become double underscores inside torch and dots again in the files.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

WORDS = 384
PALETTE_SCALE = 8.0
SHARPENER_CHANNELS, SHARPENER_BLOCKS, ENLARGEMENT = 64, 6, 4
FEATURES = 64


class Network(nn.Module):
    """Named parameters, and the layers that all three share."""

    def add_normal(self, name, shape, std):
        value = torch.zeros(shape) if std == 0 else torch.randn(shape) * std
        self.register_parameter(name.replace(".", "__"), nn.Parameter(value))

    def add_linear(self, name, size_in, size_out, bias=True, std=None):
        self.add_normal(f"{name}.weight", (size_in, size_out), 1 / math.sqrt(size_in) if std is None else std)
        if bias:
            self.add_normal(f"{name}.bias", (size_out,), 0)

    def add_convolution(self, name, size_in, size_out, gain=1.0):
        self.add_normal(f"{name}.kernel", (size_out, size_in, 3, 3), gain / math.sqrt(9 * size_in))
        self.add_normal(f"{name}.bias", (size_out,), 0)

    def at(self, name):
        return getattr(self, name.replace(".", "__"))

    def linear(self, x, name, bias=True):
        y = x @ self.at(f"{name}.weight")
        return y + self.at(f"{name}.bias") if bias else y

    def convolved(self, x, name):
        return F.conv2d(x, self.at(f"{name}.kernel"), self.at(f"{name}.bias"), padding=1)

    def export(self):
        return {name.replace("__", "."): p.detach().float() for name, p in self.named_parameters()}

    def load(self, values):
        with torch.no_grad():
            for name, p in self.named_parameters():
                p.copy_(torch.as_tensor(values[name.replace("__", ".")]).reshape(p.shape))


def sinusoids(t, width, longest=10_000.0):
    half = width // 2
    steps = torch.arange(half, device=t.device, dtype=torch.float32)
    angles = t[:, None] * torch.pow(torch.tensor(longest, device=t.device), -steps / half)[None]
    return torch.cat([torch.sin(angles), torch.cos(angles)], 1)


class Denoiser(Network):
    """shape: tokens, k, width, layers, heads, dimensions, bag, units, palette."""

    def __init__(self, shape):
        super().__init__()
        self.shape = s = shape
        w, d = s["width"], s["dimensions"]
        self.add_linear("words.text", d, WORDS)
        self.add_linear("words.bag", s["bag"], WORDS, bias=False, std=0.3)
        self.add_linear("words.taste", d, WORDS, bias=False)
        self.add_linear("words.palette", s["palette"], WORDS, bias=False, std=0.3)
        self.add_linear("words.mix", WORDS, WORDS)
        self.add_linear("words.out", WORDS, w)
        self.add_linear("time.in", 128, w)
        self.add_linear("time.out", w, w)
        self.add_linear("modulation", w, 6 * w, std=0)
        self.add_linear("units", d, w, std=0.3 / math.sqrt(d))
        self.add_linear("patches", s["k"], w)
        self.add_normal("positions.weight", (s["tokens"], w), 0.02)
        for i in range(s["layers"]):
            self.add_block(f"block{i}", w, w // s["heads"])
        self.add_linear("final.modulation", w, 2 * w, std=0)
        self.add_linear("final", w, s["k"], std=0)

    def add_block(self, name, w, per_head):
        self.add_normal(f"{name}.modulation", (6 * w,), 0)
        self.add_linear(f"{name}.attention.qkv", w, 3 * w, bias=False)
        for part in ("q", "k"):
            self.register_parameter(f"{name}__attention__{part}__gain", nn.Parameter(torch.ones(per_head)))
        self.add_linear(f"{name}.attention.out", w, w)
        self.add_linear(f"{name}.mlp.in", w, 4 * w)
        self.add_linear(f"{name}.mlp.out", 4 * w, w)

    def conditioning(self, time, text, bag, taste, palette):
        scale = math.sqrt(self.shape["dimensions"])
        said = self.linear(text * scale, "words.text") + self.linear(bag, "words.bag", bias=False)
        said = said + self.linear(taste * scale, "words.taste", bias=False)
        said = said + self.linear(palette * PALETTE_SCALE, "words.palette", bias=False)
        when = self.linear(F.silu(self.linear(sinusoids(time * 1000, 128), "time.in")), "time.out")
        return self.linear(F.silu(self.linear(F.silu(said), "words.mix")), "words.out") + when

    def forward(self, x, time, text, units, bag, taste, palette):
        s = self.shape
        c = F.silu(self.conditioning(time, text, bag, taste, palette))  # (B, width)
        shared = self.linear(c, "modulation")
        words = self.linear(units * math.sqrt(s["dimensions"]), "units")
        h = self.linear(x, "patches") + self.at("positions.weight")
        h = torch.cat([h, words.to(h.dtype)], 1)  # (B, tokens + units, width)
        for i in range(s["layers"]):
            h = self.block(h, shared, f"block{i}")
        shift, scale = self.linear(c, "final.modulation").chunk(2, 1)
        return self.linear(modulated(h[:, : s["tokens"]], shift, scale), "final")  # (B, tokens, k)

    def block(self, h, shared, name):
        shift1, scale1, gate1, shift2, scale2, gate2 = (shared + self.at(f"{name}.modulation")).chunk(6, 1)
        h = h + self.attention(modulated(h, shift1, scale1), f"{name}.attention") * gate1[:, None]
        inner = F.silu(self.linear(modulated(h, shift2, scale2), f"{name}.mlp.in"))
        return h + self.linear(inner, f"{name}.mlp.out") * gate2[:, None]

    def attention(self, x, name):
        b, n, w = x.shape
        heads = self.shape["heads"]
        qkv = self.linear(x, f"{name}.qkv", bias=False).reshape(b, n, 3, heads, w // heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # 3 x (B, heads, n, d)
        q, k = rms_norm(q, self.at(f"{name}.q.gain")), rms_norm(k, self.at(f"{name}.k.gain"))
        y = F.scaled_dot_product_attention(q.to(v.dtype), k.to(v.dtype), v)
        return self.linear(y.transpose(1, 2).reshape(b, n, w), f"{name}.out")


def rms_norm(x, gain):
    x = x.float()
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-6) * gain


def modulated(h, shift, scale):
    plain = F.layer_norm(h, h.shape[-1:], eps=1e-6)
    return plain * (scale[:, None] + 1) + shift[:, None]


def patches(pictures, side=4):
    """(B, 3, H, W) -> (B, tokens, side * side * 3): rows of patches, in each its rows of RGB pixels."""
    b, c, h, w = pictures.shape
    x = pictures.reshape(b, c, h // side, side, w // side, side)
    return x.permute(0, 2, 4, 3, 5, 1).reshape(b, (h // side) * (w // side), side * side * c)


def pictures(tokens, side=4):
    """The inverse of `patches`."""
    b, n, k = tokens.shape
    per = round(n**0.5)
    x = tokens.reshape(b, per, per, side, side, k // side**2)
    return x.permute(0, 5, 1, 3, 2, 4).reshape(b, k // side**2, per * side, per * side)


class Sharpener(Network):
    def __init__(self):
        super().__init__()
        c = SHARPENER_CHANNELS
        self.add_convolution("in", 3, c)
        for i in range(SHARPENER_BLOCKS):
            self.add_convolution(f"block{i}.in", c, c)
            self.add_convolution(f"block{i}.out", c, c, 0.2)
        self.add_convolution("out", c, 3 * ENLARGEMENT**2, 0.1)

    def forward(self, x):
        h = self.convolved(x, "in")
        for i in range(SHARPENER_BLOCKS):
            h = h + self.convolved(F.silu(self.convolved(h, f"block{i}.in")), f"block{i}.out")
        drawn = F.pixel_shuffle(self.convolved(F.silu(h), "out"), ENLARGEMENT)
        return F.interpolate(x, scale_factor=ENLARGEMENT, mode="nearest") + drawn


class Classifier(Network):
    def __init__(self, groups):
        super().__init__()
        for first, name, size_in, size in (("in", "a", 12, 48), ("down", "b", 192, 96), ("last", "c", 384, 192)):
            self.add_convolution(first, size_in, size)
            self.add_convolution(f"{name}.in", size, size)
            self.add_convolution(f"{name}.out", size, size, 0.2)
        self.add_linear("features", 192, FEATURES)
        self.add_linear("scores", FEATURES, groups)

    def residual(self, x, name):
        return x + self.convolved(F.silu(self.convolved(F.silu(x), f"{name}.in")), f"{name}.out")

    def forward(self, x):
        h = self.residual(self.convolved(F.pixel_unshuffle(x, 2), "in"), "a")
        h = self.residual(self.convolved(F.pixel_unshuffle(F.silu(h), 2), "down"), "b")
        h = self.residual(self.convolved(F.pixel_unshuffle(F.silu(h), 2), "last"), "c")
        features = F.silu(self.linear(F.silu(h).mean((2, 3)), "features"))
        return features, self.linear(features, "scores")
