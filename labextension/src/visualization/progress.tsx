import * as React from 'react';

import type { IVisualization, JsonObject } from '../api/types';
import { CopyButton } from '../components/copy';
import { useNow } from '../components/hooks';
import type { VisualizationModel } from '../models/visualization';

/** While it renders: what it is doing, for how long, and a way to stop it. */
export function Progress(props: {
  model: VisualizationModel;
  value: IVisualization;
}): React.JSX.Element {
  const { model, value } = props;
  const now = useNow(1000);
  // The server's count, carried on by our own clock between two answers.
  const since = React.useRef({ id: '', at: 0 });
  if (since.current.id !== `${value.id} ${value.status}`) {
    since.current = {
      id: `${value.id} ${value.status}`,
      at: Date.now() - 1000 * (value.seconds ?? 0)
    };
  }
  const seconds = Math.max(0, Math.floor((now - since.current.at) / 1000));
  return (
    <div className="jp-viz-Progress">
      <span role="status">
        {value.status === 'queued'
          ? waiting(value.position)
          : `Rendering ${value.recipe ?? value.name} in a kernel of its own`}
      </span>
      <span className="jp-viz-number">{seconds} s</span>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        disabled={model.busy}
        onClick={() => void model.cancel()}
      >
        Cancel
      </button>
    </div>
  );
}

function waiting(before: number | null | undefined): string {
  return before
    ? `Waiting for a kernel, ${before} before it`
    : 'Waiting for a kernel';
}

/** How it ended, where it did not end well. */
export function Ending({
  value
}: {
  value: IVisualization;
}): React.JSX.Element | null {
  const raised = value.outputs.find(output => output.output_type === 'error');
  const traceback = value.error?.traceback ?? tracebackOf(raised);
  switch (value.status) {
    case 'cancelled':
      return <p className="jp-viz-Ending">Cancelled before it was done.</p>;
    case 'interrupted':
      return (
        <p className="jp-viz-Ending">
          The server stopped while this was rendering.
        </p>
      );
    case 'failed':
      return (
        <div className="jp-viz-Ending jp-viz-mod-failed" role="alert">
          <p>
            {value.error?.message ?? 'It failed.'}{' '}
            {value.error && (
              <span className="jp-viz-code">{value.error.code}</span>
            )}
          </p>
          {traceback && (
            <details>
              <summary>Traceback</summary>
              <CopyButton text={traceback} label="Copy traceback" />
              <pre className="jp-viz-Text">{traceback}</pre>
            </details>
          )}
        </div>
      );
    default:
      return null;
  }
}

function tracebackOf(output: JsonObject | undefined): string | null {
  const lines = output?.traceback;

  const colours = /\u001b\[[0-9;]*m/g;
  return Array.isArray(lines) ? lines.join('\n').replace(colours, '') : null;
}
