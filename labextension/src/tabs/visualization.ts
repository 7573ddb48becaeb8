import * as React from 'react';

import type { VisualizationModel } from '../models/visualization';
import { VisualizationView } from '../visualization/view';
import { type ILab, Tab } from './tab';

export class VisualizationTab extends Tab {
  constructor(
    lab: ILab,
    readonly model: VisualizationModel
  ) {
    super(lab);
  }

  dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected setSeen(seen: boolean): void {
    this.model.setVisible(seen);
  }

  protected draw(): React.JSX.Element {
    return React.createElement(VisualizationView, { model: this.model });
  }
}
