import * as React from 'react';

import type { IVisualization } from '../api/types';
import { CopyButton } from '../components/copy';
import { useModel } from '../components/hooks';
import { ErrorLine, ProblemPage, Skeleton } from '../components/states';
import { Status } from '../components/status';
import { Age } from '../components/time';
import { headline, sourceText } from '../models/format';
import { problemOfError } from '../models/status';
import type { VisualizationModel } from '../models/visualization';
import { Content } from './content';
import { Ending, Progress } from './progress';
import { Provenance } from './provenance';
import { Tools } from './tools';

/** One visualization with all there is to say about it; alone in a tab, or as a card among others. */
export function VisualizationView(props: {
  model: VisualizationModel;
  /** As one of several: the source is known from the page around it. */
  card?: boolean;
  onOpen?: () => void;
}): React.JSX.Element {
  const { model, card } = props;
  useModel(model);
  const { value, error } = model;
  const className = `jp-viz-Visualization ${card ? 'jp-viz-mod-card' : 'jp-viz-mod-tab'}`;
  if (value === null) {
    const retry = () => void model.load();
    return (
      <section className={className}>
        {error === null ? (
          <Skeleton lines={4} />
        ) : card ? (
          <ErrorLine error={error} onRetry={retry} />
        ) : (
          <ProblemPage problem={problemOfError(error)} onRetry={retry} />
        )}
      </section>
    );
  }
  return (
    <section
      className={className}
      aria-label={value.name}
      data-viz-shown={value.id}
    >
      <header className="jp-viz-Visualization-header">
        <Status status={value.status} detail={value.error?.message} />
        <h2>
          {card && props.onOpen ? (
            <button
              type="button"
              className="jp-viz-TitleButton"
              title="Open in a tab of its own"
              onClick={props.onOpen}
            >
              {value.name}
            </button>
          ) : (
            value.name
          )}
        </h2>
        <Subtitle value={value} card={card ?? false} />
        <Tools model={model} value={value} />
      </header>
      {model.actionError && <ErrorLine error={model.actionError} />}
      {error && <ErrorLine error={error} onRetry={() => void model.load()} />}
      <div className="jp-viz-Visualization-body">
        {model.active ? (
          <Progress model={model} value={value} />
        ) : (
          <>
            <Ending value={value} />
            <Content
              value={value}
              contentUrl={model.contentUrl}
              alone={!card}
            />
            {value.truncated && (
              <p className="jp-viz-faint">
                The output was longer; this is its beginning.
              </p>
            )}
          </>
        )}
      </div>
      {!model.active && <Provenance value={value} />}
    </section>
  );
}

function Subtitle(props: {
  value: IVisualization;
  card: boolean;
}): React.JSX.Element {
  const { value } = props;
  return (
    <div className="jp-viz-Visualization-subtitle">
      {Object.entries(value.metrics).map(([name, number]) => (
        <span key={name} className="jp-viz-headline" title={String(number)}>
          {name} <b>{headline(number)}</b>
        </span>
      ))}
      {(!props.card || value.recipe === null) && (
        <span>{value.recipe ?? value.format}</span>
      )}
      {!props.card && value.source && (
        <span className="jp-viz-address">
          <code>{sourceText(value.source)}</code>
          <CopyButton
            text={sourceText(value.source)}
            label="Copy the address"
          />
        </span>
      )}
      {value.freshness && (
        <span
          className={`jp-viz-Badge jp-viz-mod-${value.freshness}`}
          title={FRESHNESS[value.freshness]}
        >
          {value.freshness}
        </span>
      )}
      <Age time={value.created_at} long />
    </div>
  );
}

const FRESHNESS = {
  new: 'Rendered just for this request',
  cached: 'Kept from an earlier rendering of the same',
  stale: 'Its source, recipe or environment has changed since'
};
