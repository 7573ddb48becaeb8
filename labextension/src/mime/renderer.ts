import { type IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { MessageLoop } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';

import {
  type IBundle,
  type IResult,
  isObject,
  PLOTLY_MIME,
  readBundle,
  type Reading,
  readResults,
  VIZ_MIME
} from './bundle';
import { withoutPages } from './page';
import { foot, heading, tableSwitch } from './parts';
import { type IPoint, rowsCode } from './rows';
import { tableElement } from './table';
import { currentColours, themed } from './theme';
import { brokenTitle, widthOf, withTitle } from './title';

export interface IRendererOptions {
  registry: IRenderMimeRegistry;
  /** Resolves when every renderer there will be has been registered. */
  ready: Promise<unknown>;
  /** Called with the code that gets the rows of what was clicked. */
  onRows: (code: string, node: HTMLElement) => void;
  /** Emitted when the theme has changed. */
  restyled: ISignal<unknown, unknown> | null;
}

/** The element of plotly's plot. */
interface IGraph extends HTMLElement {
  on?: (
    event: 'plotly_click',
    listener: (event: { points: IPoint[] }) => void
  ) => void;
}

interface IDrawing {
  /** In words, for those who do not see it; null where it is not ours. */
  alt: string | null;
  widgets: Widget[];
}

/**
 * Draws what jupyter_viz shows: a figure through plotly's renderer, a table by itself,
 * and whatever it cannot draw by the next best form of the same output.
 */
export class VizRenderer extends Widget implements IRenderMime.IRenderer {
  constructor(options: IRendererOptions) {
    super();
    this._options = options;
    this._stack = new PanelLayout();
    this.layout = this._stack;
    this.addClass('jp-viz-Renderer');
    options.restyled?.connect(this._onRestyled, this);
    // Drawn before it has a place, a plot is of a size of its own; and not every host tells of its size.
    this._observer = new ResizeObserver(() => {
      for (const widget of this._stack.widgets) {
        MessageLoop.postMessage(widget, Widget.ResizeMessage.UnknownSize);
      }
      this._fitTitle();
    });
    this._observer.observe(this.node);
  }

  dispose(): void {
    this._observer.disconnect();
    super.dispose();
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    const asked = ++this._asked;
    const results = readResults(model.data[VIZ_MIME]);
    const drawing = results
      ? await this._drawResults(model, results)
      : await this._drawOne(model);
    if (asked !== this._asked || this.isDisposed) {
      // Overtaken by a newer output or another theme.
      drawing.widgets.forEach(widget => widget.dispose());
      return;
    }
    while (this._stack.widgets.length > 0) {
      this._stack.widgets[0]?.dispose();
    }
    for (const widget of drawing.widgets) {
      this._stack.addWidget(widget);
      MessageLoop.postMessage(widget, Widget.ResizeMessage.UnknownSize);
    }
    if (drawing.alt === null) {
      this.node.removeAttribute('role');
      this.node.removeAttribute('aria-label');
    } else {
      this.node.setAttribute('role', 'figure');
      this.node.setAttribute('aria-label', drawing.alt);
    }
  }

  private async _drawOne(model: IRenderMime.IMimeModel): Promise<IDrawing> {
    const reading = read(model);
    if ('problem' in reading) {
      return this._drawNext(model, reading.problem);
    }
    const { caption } = reading.bundle;
    const drawing = await this._draw(model, reading.bundle);
    return caption === null
      ? drawing
      : { ...drawing, widgets: [heading(caption), ...drawing.widgets] };
  }

  /** Each by the renderer that is for it; where plots can't be drawn, all by their pictures. */
  private async _drawResults(
    model: IRenderMime.IMimeModel,
    results: IResult[]
  ): Promise<IDrawing> {
    const { registry, ready } = this._options;
    if (!registry.getFactory(PLOTLY_MIME)) {
      await ready.catch(() => undefined);
    }
    const outputs = results.flatMap(result => result.outputs);
    if (
      !registry.getFactory(PLOTLY_MIME) &&
      outputs.some(data => PLOTLY_MIME in data)
    ) {
      const pictures = await this._next(model);
      return { alt: null, widgets: pictures ? [pictures] : [] };
    }
    const widgets: Widget[] = [];
    for (const { caption, outputs } of results) {
      widgets.push(heading(caption));
      for (const data of outputs) {
        const type = registry.preferredMimeType(
          data as never,
          model.trusted ? 'any' : 'ensure'
        );
        if (type !== undefined) {
          widgets.push(await this._child(type, data, model));
        }
      }
    }
    // What draws itself follows the theme itself.
    this._restylesItself = true;
    return { alt: null, widgets };
  }

  private async _draw(
    model: IRenderMime.IMimeModel,
    bundle: IBundle
  ): Promise<IDrawing> {
    const { alt, table, note } = bundle;
    this._restylesItself = bundle.kind === 'table';
    if (bundle.kind === 'table') {
      const drawn = table ? [new Widget({ node: tableElement(table) })] : [];
      return { alt, widgets: [...drawn, ...foot(null, note)] };
    }
    if (bundle.kind === 'document') {
      const shown = await this._next(model);
      return shown === null
        ? this._drawNext(model, 'This cannot be shown here.')
        : { alt, widgets: [shown, ...foot(null, note)] };
    }
    if (!this._options.registry.getFactory(PLOTLY_MIME)) {
      // Extensions are loaded one after another; a notebook may be drawn before plotly's has come.
      await this._options.ready.catch(() => undefined);
    }
    const plot = await this._figure(model);
    if (plot === null) {
      return this._drawNext(model, 'This figure cannot be drawn.');
    }
    if (table === null) {
      return { alt, widgets: [plot, ...foot(null, note)] };
    }
    const rows = new Widget();
    const button = tableSwitch(plot, rows, table, this._view);
    return { alt, widgets: [plot, rows, ...foot(button, note)] };
  }

  /** The figure by plotly's renderer, or by the still picture of the same output. */
  private async _figure(
    model: IRenderMime.IMimeModel
  ): Promise<IRenderMime.IRenderer | null> {
    const figure = model.data[PLOTLY_MIME];
    const drawable = isObject(figure) && Array.isArray(figure.data);
    this._title = this._titleThatFits(figure);
    if (drawable && this._options.registry.getFactory(PLOTLY_MIME)) {
      try {
        const wanted = model.metadata[VIZ_MIME];
        const height = isObject(wanted) ? wanted.height : undefined;
        const data = {
          [PLOTLY_MIME]: withTitle(
            themed(figure, currentColours(), height),
            this._title
          )
        };
        const plot = await this._child(PLOTLY_MIME, data, model);
        this._listen(plot, model.data[VIZ_MIME]);
        return plot;
      } catch {
        // Not a figure plotly can draw: the still picture may be there all the same.
      }
    }
    return this._next(model);
  }

  /** A click on a bar, bin, point or cell asks for its rows. */
  private _listen(plot: Widget, own: unknown): void {
    // Plotly draws into the widget's own node.
    (plot.node as IGraph).on?.('plotly_click', ({ points }) => {
      const code = points[0] ? rowsCode(own, points[0]) : null;
      if (code !== null) {
        this._options.onRows(code, this.node);
      }
    });
  }

  /** The next best form of the output. */
  private async _next(
    model: IRenderMime.IMimeModel
  ): Promise<IRenderMime.IRenderer | null> {
    const rest = Object.fromEntries(
      Object.entries(model.data).filter(
        ([type]) => type !== VIZ_MIME && type !== PLOTLY_MIME
      )
    );
    const type = this._options.registry.preferredMimeType(
      rest,
      model.trusted ? 'any' : 'ensure'
    );
    if (type === undefined) {
      return null;
    }
    const html = rest['text/html'];
    if (type !== 'text/html' || typeof html !== 'string') {
      return this._child(type, rest, model);
    }
    const framed = withoutPages(html);
    const child = await this._child(type, { [type]: framed.html }, model);
    framed.fill(child.node);
    return child;
  }

  private async _drawNext(
    model: IRenderMime.IMimeModel,
    problem: string
  ): Promise<IDrawing> {
    const child = await this._next(model).catch(() => null);
    return {
      alt: null,
      widgets: [...foot(null, problem), ...(child ? [child] : [])]
    };
  }

  /** A fresh renderer with a model of its own: plotly's draws only once. */
  private async _child(
    type: string,
    data: Record<string, unknown>,
    model: IRenderMime.IMimeModel
  ): Promise<IRenderMime.IRenderer> {
    const child = this._options.registry.createRenderer(type);
    await child.renderModel(
      new MimeModel({
        data: data as never,
        metadata: model.metadata,
        trusted: model.trusted,
        // What a child would write back is not ours to save.
        callback: () => undefined
      })
    );
    return child;
  }

  private _titleThatFits(figure: unknown): string | null {
    return brokenTitle(figure, this.node.clientWidth, widthOf);
  }

  /** Draw again where the title needs other lines at the width there is now. */
  private _fitTitle(): void {
    const model = this._model;
    if (
      model &&
      this.node.clientWidth > 0 &&
      this._title !== null &&
      this._titleThatFits(model.data[PLOTLY_MIME]) !== this._title
    ) {
      void this.renderModel(model);
    }
  }

  private _onRestyled(): void {
    // A table takes its colours from the page, and keeps what was searched in it.
    if (this._model && !this._restylesItself && !this.isDisposed) {
      void this.renderModel(this._model);
    }
  }

  private readonly _options: IRendererOptions;
  private readonly _observer: ResizeObserver;
  private readonly _stack: PanelLayout;
  private _model: IRenderMime.IMimeModel | null = null;
  private _title: string | null = null;
  /** Stays when it is drawn again. */
  private readonly _view = { asTable: false };
  private _restylesItself = false;
  private _asked = 0;
}

function read(model: IRenderMime.IMimeModel): Reading {
  try {
    return readBundle(model.data[VIZ_MIME], model.data[PLOTLY_MIME]);
  } catch (reason) {
    return {
      problem: `This visualization cannot be read (${String(reason)}).`
    };
  }
}
