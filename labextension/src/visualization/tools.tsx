import {
  deleteIcon,
  downloadIcon,
  html5Icon,
  refreshIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IVisualization } from '../api/types';
import type { VisualizationModel } from '../models/visualization';

/** What can be done with a visualization; deleting asks once more, in its place. */
export function Tools(props: {
  model: VisualizationModel;
  value: IVisualization;
}): React.JSX.Element {
  const { model, value } = props;
  const [asked, setAsked] = React.useState(false);
  React.useEffect(() => {
    setAsked(false);
  }, [model.id]);
  if (asked) {
    return (
      <div className="jp-viz-Tools">
        <span>Delete for good?</span>
        <button
          type="button"
          className="jp-viz-LinkButton"
          onClick={() => void model.remove()}
        >
          Delete
        </button>
        <button
          type="button"
          className="jp-viz-LinkButton"
          autoFocus
          onClick={() => setAsked(false)}
        >
          Keep
        </button>
      </div>
    );
  }
  return (
    <div className="jp-viz-Tools" role="toolbar" aria-label="Visualization">
      {model.canRerender && (
        <button
          type="button"
          className="jp-viz-IconButton"
          title="Render again"
          aria-label="Render again"
          disabled={model.busy}
          onClick={() => void model.rerender()}
        >
          <refreshIcon.react tag="span" height="16px" />
        </button>
      )}
      {model.notebookUrl && (
        <a
          className="jp-viz-IconButton"
          title="Download as notebook"
          aria-label="Download as notebook"
          href={model.notebookUrl}
          download={`${value.name}.ipynb`}
        >
          <downloadIcon.react tag="span" height="16px" />
        </a>
      )}
      {model.pageUrl && (
        <a
          className="jp-viz-IconButton"
          title="Download as one page (HTML), to be read anywhere"
          aria-label="Download as page"
          href={model.pageUrl}
          download={`${value.name}.html`}
        >
          <html5Icon.react tag="span" height="16px" />
        </a>
      )}
      {value.origin === 'recipe' && !model.active && (
        <button
          type="button"
          className="jp-viz-IconButton"
          title="Delete"
          aria-label="Delete"
          disabled={model.busy}
          onClick={() => setAsked(true)}
        >
          <deleteIcon.react tag="span" height="16px" />
        </button>
      )}
    </div>
  );
}
