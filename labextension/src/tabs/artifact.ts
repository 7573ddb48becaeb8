import * as React from 'react';

import { ArtifactView } from '../artifact/view';
import type { ArtifactModel } from '../models/artifact';
import { type ILab, Tab } from './tab';

export class ArtifactTab extends Tab {
  constructor(
    lab: ILab,
    readonly model: ArtifactModel,
    private readonly _on: {
      open: (visualizationId: string) => void;
      generated: () => void;
    }
  ) {
    super(lab);
  }

  /** Go to the form. */
  create(): void {
    this._focus++;
    this.update();
  }

  dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected setSeen(seen: boolean): void {
    this.model.setVisible(seen);
  }

  protected draw(): React.JSX.Element {
    return React.createElement(ArtifactView, {
      model: this.model,
      focus: this._focus,
      onOpen: this._on.open,
      onGenerated: this._on.generated
    });
  }

  private _focus = 0;
}
