import type { IClient } from '../api/client';
import {
  type IRunDetail,
  type IRunSummary,
  type IVisualizationSummary,
  isActive
} from '../api/types';
import { Kept } from './kept';
import { keyOf, treeRows, type TreeRow } from './tree';

/** What of the runs is unfolded, and what was fetched for it. */
export class Unfolded {
  constructor(
    client: Pick<IClient, 'run' | 'visualizations'>,
    changed: () => void
  ) {
    this._changed = changed;
    this._details = new Kept<IRunDetail>(
      (id, background) => client.run(id, { background }),
      changed
    );
    this._visualizations = new Kept<IVisualizationSummary[]>(
      (id, background) => client.visualizations(id, { background }),
      changed
    );
  }

  /** Whether a rendering that is listed is still under way. */
  get moving(): boolean {
    return this._visualizations
      .values()
      .some(found => found.some(v => isActive(v.status)));
  }

  rows(runs: readonly IRunSummary[]): TreeRow[] {
    return treeRows({
      runs,
      detail: id => this._details.get(id),
      visualizations: id => this._visualizations.get(id),
      isExpanded: (key, byDefault) => this._expanded.get(key) ?? byDefault
    });
  }

  /** Unfold or fold a row; what it holds is fetched when it is first unfolded. */
  async toggle(row: TreeRow, expanded: boolean): Promise<void> {
    this._expanded.set(row.key, expanded);
    this._changed();
    if (!expanded) {
      return;
    }
    if (row.kind === 'run' && !this._details.get(row.run.id)?.value) {
      await this._details.load(row.run.id, false);
    } else if (row.kind === 'artifact') {
      await this._visualizations.load(row.artifact.id, false);
    }
  }

  /** Try again what failed under a row. */
  async retry(key: string): Promise<void> {
    const run = this._details.ids().find(id => keyOf.run(id) === key);
    const artifact = this._visualizations
      .ids()
      .find(id => keyOf.artifact(id) === key);
    if (run !== undefined) {
      await this._details.load(run, false);
    }
    if (artifact !== undefined) {
      await this._visualizations.load(artifact, false);
    }
  }

  /** Fetch again what may have changed; all that is unfolded, when a person asks. */
  async refresh(
    runs: readonly IRunSummary[],
    background: boolean
  ): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (const run of runs) {
      const known = this._details.get(run.id)?.value;
      const moving = run.status === 'running' || known?.status !== run.status;
      if (this._expanded.get(keyOf.run(run.id))) {
        if (!background || moving) {
          waiting.push(this._details.load(run.id, background));
        }
      } else if (known && (moving || !background)) {
        // Folded and perhaps outdated: fetched anew when it is unfolded.
        this._details.forget(run.id);
      }
    }
    for (const id of this._visualizations.ids()) {
      const loaded = this._visualizations.get(id);
      const moving = loaded?.value?.some(v => isActive(v.status)) ?? true;
      if (
        this._expanded.get(keyOf.artifact(id)) &&
        (!background || moving || loaded?.error)
      ) {
        waiting.push(this._visualizations.load(id, background));
      }
    }
    await Promise.all(waiting);
  }

  /** Show what there is to see of an artifact, where its run is known. */
  reveal(artifactId: string): void {
    const holds = (runId: string) =>
      this._details
        .get(runId)
        ?.value?.steps.some(step =>
          step.artifacts.some(artifact => artifact.id === artifactId)
        );
    const runId = this._details.ids().find(holds);
    if (runId !== undefined) {
      const key = keyOf.artifact(artifactId);
      // What somebody has folded stays so.
      this._expanded.set(key, this._expanded.get(key) ?? true);
      void this._visualizations.load(artifactId, false);
      void this._details.load(runId, false);
    }
  }

  private readonly _changed: () => void;
  private readonly _details: Kept<IRunDetail>;
  private readonly _visualizations: Kept<IVisualizationSummary[]>;
  private readonly _expanded = new Map<string, boolean>();
}
