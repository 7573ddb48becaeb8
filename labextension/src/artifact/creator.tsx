import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IPending, IVisualization } from '../api/types';
import { useModel } from '../components/hooks';
import { Prose } from '../components/prose';
import { ErrorLine, Skeleton } from '../components/states';
import { exampleCode } from '../models/example';
import type { VisualizeModel } from '../models/visualize';
import { Field } from './field';

/** The form that makes a visualization: type, arguments, Generate. */
export function Creator(props: {
  model: VisualizeModel;
  /** Counts requests to bring the form to the person's attention. */
  focus: number;
  onGenerated: (answer: IPending | IVisualization) => void;
}): React.JSX.Element {
  const { model } = props;
  useModel(model);
  const form = React.useRef<HTMLFormElement>(null);
  const ready = !model.loading && model.recipe !== null;
  React.useEffect(() => {
    if (props.focus > 0 && ready) {
      form.current?.scrollIntoView({ block: 'nearest' });
      form.current?.querySelector('select')?.focus();
    }
  }, [props.focus, ready]);

  const generate = async () => {
    const answer = await model.generate();
    if (answer !== null) {
      props.onGenerated(answer);
    }
  };

  return (
    <form
      ref={form}
      className="jp-viz-Creator"
      aria-label="Visualization Creator"
      onSubmit={event => {
        event.preventDefault();
        void generate();
      }}
    >
      <h2>Visualization Creator</h2>
      {model.loading ? (
        <Skeleton lines={3} />
      ) : model.loadError ? (
        <ErrorLine error={model.loadError} onRetry={() => void model.load()} />
      ) : model.recipe === null ? (
        <p className="jp-viz-faint">{model.obstacle}</p>
      ) : (
        <Form model={model} />
      )}
    </form>
  );
}

function Form({ model }: { model: VisualizeModel }): React.JSX.Element {
  const { recipe } = model;
  return (
    <>
      <div className="jp-viz-Creator-type">
        <label className="jp-viz-Field">
          <span className="jp-viz-Field-label">Type</span>
          <HTMLSelect
            aria-label="Type"
            value={recipe?.name ?? ''}
            onChange={event => model.choose(event.target.value)}
          >
            {model.recipes.map(choice => (
              <option key={choice.name} value={choice.name}>
                {choice.title}
              </option>
            ))}
          </HTMLSelect>
        </label>
        <label className="jp-viz-Field">
          <span className="jp-viz-Field-label">
            {(recipe?.least_sources ?? 1) > 1 ? 'Compared with' : 'Over'}
          </span>
          <HTMLSelect
            aria-label={
              (recipe?.least_sources ?? 1) > 1 ? 'Compared with' : 'Over'
            }
            value={model.over.key}
            onChange={event => model.setOver(event.target.value)}
          >
            {model.overs.map(choice => (
              <option key={choice.key} value={choice.key}>
                {choice.label}
              </option>
            ))}
          </HTMLSelect>
        </label>
        <p className="jp-viz-faint jp-viz-Creator-about">
          <Prose text={recipe?.description ?? ''} />
        </p>
      </div>
      {model.asJson ? (
        <label className="jp-viz-Field jp-viz-mod-wide">
          <span className="jp-viz-Field-label">Arguments as JSON</span>
          <textarea
            className="jp-viz-Code"
            aria-label="Arguments as JSON"
            aria-invalid={model.jsonError !== null}
            rows={5}
            spellCheck={false}
            value={model.json}
            onChange={event => model.setJson(event.target.value)}
          />
          {model.jsonError && (
            <span className="jp-viz-Field-error">{model.jsonError}</span>
          )}
        </label>
      ) : (
        model.ownFields.length > 0 && (
          <div className="jp-viz-Creator-fields">
            {model.ownFields.map(field => (
              <Field
                key={`${recipe?.name ?? ''} ${field.name}`}
                model={model}
                field={field}
              />
            ))}
          </div>
        )
      )}
      {recipe?.code && (
        <label className="jp-viz-Field jp-viz-mod-wide">
          <span className="jp-viz-Field-label">Code</span>
          <textarea
            className="jp-viz-Code"
            aria-label="Code"
            rows={8}
            spellCheck={false}
            placeholder={exampleCode(model.artifact.kind)}
            value={model.code}
            onChange={event => model.setCode(event.target.value)}
          />
        </label>
      )}
      {model.error && <ErrorLine error={model.error} />}
      <div className="jp-viz-Creator-end">
        <button
          type="button"
          className="jp-viz-LinkButton"
          aria-pressed={model.asJson}
          onClick={() => model.showJson(!model.asJson)}
        >
          {model.asJson ? 'As a form' : 'As JSON'}
        </button>
        <span className="jp-viz-faint" id="jp-viz-obstacle">
          {model.generating ? '' : model.obstacle}
        </span>
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          disabled={!model.canGenerate}
          aria-describedby="jp-viz-obstacle"
        >
          {model.generating ? 'Asking…' : 'Generate Visualization'}
        </button>
      </div>
    </>
  );
}
