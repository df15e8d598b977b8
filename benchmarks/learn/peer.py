"""One task per line of JSON on standard input, one answer per line."""

import json
import sys
import time
import warnings

import numpy
import scipy.sparse
from implicit.als import AlternatingLeastSquares
from implicit.cpu.topk import topk
from implicit.nearest_neighbours import CosineRecommender

kept = {}
warnings.simplefilter("ignore")


def measured(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def load(task):
    read = lambda name, kind: numpy.fromfile(f"{task['folder']}/{name}", kind)
    columns = read("columns", numpy.int32)
    parts = (numpy.ones(len(columns), numpy.float32), columns, read("offsets", numpy.int32))
    kept["rows"] = scipy.sparse.csr_matrix(parts, shape=(task["people"], task["items"]))
    return {}


def als(task):
    """The second of two epochs, so that conversions are not counted."""
    key = ("als", task["factors"])
    if key not in kept:
        kept[key] = AlternatingLeastSquares(
            factors=task["factors"],
            regularization=1.0,
            alpha=10.0,
            iterations=2,
            use_cg=True,
            num_threads=task["threads"],
            random_state=1,
        )
    marks = []
    mark = lambda *_: marks.append((time.perf_counter(), time.process_time()))
    kept[key].fit(kept["rows"], show_progress=False, callback=mark)
    (wall, cpu), (wall_end, cpu_end) = marks[-2:]
    return {"wall": wall_end - wall, "cpu": cpu_end - cpu}


def cosine(task):
    model = CosineRecommender(K=task["k"], num_threads=task["threads"])
    return measured(lambda: model.fit(kept["rows"], show_progress=False))


def top(task):
    if "matrix" not in kept:
        kept["matrix"] = numpy.fromfile(task["file"], numpy.float32).reshape(-1, task["d"])
    query = numpy.array([task["query"]], numpy.float32)
    answer = measured(lambda: kept.__setitem__("top", topk(kept["matrix"], query, task["k"], num_threads=1)))
    return {**answer, "positions": kept["top"][0][0].tolist()}


TASKS = {"load": load, "als": als, "cosine": cosine, "top": top}
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps(TASKS[task["task"]](task)), flush=True)
