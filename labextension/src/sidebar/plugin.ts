import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import { Throttler } from '@lumino/polling';

import type { IClient } from '../api/client';
import { CATEGORY, CommandIDs, targetOf } from '../commands';
import { PlacesModel } from '../models/places';
import { RunsModel } from '../models/runs';
import { IVizClient, IVizSession, IVizTabs } from '../tokens';
import { askToConnect } from './connect';
import { Sidebar } from './widget';

const RANK = 500;
const SOON = 1_000;

export const sidebarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-viz:sidebar',
  description: 'Browses runs, artifacts and visualizations in the left area.',
  autoStart: true,
  requires: [IVizClient, IVizSession, IVizTabs],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    client: IClient,
    session: IVizSession,
    tabs: IVizTabs,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ) => {
    const model = new RunsModel(client, session.status, session.changes);
    const places = new PlacesModel(client);
    places.runsChanged.connect(() => void model.refresh());
    const sidebar = new Sidebar(model, places, {
      openArtifact: (id, keep) => tabs.openArtifact(id, { keep }),
      openVisualization: (id, keep) => tabs.openVisualization(id, { keep }),
      visualize: id => tabs.openArtifact(id, { create: true, keep: true })
    });
    // What a cell records is seen soon: while it runs, and once it has.
    const looking = new Throttler(() => model.look(), SOON);
    const look = () => void looking.invoke();
    NotebookActions.executionScheduled.connect(look);
    NotebookActions.executed.connect(look);
    app.shell.add(sidebar, 'left', { rank: RANK, type: 'Visualization' });
    restorer?.add(sidebar, sidebar.id);

    app.commands.addCommand(CommandIDs.show, {
      label: 'Show Runs',
      execute: () => app.shell.activateById(sidebar.id)
    });
    app.commands.addCommand(CommandIDs.refresh, {
      label: 'Refresh Runs',
      execute: () => model.refresh()
    });
    app.commands.addCommand(CommandIDs.connect, {
      label: 'Connect to Runs of Another System…',
      execute: () => askToConnect(places)
    });
    app.commands.addCommand(CommandIDs.copyAddress, {
      label: 'Copy Address',
      execute: args => {
        const hit = app.contextMenuHitTest(
          node => node.dataset.vizAddress !== undefined
        );
        const address = targetOf(args, hit)?.address;
        if (address) {
          Clipboard.copyToSystem(address);
        }
      }
    });
    for (const command of [
      CommandIDs.show,
      CommandIDs.refresh,
      CommandIDs.connect
    ]) {
      palette?.addItem({ command, category: CATEGORY });
    }
  }
};
