/** Cells that show or load an artifact. */
import { exampleCode, isKind } from '../models/example';

export const LOAD_EXTENSION = '%load_ext jupyter_viz';

/** A cell that shows an artifact; `custom` shows anything, but has to be told how. A cell magic needs a body. */
export function magicCell(address: string, kind: string | null): string {
  return kind === 'table'
    ? `%viz table ${address}`
    : `%%viz custom ${address}\n${exampleCode(isKind(kind) ? kind : 'binary')}`;
}

export function loadCell(address: string): string {
  // JSON's strings are Python's, so that no character of an address needs a second thought.
  return `from jupyter_viz import load\nload(${JSON.stringify(address)})`;
}

/** Whether a cell makes the magics known. */
export function loadsExtension(source: string): boolean {
  return /^\s*%(load|reload)_ext\s+jupyter_viz\b/m.test(source);
}

/** Whether a cell is one of our magics, which must have been made known. */
export function usesMagic(source: string): boolean {
  return /^\s*%%?viz\b/.test(source);
}
