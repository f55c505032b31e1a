"""How long one search takes in scopes of several sizes, and what an approximate index would cost.

    .venv/bin/python benchmarks/search.py [--sizes 1000 10000 40000 100000] [--hnsw 300000]

Makes a person with so many passages of made-up words (Zipf's law) and vectors (clusters), on database servers of its
own that are gone afterwards, and prints one JSON object. A search embeds its query, looks its words up, scores, marks.
"""

import argparse
import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - the path comes first
from django.core.management import call_command  # noqa: E402

from config import embedded  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 40_000, 100_000])
    parser.add_argument("--hnsw", type=int, default=0, metavar="PASSAGES", help="compare with an HNSW index")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="glossa-benchmark-") as folder:
        Path(folder).chmod(0o711)
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        with embedded.running(Path(folder), durable=False):
            django.setup()
            call_command("migrate", verbosity=0)
            call_command("collectstatic", verbosity=0, interactive=False)
            # Its imports are the product's, which knows its settings only now.
            scopes = import_module("benchmarks.scopes")
            figures = {str(size): scopes.of_size(size) for size in chosen.sizes}
            if chosen.hnsw:
                figures["hnsw"] = scopes.approximate(chosen.hnsw)
            print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
