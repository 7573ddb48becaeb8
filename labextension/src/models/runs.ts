import { Poll } from '@lumino/polling';

import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import type { IMetricColumn, IPipeline, IRunSummary } from '../api/types';
import type { Changes } from './changes';
import { Model } from './model';
import { type IProblem, problemOfError, type StatusModel } from './status';
import type { TreeRow } from './tree';
import { Unfolded } from './unfolded';

type RunsClient = Pick<
  IClient,
  'pipelines' | 'runs' | 'run' | 'visualizations'
>;

const PAGE = 50;
/** The most the server gives in one page. */
const LONGEST_PAGE = 200;
const WHILE_RUNNING = 3_000;
const OTHERWISE = 30_000;

/** The runs of the sidebar, newest first, and what of them is unfolded. */
export class RunsModel extends Model {
  constructor(client: RunsClient, status: StatusModel, changes: Changes) {
    super();
    this._client = client;
    this.status = status;
    this._unfolded = new Unfolded(client, () => {
      this._setPace();
      this.changed();
    });
    status.stateChanged.connect(this.changed, this);
    changes.artifactChanged.connect(this._onArtifactChanged, this);
    this._poll = new Poll({
      name: 'jupyter-viz:runs',
      auto: false,
      factory: () => this._load(true),
      frequency: { interval: OTHERWISE, backoff: true, max: 300_000 },
      linger: 0,
      standby: () => (this._visible ? 'when-hidden' : true)
    });
  }

  readonly status: StatusModel;

  get runs(): readonly IRunSummary[] {
    return this._runs;
  }

  get columns(): readonly IMetricColumn[] {
    return this._columns;
  }

  get pipelines(): readonly IPipeline[] {
    return this._pipelines;
  }

  /** The id of the chosen pipeline; null for all. */
  get pipeline(): string | null {
    return this._pipeline;
  }

  get hasMore(): boolean {
    return this._cursor !== null;
  }

  get loadingMore(): boolean {
    return this._loadingMore;
  }

  get refreshing(): boolean {
    return this._loads > 0;
  }

  /** Whether a list is there, be it from before a failure. */
  get loaded(): boolean {
    return this._loaded;
  }

  /** What leaves nothing to show. */
  get blocking(): IProblem | null {
    const problem = this._problem;
    if (problem === null || problem.kind === 'mismatch') {
      return null;
    }
    const gone = problem.kind === 'absent' || problem.kind === 'broken';
    return gone || !this._loaded ? problem : null;
  }

  /** What is wrong while the list from before, or of another version, is still shown. */
  get warning(): IProblem | null {
    return this.blocking === null ? this._problem : null;
  }

  get rows(): TreeRow[] {
    return this._unfolded.rows(this._runs);
  }

