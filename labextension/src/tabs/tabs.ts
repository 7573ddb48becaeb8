import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';

import type { IClient } from '../api/client';
import { artifactIcon, visualizationIcon, vizIcon } from '../components/icons';
import { ArtifactModel } from '../models/artifact';
import { sourceText } from '../models/format';
import { VisualizationModel } from '../models/visualization';
import type { IOpen, IVizSession, IVizTabs } from '../tokens';
import { ArtifactTab } from './artifact';
import type { ILab } from './tab';
import { VisualizationTab } from './visualization';

const PREVIEW = 'jp-viz-mod-preview';

type AnyTab = MainAreaWidget<ArtifactTab> | MainAreaWidget<VisualizationTab>;

/** The tabs of the main area: one for each thing, and one preview that is reused. */
export class Tabs implements IVizTabs {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _client: IClient,
    private readonly _session: IVizSession,
    private readonly _lab: ILab
  ) {}

  readonly artifacts = new WidgetTracker<MainAreaWidget<ArtifactTab>>({
    namespace: 'jupyter-viz-artifact'
  });

  readonly visualizations = new WidgetTracker<MainAreaWidget<VisualizationTab>>(
    { namespace: 'jupyter-viz-visualization' }
  );

  openArtifact(id: string, how: IOpen = {}): void {
    const open = this.artifacts.find(tab => tab.content.model.id === id);
    const tab = open ?? this._newArtifact(id, how.keep ?? false);
    this._show(tab, how);
    if (how.create) {
      tab.content.create();
    }
  }

  openVisualization(id: string, how: IOpen = {}): void {
    const open = this.visualizations.find(tab => tab.content.model.id === id);
    const tab = open ?? this._newVisualization(id, how.keep ?? false);
    this._show(tab, how);
  }

  /** Whether a tab is the preview, for restoring it as one. */
  isPreview(tab: AnyTab): boolean {
    return tab === this._preview;
  }

  private _newArtifact(id: string, keep: boolean): MainAreaWidget<ArtifactTab> {
    const { status, changes } = this._session;
    const model = new ArtifactModel(this._client, status, changes, id);
    const tab: MainAreaWidget<ArtifactTab> = new MainAreaWidget({
      content: new ArtifactTab(this._lab, model, {
        open: visualization => this.openVisualization(visualization),
        generated: () => this._keep(tab)
      })
    });
    model.stateChanged.connect(() => {
      const { value } = model;
      tab.title.label = value?.name ?? 'Artifact';
      tab.title.caption = value?.address ?? '';
      tab.title.icon = value ? artifactIcon(value.kind) : vizIcon;
    });
    this._add(tab, `jupyter-viz-artifact-${id}`, 'Artifact', keep);
    void this.artifacts.add(tab);
    void model.load();
    return tab;
  }

  private _newVisualization(
    id: string,
    keep: boolean
  ): MainAreaWidget<VisualizationTab> {
    const model = new VisualizationModel(
      this._client,
      this._session.changes,
      id
    );
    const tab = new MainAreaWidget({
      content: new VisualizationTab(this._lab, model)
    });
    model.stateChanged.connect(() => {
      const { value } = model;
      tab.title.label = value?.name ?? 'Visualization';
      tab.title.caption = sourceText(value?.source);
      tab.title.icon = value ? visualizationIcon(value.format) : vizIcon;
    });
    model.idChanged.connect(() => void this.visualizations.save(tab));
    model.removed.connect(() => tab.dispose());
    this._add(tab, `jupyter-viz-visualization-${id}`, 'Visualization', keep);
    void this.visualizations.add(tab);
    void model.load();
    return tab;
  }

  private _add(tab: AnyTab, id: string, label: string, keep: boolean): void {
    tab.id = id;
    tab.title.label = label;
    tab.title.icon = vizIcon;
    tab.title.closable = true;
    tab.addClass('jp-viz-MainArea');
    const old = this._preview;
    const beside =
      !keep && old && !old.isDisposed
        ? { mode: 'tab-after' as const, ref: old.id }
        : {};
    this._app.shell.add(tab, 'main', { ...beside, activate: false });
    if (!keep) {
      tab.title.className = PREVIEW;
      this._preview = tab;
      old?.dispose();
    }
  }

  private _show(tab: AnyTab, how: IOpen): void {
    if (how.keep) {
      this._keep(tab);
    }
    this._app.shell.activateById(tab.id);
  }

  /** The preview becomes a tab like others. */
  private _keep(tab: AnyTab): void {
    if (this._preview === tab) {
      this._preview = null;
      tab.title.className = '';
      // What is restored has changed.
      if (tab.content instanceof ArtifactTab) {
        void this.artifacts.save(tab as MainAreaWidget<ArtifactTab>);
      } else {
        void this.visualizations.save(tab as MainAreaWidget<VisualizationTab>);
      }
    }
  }

  private _preview: AnyTab | null = null;
}
