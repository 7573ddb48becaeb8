/**
 * The sidebar's tree as a flat list of rows, in the order they are shown,
 * and where a key leads from one of them. The widget only draws what this says.
 */
import type { ApiError } from '../api/errors';
import type {
  IArtifactSummary,
  IRunDetail,
  IRunSummary,
  IStep,
  IVisualizationSummary
} from '../api/types';

/** Something that is fetched when it is first wanted, and kept while it is fetched again. */
export interface ILoaded<T> {
  value: T | null;
  loading: boolean;
  error: ApiError | null;
}

interface IPlace {
  /** Unique in the tree, and the same after a refresh. */
  key: string;
  parent: string | null;
  level: number;
  /** null: a leaf. */
  expanded: boolean | null;
  position: number;
  siblings: number;
}

export type TreeRow = IPlace &
  (
    | { kind: 'run'; run: IRunSummary }
    | { kind: 'step'; step: IStep; run: IRunSummary }
    | { kind: 'artifact'; artifact: IArtifactSummary }
    | { kind: 'visualization'; visualization: IVisualizationSummary }
    | { kind: 'traceback'; step: IStep }
    | { kind: 'loading' }
    | { kind: 'note'; text: string }
    | { kind: 'error'; error: ApiError; retry: string }
  );

export interface ITreeState {
  runs: readonly IRunSummary[];
  detail(runId: string): ILoaded<IRunDetail> | undefined;
  visualizations(
    artifactId: string
  ): ILoaded<IVisualizationSummary[]> | undefined;
  isExpanded(key: string, byDefault: boolean): boolean;
}

export const keyOf = {
  run: (id: string): string => `run:${id}`,
  step: (id: string): string => `step:${id}`,
  artifact: (id: string): string => `artifact:${id}`,
  visualization: (id: string): string => `visualization:${id}`
};

/** A run with more artifacts than this opens with its steps closed. */
const FEW_ARTIFACTS = 12;

export function treeRows(state: ITreeState): TreeRow[] {
  const rows: TreeRow[] = [];
  state.runs.forEach((run, index) => {
    const key = keyOf.run(run.id);
    const expanded = state.isExpanded(key, false);
    rows.push({
      kind: 'run',
      run,
      key,
      parent: null,
      level: 1,
      expanded,
      position: index + 1,
      siblings: state.runs.length
    });
    if (expanded) {
      rows.push(...stepRows(state, run, key));
    }
  });
  return rows;
}

function stepRows(
  state: ITreeState,
  run: IRunSummary,
  parent: string
): TreeRow[] {
  const loaded = state.detail(run.id);
  const place = { parent, level: 2, expanded: null, position: 1, siblings: 1 };
  const detail = loaded?.value;
  if (!detail) {
    return [notThereYet(loaded, place)];
  }
  if (detail.steps.length === 0) {
    const text =
      run.status === 'running' ? 'No step has started yet.' : 'No steps.';
    return [{ ...place, kind: 'note', key: `${parent}/note`, text }];
  }
  const few =
    detail.steps.reduce((sum, step) => sum + step.artifacts.length, 0) <=
    FEW_ARTIFACTS;
  return detail.steps.flatMap((step, index) => {
    const key = keyOf.step(step.id);
    const foldable = step.artifacts.length > 0 || step.traceback !== null;
    const expanded = foldable
      ? state.isExpanded(key, few && step.artifacts.length > 0)
      : null;
    const row: TreeRow = {
      kind: 'step',
      step,
      run,
      key,
      parent,
      level: 2,
      expanded,
      position: index + 1,
      siblings: detail.steps.length
    };
    return expanded ? [row, ...artifactRows(state, step, key)] : [row];
  });
}

function artifactRows(
  state: ITreeState,
  step: IStep,
  parent: string
): TreeRow[] {
  const siblings = step.artifacts.length + (step.traceback === null ? 0 : 1);
  const rows: TreeRow[] = [];
  if (step.traceback !== null) {
    rows.push({
      kind: 'traceback',
      step,
      key: `${parent}/traceback`,
      parent,
      level: 3,
      expanded: null,
      position: 1,
      siblings
    });
  }
  for (const artifact of step.artifacts) {
    const key = keyOf.artifact(artifact.id);
    const known = state.visualizations(artifact.id)?.value;
    const some = known ? known.length > 0 : artifact.visualization_count > 0;
    const expanded = some ? state.isExpanded(key, false) : null;
    rows.push({
      kind: 'artifact',
      artifact,
      key,
      parent,
      level: 3,
      expanded,
      position: rows.length + 1,
      siblings
    });
    if (expanded) {
      rows.push(...visualizationRows(state, artifact, key));
    }
  }
  return rows;
}

function visualizationRows(
  state: ITreeState,
  artifact: IArtifactSummary,
  parent: string
): TreeRow[] {
  const loaded = state.visualizations(artifact.id);
  const place = { parent, level: 4, expanded: null, position: 1, siblings: 1 };
  const found = loaded?.value;
  if (!found) {
    return [notThereYet(loaded, place)];
  }
  return found.map((visualization, index) => ({
    kind: 'visualization',
    visualization,
    key: keyOf.visualization(visualization.id),
    parent,
    level: 4,
    expanded: null,
    position: index + 1,
    siblings: found.length
  }));
}

function notThereYet(
  loaded: ILoaded<unknown> | undefined,
  place: Omit<IPlace, 'key' | 'parent'> & { parent: string }
): TreeRow {
  return loaded?.error
    ? {
        ...place,
        kind: 'error',
        key: `${place.parent}/error`,
        error: loaded.error,
        retry: place.parent
      }
    : { ...place, kind: 'loading', key: `${place.parent}/loading` };
}

export type TreeMove =
  { focus: string } | { expand: string } | { collapse: string } | null;

/** What an arrow, Home or End does, after the WAI-ARIA tree pattern. */
export function moveBy(
  rows: readonly TreeRow[],
  current: string | null,
  key: string
): TreeMove {
  const index = rows.findIndex(row => row.key === current);
  const row = rows[index];
  const focus = (i: number): TreeMove => {
    const target = rows[i];
    return target ? { focus: target.key } : null;
  };
  switch (key) {
    case 'ArrowDown':
      return focus(index + 1);
    case 'ArrowUp':
      return index > 0 ? focus(index - 1) : null;
    case 'Home':
      return focus(0);
    case 'End':
      return focus(rows.length - 1);
    case 'ArrowRight':
      if (!row || row.expanded === null) {
        return null;
      }
      return row.expanded ? focus(index + 1) : { expand: row.key };
    case 'ArrowLeft':
      if (!row) {
        return null;
      }
      if (row.expanded) {
        return { collapse: row.key };
      }
      return row.parent === null ? null : { focus: row.parent };
    default:
      return null;
  }
}