  /** Polling happens only while somebody can see it. */
  setVisible(visible: boolean): void {
    if (this._visible === visible) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this._poll.refresh();
    }
  }

  /** Something may have been recorded just now: the next look is due, where anybody can see it. */
  look(): void {
    if (this._visible) {
      void this._poll.refresh();
    }
  }

  /** Fetch everything that is shown anew. */
  async refresh(): Promise<void> {
    await this._load(false).catch(() => undefined);
    if (this._visible) {
      // Whatever the poll was waiting for, perhaps minutes after failures, starts over.
      void this._poll.schedule({ phase: 'resolved' });
    }
  }

  async setPipeline(id: string | null): Promise<void> {
    if (id === this._pipeline) {
      return;
    }
    this._pipeline = id;
    this._runs = [];
    this._columns = [];
    this._cursor = null;
    this._loaded = false;
    await this.refresh();
  }

  async loadMore(): Promise<void> {
    if (this._cursor === null || this._loadingMore) {
      return;
    }
    const asked = ++this._generation;
    this._loadingMore = true;
    this.changed();
    try {
      const page = await this._client.runs({
        pipeline: this._pipeline,
        limit: PAGE,
        cursor: this._cursor
      });
      if (asked === this._generation) {
        // A run that was recorded meanwhile shifts the pages by one.
        const shown = new Set(this._runs.map(run => run.id));
        const fresh = page.runs.filter(run => !shown.has(run.id));
        this._runs = [...this._runs, ...fresh];
        this._columns = page.metric_columns;
        this._cursor = page.next_cursor;
        this._error = null;
      }
    } catch (reason) {
      this._error = asApiError(reason);
    }
    this._loadingMore = false;
    this.changed();
  }

  /** Unfold or fold a row. */
  async toggle(key: string, expand?: boolean): Promise<void> {
    const row = this.rows.find(candidate => candidate.key === key);
    if (row && row.expanded !== null) {
      await this._unfolded.toggle(row, expand ?? !row.expanded);
    }
  }

  /** Try again what failed under a row. */
  retry(key: string): Promise<void> {
    return this._unfolded.retry(key);
  }

  dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  private get _problem(): IProblem | null {
    const { problem } = this.status;
    if (problem !== null && problem.kind !== 'mismatch') {
      return problem;
    }
    return this._error === null ? problem : problemOfError(this._error);
  }

  private async _load(background: boolean): Promise<void> {
    const asked = ++this._generation;
    this._loads++;
    if (!background || !this._loaded) {
      this.changed();
    }
    try {
      if (!background || !this.status.usable) {
        await this.status.check(background);
      }
      if (this.status.usable) {
        await this._fetch(asked, background);
      }
    } catch (reason) {
      if (asked === this._generation) {
        this._error = asApiError(reason);
        // The handshake knows best what to say of a server that lost its extension.
        if (this._error.absent) {
          await this.status.check(background);
        }
      }
      throw reason;
    } finally {
      this._loads--;
      this._setPace();
      this.changed();
    }
  }

  private async _fetch(asked: number, background: boolean): Promise<void> {
    const [pipelines, page] = await Promise.all([
      this._client.pipelines({ background }),
      this._pages(background)
    ]);
    if (asked !== this._generation) {
      return;
    }
    this._pipelines = pipelines;
    this._runs = page.runs;
    this._columns = page.columns;
    this._cursor = page.cursor;
    this._loaded = true;
    this._error = null;
    this.changed();
    await this._unfolded.refresh(page.runs, background);
  }

  /** As many runs as are shown now, from the first on. */
  private async _pages(background: boolean): Promise<{
    runs: IRunSummary[];
    columns: IMetricColumn[];
    cursor: string | null;
  }> {
    const shown = this._runs.length;
    const wanted = Math.max(PAGE, shown);
    const runs: IRunSummary[] = [];
    let cursor: string | null = null;
    let columns: IMetricColumn[] = [];
    do {
      const limit = Math.min(LONGEST_PAGE, wanted - runs.length);
      const page = await this._client.runs(
        { pipeline: this._pipeline, limit, cursor },
        { background }
      );
      runs.push(...page.runs);
      columns = page.metric_columns;
      cursor = page.next_cursor;
    } while (cursor !== null && runs.length < shown);
    return { runs, columns, cursor };
  }

  private _setPace(): void {
    const moving =
      this._runs.some(run => run.status === 'running') || this._unfolded.moving;
    // Who sees an empty list was told how to fill it.
    const waiting = this._loaded && this._runs.length === 0;
    const interval = moving || waiting ? WHILE_RUNNING : OTHERWISE;
    if (this._poll.isDisposed || this._poll.frequency.interval === interval) {
      return;
    }
    this._poll.frequency = { ...this._poll.frequency, interval };
    // A new frequency only counts from the next tick on, which may be half a minute away.
    if (this._visible) {
      void this._poll.schedule({ phase: 'resolved', interval });
    }
  }

  /** What was just made is shown, not only counted. */
  private _onArtifactChanged(_: Changes, artifactId: string): void {
    this._unfolded.reveal(artifactId);
  }

  private readonly _client: RunsClient;
  private readonly _poll: Poll;
  private readonly _unfolded: Unfolded;
  private _runs: IRunSummary[] = [];
  private _columns: IMetricColumn[] = [];
  private _pipelines: IPipeline[] = [];
  private _pipeline: string | null = null;
  private _cursor: string | null = null;
  private _error: ApiError | null = null;
  private _loads = 0;
  private _loaded = false;
  private _loadingMore = false;
  private _visible = false;
  /** Counts requests for the list: only the answer to the last one counts. */
  private _generation = 0;
}
