"""`%viz` and `%%viz` in a real IPython."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from IPython.utils.capture import capture_output
from sklearn.metrics import roc_auc_score

from jupyter_viz.client import load
from jupyter_viz.notebook import load_extension
from jupyter_viz.rendering.results import Result

from .conftest import Shell


def test_one_line_draws_the_curve_of_the_latest_run(shell: Shell, recorded: Any) -> None:
    """My existing run → the right picture, in one line, without a UUID."""
    result = shell.run("%viz roc_curve churn@latest/evaluate/scores --score p")
    assert isinstance(result, Result)
    scores = load(recorded.scores)
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(scores.label, scores.p), abs=1e-9)
    assert result.provenance["source"] == recorded.scores


def test_arguments_in_the_body_and_on_the_line(shell: Shell) -> None:
    result = shell.run("%%viz roc_curve churn@latest/scores --target label\nscore: p\npositive: 0\n")
    assert result.provenance["arguments"] == {"target": "label", "score": "p", "positive": 0, "exact": False}


def test_several_runs_files_and_variables_are_shown_together(shell: Shell, recorded: Any, tmp_path: Path) -> None:
    """`--runs` takes the place of the run in the address; words are sources one by one."""
    result = shell.run("%viz table churn@latest/scores --runs latest~4:,newest --rows 3")
    assert result.provenance["source"] == recorded.scores, "the newest is the latest: one source"
    both = shell.run("%viz table churn@latest/scores churn@latest/classes --rows 1")
    assert both.data.run.tolist() == ["scores", "classes"]
    (tmp_path / "a.csv").write_text("x\n1\n")
    shell.names["b"] = pd.DataFrame({"x": [2]})
    result = shell.run("%viz table a.csv b")
    assert result.data.run.tolist() == ["a.csv", "b"]
    assert "takes the place of the run" in shell.refused("%viz table --runs latest")
    assert shell.run("%viz metrics_table churn").metrics["runs"] >= 1


def test_own_code_runs_for_each_source_below_its_name(shell: Shell, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(f"x\n{name}\n")
    shell.run("%%viz custom one.csv gone.csv two.csv\nprint('rows of', source.table().x.max().execute())")
    assert re.findall("rows of (.*)", shell.captured.stdout) == ["one", "two"]
    headings = [output.data["text/plain"] for output in shell.captured.outputs]
    assert headings[0] == "one.csv"
    assert headings[1].startswith("gone.csv\nLeft out: There is no file 'gone.csv'")
    assert "source" not in shell.names


def test_out_binds_the_result(shell: Shell) -> None:
    shell.run("%viz table churn@latest/scores --rows 3 --out shown")
    assert len(shell.names["shown"].data) == 3


def test_a_kernel_of_its_own_makes_the_same_and_keeps_it(shell: Shell, recorded: Any) -> None:
    """Slow or risky looks do not hold up the notebook's state, and what they made is in the sidebar."""
    line = "%viz roc_curve churn@latest/scores --score p"
    here = shell.run(line)
    there = shell.run(f"{line} --kernel fresh --refresh --name 'The curve' --out kept")
    assert there.data.equals(here.data)
    assert there.provenance["kernel"] != here.provenance["kernel"]
    assert repr(there).startswith("The curve\n")
    assert shell.names["kept"] is there
    assert [each.name for each in there.artifact.visualizations if each.id == there.id] == ["The curve"]
    assert shell.run(f"{line} --kernel fresh --name 'The curve'").freshness == "cached"


def test_own_code_in_a_kernel_of_its_own(shell: Shell) -> None:
    """It finds source and arguments, shows what it shows, and reaches nothing of this kernel."""
    cell = (
        "%%viz custom churn@latest/scores --kernel fresh --n 3\nprint('first')\nsource.table().count().execute() + {}"
    )
    assert repr(shell.run(cell.format("arguments['n']"))) == "203"
    assert shell.captured.stdout.startswith("first\n")
    shell.names["here"] = 1
    assert "NameError: name 'here' is not defined" in shell.refused_by_code(cell.format("here"))
    assert "----> 2" in re.sub(r"\x1b\[[0-9;]*m", "", shell.captured.stderr)


