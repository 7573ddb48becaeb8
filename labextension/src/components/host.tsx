import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

/** A Lumino widget inside React: attached, told of its size, disposed. */
export function WidgetHost(props: {
  /** Makes the widget; called anew when `identity` changes. */
  create: () => Widget;
  identity: unknown;
  className?: string;
}): React.JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  const create = React.useRef(props.create);
  create.current = props.create;
  // A layout effect is undone while its node is still in the page; Lumino insists on that.
  React.useLayoutEffect(() => {
    const node = host.current;
    if (!node) {
      return;
    }
    const widget = create.current();
    Widget.attach(widget, node);
    // React lays out without Lumino's knowledge; plots need to hear of it.
    const observer = new ResizeObserver(() => {
      if (!widget.isDisposed) {
        MessageLoop.sendMessage(widget, Widget.ResizeMessage.UnknownSize);
      }
    });
    observer.observe(node);
    return () => {
      observer.disconnect();
      widget.dispose();
    };
  }, [props.identity]);
  return <div ref={host} className={props.className} />;
}
