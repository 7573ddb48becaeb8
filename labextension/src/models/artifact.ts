import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import type {
  IArtifactDetail,
  IPending,
  IVisualization,
  IVisualizationSummary
} from '../api/types';
import type { Changes } from './changes';
import { Model } from './model';
import type { StatusModel } from './status';
import { VisualizationModel } from './visualization';
import { VisualizeModel } from './visualize';

/** More than this are opened on request only: each fetches its outputs. */
const SHOWN = 6;

/** One artifact: what it is, what there is to see of it, and how to see it another way. */
export class ArtifactModel extends Model {
  constructor(
    client: IClient,
    status: StatusModel,
    changes: Changes,
    id: string
  ) {
    super();
    this._client = client;
    this._status = status;
    this._changes = changes;
    this.id = id;
    changes.artifactChanged.connect(this._onChanged, this);
  }

  readonly id: string;

  get value(): IArtifactDetail | null {
    return this._value;
  }

  get error(): ApiError | null {
    return this._error;
  }

  /** There once the artifact is. */
  get creator(): VisualizeModel | null {
    return this._creator;
  }

  /** Made while the step ran. */
  get made(): readonly VisualizationModel[] {
    return this._models('materializer');
  }

  /** Made since, by recipes: the one just asked for, then newest first. */
  get rendered(): readonly VisualizationModel[] {
    const models = this._models('recipe');
    return [
      ...models.filter(model => model.id === this._asked),
      ...models.filter(model => model.id !== this._asked)
    ].slice(0, this._shown);
  }

  get hidden(): number {
    return Math.max(0, this._models('recipe').length - this._shown);
  }

  get contentUrl(): string {
    return this._client.artifactContentUrl(this.id);
  }

  setVisible(visible: boolean): void {
    this._visible = visible;
    this._visualizations.forEach(model => model.setVisible(visible));
  }

  async load(): Promise<void> {
    try {
      this._value = await this._client.artifact(this.id);
      this._error = null;
      if (this._creator === null) {
        this._creator = new VisualizeModel(
          this._client,
          this._status,
          this._changes,
          this._value
        );
        void this._creator.load();
      }
      this.changed();
      await this._list();
    } catch (reason) {
      this._error = asApiError(reason);
    }
    this.changed();
  }

  /** Put first what was just asked for: it may have been there for long. */
  show(answer: IPending | IVisualization): void {
    this._asked = answer.id;
    const model = this._modelOf(answer.id);
    if ('outputs' in answer) {
      // Only this answer tells that it was kept from before.
      model.accept(answer);
    } else {
      void model.load();
    }
    this._loadShown();
    this.changed();
  }

  showAll(): void {
    this._shown = Infinity;
    this._loadShown();
    this.changed();
  }

  dispose(): void {
    this._visualizations.forEach(model => model.dispose());
    this._creator?.dispose();
    super.dispose();
  }

  private _models(origin: 'materializer' | 'recipe'): VisualizationModel[] {
    return this._order.flatMap(summary => {
      const model = this._visualizations.get(summary.id);
      return summary.origin === origin && model ? [model] : [];
    });
  }

  private async _list(): Promise<void> {
    this._order = await this._client.visualizations(this.id);
    const listed = new Set(this._order.map(summary => summary.id));
    // One that was rendered again goes by its new id.
    for (const [id, model] of [...this._visualizations]) {
      if (model.id !== id) {
        this._visualizations.delete(id);
        this._visualizations.set(model.id, model);
      }
    }
    for (const [id, model] of this._visualizations) {
      if (!listed.has(id)) {
        this._visualizations.delete(id);
        model.dispose();
      }
    }
    this._order.forEach(summary => this._modelOf(summary.id));
    this._loadShown();
  }

  private _modelOf(id: string): VisualizationModel {
    const known = this._visualizations.get(id);
    if (known) {
      return known;
    }
    const model = new VisualizationModel(this._client, this._changes, id);
    this._visualizations.set(id, model);
    return model;
  }

  private _loadShown(): void {
    for (const model of [...this.made, ...this.rendered]) {
      model.setVisible(this._visible);
      if (model.value === null && model.error === null) {
        void model.load();
      }
    }
  }

  private _onChanged(_: Changes, id: string): void {
    if (id === this.id && this._value !== null) {
      void this._list()
        .catch(() => undefined)
        .then(() => this.changed());
    }
  }

  private readonly _client: IClient;
  private readonly _status: StatusModel;
  private readonly _changes: Changes;
  private readonly _visualizations = new Map<string, VisualizationModel>();
  private _order: IVisualizationSummary[] = [];
  private _value: IArtifactDetail | null = null;
  private _error: ApiError | null = null;
  private _creator: VisualizeModel | null = null;
  private _asked: string | null = null;
  private _shown = SHOWN;
  private _visible = false;
}
