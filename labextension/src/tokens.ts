/** What the plugins give each other; another extension may replace any of it. */
import { Token } from '@lumino/coreutils';

import type { IClient } from './api/client';
import type { Changes } from './models/changes';
import type { StatusModel } from './models/status';

export const IVizClient = new Token<IClient>(
  'jupyter-viz:IVizClient',
  'Everything the front end asks of the server.'
);

export interface IVizSession {
  status: StatusModel;
  changes: Changes;
}

export const IVizSession = new Token<IVizSession>(
  'jupyter-viz:IVizSession',
  'What all surfaces share: the handshake, and word of changes.'
);

export interface IOpen {
  /** Stay when something else is opened; otherwise the one preview tab is reused. */
  keep?: boolean;
  /** Go to the form that makes a new visualization. */
  create?: boolean;
}

export interface IVizTabs {
  openArtifact(id: string, how?: IOpen): void;
  openVisualization(id: string, how?: IOpen): void;
}

export const IVizTabs = new Token<IVizTabs>(
  'jupyter-viz:IVizTabs',
  'Opens artifacts and visualizations in the main area.'
);
