/** What the Visualization Creator in a notebook asks of Lab. Without it, it makes do. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';

import { isObject, VIZ_MIME } from '../mime/bundle';
import { insertBelow, placeOf } from './insert';

const TARGET = 'jupyter_viz.notebook';
const CANCEL = 'jupyter_viz.cancel';
const STOP = '.jp-viz-Creator-stop';
const OF_PANEL = 'jp-viz-panel-';

/** Answer the panels of all notebooks. */
export function servePanels(notebooks: INotebookTracker): void {
  // Two views of a notebook share a kernel.
  const served = new WeakSet<Kernel.IKernelConnection>();
  const serve = (panel: NotebookPanel) => {
    const kernel = panel.sessionContext.session?.kernel;
    if (kernel && !served.has(kernel)) {
      served.add(kernel);
      kernel.registerCommTarget(TARGET, (comm, message) => {
        comm.close(answer(notebooks, message));
      });
    }
  };
  const watch = (panel: NotebookPanel) => {
    serve(panel);
    panel.sessionContext.kernelChanged.connect(() => serve(panel));
    panel.node.addEventListener('click', event => stop(panel, event), true);
  };
  notebooks.forEach(watch);
  notebooks.widgetAdded.connect((_, panel) => watch(panel));
}

/** What is done of a wish. */
function answer(
  notebooks: INotebookTracker,
  message: KernelMessage.ICommOpenMsg
): JSONObject {
  const wish: unknown = message.content.data;
  if (!isObject(wish) || typeof wish.cell !== 'string') {
    return {};
  }
  const id = wish.cell;
  const panel = notebooks.find(one => placeOf(one, id) >= 0);
  if (!panel) {
    return {};
  }
  if (typeof wish.insert === 'string') {
    insertBelow(panel, placeOf(panel, id), wish.insert);
    return { inserted: true };
  }
  return isObject(wish.place)
    ? show(panel, placeOf(panel, id), wish.place, wish.bundle)
    : {};
}

/** Whether the output of a panel's results is behind; where they are given it is no longer. */
function show(
  panel: NotebookPanel,
  at: number,
  place: Record<string, unknown>,
  bundle: unknown
): JSONObject {
  const model = panel.content.widgets[at]?.model;
  const outputs =
    model?.type === 'code' ? (model as { outputs?: unknown }).outputs : null;
  if (!isOutputs(outputs)) {
    return {};
  }
  for (let number = 0; number < outputs.length; number++) {
    const own = outputs.get(number).data[VIZ_MIME];
    if (isObject(own) && isObject(own.place) && own.place.id === place.id) {
      if (own.place.revision === place.revision) {
        return {};
      }
      if (!isObject(bundle)) {
        return { behind: true };
      }
      outputs.set(number, {
        output_type: 'display_data',
        data: bundle,
        metadata: {}
      });
      return {};
    }
  }
  return {};
}

interface IOutputs {
  length: number;
  get(number: number): { data: Record<string, unknown> };
  set(number: number, value: unknown): void;
}

function isOutputs(value: unknown): value is IOutputs {
  return isInstance(value) && 'get' in value && 'set' in value;
}

function isInstance(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

/** Stop what a panel does even while the kernel is busy, when its own button can't be heard. */
function stop(panel: NotebookPanel, event: Event): void {
  const target = event.target;
  const button = target instanceof Element ? target.closest(STOP) : null;
  const kernel = panel.sessionContext.session?.kernel;
  if (!button || !kernel) {
    return;
  }
  if (button.textContent?.includes('Interrupt')) {
    void kernel.interrupt();
    return;
  }
  const name = [...button.classList].find(each => each.startsWith(OF_PANEL));
  if (name !== undefined) {
    void cancel(kernel, name.slice(OF_PANEL.length));
  }
}

async function cancel(
  kernel: Kernel.IKernelConnection,
  panel: string
): Promise<void> {
  if (!kernel.supportsSubshells) {
    return; // the button's own message says the same
  }
  const comm = kernel.createComm(CANCEL);
  await (comm as { subshellStarted?: Promise<void> }).subshellStarted;
  comm.open({ panel });
}
