import type { IThemeManager } from '@jupyterlab/apputils';
import type {
  IMarkdownParser,
  IRenderMimeRegistry
} from '@jupyterlab/rendermime';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { RenderingContext } from '../visualization/context';

export interface ILab {
  rendermime: IRenderMimeRegistry;
  markdown: IMarkdownParser | null;
  themes: IThemeManager | null;
}

/** A tab of the main area: knows whether it is seen, and draws again in another theme. */
export abstract class Tab extends ReactWidget {
  constructor(lab: ILab) {
    super();
    this._lab = lab;
    this.addClass('jp-viz-Tab');
    document.addEventListener('visibilitychange', this._watch);
    lab.themes?.themeChanged.connect(this._onThemeChanged, this);
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this._watch);
    super.dispose();
  }

  /** Whether anybody can see it; models poll only then. */
  protected abstract setSeen(seen: boolean): void;

  protected abstract draw(): React.JSX.Element;

  protected render(): React.JSX.Element {
    const { rendermime, markdown } = this._lab;
    return React.createElement(
      RenderingContext.Provider,
      { value: { rendermime, markdown, theme: this._theme } },
      this.draw()
    );
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._watch();
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._watch();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._watch();
  }

  private _onThemeChanged(): void {
    this._theme++;
    this.update();
  }

  private readonly _watch = (): void => {
    this.setSeen(this.isVisible && !document.hidden);
  };

  private readonly _lab: ILab;
  private _theme = 0;
}
