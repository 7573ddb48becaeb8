import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import * as React from 'react';

import type { IVisualization, Json, JsonObject } from '../api/types';
import { WidgetHost } from '../components/host';
import { VIZ_MIME } from '../mime/bundle';
import { RenderingContext } from './context';
import { currentTheme, sandboxedPage } from './sandbox';
import { sourceText } from '../models/format';

/** More text than this in one element makes the page crawl. */
const TEXT_CAP = 200_000;

/** The thing itself, drawn according to its format. */
export function Content(props: {
  value: IVisualization;
  contentUrl: string;
  /** Alone on its page, a plot takes the room there is. */
  alone: boolean;
}): React.JSX.Element {
  const { value, contentUrl } = props;
  switch (value.format) {
    case 'html':
      // Never `allow-same-origin`: with it, the page could act as the user.
      return (
        <iframe
          className="jp-viz-Frame"
          sandbox="allow-scripts"
          referrerPolicy="no-referrer"
          src={contentUrl}
          title={value.name}
        />
      );
    case 'image':
      return (
        <img
          className="jp-viz-Image"
          src={contentUrl}
          alt={altOf(value)}
          referrerPolicy="no-referrer"
        />
      );
    case 'markdown':
      return (
        <Markdown text={textIn(value, 'text/markdown')} title={value.name} />
      );
    case 'json':
      return <PlainText text={textIn(value, 'text/plain')} />;
    case 'csv':
    case 'notebook':
      return <Outputs value={value} alone={props.alone} />;
  }
}

/** nbformat outputs, never trusted: they came from somebody's data. */
function Outputs(props: {
  value: IVisualization;
  alone: boolean;
}): React.JSX.Element {
  const { value } = props;
  const context = React.useContext(RenderingContext);
  // Errors are told above the outputs, in words first.
  const shown = value.outputs.filter(output => output.output_type !== 'error');
  const identity = `${value.id} ${value.created_at} ${value.status} ${shown.length}`;
  if (context === null || shown.length === 0) {
    return value.status === 'completed' ? (
      <p className="jp-viz-faint">It ran, and showed nothing.</p>
    ) : (
      <></>
    );
  }
  return (
    <WidgetHost
      className="jp-viz-Outputs"
      identity={identity}
      create={() =>
        new SimplifiedOutputArea({
          model: new OutputAreaModel({
            values: (props.alone ? shown.map(tall) : shown) as never,
            trusted: false
          }),
          rendermime: context.rendermime
        })
      }
    />
  );
}

/** Ask for a taller plot, the way notebooks do: by metadata of the MIME type. */
function tall(output: JsonObject): JsonObject {
  const height = Math.round(window.innerHeight * 0.62);
  return {
    ...output,
    metadata: {
      ...asObject(output.metadata),
      [VIZ_MIME]: { height: Math.min(800, Math.max(360, height)) }
    }
  };
}

function Markdown(props: { text: string; title: string }): React.JSX.Element {
  const context = React.useContext(RenderingContext);
  const [page, setPage] = React.useState<string | null>(null);
  const theme = context?.theme;
  const parser = context?.markdown ?? null;
  React.useEffect(() => {
    let current = true;
    const markup = parser
      ? parser.render(props.text)
      : Promise.resolve(`<pre>${escaped(props.text)}</pre>`);
    void markup
      .catch(() => `<pre>${escaped(props.text)}</pre>`)
      .then(html => {
        if (current) {
          setPage(sandboxedPage(html, currentTheme()));
        }
      });
    return () => {
      current = false;
    };
  }, [props.text, parser, theme]);
  return page === null ? (
    <></>
  ) : (
    <iframe
      className="jp-viz-Frame"
      sandbox=""
      srcDoc={page}
      title={props.title}
      style={{ minHeight: heightOf(props.text) }}
    />
  );
}

/** About as high as a text will be: a frame that runs no script cannot tell its own height. */
function heightOf(text: string): number {
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 110)), 0);
  return Math.min(420, 48 + 26 * lines);
}

function PlainText({ text }: { text: string }): React.JSX.Element {
  return (
    <>
      <pre className="jp-viz-Text">{text.slice(0, TEXT_CAP)}</pre>
      {text.length > TEXT_CAP && (
        <p className="jp-viz-faint">
          The first {TEXT_CAP.toLocaleString('en-US')} characters.
        </p>
      )}
    </>
  );
}

function dataOf(output: JsonObject | undefined): JsonObject {
  return asObject(output?.data);
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? value
    : {};
}

/** A text of a bundle, which nbformat may hold as a list of lines. */
function textIn(value: IVisualization, type: string): string {
  const found = dataOf(value.outputs[0])[type];
  return Array.isArray(found)
    ? found.join('')
    : typeof found === 'string'
      ? found
      : '';
}

function altOf(value: IVisualization): string {
  return value.source
    ? `${value.name} of ${sourceText(value.source)}`
    : value.name;
}

function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
