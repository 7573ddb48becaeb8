import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { IMarkdownParser, IRenderMimeRegistry } from '@jupyterlab/rendermime';

import type { IClient } from '../api/client';
import { CommandIDs, targetOf } from '../commands';
import { IVizClient, IVizSession, IVizTabs } from '../tokens';
import { Tabs } from './tabs';

export const tabsPlugin: JupyterFrontEndPlugin<IVizTabs> = {
  id: 'jupyter-viz:tabs',
  description: 'Opens artifacts and visualizations in the main area.',
  autoStart: true,
  requires: [IVizClient, IVizSession, IRenderMimeRegistry],
  optional: [IMarkdownParser, IThemeManager, ILayoutRestorer],
  provides: IVizTabs,
  activate: (
    app: JupyterFrontEnd,
    client: IClient,
    session: IVizSession,
    rendermime: IRenderMimeRegistry,
    markdown: IMarkdownParser | null,
    themes: IThemeManager | null,
    restorer: ILayoutRestorer | null
  ): IVizTabs => {
    const tabs = new Tabs(app, client, session, {
      rendermime,
      markdown,
      themes
    });
    const clicked = (attribute: string) =>
      app.contextMenuHitTest(node => node.dataset[attribute] !== undefined);

    app.commands.addCommand(CommandIDs.openArtifact, {
      label: 'Open',
      execute: args => {
        const target = targetOf(args, clicked('vizArtifact'));
        if (target) {
          tabs.openArtifact(target.id, { keep: args.preview !== true });
        }
      }
    });
    app.commands.addCommand(CommandIDs.openVisualization, {
      label: 'Open',
      execute: args => {
        const target = targetOf(args, clicked('vizVisualization'));
        if (target) {
          tabs.openVisualization(target.id, { keep: args.preview !== true });
        }
      }
    });
    app.commands.addCommand(CommandIDs.visualize, {
      label: 'Visualize…',
      execute: args => {
        const target = targetOf(args, clicked('vizArtifact'));
        if (target) {
          tabs.openArtifact(target.id, { keep: true, create: true });
        }
      }
    });

    void restorer?.restore(tabs.artifacts, {
      command: CommandIDs.openArtifact,
      args: tab => ({
        id: tab.content.model.id,
        preview: tabs.isPreview(tab)
      }),
      name: tab => tab.content.model.id
    });
    void restorer?.restore(tabs.visualizations, {
      command: CommandIDs.openVisualization,
      args: tab => ({
        id: tab.content.model.id,
        preview: tabs.isPreview(tab)
      }),
      name: tab => tab.content.model.id
    });
    return tabs;
  }
};
