/** A table as plain DOM. Whatever stands in it is set as text. */
import { arranged, type ISort, nextSort } from './arranged';
import { type ITable, textOf } from './bundle';

/** More cells than this make a page crawl. */
const MOST_CELLS = 50_000;
const MOST_ROWS = 1_000;

/** Fewer rows are seen at a glance: nobody searches them. */
const FEW_ROWS = 8;

/** A table that can be sorted by its headers, and searched. */
export function tableElement(table: ITable): HTMLElement {
  const host = document.createElement('div');
  host.className = 'jp-viz-TableHost';
  const scroller = document.createElement('div');
  scroller.className = 'jp-viz-Table';
  // Scrolls by keyboard too.
  scroller.tabIndex = 0;
  const element = document.createElement('table');
  const about = element.createCaption();
  about.setAttribute('aria-live', 'polite');
  const body = element.createTBody();
  let query = '';
  let sort: ISort | null = null;

  const draw = () => {
    const rows = arranged(table, query, sort);
    const drawn = rowsDrawn(table, rows.length);
    about.textContent = caption(drawn, rows.length, table);
    body.replaceChildren(
      ...rows.slice(0, drawn).map(row => lineOf(table, row))
    );
  };
  const head = element.createTHead().insertRow();
  const heads = table.columns.map((column, at) => {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.className = `jp-viz-mod-${column.type}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = column.name;
    button.title = `Sort by ${column.name}`;
    button.addEventListener('click', () => {
      sort = nextSort(sort, at);
      heads.forEach((each, number) => {
        if (sort?.column === number) {
          each.setAttribute(
            'aria-sort',
            sort.descending ? 'descending' : 'ascending'
          );
        } else {
          each.removeAttribute('aria-sort');
        }
      });
      draw();
    });
    cell.appendChild(button);
    head.appendChild(cell);
    return cell;
  });
  if (table.length > FEW_ROWS) {
    host.appendChild(
      searchField(typed => {
        query = typed;
        draw();
      })
    );
  }
  draw();
  scroller.appendChild(element);
  host.appendChild(scroller);
  return host;
}

function searchField(onInput: (typed: string) => void): HTMLElement {
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'jp-viz-Table-search jp-mod-styled';
  field.placeholder = 'Search rows: text, column:text, column>0.9';
  field.setAttribute('aria-label', 'Search rows');
  field.addEventListener('input', () => onInput(field.value));
  // Lab's shortcuts would take the keys that are typed here.
  field.addEventListener('keydown', event => event.stopPropagation());
  return field;
}

function lineOf(table: ITable, row: number): HTMLTableRowElement {
  const line = document.createElement('tr');
  table.columns.forEach((column, index) => {
    const cell = line.insertCell();
    const value = table.cell(row, index);
    const shown = cellText(value);
    cell.textContent = shown;
    cell.className = `jp-viz-mod-${column.type}`;
    if (typeof value === 'number' ? shown !== String(value) : isLong(shown)) {
      cell.title = textOf(value);
    }
  });
  return line;
}

/** Whether a text may be cut by its column's width. */
function isLong(text: string): boolean {
  return text.length > 50;
}

/** How many of so many rows are drawn. */
export function rowsDrawn(table: ITable, rows = table.length): number {
  const affordable = Math.floor(MOST_CELLS / Math.max(1, table.columns.length));
  return Math.min(rows, MOST_ROWS, Math.max(1, affordable));
}

/**
 * How much of a table is shown.
 *
 * @param found - How many rows the search left.
 */
export function caption(
  drawn: number,
  found: number,
  table: Pick<ITable, 'length' | 'total'>
): string {
  const number = (n: number) => n.toLocaleString('en-US');
  const rows = (n: number) => (n === 1 ? '1 row' : `${number(n)} rows`);
  if (found < table.length) {
    const all =
      table.length < table.total
        ? `; there are ${number(table.total)} in all`
        : '';
    const cut = drawn < found ? `, the first ${number(drawn)} shown` : '';
    return `${number(found)} of ${rows(table.length)} match${cut}${all}`;
  }
  if (drawn < table.total) {
    return `first ${number(drawn)} of ${rows(table.total)}`;
  }
  return rows(table.total);
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
