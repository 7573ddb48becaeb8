import { describe, expect, it } from 'vitest';

import { themed } from '../../src/mime/theme';

const colours = { text: '#eee', faint: '#aaa', grid: '#333', surface: '#111' };

interface IFigure {
  data: unknown[];
  layout: Record<string, Record<string, unknown> & { font?: unknown }>;
}

describe('themed', () => {
  const figure = {
    data: [{ x: [1], line: { color: 'red' } }],
    layout: {
      title: { text: 'ROC' },
      xaxis: { title: { text: 'fpr' }, gridcolor: 'white' },
      yaxis2: {},
      font: { size: 11, color: 'black' },
      paper_bgcolor: 'white'
    }
  };
  const result = themed(figure, colours) as IFigure;

  it('takes colours of text and grid from the theme', () => {
    expect(result.layout.font).toEqual({ size: 11, color: '#eee' });
    expect(result.layout.xaxis).toMatchObject({
      title: { text: 'fpr' },
      gridcolor: '#333'
    });
    expect(result.layout.yaxis2).toMatchObject({ gridcolor: '#333' });
    expect(result.layout.paper_bgcolor).toBe('rgba(0,0,0,0)');
  });

  it('keeps the traces', () => {
    expect(result.data).toEqual(figure.data);
  });

  it('leaves the notebook’s own output alone', () => {
    expect(figure.layout.paper_bgcolor).toBe('white');
    (result.data[0] as { x: number[] }).x.push(2);
    expect(figure.data[0]?.x).toEqual([1]);
  });

  it('is as high as asked, unless it says itself', () => {
    expect(themed(figure, colours, 500)).toMatchObject({
      layout: { height: 500 }
    });
    const own = { data: [], layout: { height: 200 } };
    expect(themed(own, colours, 500)).toMatchObject({
      layout: { height: 200 }
    });
  });

  it('takes anything for a figure', () => {
    expect(themed(null, colours)).toBeNull();
    expect(themed([], colours)).toEqual([]);
    expect(themed({ layout: 3 }, colours)).toMatchObject({
      layout: { font: { color: '#eee' } }
    });
  });
});
