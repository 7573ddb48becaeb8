import { type ServerConnection } from '@jupyterlab/services';

import { request, routeUrl } from './request';
import type {
  IArtifactDetail,
  IPending,
  IPipeline,
  IPlace,
  IRecipe,
  IRenderRequest,
  IRunDetail,
  IRunPage,
  IStatus,
  ISyncs,
  IVisualization,
  IVisualizationSummary
} from './types';

/** How a call is made, as opposed to what it asks. */
export interface ICall {
  /** Sent by a timer, not by a person. */
  background?: boolean;
}

export interface IRunQuery {
  pipeline?: string | null;
  limit?: number;
  cursor?: string | null;
}

/**
 * Everything the front end asks of the server. Models take this, or the part of it they use.
 *
 * Paths hold ids only: proxies decode paths, so names and addresses travel in query or body.
 */
export interface IClient {
  status(call?: ICall): Promise<IStatus>;
  syncs(call?: ICall): Promise<ISyncs>;
  /** Have a place's runs brought in. */
  sync(place: IPlace): Promise<void>;
  /** What is at a place, in a line; nothing is brought in. */
  checkPlace(place: IPlace): Promise<string>;
  pipelines(call?: ICall): Promise<IPipeline[]>;
  runs(query: IRunQuery, call?: ICall): Promise<IRunPage>;
  run(id: string, call?: ICall): Promise<IRunDetail>;
  artifact(id: string, call?: ICall): Promise<IArtifactDetail>;
  visualizations(
    artifactId: string,
    call?: ICall
  ): Promise<IVisualizationSummary[]>;
  recipes(call?: ICall): Promise<IRecipe[]>;
  render(what: IRenderRequest): Promise<IPending | IVisualization>;
  visualization(id: string, call?: ICall): Promise<IVisualization>;
  /** Cancels what has not ended, deletes what has. */
  deleteVisualization(id: string): Promise<void>;

  contentUrl(visualizationId: string): string;
  notebookUrl(visualizationId: string): string;
  exportUrl(visualizationId: string, format: 'html' | 'md'): string;
  artifactContentUrl(artifactId: string): string;
}

/** Seconds: most renderings are done sooner, and come with the answer. */
const QUICK = 1;

export class Client implements IClient {
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  status(call: ICall = {}): Promise<IStatus> {
    return request(this._settings, 'status', call);
  }

  syncs(call: ICall = {}): Promise<ISyncs> {
    return request(this._settings, 'syncs', call);
  }

  async sync(place: IPlace): Promise<void> {
    await request(this._settings, 'syncs', { method: 'POST', body: place });
  }

  async checkPlace(place: IPlace): Promise<string> {
    const answer = await request<{ about: string }>(this._settings, 'syncs', {
      method: 'POST',
      body: { ...place, check: true }
    });
    return answer.about;
  }

  async pipelines(call: ICall = {}): Promise<IPipeline[]> {
    const answer = await request<{ pipelines: IPipeline[] }>(
      this._settings,
      'pipelines',
      call
    );
    return answer.pipelines;
  }

  runs(query: IRunQuery, call: ICall = {}): Promise<IRunPage> {
    return request(this._settings, 'runs', {
      ...call,
      query: {
        pipeline: query.pipeline ?? null,
        limit: query.limit ?? null,
        cursor: query.cursor ?? null
      }
    });
  }

  run(id: string, call: ICall = {}): Promise<IRunDetail> {
    return request(this._settings, `runs/${id}`, call);
  }

  artifact(id: string, call: ICall = {}): Promise<IArtifactDetail> {
    return request(this._settings, `artifacts/${id}`, call);
  }

  async visualizations(
    artifactId: string,
    call: ICall = {}
  ): Promise<IVisualizationSummary[]> {
    const answer = await request<{ visualizations: IVisualizationSummary[] }>(
      this._settings,
      `artifacts/${artifactId}/visualizations`,
      call
    );
    return answer.visualizations;
  }

  async recipes(call: ICall = {}): Promise<IRecipe[]> {
    const answer = await request<{ recipes: IRecipe[] }>(
      this._settings,
      'recipes',
      call
    );
    return answer.recipes;
  }

  render(what: IRenderRequest): Promise<IPending | IVisualization> {
    return request(this._settings, 'visualizations', {
      method: 'POST',
      body: what,
      wait: QUICK
    });
  }

  visualization(id: string, call: ICall = {}): Promise<IVisualization> {
    return request(this._settings, `visualizations/${id}`, call);
  }

  deleteVisualization(id: string): Promise<void> {
    return request(this._settings, `visualizations/${id}`, {
      method: 'DELETE'
    });
  }

  contentUrl(visualizationId: string): string {
    return routeUrl(
      this._settings,
      `visualizations/${visualizationId}/content`
    );
  }

  notebookUrl(visualizationId: string): string {
    return routeUrl(
      this._settings,
      `visualizations/${visualizationId}/notebook`
    );
  }

  exportUrl(visualizationId: string, format: 'html' | 'md'): string {
    return routeUrl(
      this._settings,
      `visualizations/${visualizationId}/export?format=${format}`
    );
  }

  artifactContentUrl(artifactId: string): string {
    return routeUrl(this._settings, `artifacts/${artifactId}/content`);
  }

  private readonly _settings: ServerConnection.ISettings;
}
