import type {
  IMarkdownParser,
  IRenderMimeRegistry
} from '@jupyterlab/rendermime';
import * as React from 'react';

/** What drawing an output takes from the Lab. */
export interface IRendering {
  rendermime: IRenderMimeRegistry;
  markdown: IMarkdownParser | null;
  /** Counts theme changes: what has colours inlined is drawn again. */
  theme: number;
}

export const RenderingContext = React.createContext<IRendering | null>(null);
