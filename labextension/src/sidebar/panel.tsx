import { addIcon, HTMLSelect, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IMetricColumn, IPlace, IStatus } from '../api/types';
import { useModel } from '../components/hooks';
import {
  CodeBlock,
  ProblemBanner,
  ProblemPage,
  Skeleton
} from '../components/states';
import { count } from '../models/format';
import type { PlacesModel } from '../models/places';
import type { RunsModel } from '../models/runs';
import type { IActions } from './actions';
import { askToConnect } from './connect';
import { FoundStores, Places } from './places';
import { Tree } from './tree';

/** Records a run as it stands, pasted into a cell. */
const FIRST_RUN = `from jupyter_viz import pipeline, step

@step
def hello() -> dict:
    return {"answer": 42}

@pipeline
def first():
    hello()

first()`;

/** The sidebar: did it work, what came out, is it better? */
export function Panel(props: {
  model: RunsModel;
  places: PlacesModel;
  actions: IActions;
}): React.JSX.Element {
  const { model, places, actions } = props;
  useModel(model);
  const refresh = () => void model.refresh();
  return (
    <div className="jp-viz-Panel">
      <header className="jp-viz-Panel-header">
        <h2>Runs</h2>
        <span className="jp-viz-Space" />
        <button
          type="button"
          className="jp-viz-IconButton"
          title="Connect to runs of MLflow, ZenML, Kubeflow or a folder…"
          aria-label="Connect to runs of another system"
          disabled={model.blocking !== null}
          onClick={() => void askToConnect(places)}
        >
          <addIcon.react tag="span" height="16px" />
        </button>
        <button
          type="button"
          className="jp-viz-IconButton"
          title="Refresh"
          aria-label="Refresh the runs"
          disabled={model.refreshing}
          onClick={refresh}
        >
          <refreshIcon.react tag="span" height="16px" />
        </button>
      </header>
      {model.blocking === null ? (
        <>
          {model.warning && (
            <ProblemBanner problem={model.warning} onRetry={refresh} />
          )}
          <PipelineSelect model={model} />
          <List model={model} places={places} actions={actions} />
          <Places model={places} />
        </>
      ) : (
        <ProblemPage problem={model.blocking} onRetry={refresh} />
      )}
      <CatalogLine status={model.status.status} />
    </div>
  );
}

/** Which catalog this is: the same id as `%viz status` and `jupyter viz doctor` show. */
function CatalogLine(props: {
  status: IStatus | null;
}): React.JSX.Element | null {
  const catalog = props.status?.catalog;
  if (!catalog?.id) {
    return null;
  }
  return (
    <footer
      className="jp-viz-Panel-footer jp-viz-faint"
      title={`${catalog.id}\n${catalog.location}`}
    >
      catalog{' '}
      <code data-viz-catalog={catalog.id}>{catalog.id.slice(0, 8)}</code>
    </footer>
  );
}

function PipelineSelect({
  model
}: {
  model: RunsModel;
}): React.JSX.Element | null {
  if (model.pipelines.length === 0) {
    return null;
  }
  return (
    <div className="jp-viz-Panel-filter">
      <HTMLSelect
        aria-label="Pipeline"
        title="Pipeline"
        value={model.pipeline ?? ''}
        onChange={event => void model.setPipeline(event.target.value || null)}
      >
        <option value="">All pipelines</option>
        {model.pipelines.map(pipeline => (
          <option key={pipeline.id} value={pipeline.id}>
            {pipeline.name} ({count(pipeline.run_count, 'run')})
          </option>
        ))}
      </HTMLSelect>
    </div>
  );
}

function List(props: {
  model: RunsModel;
  places: PlacesModel;
  actions: IActions;
}): React.JSX.Element {
  const { model, places, actions } = props;
  if (!model.loaded) {
    return <Skeleton lines={6} />;
  }
  if (model.runs.length === 0) {
    return <Empty filtered={model.pipeline !== null} places={places} />;
  }
  return (
    <div
      className="jp-viz-Panel-list"
      style={
        { '--jp-viz-metrics': model.columns.length } as React.CSSProperties
      }
    >
      <ColumnHeader columns={model.columns} />
      <Tree model={model} actions={actions} />
      {model.hasMore && (
        <button
          type="button"
          className="jp-viz-LinkButton jp-viz-More"
          disabled={model.loadingMore}
          onClick={() => void model.loadMore()}
        >
          {model.loadingMore ? 'Loading…' : 'Load more'}
        </button>
      )}
    </div>
  );
}

function ColumnHeader(props: {
  columns: readonly IMetricColumn[];
}): React.JSX.Element {
  return (
    <div className="jp-viz-Row jp-viz-mod-header">
      <span className="jp-viz-name">run</span>
      <span className="jp-viz-age">age</span>
      {props.columns.map(column => (
        <span
          key={column.name}
          className="jp-viz-metric"
          title={`${column.name}, recorded by ${count(column.runs, 'run')}`}
        >
          <span className="jp-viz-value">{column.name}</span>
        </span>
      ))}
    </div>
  );
}

function Empty(props: {
  filtered: boolean;
  places: PlacesModel;
}): React.JSX.Element {
  const { filtered, places } = props;
  const connect = (place: IPlace, ask: boolean) =>
    void (ask ? askToConnect(places, place) : places.connect(place));
  return (
    <div className="jp-viz-Page" data-viz-empty>
      <h3>{filtered ? 'No runs of this pipeline' : 'No runs yet'}</h3>
      {!filtered && (
        <FoundStores
          model={places}
          onConnect={store => connect(store, store.missing !== null)}
        />
      )}
      <p>Run this in a notebook, and its first run shows up here:</p>
      <CodeBlock code={FIRST_RUN} label="Copy the code" />
      <p>
        Or <code>jupyter viz demo</code> in a terminal, for a pipeline with
        something to see.
      </p>
    </div>
  );
}
