import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import { type IVisualization, isActive } from '../api/types';
import type { Changes } from './changes';
import { Model } from './model';

type VisualizationClient = Pick<
  IClient,
  | 'visualization'
  | 'render'
  | 'deleteVisualization'
  | 'contentUrl'
  | 'notebookUrl'
  | 'exportUrl'
>;

const WHILE_ACTIVE = 1_000;

/** One visualization: fetched, followed while it renders, rendered again, deleted. */
export class VisualizationModel extends Model {
  constructor(client: VisualizationClient, changes: Changes, id: string) {
    super();
    this._client = client;
    this._changes = changes;
    this._id = id;
    this._poll = new Poll({
      name: 'jupyter-viz:visualization',
      auto: false,
      factory: () => this._load(true),
      frequency: { interval: WHILE_ACTIVE, backoff: true, max: 15_000 },
      linger: 0,
      standby: () => (this._visible ? 'when-hidden' : true)
    });
  }

  /** Rendering again may give another id. */
  get id(): string {
    return this._id;
  }

  get value(): IVisualization | null {
    return this._value;
  }

  get error(): ApiError | null {
    return this._error;
  }

  /** What a button press led to, in place of an answer. */
  get actionError(): ApiError | null {
    return this._actionError;
  }

  get busy(): boolean {
    return this._busy;
  }

  get active(): boolean {
    return this._value !== null && isActive(this._value.status);
  }

  get contentUrl(): string {
    return this._client.contentUrl(this._id);
  }

  /** Only what a recipe made has a notebook, and only once it ended. */
  get notebookUrl(): string | null {
    return this._value?.origin === 'recipe' && !this.active
      ? this._client.notebookUrl(this._id)
      : null;
  }

  /** One page that needs nothing from outside, of what has a notebook. */
  get pageUrl(): string | null {
    return this.notebookUrl && this._client.exportUrl(this._id, 'html');
  }

  /** Whether the server has all it takes to make this again. */
  get canRerender(): boolean {
    const value = this._value;
    return (
      value !== null &&
      value.recipe !== null &&
      !this.active &&
      (value.recipe !== 'custom' || typeof value.code === 'string')
    );
  }

  get idChanged(): ISignal<this, string> {
    return this._idChanged;
  }

  get removed(): ISignal<this, void> {
    return this._removed;
  }

  setVisible(visible: boolean): void {
    this._visible = visible;
    this._follow();
  }

  /** What another request has brought along. */
  accept(value: IVisualization): void {
    this._value = value;
    this._error = null;
    this._follow();
    this.changed();
  }

  async load(): Promise<void> {
    await this._load(false).catch(() => undefined);
  }

  async rerender(): Promise<void> {
    const value = this._value;
    if (value === null || value.recipe === null || !this.canRerender) {
      return;
    }
    const { recipe } = value;
    await this._act(async () => {
      const answer = await this._client.render({
        recipe,
        source: value.source,
        arguments: value.arguments,
        ...(typeof value.code === 'string' ? { code: value.code } : {}),
        refresh: true
      });
      if (answer.id !== this._id) {
        this._id = answer.id;
        this._idChanged.emit(answer.id);
      }
      await this._load(false);
      this._changes.tell(value.artifact_id);
    });
  }

  /** Stop what has not ended. */
  async cancel(): Promise<void> {
    if (this.active) {
      await this._act(async () => {
        await this._client.deleteVisualization(this._id);
        await this._load(false);
        this._changes.tell(this._value?.artifact_id ?? null);
      });
    }
  }

  /** Delete what has ended. */
  async remove(): Promise<void> {
    if (this._value !== null && !this.active) {
      await this._act(async () => {
        await this._client.deleteVisualization(this._id);
        this._changes.tell(this._value?.artifact_id ?? null);
        this._removed.emit();
      });
    }
  }

  dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  private async _act(action: () => Promise<void>): Promise<void> {
    if (this._busy) {
      return;
    }
    this._busy = true;
    this._actionError = null;
    this.changed();
    try {
      await action();
    } catch (reason) {
      this._actionError = asApiError(reason);
    }
    this._busy = false;
    this.changed();
  }

  private async _load(background: boolean): Promise<void> {
    const id = this._id;
    const before = this._value;
    try {
      const value = await this._client.visualization(id, { background });
      if (id !== this._id) {
        return;
      }
      this._value = value;
      this._error = null;
      if (
        before !== null &&
        isActive(before.status) &&
        !isActive(value.status)
      ) {
        this._changes.tell(value.artifact_id);
      }
    } catch (reason) {
      if (id === this._id) {
        this._error = asApiError(reason);
      }
      throw reason;
    } finally {
      this._follow();
      this.changed();
    }
  }

  /** Poll while it renders and somebody looks; rest otherwise. */
  private _follow(): void {
    if (this._poll.isDisposed) {
      return;
    }
    if (this._visible && this.active) {
      void this._poll.start();
    } else if (!this.active) {
      void this._poll.stop();
    }
  }

  private readonly _client: VisualizationClient;
  private readonly _changes: Changes;
  private readonly _poll: Poll;
  private readonly _idChanged = new Signal<this, string>(this);
  private readonly _removed = new Signal<this, void>(this);
  private _id: string;
  private _value: IVisualization | null = null;
  private _error: ApiError | null = null;
  private _actionError: ApiError | null = null;
  private _busy = false;
  private _visible = false;
}
