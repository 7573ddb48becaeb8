import { downloadIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IArtifactDetail } from '../api/types';
import { CopyButton } from '../components/copy';
import { useModel } from '../components/hooks';
import { artifactIcon } from '../components/icons';
import { ErrorLine, ProblemPage, Skeleton } from '../components/states';
import { Age } from '../components/time';
import type { ArtifactModel } from '../models/artifact';
import { bytes, count } from '../models/format';
import { problemOfError } from '../models/status';
import type { VisualizationModel } from '../models/visualization';
import { VisualizationView } from '../visualization/view';
import { Creator } from './creator';

/** An artifact's page: what it is, what there is to see of it, and how to see it another way. */
export function ArtifactView(props: {
  model: ArtifactModel;
  focus: number;
  onOpen: (visualizationId: string) => void;
  onGenerated: () => void;
}): React.JSX.Element {
  const { model } = props;
  useModel(model);
  const form = React.useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = React.useState<string | null>(null);
  const arrived = model.rendered.some(v => v.id === wanted);
  React.useEffect(() => {
    if (arrived) {
      // The form and, right under it, what came of it.
      form.current?.scrollIntoView({ block: 'start' });
    }
  }, [wanted, arrived]);

  const { value, error } = model;
  const retry = () => void model.load();
  if (value === null) {
    return (
      <div className="jp-viz-Artifact">
        {error ? (
          <ProblemPage problem={problemOfError(error)} onRetry={retry} />
        ) : (
          <Skeleton lines={8} />
        )}
      </div>
    );
  }
  // Whoever asked for the form finds it first, not below what loads meanwhile.
  const asked = props.focus > 0;
  const made = <Cards models={model.made} onOpen={props.onOpen} />;
  const rendered = <Cards models={model.rendered} onOpen={props.onOpen} />;
  const creator = model.creator && (
    <div ref={form}>
      <Creator
        model={model.creator}
        focus={props.focus}
        onGenerated={answer => {
          model.show(answer);
          setWanted(answer.id);
          props.onGenerated();
        }}
      />
    </div>
  );
  return (
    <div className="jp-viz-Artifact">
      <Header value={value} contentUrl={model.contentUrl} />
      {error && <ErrorLine error={error} onRetry={retry} />}
      {!value.available && (
        <p className="jp-viz-Banner" role="alert">
          The bytes of this artifact cannot be read now; what was drawn of it
          before is still here.
        </p>
      )}
      {asked ? (
        <>
          {creator}
          {rendered}
          {made}
        </>
      ) : (
        <>
          {made}
          {creator}
          {rendered}
        </>
      )}
      {model.hidden > 0 && (
        <button
          type="button"
          className="jp-viz-LinkButton jp-viz-More"
          onClick={() => model.showAll()}
        >
          Show {count(model.hidden, 'older one')}
        </button>
      )}
    </div>
  );
}

function Header(props: {
  value: IArtifactDetail;
  contentUrl: string;
}): React.JSX.Element {
  const { value } = props;
  const Icon = artifactIcon(value.kind);
  return (
    <header className="jp-viz-Artifact-header">
      <h1>
        <Icon.react tag="span" height="20px" /> {value.name}
      </h1>
      <div className="jp-viz-Artifact-facts">
        <span>{value.python_type}</span>
        {value.rows !== null && (
          <span className="jp-viz-number">
            {count(value.rows, 'row')}
            {value.columns.length > 0 && ` × ${value.columns.length}`}
          </span>
        )}
        {/* 0 where another system does not tell. */}
        {value.size > 0 && (
          <span className="jp-viz-number">{bytes(value.size)}</span>
        )}
        <Age time={value.created_at} long />
        <span className="jp-viz-address">
          <code>{value.address}</code>
          <CopyButton text={value.address} label="Copy the address" />
        </span>
        {value.available && (
          <a
            className="jp-viz-IconButton"
            title="Download the stored bytes"
            aria-label="Download the stored bytes"
            href={props.contentUrl}
            download
          >
            <downloadIcon.react tag="span" height="14px" />
          </a>
        )}
      </div>
    </header>
  );
}

function Cards(props: {
  models: readonly VisualizationModel[];
  onOpen: (id: string) => void;
}): React.JSX.Element | null {
  return props.models.length === 0 ? null : (
    <div className="jp-viz-Cards">
      {props.models.map(model => (
        <VisualizationView
          key={model.id}
          model={model}
          card
          onOpen={() => props.onOpen(model.id)}
        />
      ))}
    </div>
  );
}
