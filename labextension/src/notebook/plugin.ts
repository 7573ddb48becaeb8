import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

import { CommandIDs, targetOf } from '../commands';
import { loadCell, magicCell } from './cells';
import { insertBelow } from './insert';
import { servePanels } from './panels';

export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-viz:notebook',
  description: 'Puts cells that load or show an artifact into notebooks.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    const clicked = () =>
      app.contextMenuHitTest(node => node.dataset.vizAddress !== undefined);
    servePanels(notebooks);
    const isEnabled = () => notebooks.currentWidget !== null;

    app.commands.addCommand(CommandIDs.insertMagic, {
      label: 'Insert %%viz Cell',
      isEnabled,
      execute: args => {
        const target = targetOf(args, clicked());
        const panel = notebooks.currentWidget;
        if (target?.address && panel) {
          const cell = magicCell(target.address, target.kind);
          insertBelow(panel, panel.content.activeCellIndex, cell);
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
          const cell = loadCell(target.address);
          insertBelow(panel, panel.content.activeCellIndex, cell);
        }
      }
    });
  }
};
