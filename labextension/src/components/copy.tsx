import { Clipboard } from '@jupyterlab/apputils';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** A button that copies a text and says that it did. */
export function CopyButton(props: {
  text: string;
  label: string;
}): React.JSX.Element {
  const [copied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? checkIcon : copyIcon;
  return (
    <button
      type="button"
      className="jp-viz-IconButton"
      title={copied ? 'Copied' : props.label}
      aria-label={copied ? 'Copied' : props.label}
      onClick={event => {
        event.stopPropagation();
        Clipboard.copyToSystem(props.text);
        setCopied(true);
      }}
    >
      <Icon.react tag="span" height="14px" />
    </button>
  );
}
