/** What stands around a plot: the line above it, the words and the button below it. */
import { Widget } from '@lumino/widgets';

import type { ITable } from './bundle';
import { tableElement } from './table';

/** The line above a result. */
export function heading(caption: string): Widget {
  const node = document.createElement('h4');
  node.className = 'jp-viz-Renderer-caption';
  node.textContent = caption;
  return new Widget({ node });
}

/** What is under a plot or table: a button, a word about it. */
export function foot(
  button: HTMLElement | null,
  note: string | null
): Widget[] {
  const node = document.createElement('div');
  node.className = 'jp-viz-Renderer-foot';
  if (button) {
    node.appendChild(button);
  }
  if (note !== null) {
    const text = document.createElement('span');
    text.className = 'jp-viz-Renderer-note';
    text.textContent = note;
    node.appendChild(text);
  }
  return node.hasChildNodes() ? [new Widget({ node })] : [];
}

/** The button that shows the same numbers as a table, made when it is first wanted. */
export function tableSwitch(
  plot: Widget,
  rows: Widget,
  table: ITable,
  view: { asTable: boolean }
): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'jp-viz-Renderer-toggle';
  const show = () => {
    if (view.asTable && !rows.node.hasChildNodes()) {
      rows.node.appendChild(tableElement(table));
    }
    plot.setHidden(view.asTable);
    rows.setHidden(!view.asTable);
    button.textContent = view.asTable ? 'Plot' : 'Table';
    button.title = view.asTable
      ? 'Show the plot again'
      : 'Show the same numbers as a table';
  };
  button.addEventListener('click', () => {
    view.asTable = !view.asTable;
    show();
  });
  show();
  return button;
}
