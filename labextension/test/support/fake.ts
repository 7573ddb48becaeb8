/** A server in memory, and values as it would send them. */
import type { IClient } from '../../src/api/client';
import { ApiError } from '../../src/api/errors';
import type {
  IArtifactDetail,
  IArtifactSummary,
  IPipeline,
  IRecipe,
  IRunDetail,
  IRunPage,
  IRunSummary,
  IStatus,
  ISync,
  IVisualization,
  IVisualizationSummary
} from '../../src/api/types';
import { vi } from 'vitest';

export const notFound = new ApiError('not_found', 'There is no such run.', 404);
export const offline = new ApiError('offline', 'Cannot be reached.', 0);
export const absent = new ApiError(
  'server_extension_absent',
  'Not there.',
  404
);

export function status(values: Partial<IStatus> = {}): IStatus {
  return {
    version: '1.2.3',
    catalog: {
      id: 'c',
      location: 'sqlite:///catalog.db',
      state: 'ok',
      message: null
    },
    custom_allowed: true,
    renderings: { queued: 0, running: 0 },
    ...values
  };
}

export function sync(system: string, values: Partial<ISync> = {}): ISync {
  return {
    id: `s-${system}`,
    system,
    location: 'sqlite:////home/ann/mlflow.db',
    store: '',
    python: null,
    project: 'default',
    runs: 2,
    running: false,
    started_at: '2026-11-20T10:00:00Z',
    ended_at: '2026-11-20T10:00:02Z',
    counts: { new: 2 },
    error: null,
    progress: null,
    ...values
  };
}

export function pipeline(name: string): IPipeline {
  return { id: `p-${name}`, name, project: 'default', run_count: 2 };
}

export function run(
  name: string,
  values: Partial<IRunSummary> = {}
): IRunSummary {
  return {
    id: `r-${name}`,
    name,
    project: 'default',
    pipeline: 'churn',
    system: null,
    status: 'completed',
    started_at: '2026-11-20T10:00:00Z',
    ended_at: '2026-11-20T10:00:02Z',
    error: null,
    metrics: {},
    ...values
  };
}

export function artifact(
  name: string,
  values: Partial<IArtifactSummary> = {}
): IArtifactSummary {
  return {
    id: `a-${name}`,
    name,
    address: `churn@otter/evaluate/${name}`,
    kind: 'table',
    python_type: 'pandas.DataFrame',
    size: 4100,
    rows: 114,
    visualization_count: 1,
    ...values
  };
}

export function artifactDetail(
  name: string,
  values: Partial<IArtifactDetail> = {}
): IArtifactDetail {
  return {
    ...artifact(name),
    run: { id: 'r-otter', name: 'otter' },
    step: 'evaluate',
    created_at: '2026-11-20T10:00:02Z',
    columns: [
      { name: 'label', type: 'int64' },
      { name: 'score', type: 'float64' }
    ],
    available: true,
    ...values
  };
}

export function runDetail(
  name: string,
  artifacts: IArtifactSummary[],
  values: Partial<IRunDetail> = {}
): IRunDetail {
  return {
    ...run(name),
    address: `churn@${name}`,
    parameters: {},
    steps: [
      {
        id: `s-${name}-evaluate`,
        name: 'evaluate',
        status: 'completed',
        started_at: '2026-11-20T10:00:00Z',
        ended_at: '2026-11-20T10:00:02Z',
        error: null,
        traceback: null,
        artifacts
      }
    ],
    ...values
  };
}

export function summary(
  id: string,
  values: Partial<IVisualizationSummary> = {}
): IVisualizationSummary {
  return {
    id,
    artifact_id: 'a-scores',
    name: 'ROC curve',
    format: 'notebook',
    origin: 'recipe',
    recipe: 'roc_curve',
    status: 'completed',
    freshness: 'new',
    size: 1000,
    created_at: '2026-11-20T10:00:02Z',
    error: null,
    ...values
  };
}

export function visualization(
  id: string,
  values: Partial<IVisualization> = {}
): IVisualization {
  return {
    ...summary(id),
    source: 'churn@otter/evaluate/scores',
    arguments: { target: 'label' },
    outputs: [],
    metrics: {},
    provenance: {},
    seconds: 0.4,
    truncated: false,
    ...values
  };
}

export const rocCurve: IRecipe = {
  name: 'roc_curve',
  title: 'ROC curve',
  description: 'How well a score separates two classes.',
  source_kinds: ['table'],
  source_required: true,
  least_sources: 1,
  most_sources: 20,
  arguments: {
    type: 'object',
    required: ['target', 'score'],
    properties: {
      target: { type: 'string', format: 'column', title: 'Target' },
      score: { type: 'string', format: 'column' },
      bins: { type: 'integer', minimum: 2, maximum: 1000, default: 100 },
      positive: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null }
    }
  },
  placeholder: '',
  code: false
};

export const custom: IRecipe = {
  name: 'custom',
  title: 'Custom',
  description: 'Your own Python.',
  source_kinds: [],
  source_required: false,
  least_sources: 1,
  most_sources: null,
  arguments: { type: 'object', properties: {} },
  placeholder: '',
  code: true
};

export function page(
  runs: IRunSummary[],
  next_cursor: string | null = null
): IRunPage {
  return { runs, metric_columns: [], next_cursor };
}

/** Every call answers with what it was last told to answer with. */
export function fakeClient() {
  return {
    status: vi.fn<IClient['status']>(() => Promise.resolve(status())),
    syncs: vi.fn<IClient['syncs']>(() =>
      Promise.resolve({ syncs: [sync('mlflow')], found: [] })
    ),
    sync: vi.fn<IClient['sync']>(() => Promise.resolve()),
    checkPlace: vi.fn<IClient['checkPlace']>(() =>
      Promise.resolve('MLflow 3, 1 experiment')
    ),
    pipelines: vi.fn<IClient['pipelines']>(() =>
      Promise.resolve([pipeline('churn')])
    ),
    runs: vi.fn<IClient['runs']>(() => Promise.resolve(page([run('otter')]))),
    run: vi.fn<IClient['run']>(() =>
      Promise.resolve(runDetail('otter', [artifact('scores')]))
    ),
    artifact: vi.fn<IClient['artifact']>(() =>
      Promise.resolve(artifactDetail('scores'))
    ),
    visualizations: vi.fn<IClient['visualizations']>(() =>
      Promise.resolve([summary('v1')])
    ),
    recipes: vi.fn<IClient['recipes']>(() =>
      Promise.resolve([rocCurve, custom])
    ),
    render: vi.fn<IClient['render']>(() =>
      Promise.resolve({ id: 'v2', status: 'queued' as const })
    ),
    visualization: vi.fn<IClient['visualization']>(id =>
      Promise.resolve(visualization(id))
    ),
    deleteVisualization: vi.fn<IClient['deleteVisualization']>(() =>
      Promise.resolve()
    ),
    contentUrl: (id: string) => `content/${id}`,
    notebookUrl: (id: string) => `notebook/${id}`,
    exportUrl: (id: string, format: string) => `export/${id}/${format}`,
    artifactContentUrl: (id: string) => `artifact/${id}`
  };
}
