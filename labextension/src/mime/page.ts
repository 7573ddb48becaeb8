/** Pages that nobody has cleaned, in HTML: the notebook's own sanitizer would leave nothing of them. */

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** HTML for the notebook's own renderer, and what belongs into it once it is drawn. */
export interface IFramedHtml {
  /** Where a page was, there is an empty element. */
  html: string;
  /** Puts each page where it was, in a frame of ours. */
  fill(node: Element): void;
}

/**
 * Takes the pages that stand in frames (`<iframe srcdoc=…>`) out of HTML.
 *
 * Their scripts run, but reach neither Lab nor the network, whatever the HTML wanted.
 */
export function withoutPages(html: string): IFramedHtml {
  // A document of its own, in which nothing is loaded and nothing runs.
  const template = document.createElement('template');
  template.innerHTML = html;
  const frames = [...template.content.querySelectorAll('iframe[srcdoc]')].map(
    (found, at) => {
      const place = document.createElement('span');
      // A sanitizer keeps classes; one that somebody else has used only moves his own page.
      place.className = placeOf(at);
      found.replaceWith(place);
      return frameOf(
        found.getAttribute('srcdoc') ?? '',
        found.getAttribute('title') ?? ''
      );
    }
  );
  return {
    html: frames.length > 0 ? template.innerHTML : html,
    fill: node => {
      frames.forEach((frame, at) => {
        node.querySelector(`.${placeOf(at)}`)?.replaceWith(frame);
      });
    }
  };
}

function placeOf(at: number): string {
  return `jp-viz-Frame-place${at}`;
}

function frameOf(page: string, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.className = 'jp-viz-Frame';
  // Never `allow-same-origin`: with it, the page could act as the user.
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.title = title;
  frame.setAttribute(
    'srcdoc',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">${page}`
  );
  return frame;
}
