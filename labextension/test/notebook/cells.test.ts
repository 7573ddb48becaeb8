import { describe, expect, it } from 'vitest';

import { loadCell, loadsExtension, magicCell } from '../../src/notebook/cells';

describe('cells', () => {
  it('load an artifact', () => {
    expect(loadCell('a@b/c/d')).toBe(
      'from jupyter_viz import load\nload("a@b/c/d")'
    );
    expect(loadCell('a"\n')).toContain('load("a\\"\\n")');
  });

  it('show an artifact, tables as a table', () => {
    expect(magicCell('a@b/c/d', 'table')).toBe('%viz table a@b/c/d');
    expect(magicCell('a@b/c/d', 'html')).toMatch(/^%%viz custom a@b\/c\/d\n/);
  });

  it('know whether the magics are there', () => {
    expect(loadsExtension('import x\n%load_ext jupyter_viz')).toBe(true);
    expect(loadsExtension('%reload_ext jupyter_viz')).toBe(true);
    expect(loadsExtension('%load_ext jupyter_vizard')).toBe(false);
    expect(loadsExtension('# %load_ext jupyter_viz')).toBe(false);
  });
});
