"""The tables. Times are microseconds since 1970 in UTC; ids are UUIDs as text.

A change here needs a migration of the same shape in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = "0006"
"""The newest revision in `migrations/versions`, so that opening an up-to-date catalog need not import alembic."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(36), primary_key=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _owned_by(table: str, *, name: str | None = None, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(
        name or f"{table.removesuffix('s')}_id",
        sa.String(36),
        sa.ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=nullable,
        index=True,
    )


def _alive() -> list[sa.Column]:  # type: ignore[type-arg]
    """Who is working on a row, and when it was last heard of: see `liveness`."""
    return [
        _time("beat_at"),
        sa.Column("host", sa.Text),
        sa.Column("pid", sa.Integer),
        sa.Column("born", sa.Text),
    ]


info = sa.Table(
    "catalog_info",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

projects = sa.Table(
    "projects",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    _time("created_at"),
)

pipelines = sa.Table(
    "pipelines",
    metadata,
    _id(),
    _owned_by("projects"),
    sa.Column("name", sa.Text, nullable=False),
    _time("created_at"),
    sa.UniqueConstraint("project_id", "name"),
)

experiments = sa.Table(
    "experiments",
    metadata,
    _id(),
    _owned_by("projects"),
    sa.Column("name", sa.Text, nullable=False),
    _time("created_at"),
    sa.UniqueConstraint("project_id", "name"),
)

# A pipeline's configuration as run: the same configuration, code and packages are one snapshot.
snapshots = sa.Table(
    "snapshots",
    metadata,
    _id(),
    _owned_by("pipelines"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("configuration", sa.JSON, nullable=False),
    sa.Column("code_digest", sa.String(64)),
    sa.Column("packages", sa.JSON, nullable=False),
    sa.Column("git_commit", sa.String(64)),
    _time("created_at"),
    sa.UniqueConstraint("pipeline_id", "digest"),
)

# Named things a run can produce.
models = sa.Table(
    "models",
    metadata,
    _id(),
    _owned_by("projects"),
    sa.Column("name", sa.Text, nullable=False),
    _time("created_at"),
    sa.UniqueConstraint("project_id", "name"),
)

deployments = sa.Table(
    "deployments",
    metadata,
    _id(),
    _owned_by("projects"),
    sa.Column("name", sa.Text, nullable=False),
    _owned_by("pipelines", nullable=True),
    _time("created_at"),
    sa.Column("sync_id", sa.String(36)),  # of one of another system
    sa.UniqueConstraint("project_id", "name"),
)

# What another system holds, and how far it was read.
syncs = sa.Table(
    "syncs",
    metadata,
    _id(),
    sa.Column("system", sa.String(40), nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    # Which of several it was that the location can lead to, e.g. the server that a configuration names at the time.
    sa.Column("store", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("python", sa.Text),  # the interpreter that has the system's library; ours without one
    # The connector's own; nothing here looks into it.
    sa.Column("cursor", sa.JSON),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("error", sa.Text),
    _time("started_at"),
    _time("ended_at", nullable=True),
    *_alive(),
    sa.UniqueConstraint("system", "location", "store"),
)

runs = sa.Table(
    "runs",
    metadata,
    _id(),
    _owned_by("pipelines"),
    _owned_by("experiments", nullable=True),
    _owned_by("snapshots", nullable=True),
    _owned_by("models", nullable=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    _time("started_at"),
    _time("ended_at", nullable=True),
    sa.Column("error", sa.Text),
    sa.Column("parameters", sa.JSON, nullable=False),
    # What was refused while the run went on, e.g. a metric that breaks the rules.
    sa.Column("warnings", sa.JSON, nullable=False),
    *_alive(),
    # Of a run of another system: what it is called there, and the mark by which its connector sees that it changed.
    sa.Column("system", sa.String(40)),
    sa.Column("external_id", sa.Text),
    sa.Column("mark", sa.Text),
    sa.Column("sync_id", sa.String(36), index=True),  # no foreign key: SQLite can't be told of one afterwards
    sa.UniqueConstraint("pipeline_id", "name"),
    sa.Index("ix_runs_system_external_id", "system", "external_id", unique=True),
    sa.Index("ix_runs_status", "status"),
    sa.Index("ix_runs_name", "name"),
    sa.Index("ix_runs_started_at_id", "started_at", "id"),
    sa.Index("ix_runs_experiment_id_started_at_id", "experiment_id", "started_at", "id"),
    sa.Index("ix_runs_pipeline_id_started_at_id", "pipeline_id", "started_at", "id"),
)

run_tags = sa.Table(
    "run_tags",
    metadata,
    sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Index("ix_run_tags_tag_run_id", "tag", "run_id"),
)

# The parameters again, one a row, to filter and sort by.
run_parameters = sa.Table(
    "run_parameters",
    metadata,
    sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("number", sa.Float(53)),
    sa.Index("ix_run_parameters_name_number_run_id", "name", "number", "run_id"),
    sa.Index("ix_run_parameters_name_text_run_id", "name", "text", "run_id"),
)

steps = sa.Table(
    "steps",
    metadata,
    _id(),
    _owned_by("runs"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    _time("started_at"),
    _time("ended_at", nullable=True),
    sa.Column("error", sa.Text),
    sa.Column("traceback", sa.Text),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.UniqueConstraint("run_id", "name"),
)

# The graph: which artifact a step was given, as which of its parameters.
step_inputs = sa.Table(
    "step_inputs",
    metadata,
    sa.Column("step_id", sa.String(36), sa.ForeignKey("steps.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column(
        "artifact_id", sa.String(36), sa.ForeignKey("artifacts.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

# What a step printed, in pieces as they came.
step_logs = sa.Table(
    "step_logs",
    metadata,
    sa.Column("step_id", sa.String(36), sa.ForeignKey("steps.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    _id(),
    _owned_by("steps"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    # How often this pipeline has had an output of this name, this one included.
    _owned_by("pipelines"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("python_type", sa.Text, nullable=False),
    sa.Column("materializer", sa.Text, nullable=False),
    sa.Column("uri", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("rows", sa.BigInteger),
    sa.Column("columns", sa.JSON, nullable=False),
    _time("created_at"),
    sa.UniqueConstraint("step_id", "name", "number"),
    sa.Index("ix_artifacts_pipeline_id_name_version", "pipeline_id", "name", "version"),
)

metrics = sa.Table(
    "metrics",
    metadata,
    sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Float(53), nullable=False),
    sa.Column("format", sa.String(12), nullable=False),
    sa.Column("goal", sa.String(8)),
    _owned_by("steps", nullable=True),
    # Again from the run, for the counters below. An experiment is "" where there is none, to be part of a key.
    _owned_by("pipelines"),
    sa.Column("experiment_id", sa.String(36), nullable=False),
    sa.Index("ix_metrics_name_value_run_id", "name", "value", "run_id"),
    sa.Index("ix_metrics_pipeline_id_name_value_run_id", "pipeline_id", "name", "value", "run_id"),
    sa.Index(
        "ix_metrics_experiment_id_name_value_run_id",
        "experiment_id",
        "name",
        "value",
        "run_id",
        sqlite_where=sa.text("experiment_id <> ''"),
        postgresql_where=sa.text("experiment_id <> ''"),
    ),
    sqlite_with_rowid=False,  # a page of runs reads them by run: in one place of the file
)

# How many runs of a pipeline have a metric: counting a million rows for each page would cost half a second. Kept by
# triggers, so that it is right whoever writes or deletes.
metric_counts = sa.Table(
    "metric_counts",
    metadata,
    sa.Column("pipeline_id", sa.String(36), sa.ForeignKey("pipelines.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("experiment_id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("runs", sa.Integer, nullable=False),
)

visualizations = sa.Table(
    "visualizations",
    metadata,
    _id(),
    _owned_by("artifacts", nullable=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("format", sa.String(20), nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("recipe", sa.Text),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("freshness", sa.String(10)),
    sa.Column("size", sa.BigInteger),
    sa.Column("uri", sa.Text),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("request_key", sa.String(64), index=True),
    sa.Column("metrics", sa.JSON, nullable=False),
    sa.Column("provenance", sa.JSON, nullable=False),
    sa.Column("error_code", sa.String(40)),
    sa.Column("error_message", sa.Text),
    sa.Column("error_traceback", sa.Text),
    _time("created_at"),
    _time("started_at", nullable=True),
    _time("ended_at", nullable=True),
    *_alive(),
    # The same request by the same user is one visualization; a materializer's have no key.
    sa.UniqueConstraint("owner", "request_key"),
)

# A visualization pinned to a project, pipeline, run, snapshot, model or deployment.
curated_visualizations = sa.Table(
    "curated_visualizations",
    metadata,
    _id(),
    _owned_by("projects"),
    _owned_by("visualizations"),
    sa.Column("resource_type", sa.String(20), nullable=False),
    sa.Column("resource_id", sa.String(36), nullable=False),
    sa.Column("display_name", sa.Text),
    sa.Column("display_order", sa.Integer),
    sa.Column("layout_size", sa.String(20), nullable=False),
    _time("created_at"),
    _time("updated_at"),
    sa.Column("sync_id", sa.String(36)),  # of one of another system
    sa.UniqueConstraint("visualization_id", "resource_type", "resource_id", name="uq_curated_visualizations_target"),
    sa.UniqueConstraint("resource_type", "resource_id", "display_order", name="uq_curated_visualizations_order"),
)
