/** Pages that nobody has cleaned: the notebook's own sanitizer would leave nothing of them. */

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/**
 * The page that stands in a frame of an output, in a frame of ours; null where the output is no such frame.
 *
 * Its scripts run, but reach neither Lab nor the network, whatever the output wanted.
 */
export function framedPage(output: unknown): HTMLIFrameElement | null {
  if (typeof output !== 'string' || !output.startsWith('<iframe ')) {
    return null;
  }
  // A document of its own, in which nothing is loaded and nothing runs.
  const found = new DOMParser()
    .parseFromString(output, 'text/html')
    .querySelector('iframe');
  const page = found?.getAttribute('srcdoc');
  if (!page) {
    return null;
  }
  const frame = document.createElement('iframe');
  frame.className = 'jp-viz-Frame';
  // Never `allow-same-origin`: with it, the page could act as the user.
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.title = found?.getAttribute('title') ?? '';
  frame.setAttribute(
    'srcdoc',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">${page}`
  );
  return frame;
}
