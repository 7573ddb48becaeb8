import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { Client } from './api/client';
import { Changes } from './models/changes';
import { StatusModel } from './models/status';
import type { IClient } from './api/client';
import { IVizClient, IVizSession } from './tokens';
import { VERSION } from './version';

export const clientPlugin: JupyterFrontEndPlugin<IClient> = {
  id: 'jupyter-viz:client',
  description: 'Talks to the server side of jupyter_viz.',
  provides: IVizClient,
  activate: app => new Client(app.serviceManager.serverSettings)
};

export const sessionPlugin: JupyterFrontEndPlugin<IVizSession> = {
  id: 'jupyter-viz:session',
  description: 'Keeps what all surfaces of jupyter_viz share.',
  requires: [IVizClient],
  provides: IVizSession,
  activate: (_, client: IClient) => ({
    status: new StatusModel(client, VERSION),
    changes: new Changes()
  })
};
