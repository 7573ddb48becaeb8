import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type {
  IArtifactSummary,
  IMetricColumn,
  IRunSummary,
  IStep,
  IVisualizationSummary
} from '../api/types';
import { artifactIcon, visualizationIcon, vizIcon } from '../components/icons';
import { Status } from '../components/status';
import { Age, Duration } from '../components/time';
import { barWidth, bytes, count, exactMetric, metric } from '../models/format';

/** The mark that says whether a row is open; a press on it opens or closes, nothing else. */
export function Twisty(props: {
  expanded: boolean | null;
  onToggle: () => void;
}): React.JSX.Element {
  if (props.expanded === null) {
    return <span className="jp-viz-Twisty" />;
  }
  const Icon = props.expanded ? caretDownIcon : caretRightIcon;
  return (
    <span
      className="jp-viz-Twisty"
      onClick={event => {
        event.stopPropagation();
        props.onToggle();
      }}
      onDoubleClick={event => event.stopPropagation()}
    >
      <Icon.react tag="span" height="16px" />
    </span>
  );
}

export function RunCells(props: {
  run: IRunSummary;
  columns: readonly IMetricColumn[];
  showPipeline: boolean;
}): React.JSX.Element {
  const { run, columns } = props;
  return (
    <>
      <Status status={run.status} detail={run.error} />
      <span
        className="jp-viz-name"
        title={[
          `${run.pipeline}@${run.name}`,
          run.system && `a run of ${run.system}`,
          run.error
        ]
          .filter(Boolean)
          .join('\n')}
      >
        {run.system && (
          <span className="jp-viz-system jp-viz-faint">{run.system} </span>
        )}
        {run.name}
        {props.showPipeline && (
          <span className="jp-viz-pipeline jp-viz-faint"> {run.pipeline}</span>
        )}
      </span>
      <Age time={run.started_at} className="jp-viz-age" />
      {columns.map(column => (
        <MetricCell key={column.name} run={run} column={column} />
      ))}
    </>
  );
}

function MetricCell(props: {
  run: IRunSummary;
  column: IMetricColumn;
}): React.JSX.Element {
  const { column } = props;
  const found = props.run.metrics[column.name];
  if (!found) {
    return (
      <span
        className="jp-viz-metric jp-viz-faint"
        data-viz-metric={column.name}
        title={`${column.name}: not recorded`}
      >
        —
      </span>
    );
  }
  const width = barWidth(found.value, { ...column, format: found.format });
  return (
    <span
      className="jp-viz-metric"
      data-viz-metric={column.name}
      title={`${column.name}: ${exactMetric(found.value, found.format)}`}
    >
      {width !== null && (
        <span className="jp-viz-bar" style={{ width: `${width}%` }} />
      )}
      <span className="jp-viz-value">{metric(found.value, found.format)}</span>
    </span>
  );
}

export function StepCells({ step }: { step: IStep }): React.JSX.Element {
  return (
    <>
      <Status status={step.status} detail={step.error} />
      <span className="jp-viz-name" title={step.name}>
        {step.name || 'files'}
        {step.error && <span className="jp-viz-error"> {step.error}</span>}
      </span>
      <span className="jp-viz-aside">
        <Duration
          start={step.started_at}
          end={step.ended_at}
          running={step.status === 'running'}
        />
      </span>
    </>
  );
}

export function ArtifactCells(props: {
  artifact: IArtifactSummary;
  onVisualize: () => void;
}): React.JSX.Element {
  const { artifact } = props;
  const Icon = artifactIcon(artifact.kind);
  const rows = artifact.rows === null ? null : count(artifact.rows, 'row');
  // 0 where another system does not tell.
  const size = artifact.size > 0 ? bytes(artifact.size) : null;
  return (
    <>
      <span className="jp-viz-kind" title={artifact.python_type}>
        <Icon.react tag="span" height="16px" />
      </span>
      <span
        className="jp-viz-name"
        title={`${artifact.address}\n${artifact.python_type}${size ? ` · ${size}` : ''}`}
      >
        {artifact.name}
      </span>
      <span className="jp-viz-aside jp-viz-number">
        {rows === null ? artifact.kind : rows}
        {size && <span className="jp-viz-size">{size}</span>}
      </span>
      <button
        type="button"
        className="jp-viz-Visualize"
        title="Visualize…"
        aria-label={`Visualize ${artifact.name}…`}
        onClick={event => {
          event.stopPropagation();
          props.onVisualize();
        }}
        onDoubleClick={event => event.stopPropagation()}
      >
        <vizIcon.react tag="span" height="14px" />
        Visualize…
      </button>
    </>
  );
}

export function VisualizationCells(props: {
  visualization: IVisualizationSummary;
}): React.JSX.Element {
  const { visualization } = props;
  const Icon = visualizationIcon(visualization.format);
  const done = visualization.status === 'completed';
  return (
    <>
      {done ? (
        <span className="jp-viz-kind" title={visualization.format}>
          <Icon.react tag="span" height="16px" />
        </span>
      ) : (
        <Status
          status={visualization.status}
          detail={visualization.error?.message}
        />
      )}
      <span className="jp-viz-name" title={visualization.name}>
        {visualization.name}
      </span>
      <span className="jp-viz-aside">
        {!done ? (
          visualization.status
        ) : visualization.origin === 'recipe' ? (
          <Age time={visualization.created_at} />
        ) : (
          visualization.format
        )}
      </span>
    </>
  );
}
