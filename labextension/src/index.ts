import { mimePlugin } from './mime/plugin';
import { notebookPlugin } from './notebook/plugin';
import { clientPlugin, sessionPlugin } from './session';
import { sidebarPlugin } from './sidebar/plugin';
import { tabsPlugin } from './tabs/plugin';

export default [
  clientPlugin,
  sessionPlugin,
  tabsPlugin,
  sidebarPlugin,
  notebookPlugin,
  mimePlugin
];
