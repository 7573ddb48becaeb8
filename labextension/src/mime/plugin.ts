import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { insertAfter } from '../notebook/insert';
import { VIZ_MIME } from './bundle';
import { VizRenderer } from './renderer';

/** Before plotly's own, at 2: our bundles hold a plotly part too. */
const RANK = 0;

export const mimePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-viz:mime',
  description: 'Draws visualizations in notebooks and tabs.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [IThemeManager, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    themes: IThemeManager | null,
    notebooks: INotebookTracker | null
  ) => {
    registry.addFactory(
      {
        // Safe: figures go through plotly's renderer, tables are set as text, HTML is cleaned and pages are framed.
        safe: true,
        mimeTypes: [VIZ_MIME],
        createRenderer: () =>
          new VizRenderer({
            registry,
            ready: app.started,
            onRows: (code, node) => {
              if (notebooks) {
                insertAfter(notebooks, node, code);
              }
            },
            restyled: themes?.themeChanged ?? null
          })
      },
      RANK
    );
  }
};
