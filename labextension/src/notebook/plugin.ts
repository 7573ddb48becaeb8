import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';

import { CommandIDs, targetOf } from '../commands';
import { LOAD_EXTENSION, loadCell, loadsExtension, magicCell } from './cells';

export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-viz:notebook',
  description: 'Puts cells that load or show an artifact into notebooks.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    const clicked = () =>
      app.contextMenuHitTest(node => node.dataset.vizAddress !== undefined);
    const isEnabled = () => notebooks.currentWidget !== null;

    app.commands.addCommand(CommandIDs.insertMagic, {
      label: 'Insert %%viz Cell',
      isEnabled,
      execute: args => {
        const target = targetOf(args, clicked());
        const panel = notebooks.currentWidget;
        if (target?.address && panel) {
          const cells = loaded(panel) ? [] : [LOAD_EXTENSION];
          insert(panel, [...cells, magicCell(target.address, target.kind)]);
        }
      }
    });
    app.commands.addCommand(CommandIDs.insertLoad, {
      label: 'Insert load() Cell',
      isEnabled,
      execute: args => {
        const target = targetOf(args, clicked());
        const panel = notebooks.currentWidget;
        if (target?.address && panel) {
          insert(panel, [loadCell(target.address)]);
        }
      }
    });
  }
};

function loaded(panel: NotebookPanel): boolean {
  const cells = panel.content.model?.sharedModel.cells ?? [];
  return cells.some(cell => loadsExtension(cell.getSource()));
}

/** Put code cells under the active one, and go to the last of them. */
function insert(panel: NotebookPanel, sources: string[]): void {
  const notebook = panel.content;
  const shared = notebook.model?.sharedModel;
  if (!shared) {
    return;
  }
  sources.forEach(source => {
    const at = notebook.activeCellIndex + 1;
    shared.insertCell(at, { cell_type: 'code', source });
    notebook.activeCellIndex = at;
  });
}
