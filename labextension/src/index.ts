import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-viz:plugin',
  description: 'Placeholder until the sidebar is in.',
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => undefined
};

export default [plugin];
