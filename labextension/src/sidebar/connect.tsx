import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import * as React from 'react';

import type { ApiError } from '../api/errors';
import type { IPlace } from '../api/types';
import type { PlacesModel } from '../models/places';

const SYSTEMS: Record<string, { title: string; location: string }> = {
  mlflow: {
    title: 'MLflow',
    location: 'sqlite:///mlflow.db, mlruns, https://…'
  },
  zenml: { title: 'ZenML', location: '~/.config/zenml, https://…' },
  kubeflow: {
    title: 'Kubeflow, a cluster',
    location: 'https://…/pipeline#namespace'
  },
  kfp: { title: 'Kubeflow, local outputs', location: 'local_outputs' },
  folder: {
    title: 'A folder, each folder in it a run',
    location: 'results'
  }
};

/** Ask for a place and have it read. `start` fills the form. */
export async function askToConnect(
  model: PlacesModel,
  start: Partial<IPlace> = {}
): Promise<void> {
  const body = new ConnectForm(model, start);
  const result = await showDialog<IPlace>({
    title: 'Connect to runs of another system',
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Connect' })]
  });
  if (result.button.accept && result.value) {
    await model.connect(result.value);
  }
}

class ConnectForm extends ReactWidget {
  constructor(model: PlacesModel, start: Partial<IPlace>) {
    super();
    this._model = model;
    this._place = {
      system: start.system ?? 'mlflow',
      location: start.location ?? '',
      python: start.python ?? null
    };
    this.addClass('jp-viz-Connect');
  }

  getValue(): IPlace {
    return this._place;
  }

  protected render(): React.JSX.Element {
    return (
      <Form
        start={this._place}
        model={this._model}
        onChange={place => {
          this._place = place;
        }}
      />
    );
  }

  private readonly _model: PlacesModel;
  private _place: IPlace;
}

function Form(props: {
  start: IPlace;
  model: PlacesModel;
  onChange: (place: IPlace) => void;
}): React.JSX.Element {
  const [place, setPlace] = React.useState(props.start);
  const change = (values: Partial<IPlace>) => {
    const next = { ...place, ...values };
    setPlace(next);
    props.onChange(next);
  };
  const known = SYSTEMS[place.system];
  return (
    <>
      {props.model.found.length > 0 && (
        <p>
          Found here:{' '}
          {props.model.found.map(({ system, location, python, why }) => (
            <button
              key={`${system} ${location}`}
              type="button"
              className="jp-viz-LinkButton"
              title={location}
              onClick={() => change({ system, location, python })}
            >
              {system} {why}
            </button>
          ))}
        </p>
      )}
      <label>
        System
        <select
          value={known ? place.system : ''}
          onChange={event => change({ system: event.target.value })}
        >
          {Object.entries(SYSTEMS).map(([name, { title }]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
          {!known && <option value="">{place.system}</option>}
        </select>
      </label>
      <label>
        Where its runs are
        <input
          type="text"
          className="jp-mod-styled"
          value={place.location}
          placeholder={known?.location}
          spellCheck={false}
          onChange={event => change({ location: event.target.value })}
        />
      </label>
      <label>
        Interpreter that has its library
        <input
          type="text"
          className="jp-mod-styled"
          value={place.python ?? ''}
          placeholder="the server's, or one with a kernel that has it"
          spellCheck={false}
          onChange={event => change({ python: event.target.value || null })}
        />
      </label>
      <p className="jp-viz-faint">
        Passwords and tokens are not kept: they come from the server's
        environment, or from <code>connectors</code> in config.yaml. Nothing is
        changed in the other system.
      </p>
      <Test place={place} model={props.model} />
    </>
  );
}

function Test(props: { place: IPlace; model: PlacesModel }): React.JSX.Element {
  const { place, model } = props;
  const [state, setState] = React.useState<string | ApiError | null>(null);
  const [testing, setTesting] = React.useState(false);
  const test = async () => {
    setTesting(true);
    setState(null);
    try {
      setState(await model.check(place));
    } catch (reason) {
      setState(reason as ApiError);
    }
    setTesting(false);
  };
  return (
    <div className="jp-viz-Connect-test">
      <button
        type="button"
        className="jp-mod-styled"
        disabled={testing || !place.location.trim()}
        onClick={() => void test()}
      >
        {testing ? 'Testing…' : 'Test the connection'}
      </button>
      <div role="status" aria-live="polite">
        {typeof state === 'string' && `✓ ${state}`}
        {state !== null && typeof state !== 'string' && (
          <span className="jp-viz-error">{state.message}</span>
        )}
      </div>
    </div>
  );
}
