import * as React from 'react';

import { ErrorLine, Skeleton } from '../components/states';
import type { RunsModel } from '../models/runs';
import { moveBy, type TreeRow } from '../models/tree';
import type { IActions } from './actions';
import {
  ArtifactCells,
  RunCells,
  StepCells,
  Twisty,
  VisualizationCells
} from './rows';

/** Runs as a tree: one focusable row at a time, arrows move, Enter opens. */
export function Tree(props: {
  model: RunsModel;
  actions: IActions;
}): React.JSX.Element {
  const { model, actions } = props;
  const rows = model.rows;
  const [current, setCurrent] = React.useState<string | null>(null);
  const host = React.useRef<HTMLDivElement>(null);
  // The row that Tab leads to: the last one used, or the first.
  const entry = rows.some(row => row.key === current)
    ? current
    : (rows[0]?.key ?? null);

  const focus = (key: string) => {
    setCurrent(key);
    const row = [...(host.current?.querySelectorAll('[role=treeitem]') ?? [])];
    const target = row.find(
      element => element.getAttribute('data-viz-key') === key
    );
    (target as HTMLElement | undefined)?.focus();
  };

  // "Loading…" under an unfolded row can hold the focus when what it announced takes its place: the row that stands
  // there then has it, so that the next arrow key still moves in the tree.
  const held = React.useRef<{ key: string; index: number } | null>(null);
  React.useEffect(() => {
    const gone =
      held.current !== null &&
      !rows.some(row => row.key === held.current?.key) &&
      document.activeElement === document.body;
    if (gone && rows.length > 0) {
      focus(rows[Math.min(held.current!.index, rows.length - 1)].key);
    }
  });
  const hold = (event: React.FocusEvent) => {
    const key = event.target.getAttribute('data-viz-key');
    const index = rows.findIndex(row => row.key === key);
    held.current = key !== null && index >= 0 ? { key, index } : null;
  };

  const activate = (row: TreeRow, keep: boolean) => {
    if (row.kind === 'artifact') {
      actions.openArtifact(row.artifact.id, keep);
    } else if (row.kind === 'visualization') {
      actions.openVisualization(row.visualization.id, keep);
    } else if (!keep) {
      // The second click of a double click must not undo the first.
      void model.toggle(row.key);
    }
  };

  const onKeyDown = (event: React.KeyboardEvent, row: TreeRow) => {
    if (event.target !== event.currentTarget) {
      // Buttons inside a row keep their own keys.
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      activate(row, false);
      return;
    }
    const move = moveBy(rows, row.key, event.key);
    if (move === null) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if ('focus' in move) {
      focus(move.focus);
    } else if ('expand' in move) {
      void model.toggle(move.expand, true);
    } else {
      void model.toggle(move.collapse, false);
    }
  };

  return (
    <div
      className="jp-viz-Tree"
      role="tree"
      aria-label="Runs"
      ref={host}
      onFocus={hold}
    >
      {rows.map(row => (
        <div
          key={row.key}
          className={`jp-viz-Row jp-viz-mod-${row.kind}`}
          role="treeitem"
          aria-level={row.level}
          aria-posinset={row.position}
          aria-setsize={row.siblings}
          aria-expanded={row.expanded ?? undefined}
          aria-selected={row.key === current}
          tabIndex={row.key === entry ? 0 : -1}
          style={{ '--jp-viz-level': row.level - 1 } as React.CSSProperties}
          onClick={event => {
            setCurrent(row.key);
            if (event.detail < 2) {
              activate(row, false);
            }
          }}
          onDoubleClick={() => activate(row, true)}
          onFocus={() => setCurrent(row.key)}
          onKeyDown={event => onKeyDown(event, row)}
          {...attributes(row)}
        >
          <RowContent row={row} model={model} actions={actions} />
        </div>
      ))}
    </div>
  );
}

function RowContent(props: {
  row: TreeRow;
  model: RunsModel;
  actions: IActions;
}): React.JSX.Element {
  const { row, model, actions } = props;
  const twisty = (
    <Twisty
      expanded={row.expanded}
      onToggle={() => void model.toggle(row.key)}
    />
  );
  switch (row.kind) {
    case 'run':
      return (
        <>
          {twisty}
          <RunCells
            run={row.run}
            columns={model.columns}
            showPipeline={model.pipeline === null && model.pipelines.length > 1}
          />
        </>
      );
    case 'step':
      return (
        <>
          {twisty}
          <StepCells step={row.step} />
        </>
      );
    case 'artifact':
      return (
        <>
          {twisty}
          <ArtifactCells
            artifact={row.artifact}
            onVisualize={() => actions.visualize(row.artifact.id)}
          />
        </>
      );
    case 'visualization':
      return (
        <>
          {twisty}
          <VisualizationCells visualization={row.visualization} />
        </>
      );
    case 'traceback':
      return <pre className="jp-viz-Traceback">{row.step.traceback}</pre>;
    case 'note':
      return <span className="jp-viz-faint">{row.text}</span>;
    case 'loading':
      return <Skeleton lines={1} />;
    case 'error':
      return (
        <ErrorLine
          error={row.error}
          onRetry={() => void model.retry(row.retry)}
        />
      );
  }
}

/** What a row says about itself to context menus and to tests. */
function attributes(row: TreeRow): Record<string, string> {
  const key = { 'data-viz-key': row.key };
  switch (row.kind) {
    case 'run':
      return { ...key, 'data-viz-run': row.run.name };
    case 'step':
      return { ...key, 'data-viz-step': row.step.name };
    case 'artifact':
      return {
        ...key,
        'data-viz-artifact': row.artifact.name,
        'data-viz-id': row.artifact.id,
        'data-viz-address': row.artifact.address,
        'data-viz-kind': row.artifact.kind
      };
    case 'visualization':
      return {
        ...key,
        'data-viz-visualization': row.visualization.id,
        'data-viz-id': row.visualization.id
      };
    default:
      return key;
  }
}