def test_save_keeps_what_this_kernel_made(shell: Shell, recorded: Any) -> None:
    """It is among the artifact's visualizations, and whoever asks the same finds it there."""
    result = shell.run("%viz threshold_metrics churn@latest/scores --score p --save --name Thresholds")
    kept = next(each for each in result.artifact.visualizations if each.id == result.id)
    assert kept.name == "Thresholds"
    assert kept.result().data.equals(result.data)
    assert kept.provenance["kernel"] == result.provenance["kernel"]
    again = shell.run("%viz threshold_metrics churn@latest/scores --score p --kernel fresh --name Thresholds")
    assert (again.id, again.freshness) == (result.id, "cached")


def test_a_variable_and_a_file_are_sources(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "it is.csv").write_text("a,b\n1,2\n")
    (tmp_path / "frame").write_text("x")
    shell.names["frame"] = pd.DataFrame({"a": [5, 6]})
    assert shell.run("%viz table frame").data.a.tolist() == [5, 6]
    assert shell.run("%viz table 'it is.csv'").data.b.tolist() == [2]


def test_nothing_is_expanded(shell: Shell, tmp_path: Path) -> None:
    """Braces and dollars in names are names: IPython puts no variable's value there."""
    shell.names["x"] = "expanded"
    (tmp_path / "{x} $x.csv").write_text("'{x}',$x\n1,2\n")
    result = shell.run("%viz table '{x} $x.csv' --columns '[$x]'")
    assert list(result.data.columns) == ["$x"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%viz roc_curv churn@latest/scores", "no recipe 'roc_curv'. Did you mean 'roc_curve'"),
        ("%viz recipe", "Did you mean 'recipes'"),
        (
            "%viz table ragged.csv --runs latest",
            "'ragged.csv' is read as a file, and a file has no runs. Leave out --runs",
        ),
        ("%viz diff ragged.csv --runs latest~1:", "instead of the file: pipeline@run."),
        ("%viz table number --runs latest", "instead of the variable: pipeline@run/step/artifact."),
        ("%viz table s3://bucket/a.csv --runs latest", "a URI has no runs"),
        ("%viz table chrun --runs latest", "'chrun' is read as a file"),
        ("%viz metric_trend number --runs latest", "There is no pipeline 'number'"),
        ("%viz text *.txt", "shows at most 20 sources together; 21 are named. Name fewer"),
        ("%viz diff churn@latest/scores", "compares 2 sources; 1 is named. Name 2."),
        ("%viz roc_curve churn@latest/score", "no artifact 'score'. Did you mean 'scores'"),
        ("%viz roc_curve chrun@latest/scores", "Did you mean 'churn'"),
        ("%viz roc_curve churn@last/scores", "no run 'last'"),
        ("%viz roc_curve churn@latest", "names no artifact"),
        ("%viz roc_curve churn@latest/scores", "no column 'score'. There is: label, p."),
        ("%viz roc_curve churn@latest/scores --scor p", "no option --scor. Did you mean 'score'"),
        ("%viz roc_curve churn@latest/scores --kernl fresh", "Did you mean 'kernel'"),
        ("%viz roc_curve churn@latest/scores --kernel pyton3 --score p", "no kernel 'pyton3'. Did you mean 'python3'"),
        ("%viz roc_curve churn@latest/scores --kernel fresh --score q", "no column 'q'"),
        ("%viz roc_curve churn@latest/scores --score p --save=yes", "--save takes no value"),
        ("%viz table frame --save", "A value of this process is not kept"),
        ("%%viz custom --save\n1", "--kernel fresh"),
        ("%%viz custom --out shown\n1", "--kernel fresh"),
        ("%viz roc_curve churn@latest/scores --score", "--score needs a value"),
        ("%viz roc_curve churn@latest/report", "reads a table"),
        ("%viz roc_curve churn@latest/classes", "say which is `positive`"),
        ("%viz roc_curve absent.csv", "There is no file 'absent.csv'"),
        ("%viz table fram", "There is no file 'fram'. Did you mean 'frame'?"),
        ("%viz table raged.csv", "There is no file 'raged.csv'. Did you mean 'ragged.csv'?"),
        ("%viz table churn@latest/evalate/scores", "Did you mean 'evaluate/scores'"),
        ("%viz table churn@highest(roc_acu)/scores", "Did you mean 'roc_auc'"),
        ("%viz table chrun@latest/scores --kernel fresh", "Did you mean 'churn'"),
        ("%viz roc_curve broken.csv", "'broken.csv' is not a csv in UTF-8"),
        ("%viz roc_curve 'ragged.csv'", "line 3 has 3 fields, the header 2"),
        ("%viz roc_curve https://example.org/a.csv", "Sources by 'https' are not read"),
        ("%viz roc_curve number", "'number' is"),
        ("%viz roc_curve", "source is needed"),
        ("%viz roc_curve a b", "There is no file 'a'"),
        ("%viz roc_curve 'open", "Close the quotation"),
        ("%viz table churn@latest/scores --rows many", "argument 'rows'"),
        ("%viz table churn@latest/scores --rows 0", "less than the minimum of 1"),
        ("%viz table churn@latest/scores --out 1x", "'1x' is not a name"),
        ("%%viz table churn@latest/scores --rows 1\nrows: 2", "'rows' is given twice"),
        ("%%viz table churn@latest/scores\nrow: 2", "no argument 'row'. Did you mean 'rows'"),
        ("%%viz table churn@latest/scores\nrows: [", "not YAML in line"),
        ("%%viz table churn@latest/scores\njust text", "must be YAML arguments"),
        ("%viz custom churn@latest/scores", "needs Python below it"),
        ("%%viz custom churn@latest/scores\n  \n", "needs Python below it"),
        ("%viz help roc_curv", "Did you mean 'roc_curve'"),
        ("%viz runs chrun", "Did you mean 'churn'"),
        ("%viz runs churn --x 1", "takes no options and no body"),
        ("%%viz status\nx", "takes no options and no body"),
    ],
)
def test_every_mistake_is_one_sentence_with_the_way_out(shell: Shell, tmp_path: Path, cell: str, said: str) -> None:
    (tmp_path / "broken.csv").write_bytes(b"\x89PNG\xff")
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n1,2,3\n")
    for number in range(21):
        (tmp_path / f"{number}.txt").touch()
    shell.names.update({"number": 5, "frame": pd.DataFrame({"x": [1]})})
    assert said in shell.refused(cell)


