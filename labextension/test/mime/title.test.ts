import { describe, expect, it } from 'vitest';

import { brokenTitle, withTitle } from '../../src/mime/title';

const measure = (text: string, size: number) => text.length * size * 0.5;

function figure(text: string, more: Record<string, unknown> = {}) {
  return {
    data: [],
    layout: { title: { text, font: { size: 10 } }, margin: { t: 40 }, ...more }
  };
}

describe('brokenTitle', () => {
  it('breaks between words where the plot is too narrow', () => {
    const long = figure('ROC of the score of a model');
    expect(brokenTitle(long, 1000, measure)).toBe(
      'ROC of the score of a model'
    );
    expect(brokenTitle(long, 80, measure)).toBe(
      'ROC of the<br>score of a<br>model'
    );
  });

  it('leaves a single word whole, and a title of unknown width', () => {
    expect(brokenTitle(figure('a_very_long_name'), 20, measure)).toBe(
      'a_very_long_name'
    );
    expect(brokenTitle(figure('a b'), 0, measure)).toBe('a b');
  });

  it('measures what is shown, and keeps what is broken already', () => {
    expect(brokenTitle(figure('a &lt; b'), 30, measure)).toBe('a &lt; b');
    expect(brokenTitle(figure('one<br>two'), 1000, measure)).toBe('one<br>two');
  });

  it('does not touch tags, formulas, and figures without a title', () => {
    for (const text of ['<b>one two</b>', '$x + y$', '']) {
      expect(brokenTitle(figure(text), 10, measure)).toBeNull();
    }
    expect(brokenTitle({ data: [] }, 10, measure)).toBeNull();
  });
});

describe('withTitle', () => {
  it('makes room for the lines', () => {
    const given = figure('a b', { height: 300 });
    expect(withTitle(given, 'a<br>b')).toMatchObject({
      layout: { title: { text: 'a<br>b' }, margin: { t: 53 }, height: 313 }
    });
    expect(given.layout.title.text).toBe('a b');
  });

  it('leaves a figure with its own title as it is', () => {
    const given = figure('a b');
    expect(withTitle(given, 'a b')).toBe(given);
    expect(withTitle(given, null)).toBe(given);
  });

  it('takes a title that is a text alone', () => {
    const given = { data: [], layout: { title: 'one two' } };
    expect(withTitle(given, brokenTitle(given, 40, measure))).toMatchObject({
      layout: { title: { text: 'one<br>two' } }
    });
  });
});
