"""Measurements of rendering: a real JupyterLab, asked over HTTP or clicked in Chromium, beside its peers in one run.

    python -m benchmarks.rendering.latency     request to result, beside nbclient, nbconvert and papermill
    python -m benchmarks.rendering.load        200 requests at once
    python -m benchmarks.rendering.soak        5,000 renderings: what grows, what is left over
    python -m benchmarks.rendering.click       click to painted curve

Run from the root of the clone, in the environment of `make demo` (`click`: of `make test`). `--help` says what each
takes; what follows `--` goes on to JupyterLab, settings above all. The work is always the same: a csv of 10,000 rows
that nobody has seen before, its ROC curve, a plotly figure; and every answer is checked: it was made for this request,
and its AUC is scikit-learn's.
"""
