"""How long a map of so many documents takes on one core, and how much memory: python benchmarks/map.py 5000"""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from documents.mapping import placing, regions

DIMENSIONS, GROUPS = 384, 40


def main(count: int) -> None:
    random = np.random.default_rng(1)
    centres = random.normal(size=(GROUPS, DIMENSIONS))
    vectors = centres[random.integers(GROUPS, size=count)] + random.normal(size=(count, DIMENSIONS)) * 1.2
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    began, worked = time.perf_counter(), time.process_time()
    places = placing.lay_out(np.asarray(units, dtype=np.float32))
    placed = time.process_time() - worked
    found = regions.divide(places)
    figures = {
        "documents": count,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
        "of_which_placing": round(placed, 1),
        "regions": len(found),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5_000)