def test_bytes_that_are_gone_are_said_to_be(shell: Shell, recorded: Any) -> None:
    folder = Path(recorded.artifacts["rows"].uri)
    folder.rename(f"{folder}-kept")
    try:
        assert "removed them from the artifact store" in shell.refused("%viz table churn@latest/rows")
    finally:
        Path(f"{folder}-kept").rename(folder)


def test_custom_code_finds_source_and_arguments_and_leaves_no_trace(shell: Shell) -> None:
    """What the user called `source` is theirs again after the cell; what the cell makes stays."""
    shell.names["source"] = "mine"
    shell.run(
        "%%viz custom churn@latest/scores --title '$x {y}' --bins 3\n"
        "rows = len(source.table().to_pandas())\nseen = dict(arguments)"
    )
    assert (shell.names["rows"], shell.names["seen"]) == (200, {"title": "$x {y}", "bins": 3})
    assert shell.names["source"] == "mine"
    assert "arguments" not in shell.names


def test_custom_code_needs_no_source(shell: Shell) -> None:
    shell.run("%%viz custom\nseen = source")
    assert shell.names["seen"] is None


def test_custom_codes_own_error_points_at_its_line(shell: Shell) -> None:
    """The traceback shows the user's line, not our files; and the names are restored all the same."""
    shell.names["source"] = "mine"
    with capture_output() as captured:
        shell.shell.run_cell("%%viz custom churn@latest/scores\nfirst = 1\nraise ValueError('mine')\n")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", captured.stdout + captured.stderr)
    assert shown.count("ValueError: mine") == 1
    assert "raise ValueError('mine')" in shown
    assert "----> 2 raise" in shown
    assert "magics.py" not in shown
    assert shell.names["source"] == "mine"


def test_a_failing_custom_cell_fails(shell: Shell) -> None:
    """Run All stops at it, as at any other cell that raises."""
    for code in ("raise ValueError('mine')", "x = = 1"):
        with capture_output() as captured:
            done = shell.shell.run_cell(f"%%viz custom\n{code}\n")
        assert not done.success
        assert "Error" in captured.stdout + captured.stderr
    with capture_output() as captured:
        shell.shell.run_cell("1 / 0")  # what comes after is shown as ever
    assert "ZeroDivisionError" in captured.stdout + captured.stderr


