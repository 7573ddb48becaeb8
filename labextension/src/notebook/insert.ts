/** Putting cells into notebooks. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { LOAD_EXTENSION, loadsExtension, usesMagic } from './cells';

/**
 * Put code cells under a cell, and go to the last of them; before cells of our magics the one that loads them.
 *
 * @param at - The number of the cell.
 */
export function insertBelow(
  panel: NotebookPanel,
  at: number,
  ...sources: string[]
): void {
  const notebook = panel.content;
  const shared = notebook.model?.sharedModel;
  if (!shared) {
    return;
  }
  const loaded = shared.cells.some(cell => loadsExtension(cell.getSource()));
  const all =
    !loaded && sources.some(usesMagic) ? [LOAD_EXTENSION, ...sources] : sources;
  all.forEach((source, place) => {
    shared.insertCell(at + 1 + place, { cell_type: 'code', source });
  });
  notebook.activeCellIndex = at + all.length;
}

/** The number of a cell by its id; -1 where it is not in the notebook. */
export function placeOf(panel: NotebookPanel, id: string): number {
  const cells = panel.content.model?.sharedModel.cells ?? [];
  return cells.findIndex(cell => cell.getId() === id);
}

/** Put a cell under the one that shows a node; elsewhere nothing is done. */
export function insertAfter(
  notebooks: INotebookTracker,
  node: Node,
  source: string
): void {
  const panel = notebooks.find(one => one.node.contains(node));
  const at =
    panel?.content.widgets.findIndex(cell => cell.node.contains(node)) ?? -1;
  if (panel && at >= 0) {
    insertBelow(panel, at, source);
  }
}
