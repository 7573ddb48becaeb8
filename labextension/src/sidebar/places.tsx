import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IFoundStore, ISync } from '../api/types';
import { useModel } from '../components/hooks';
import { ErrorLine } from '../components/states';
import { Age } from '../components/time';
import { count } from '../models/format';
import { type PlacesModel, shortLocation } from '../models/places';

/** The places whose runs are here, and how each is: read, being read, not readable. */
export function Places(props: {
  model: PlacesModel;
}): React.JSX.Element | null {
  const { model } = props;
  useModel(model);
  if (model.syncs.length === 0 && model.error === null) {
    return null;
  }
  return (
    <section
      className="jp-viz-Places"
      aria-label="Runs of other systems"
      data-viz-places
    >
      {model.error && (
        <ErrorLine error={model.error} onRetry={() => model.forgetError()} />
      )}
      {model.syncs.map(sync => (
        <Place key={sync.id} sync={sync} model={model} />
      ))}
    </section>
  );
}

function Place(props: { sync: ISync; model: PlacesModel }): React.JSX.Element {
  const { sync, model } = props;
  const where = shortLocation(sync.store || sync.location);
  const name = `${sync.system} ${where}`;
  return (
    <div
      className="jp-viz-Place"
      data-viz-place={sync.location}
      data-viz-state={sync.running ? 'running' : sync.error ? 'error' : 'ok'}
    >
      <div className="jp-viz-Place-line" title={titleOf(sync)}>
        <span className="jp-viz-Place-name">
          <b>{sync.system}</b> {where}
        </span>
        <span className="jp-viz-faint jp-viz-Place-state">
          {sync.running ? (
            progressOf(sync)
          ) : (
            <>
              {count(sync.runs, 'run')} ·{' '}
              <Age time={sync.ended_at ?? sync.started_at} />
            </>
          )}
        </span>
        <button
          type="button"
          className="jp-viz-IconButton"
          title={sync.running ? 'Being read' : 'Read again'}
          aria-label={`Read ${name} again`}
          disabled={sync.running}
          onClick={() => void model.connect(sync)}
        >
          <refreshIcon.react tag="span" height="14px" />
        </button>
      </div>
      {sync.running && (
        <progress
          className="jp-viz-Place-progress"
          aria-label={`${name} is being read`}
          max={sync.progress?.total ?? undefined}
          value={sync.progress?.total ? sync.progress.done : undefined}
        />
      )}
      {sync.error && !sync.running && (
        <div className="jp-viz-Place-error" role="alert">
          {sync.error}
        </div>
      )}
    </div>
  );
}

/** Stores that are there and were not opened, each with the button that does. */
export function FoundStores(props: {
  model: PlacesModel;
  onConnect: (store: IFoundStore) => void;
}): React.JSX.Element | null {
  const { model, onConnect } = props;
  useModel(model);
  if (model.found.length === 0) {
    return null;
  }
  return (
    <>
      <p>Runs are here already. Nothing is read before you connect:</p>
      <ul className="jp-viz-Found" data-viz-found>
        {model.found.map(store => (
          <li key={`${store.system} ${store.location}`} title={store.location}>
            <span className="jp-viz-Place-name">
              <b>{store.system}</b> {store.why}
              <span className="jp-viz-faint">
                {' '}
                {shortLocation(store.location)}
              </span>
            </span>
            <button
              type="button"
              className="jp-mod-styled jp-viz-Small"
              aria-label={`Connect ${store.system} ${store.why}`}
              onClick={() => onConnect(store)}
            >
              {store.missing ? 'Connect…' : 'Connect'}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function progressOf(sync: ISync): string {
  const { progress } = sync;
  if (progress === null || (progress.done === 0 && !progress.total)) {
    return 'reading…';
  }
  const done = progress.done.toLocaleString('en');
  return progress.total
    ? `${done} of ${progress.total.toLocaleString('en')}`
    : count(progress.done, 'run');
}

function titleOf(sync: ISync): string {
  const counts = Object.entries(sync.counts)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${number.toLocaleString('en')} ${name}`);
  return [sync.location, sync.store, counts.join(', ')]
    .filter(Boolean)
    .join('\n');
}
