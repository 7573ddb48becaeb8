/** A table as plain DOM. Whatever stands in it is set as text. */
import { type ITable, textOf } from './bundle';

/** More cells than this make a page crawl. */
const MOST_CELLS = 50_000;
const MOST_ROWS = 1_000;

export function tableElement(table: ITable): HTMLElement {
  const drawn = rowsDrawn(table);
  const host = document.createElement('div');
  host.className = 'jp-viz-Table';
  // Scrolls by keyboard too.
  host.tabIndex = 0;
  const element = document.createElement('table');
  element.createCaption().textContent = caption(drawn, table.total);
  const head = element.createTHead().insertRow();
  for (const column of table.columns) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = column.name;
    cell.className = `jp-viz-mod-${column.type}`;
    head.appendChild(cell);
  }
  const body = element.createTBody();
  for (let row = 0; row < drawn; row++) {
    const line = body.insertRow();
    table.columns.forEach((column, index) => {
      const cell = line.insertCell();
      const value = table.cell(row, index);
      const shown = cellText(value);
      cell.textContent = shown;
      cell.className = `jp-viz-mod-${column.type}`;
      if (typeof value === 'number' && shown !== String(value)) {
        cell.title = String(value);
      }
    });
  }
  host.appendChild(element);
  return host;
}

export function rowsDrawn(table: ITable): number {
  const affordable = Math.floor(MOST_CELLS / Math.max(1, table.columns.length));
  return Math.min(table.length, MOST_ROWS, Math.max(1, affordable));
}

export function caption(drawn: number, total: number): string {
  const number = (n: number) => n.toLocaleString('en-US');
  if (drawn < total) {
    return `first ${number(drawn)} of ${number(total)} rows`;
  }
  return total === 1 ? '1 row' : `${number(total)} rows`;
}

/** A value as it is shown: numbers to six digits, the whole of it on hover. */
export function cellText(value: unknown): string {
  if (typeof value !== 'number' || Number.isInteger(value)) {
    return textOf(value);
  }
  const rounded = Number(value.toPrecision(6));
  // `0.00000214133` is hard to tell from `0.0000214133`.
  return rounded !== 0 && Math.abs(rounded) < 1e-4
    ? rounded.toExponential()
    : String(rounded);
}
