"""`make bench-abuse`: how fast comments are judged for abuse, on one core, beside a BERT-base classifier.

Every contestant runs in a process of its own, bound to one core, over the same comments; rounds are interleaved, so
that a busy machine slows all alike, and medians are reported. Comments are `wikiconv_cat` of BELOWLINE_DATA, which has
about the natural rate of abuse, cut to a median of 40 words. The BERT-base has the size of Detoxify's (12 layers, 768
wide, 512 tokens at most) and random weights, as speed does not depend on them; in PyTorch it needs `pip install torch
transformers`, and is left out, and said so, where these are missing.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROUNDS = 2
COMMENTS = 1_000
SLOW_COMMENTS = 60
"""So many for BERT, and four times as many for the encoder alone."""
ALONE = 300
"""Comments whose single latency is taken."""
CONTESTANTS = ("cascade", "encoder alone", "first stage alone", "BERT-base, ONNX int8", "BERT-base, PyTorch")
WIDTH, HEADS, LAYERS, INNER = 768, 12, 12, 3072
RESULTS = Path(__file__).parent / "abuse.json"


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BELOWLINE_DATA", "../shared/data")))
    parser.add_argument("--contestant", choices=CONTESTANTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contestant:
        print(json.dumps(contest(given.contestant, comments(given.data))))
        return
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for name in CONTESTANTS:
            command = [sys.executable, __file__, "--data", str(given.data), "--contestant", name]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"left out: {name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            else:
                found.setdefault(name, []).append(json.loads(done.stdout))
    report({name: medians(rounds) for name, rounds in found.items()})


def comments(data: Path) -> list[str]:
    """Return natural comments, the same in every run: every length up to 2,000 letters, with a median of 40 words."""
    from belowline.lab.datasets import read_source

    texts = [row.text for row in read_source(data, "wikiconv_cat") if len(row.text) <= 2_000]
    texts.sort(key=lambda text: len(text.split()))
    counts = [len(text.split()) for text in texts]
    longer = next(place for place, count in enumerate(counts) if count > 40)
    start = max(0, 2 * longer - len(texts))
    chosen = texts[start:]
    step = max(1, len(chosen) // COMMENTS)
    return sorted(chosen[::step][:COMMENTS], key=hash_of)


def hash_of(text: str) -> int:
    """Return a number that mixes the comments, the same on every run."""
    import zlib

    return zlib.crc32(text.encode())


def contest(name: str, texts: list[str]) -> dict[str, float]:
    """Measure one contestant on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    judge, count = contestant(name)
    texts = texts[:count]
    for text in texts[:20]:
        judge(text)
    began = time.perf_counter()
    for text in texts:
        judge(text)
    rate = len(texts) / (time.perf_counter() - began)
    each = sorted(took(judge, text) for text in texts[:ALONE])
    return {
        "comments_per_second": rate,
        "p50_ms": each[len(each) // 2] * 1000,
        "p99_ms": each[int(len(each) * 0.99)] * 1000,
        "resident_mb": resident(),
    }


def took(judge: Callable[[str], object], text: str) -> float:
    began = time.perf_counter()
    judge(text)
    return time.perf_counter() - began


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def contestant(name: str) -> tuple[Callable[[str], object], int]:
    """Return what judges one comment, and how many comments it gets."""
    if name.startswith("BERT"):
        return (bert_onnx() if "ONNX" in name else bert_torch()), SLOW_COMMENTS
    from belowline.engine.policy import Settings
    from belowline.engine.signals.abuse import AbuseSignal
    from belowline.engine.signals.base import Prepared
    from belowline.engine.submission import Submission

    signal = AbuseSignal.load()
    settings = Settings()
    cascade = signal.cascade
    assert cascade is not None

    def judged(text: str) -> object:
        return signal.measure(Prepared(Submission(text=text, language="en"), settings))

    if name == "cascade":
        return judged, COMMENTS
    if name == "first stage alone":
        return cascade.first_stage, COMMENTS
    return (lambda text: cascade.encoder.read(cascade.encoder.windows(text)[:4])), 4 * SLOW_COMMENTS


def tokens(text: str) -> list[int]:
    """Cut a text into word pieces with the tokenizer of the encoder, at most 512."""
    from importlib import resources

    from tokenizers import Tokenizer

    if not hasattr(tokens, "tokenizer"):
        folder = resources.files("belowline").joinpath("weights", "abuse", "tokenizer.json")
        tokens.tokenizer = Tokenizer.from_str(folder.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    ids: list[int] = tokens.tokenizer.encode(text).ids  # type: ignore[attr-defined]
    return ids[:512]


def bert_onnx() -> Callable[[str], object]:
    """Return a BERT-base of random weights in eight bits."""
    import numpy as np
    import onnxruntime

    from belowline.lab.export_encoder import build_graph

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(build_graph(random_weights(), heads=HEADS), options)

    def judge(text: str) -> object:
        return session.run(None, {"ids": np.array([tokens(text)], dtype=np.int64)})

    return judge


def random_weights() -> dict[str, object]:
    """Return weights of a BERT-base by the names that the exporter reads."""
    import numpy as np

    draw = np.random.default_rng(0)
    shapes = {"words.weight": (30_522, WIDTH), "places.weight": (512, WIDTH)}
    shapes |= {"head.weight": (6, 2 * WIDTH), "head.bias": (6,), "marks.weight": (1, WIDTH), "marks.bias": (1,)}
    norms = ["norm"]
    for number in range(LAYERS):
        name = f"layers.{number}"
        norms += [f"{name}.norm_1", f"{name}.norm_2"]
        for part, (rows, columns) in {
            "qkv": (3 * WIDTH, WIDTH),
            "out": (WIDTH, WIDTH),
            "up": (INNER, WIDTH),
            "down": (WIDTH, INNER),
        }.items():
            shapes |= {f"{name}.{part}.weight": (rows, columns), f"{name}.{part}.bias": (rows,)}
    weights = {name: draw.normal(scale=0.02, size=shape).astype(np.float32) for name, shape in shapes.items()}
    for name in norms:
        weights |= {f"{name}.weight": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}
    return weights


def bert_torch() -> Callable[[str], object]:
    """Return a BERT-base of random weights in PyTorch, float32."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.set_num_threads(1)
    model = BertForSequenceClassification(BertConfig(num_labels=6)).eval()

    def judge(text: str) -> object:
        with torch.no_grad():
            return model(input_ids=torch.tensor([tokens(text)])).logits

    return judge


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(one[key] for one in rounds), 2) for key in rounds[0]}


def report(rows: dict[str, dict[str, float]]) -> None:
    """Print the table and write it down."""
    base = rows["cascade"]["comments_per_second"]
    print(f"{'one core':24}{'comments/s':>12}{'of cascade':>12}{'p50 ms':>9}{'p99 ms':>9}{'MB':>7}")
    for name, row in rows.items():
        ratio = row["comments_per_second"] / base
        print(
            f"{name:24}{row['comments_per_second']:12.0f}{ratio:12.4f}{row['p50_ms']:9.2f}{row['p99_ms']:9.2f}"
            f"{row['resident_mb']:7.0f}"
        )
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    note = {"date": when, "machine": f"{platform.machine()}, {os.cpu_count()} cores", "rows": rows}
    RESULTS.write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