def test_custom_code_may_use_magics_and_show_its_last_line(shell: Shell) -> None:
    with capture_output() as captured:
        shell.shell.run_cell("%%viz custom churn@latest/scores\n%time x = 5\nx + 1")
    assert "6" in captured.stdout


def test_lists(shell: Shell, recorded: Any) -> None:
    recipes = repr(shell.run("%viz recipes"))
    assert "roc_curve" in recipes
    assert "ROC curve" in recipes
    runs = repr(shell.run("%viz runs churn"))
    assert recorded.run.address in runs
    assert "90.0%" in runs
    assert "failed" in runs
    shell.run("%viz status")
    assert str(recorded.home) in shell.captured.stdout
    shell.run("%viz help roc_curve")
    assert "--positive" in shell.captured.stdout
    shell.run("%viz help")
    assert "%viz runs churn" in shell.captured.stdout


def test_alone_it_lists_the_recipes_in_a_terminal(shell: Shell) -> None:
    assert "roc_curve" in repr(shell.run("%viz"))


@pytest.mark.parametrize("line", ["%viz roc_curve?", "%viz roc_curve ?", "    %viz roc_curve??", "%viz help roc_curve"])
def test_a_question_mark_asks_for_a_recipes_help(shell: Shell, line: str) -> None:
    """IPython would look for a variable of that name, and find none."""
    shell.run(f"if True:\n{line}\n" if line.startswith(" ") else line)
    assert "--positive" in shell.captured.stdout


def test_other_question_marks_are_left_alone(shell: Shell) -> None:
    assert shell.run("'''\n%viz roc_curve?\n'''") == "\n%viz roc_curve?\n"
    shell.run("%viz?")
    assert "Look at an artifact" in shell.captured.stdout


def test_loading_twice_and_unloading_leaves_nothing(shell: Shell) -> None:
    """Whoever unloads it has the IPython they had: names, magics, completion, input, hooks, threads, processes."""
    ip = shell.shell

    def state() -> dict[str, Any]:
        return {
            "names": sorted(name for name in shell.names if name not in ("In", "Out") and not name.startswith("_")),
            "magics": {kind: sorted(known) for kind, known in ip.magics_manager.magics.items()},
            "registry": sorted(ip.magics_manager.registry),
            "matchers": len(ip.Completer.custom_matchers),
            "transformers": [
                list(ip.input_transformer_manager.token_transformers),
                list(ip.input_transformer_manager.line_transforms),
                list(ip.input_transformer_manager.cleanup_transforms),
                list(ip.input_transformers_post),
                list(ip.ast_transformers),
            ],
            "hooks": {name: str(hook) for name, hook in ip.hooks.items()},
            "events": {name: list(calls) for name, calls in ip.events.callbacks.items()},
            "threads": sorted(each.name for each in threading.enumerate() if "jupyter_viz" in each.name),
            "processes": [each.pid for each in psutil.Process().children() if "jupyter_viz" in str(each.cmdline())],
        }

    ip.run_line_magic("unload_ext", "jupyter_viz")
    before = state()
    with capture_output():
        ip.run_line_magic("load_ext", "jupyter_viz")
        loaded = state()
        ip.run_line_magic("reload_ext", "jupyter_viz")
        load_extension(ip)
    assert state() == loaded != before
    with capture_output():
        ip.run_cell("%viz table churn@latest/scores --kernel fresh --refresh", store_history=False)
    ip.run_line_magic("unload_ext", "jupyter_viz")
    for _ in range(100):  # threads that have nothing to do any more end at once, or a moment later
        if state() == before:
            break
        time.sleep(0.1)
    assert state() == before
    ip.run_line_magic("load_ext", "jupyter_viz")


def test_loading_opens_no_catalog(recorded_home: Any, home: Path, tmp_path: Path, python: Callable[..., str]) -> None:
    """`%load_ext` in a notebook that has nothing recorded makes no file and is quick."""
    code = """if True:
        import sys
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.history_manager.enabled = False
        shell.run_line_magic("load_ext", "jupyter_viz")
        print({"sqlalchemy", "fsspec", "ibis", "plotly", "pandas", "matplotlib", "yaml"} & set(sys.modules))
    """
    fresh = tmp_path / "fresh"
    heavy = python(code, JUPYTER_VIZ_HOME=str(fresh), IPYTHONDIR=str(tmp_path / "ipython"))
    assert heavy == "set()"
    assert not fresh.exists()
