"""The two stages: fit to the teacher's vectors, then learn from questions and their clauses."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional as F  # noqa: N812

from encoder.student import Student

__all__ = ["Example", "Imitation", "Projection", "contrast", "imitate"]

Floats = npt.NDArray[np.float32]
Log = Callable[[str], None]


class Projection:
    """The teacher's vectors, centred (they share one direction) and turned to fewer dimensions."""

    def __init__(self, vectors: Floats, dimension: int) -> None:
        """Learn centre and principal axes from vectors."""
        self.centre = vectors.mean(axis=0)
        centred = vectors - self.centre
        _, axes = np.linalg.eigh(centred.T @ centred)
        self.axes: Floats = axes[:, ::-1][:, :dimension].astype(np.float32)

    def centred(self, vectors: Floats) -> Floats:
        """All dimensions, of length 1."""
        out = vectors - self.centre
        found: Floats = out / np.linalg.norm(out, axis=1, keepdims=True)
        return found

    def reduced(self, vectors: Floats) -> Floats:
        """The first axes, of length 1."""
        out = (vectors - self.centre) @ self.axes
        found: Floats = out / np.linalg.norm(out, axis=1, keepdims=True)
        return found


def _optimiser(
    model: Student, rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    adam = torch.optim.Adam(
        [{"params": [model.table], "lr": rate}, {"params": [model.logits], "lr": rate * 3}],
        betas=(0.9, 0.99),
    )
    warm = max(1, steps // 20)

    def at(step: int) -> float:
        return min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps)

    return adam, torch.optim.lr_scheduler.LambdaLR(adam, at)


def _divergence(student: torch.Tensor, teacher: torch.Tensor, heat: float) -> torch.Tensor:
    """KL from the teacher's to the student's similarities within a batch."""
    mask = torch.eye(len(student), dtype=torch.bool)
    ours = (student @ student.T / heat).masked_fill(mask, -1e4)
    theirs = (teacher @ teacher.T / heat).masked_fill(mask, -1e4)
    return F.kl_div(
        ours.log_softmax(1), theirs.log_softmax(1), log_target=True, reduction="batchmean"
    )


@dataclass
class Imitation:
    """Texts of stage 1 as word ids, and what the teacher makes of them."""

    ids: list[list[int]]
    centred: Floats
    reduced: Floats

    def loss(self, model: Student, batch: Sequence[int], heat: float) -> torch.Tensor:
        """1 - cosine, and the divergence of similarities."""
        chosen = list(batch)
        student = model([self.ids[i] for i in chosen])
        target = torch.from_numpy(self.reduced[chosen])
        cosine = (student * target).sum(1).mean()
        return 1 - cosine + 0.3 * _divergence(student, torch.from_numpy(self.centred[chosen]), heat)


def imitate(
    model: Student, data: Imitation, *, epochs: float, batch: int, rate: float, heat: float,
    seed: int, log: Log,
) -> None:  # fmt: skip
    """Stage 1."""
    draw = random.Random(seed)
    steps = int(epochs * len(data.ids) / batch)
    optimiser, schedule = _optimiser(model, rate, steps)
    everything = range(len(data.ids))
    total = 0.0
    for step in range(steps):
        loss = data.loss(model, draw.sample(everything, batch), heat)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % 100 == 0:
            log(f"第一阶段 {step + 1}/{steps} {total / 100:.4f}")
            total = 0.0


@dataclass
class Example:
    """A clause of stage 2 as word ids: what asks for it, what it is, what it is not."""

    key: str
    asks: list[list[int]]
    answers: list[list[int]]
    others: list[list[int]] = field(default_factory=list)
    weight: float = 1.0


def contrast(
    model: Student, examples: Sequence[Example], data: Imitation, *, steps: int, batch: int,
    hard: int, rate: float, heat: float, keep: float, seed: int, log: Log,
) -> None:  # fmt: skip
    """Stage 2: a question nearer to its clause than to the batch's others and its look-alikes.

    Args:
        hard: look-alikes a question.
        keep: how much stage 1 goes on to count, so that words without questions stay in place.
    """
    draw = random.Random(seed)
    optimiser, schedule = _optimiser(model, rate, steps)
    weights = [e.weight * len(e.asks) for e in examples]
    everything = range(len(data.ids))
    total = 0.0
    for step in range(steps):
        chosen: dict[str, Example] = {}
        for e in draw.choices(examples, weights, k=batch):
            chosen.setdefault(e.key, e)
        asks, answers, others = [], [], []
        for e in chosen.values():
            ask = draw.choice(e.asks)
            asks.append(ask)
            answers.append(draw.choice([a for a in e.answers if a is not ask]))
            others += draw.sample(e.others, min(hard, len(e.others)))
        vectors = model([*asks, *answers, *others])
        n = len(asks)
        scores = vectors[:n] @ vectors[n:].T / heat
        target = torch.arange(n)
        loss = F.cross_entropy(scores, target) + 0.5 * F.cross_entropy(scores[:, :n].T, target)
        if keep:
            loss = loss + keep * data.loss(model, draw.sample(everything, 256), 0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % 100 == 0:
            log(f"第二阶段 {step + 1}/{steps} {total / 100:.4f}")
            total = 0.0
