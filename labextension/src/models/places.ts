import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import type { IFoundStore, IPlace, ISync } from '../api/types';
import { Model } from './model';

type PlacesClient = Pick<IClient, 'syncs' | 'sync' | 'checkPlace'>;

const WHILE_RUNNING = 1_000;
const OTHERWISE = 60_000;

/** The places of other systems: those whose runs are here, and those that were found. */
export class PlacesModel extends Model {
  constructor(client: PlacesClient) {
    super();
    this._client = client;
    this._poll = new Poll({
      name: 'jupyter-viz:places',
      auto: false,
      factory: () => this._load(true),
      frequency: { interval: OTHERWISE, backoff: true, max: 300_000 },
      linger: 0,
      standby: () => (this._visible ? 'when-hidden' : true)
    });
  }

  get syncs(): readonly ISync[] {
    return this._syncs;
  }

  get found(): readonly IFoundStore[] {
    return this._found;
  }

  /** Why the last place that was named could not be read. */
  get error(): ApiError | null {
    return this._error;
  }

  /** Runs came in, or went. */
  get runsChanged(): ISignal<this, void> {
    return this._runsChanged;
  }

  setVisible(visible: boolean): void {
    if (this._visible === visible) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this._poll.refresh();
    }
  }

  async refresh(): Promise<void> {
    await this._load(false).catch(() => undefined);
  }

  /** Have a place read; what goes wrong is the model's error. */
  async connect(place: IPlace): Promise<void> {
    this._error = null;
    try {
      await this._client.sync(plain(place));
    } catch (reason) {
      this._error = asApiError(reason);
      this.changed();
      return;
    }
    await this.refresh();
  }

  /** What is at a place, in a line. Rejects with an `ApiError` where it can't be read. */
  async check(place: IPlace): Promise<string> {
    try {
      return await this._client.checkPlace(plain(place));
    } catch (reason) {
      throw asApiError(reason);
    }
  }

  forgetError(): void {
    this._error = null;
    this.changed();
  }

  dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  private async _load(background: boolean): Promise<void> {
    const answer = await this._client.syncs({ background });
    const before = this._syncs;
    this._syncs = answer.syncs;
    this._found = answer.found;
    this._setPace();
    this.changed();
    if (this._loaded && numbersOf(before) !== numbersOf(answer.syncs)) {
      this._runsChanged.emit();
    }
    this._loaded = true;
  }

  private _setPace(): void {
    const running = this._syncs.some(sync => sync.running);
    const interval = running ? WHILE_RUNNING : OTHERWISE;
    if (this._poll.isDisposed || this._poll.frequency.interval === interval) {
      return;
    }
    this._poll.frequency = { ...this._poll.frequency, interval };
    // A new frequency only counts from the next tick on.
    if (this._visible) {
      void this._poll.schedule({ phase: 'resolved', interval });
    }
  }

  private readonly _client: PlacesClient;
  private readonly _poll: Poll;
  private readonly _runsChanged = new Signal<this, void>(this);
  private _syncs: ISync[] = [];
  private _found: IFoundStore[] = [];
  private _error: ApiError | null = null;
  private _visible = false;
  private _loaded = false;
}

/** The place alone, of what is more than that. */
function plain(place: IPlace): IPlace {
  const { system, location, python } = place;
  return { system, location, python };
}

/** Another text as soon as runs came in or went; also when a sync ended, which may have changed some. */
function numbersOf(syncs: readonly ISync[]): string {
  return JSON.stringify(
    syncs.map(sync => [sync.id, sync.runs, sync.running, sync.started_at])
  );
}

/** The last part of a location, which tells two of them apart soonest. */
export function shortLocation(location: string): string {
  const path = location.replace(/^\w+:\/\/\/?/, '').replace(/\/+$/, '');
  const parts = path.split(/[\\/]/);
  return /^https?:/.test(location)
    ? path
    : parts.length > 2
      ? `…/${parts.slice(-2).join('/')}`
      : path;
}
