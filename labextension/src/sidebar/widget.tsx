import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { vizIcon } from '../components/icons';
import type { PlacesModel } from '../models/places';
import type { RunsModel } from '../models/runs';
import type { IActions } from './actions';
import { Panel } from './panel';

/** The sidebar in the Lab: tells its model whether anybody can see it. */
export class Sidebar extends ReactWidget {
  constructor(model: RunsModel, places: PlacesModel, actions: IActions) {
    super();
    this.model = model;
    this.places = places;
    this._actions = actions;
    this.id = 'jupyter-viz-sidebar';
    this.title.icon = vizIcon;
    this.title.caption = 'Runs and visualizations';
    this.addClass('jp-viz-Sidebar');
    // Room for a name, an age and two metrics. Lab widens the area to this when it opens,
    // and sets a minimum of its own that only a style on the element goes before.
    this.node.style.minWidth = '280px';
    document.addEventListener('visibilitychange', this._watch);
  }

  readonly model: RunsModel;
  readonly places: PlacesModel;

  dispose(): void {
    document.removeEventListener('visibilitychange', this._watch);
    super.dispose();
  }

  protected render(): React.JSX.Element {
    return (
      <Panel model={this.model} places={this.places} actions={this._actions} />
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

  private readonly _watch = (): void => {
    const visible = this.isVisible && !document.hidden;
    this.model.setVisible(visible);
    this.places.setVisible(visible);
  };

  private readonly _actions: IActions;
}
