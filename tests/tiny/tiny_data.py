"""A tiny data folder: a few invented rows for each source that we train on, and two word lists."""

import gzip
import json

from belowline.lab.datasets import LABELS, SOURCES

INSULTS = ("you are an idiot", "what an idiot you are", "idiot you", "the idiot is you")
REMARKS = ("the bridge is unhappy .", "the word is the bridge", "is the bridge the word ?", "the bridge")


def tiny_rows(source, count):
    """Return rows as JSON has them: odd ones insult, even ones do not."""
    for number in range(count):
        insulting = number % 2
        text = (INSULTS if insulting else REMARKS)[number // 2 % 4] + f" {number}"
        labels = {"spam": float(insulting)} if "spam" in source else dict.fromkeys(LABELS[:6], float(insulting))
        row = {"id": f"{source}:{number}", "text": text, "labels": labels, "extra": {}}
        if source == "civil_spans":
            at = text.find("idiot")
            row["extra"] = {
                "raters": {"n": 4, "both_boxes": 1},
                "spans": [[at, at + 5, "insult"]] if insulting else [],
                "span_rater": [0] if insulting else [],
            }
        yield row


def lay_out(folder, *, count=8):
    """Write all training files and both word lists below a folder; return it."""
    terms = [{"term": "smurfing", "category": "sexual"}]
    files = {source.file: list(tiny_rows(name, count)) for name, source in SOURCES.items()}
    for name, records in (files | {f"lexicons/{name}": terms for name in ("surge", "dsojevic")}).items():
        path = folder / f"{name}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode(), mtime=0))
    return folder
