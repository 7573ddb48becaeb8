"""What two columns of a parquet file in an object store cost: its parts by range, Arrow's reader, and all of it copied.

    python benchmarks/remote_table.py [SECONDS_OF_DELAY]

A file of about 130 MB with 20 columns, on a local S3 server (tests/object_store_server.py) that answers 20 ms late
unless told otherwise; each way in a fresh process, five times in turn. Prints the median in seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

ROWS = 800_000
TIMES = 5
USER = ("team:ann", "secret")

_WAYS = {
    "parts by range (ours)": """
from jupyter_viz.artifacts.tables import of_file
table = of_file(uri, uri)
table.aggregate(total=table.score.sum(), mean=table.label.mean()).execute()""",
    "Arrow dataset over fsspec": """
import fsspec, ibis, pyarrow.dataset, pyarrow.fs
store = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fsspec.filesystem("s3")))
data = pyarrow.dataset.dataset(uri.removeprefix("s3://"), filesystem=store, format="parquet")
connection = ibis.duckdb.connect()
connection.con.register("data", data)
connection.con.sql("SELECT sum(score), avg(label) FROM data").fetchall()""",
    "copied, then read": """
import tempfile, fsspec
from jupyter_viz.artifacts.tables import of_file
with tempfile.TemporaryDirectory() as folder:
    fsspec.filesystem("s3").get_file(uri, f"{folder}/data.parquet")
    table = of_file(f"{folder}/data.parquet", uri)
    table.aggregate(total=table.score.sum(), mean=table.label.mean()).execute()""",
}
_MEASURED = """
import sys, time, urllib.request, warnings
warnings.simplefilter("ignore")
import ibis, s3fs
import jupyter_viz.artifacts.tables
ibis.duckdb.connect().raw_sql("SELECT 1")
uri = sys.argv[1]
began = time.perf_counter()
{way}
print(time.perf_counter() - began)
"""


def write_file(path: str) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = np.random.default_rng(0)
    columns = {f"c{number}": draw.random(ROWS) for number in range(18)}
    label = (draw.random(ROWS) < 0.5).astype("int8")
    pq.write_table(pa.table(columns | {"label": label, "score": draw.random(ROWS)}), path, row_group_size=122_880)


def main(delay: float) -> None:
    import s3fs

    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "tests/object_store_server.py", folder, "0", ":".join(USER)],
            env={**os.environ, "S3_DELAY": str(delay)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout
            os.environ |= {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.stdout.readline().strip()}",
                "AWS_ACCESS_KEY_ID": USER[0],
                "AWS_SECRET_ACCESS_KEY": USER[1],
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
            write_file(f"{folder}/wide.parquet")
            store = s3fs.S3FileSystem()
            store.mkdir("bucket")
            store.put_file(f"{folder}/wide.parquet", "bucket/wide.parquet")
            print(f"{os.path.getsize(f'{folder}/wide.parquet') / 1e6:.0f} MB, each answer {delay * 1000:g} ms late")
            measure("s3://bucket/wide.parquet")
        finally:
            server.kill()
            server.wait()


def measure(uri: str) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in _WAYS}
    for _ in range(TIMES):
        for name, way in _WAYS.items():
            done = subprocess.run(
                [sys.executable, "-c", _MEASURED.format(way=way.strip()), uri],
                capture_output=True,
                text=True,
                check=True,
            )
            seconds[name].append(float(done.stdout))
            time.sleep(0.1)
    slowest = max(statistics.median(taken) for taken in seconds.values())
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:28} {median:6.2f} s   ({slowest / median:.1f} times as quick as the slowest)")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.02)
