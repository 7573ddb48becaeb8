/** A figure's title in as many lines as its width asks for: plotly itself cuts it at the edge. */
import { isObject } from './bundle';

/** How wide a text is, in pixels. */
export type Measure = (text: string, fontSize: number) => number;

const FONT_SIZE = 17; // plotly's own
const LINE_HEIGHT = 1.3; // plotly's own
const SIDES = 0.96; // of the width: what our recipes leave free on the left, and as much on the right
const TAG = /<(?!br\s*\/?>)/i;

/**
 * The title of a figure, broken where it is wider than the plot. null where it has none that can be broken:
 * what is written with tags or as a formula stays as it is.
 *
 * @param width In pixels; 0 where it is not known yet, which leaves the title as it is.
 */
export function brokenTitle(
  figure: unknown,
  width: number,
  measure: Measure
): string | null {
  const text = textOf(figure);
  if (text === null || TAG.test(text) || text.includes('$')) {
    return null;
  }
  if (width <= 0) {
    return text;
  }
  const size = sizeOf(figure);
  const fits = (line: string) => measure(plainOf(line), size) <= width * SIDES;
  return text
    .split(/<br\s*\/?>/i)
    .flatMap(line => linesOf(line, fits))
    .join('<br>');
}

/** A copy of a figure with another title, and the room above the plot for its lines. */
export function withTitle(figure: unknown, title: string | null): unknown {
  const before = textOf(figure);
  if (before === null || title === null || title === before) {
    return figure;
  }
  const copy = structuredClone(figure) as { layout: Record<string, unknown> };
  const { layout } = copy;
  const more =
    (count(title) - count(before)) * Math.ceil(sizeOf(figure) * LINE_HEIGHT);
  layout.title = isObject(layout.title)
    ? { ...layout.title, text: title }
    : { text: title };
  const margin = isObject(layout.margin) ? layout.margin : {};
  if (typeof margin.t === 'number') {
    layout.margin = { ...margin, t: margin.t + more };
  }
  if (typeof layout.height === 'number') {
    layout.height += more;
  }
  return copy;
}

function linesOf(line: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && fits(`${last} ${word}`)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function textOf(figure: unknown): string | null {
  const layout = isObject(figure) ? figure.layout : null;
  const title = isObject(layout) ? layout.title : null;
  const text = isObject(title) ? title.text : title;
  return typeof text === 'string' && text !== '' ? text : null;
}

function sizeOf(figure: unknown): number {
  const layout = (figure as { layout: Record<string, unknown> }).layout;
  const font = isObject(layout.title) ? layout.title.font : null;
  return isObject(font) && typeof font.size === 'number'
    ? font.size
    : FONT_SIZE;
}

function count(title: string): number {
  return title.split('<br>').length;
}

function plainOf(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

let canvas: CanvasRenderingContext2D | null = null;

/** How wide a text is, in the font of our recipes' figures. */
export function widthOf(text: string, fontSize: number): number {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (canvas === null) {
    return 0;
  }
  canvas.font = `${fontSize}px system-ui, sans-serif`;
  return canvas.measureText(text).width;
}
