/**
 * The values of `jupyter_viz/api/openapi.yaml`, under the names they have there.
 *
 * Spelled as on the wire: what a model holds is what the server said.
 */
import type { PartialJSONObject, PartialJSONValue } from '@lumino/coreutils';

export type Json = PartialJSONValue;
export type JsonObject = PartialJSONObject;

export interface IStatus {
  version: string;
  catalog: {
    id: string | null;
    location: string;
    state: 'ok' | 'newer' | 'unavailable';
    message: string | null;
  };
  custom_allowed: boolean;
  renderings: { queued: number; running: number };
}

/** A place of another system's runs, without its credentials. */
export interface IPlace {
  system: string;
  location: string;
  /** The interpreter that has the system's library; null for the server's. */
  python: string | null;
}

export interface ISync extends IPlace {
  id: string;
  /** Which store the location led to, where it can lead to several. */
  store: string;
  project: string;
  /** How many of its runs are in the catalog. */
  runs: number;
  running: boolean;
  started_at: string;
  ended_at: string | null;
  counts: Record<string, number>;
  /** Why the last sync ended early. */
  error: string | null;
  /** Of a sync that goes on. */
  progress: { done: number; total: number | null } | null;
}

/** A store that is on the server's machine, and was not opened yet. */
export interface IFoundStore extends IPlace {
  why: string;
  /** The library that no interpreter has that the server knows of. */
  missing: string | null;
}

export interface ISyncs {
  syncs: ISync[];
  found: IFoundStore[];
}

export interface INamed {
  id: string;
  name: string;
}

export interface IPipeline extends INamed {
  project: string;
  run_count: number;
}

export type RunStatus = 'running' | 'completed' | 'failed' | 'interrupted';

export type VisualizationStatus =
  'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted';

export type MetricFormat = 'RAW' | 'PERCENTAGE';

export interface IMetric {
  name: string;
  value: number;
  format: MetricFormat;
  goal: 'higher' | 'lower' | null;
}

export interface IMetricColumn {
  name: string;
  format: MetricFormat;
  goal: 'higher' | 'lower' | null;
  minimum: number;
  maximum: number;
  runs: number;
}

export interface IRunSummary extends INamed {
  project: string;
  pipeline: string;
  /** Of another system's run which; null for one of ours. */
  system: string | null;
  status: RunStatus;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  metrics: Record<string, IMetric | undefined>;
}

export interface IRunPage {
  runs: IRunSummary[];
  metric_columns: IMetricColumn[];
  next_cursor: string | null;
}

export interface IStep extends INamed {
  status: RunStatus;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  traceback: string | null;
  artifacts: IArtifactSummary[];
}

export interface IRunDetail extends IRunSummary {
  address: string;
  parameters: JsonObject;
  steps: IStep[];
}

export type ArtifactKind =
  | 'table'
  | 'text'
  | 'markdown'
  | 'html'
  | 'json'
  | 'image'
  | 'statistics'
  | 'binary';

export interface IArtifactSummary extends INamed {
  address: string;
  kind: ArtifactKind;
  python_type: string;
  size: number;
  rows: number | null;
  visualization_count: number;
}

export interface IColumnInfo {
  name: string;
  type: string;
}

export interface IArtifactDetail extends IArtifactSummary {
  run: INamed;
  step: string;
  created_at: string;
  columns: IColumnInfo[];
  available: boolean;
}

export interface IRecipe {
  name: string;
  title: string;
  description: string;
  source_kinds: string[];
  source_required: boolean;
  /** How many sources it needs. */
  least_sources: number;
  /** How many it shows together at most; null for all that can be named. */
  most_sources: number | null;
  arguments: JsonObject;
  placeholder: string;
  code: boolean;
}

export interface IRenderRequest {
  recipe: string;
  /** The text of a source, or several of them. */
  source?: string | string[] | null;
  arguments?: JsonObject;
  code?: string | null;
  /** A kernelspec; without it the server's own environment. */
  kernel?: string | null;
  refresh?: boolean;
}

export interface IFailure {
  code: string;
  message: string;
  traceback?: string | null;
}

export type VisualizationFormat =
  'html' | 'image' | 'csv' | 'markdown' | 'json' | 'notebook';

export interface IVisualizationSummary {
  id: string;
  artifact_id: string | null;
  name: string;
  format: VisualizationFormat;
  origin: 'materializer' | 'recipe';
  recipe: string | null;
  status: VisualizationStatus;
  freshness: 'new' | 'cached' | 'stale' | null;
  size: number | null;
  created_at: string;
  error: IFailure | null;
}

export interface IVisualization extends IVisualizationSummary {
  /** Pinned to its run; several as a list. */
  source: string | string[] | null;
  arguments: JsonObject;
  /** nbformat outputs. */
  outputs: JsonObject[];
  metrics: Record<string, number>;
  provenance: JsonObject;
  seconds: number | null;
  truncated: boolean;
  /** How many come before it in the queue; null where it does not wait. */
  position?: number | null;
  /** The user's own code, where the recipe takes one: needed to render it again. */
  code?: string | null;
}

/** The answer to a rendering that has not ended yet. */
export interface IPending {
  id: string;
  status: VisualizationStatus;
}

export function isActive(status: VisualizationStatus): boolean {
  return status === 'queued' || status === 'running';
}
