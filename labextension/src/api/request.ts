import { ServerConnection } from '@jupyterlab/services';

import { ApiError, LocalCode } from './errors';

const NAMESPACE = 'jupyter-viz';

/** Longer than any answer should take; a request that hangs must not stop the polling for good. */
const TIMEOUT = 30_000;

export type Query = Record<string, string | number | boolean | null>;

export interface IRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: Query;
  body?: unknown;
  /** Sent by a timer, not by a person: must not keep an idle server alive. */
  background?: boolean;
  /** Seconds the server itself may wait before it answers. */
  wait?: number;
}

/**
 * The address of a route.
 *
 * Put together by hand: a joined and normalized URL could differ from `baseUrl` in how `@` is written,
 * and Lab refuses requests that don't start with exactly `baseUrl`.
 */
export function routeUrl(
  settings: ServerConnection.ISettings,
  path: string,
  query: Query = {}
): string {
  const base = settings.baseUrl.replace(/\/*$/, '/');
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`
    );
  return `${base}${NAMESPACE}/${path}${pairs.length ? `?${pairs.join('&')}` : ''}`;
}

/** The only fetch of this extension: JSON in, JSON out, every failure an `ApiError`. */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  options: IRequest = {}
): Promise<T> {
  const query: Query = { ...options.query };
  if (options.wait) {
    query.wait = options.wait;
  }
  if (options.background) {
    query.no_track_activity = 1;
  }
  const init: RequestInit = {
    method: options.method ?? 'GET',
    signal: AbortSignal.timeout(TIMEOUT + 1000 * (options.wait ?? 0))
  };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { 'Content-Type': 'application/json' };
  }

  let response: Response;
  let text: string;
  try {
    response = await ServerConnection.makeRequest(
      routeUrl(settings, path, query),
      init,
      settings
    );
    text = await response.text();
  } catch {
    throw new ApiError(
      LocalCode.offline,
      'The Jupyter server cannot be reached.',
      0
    );
  }
  const body = parse(text);
  if (!response.ok) {
    throw failure(response, body);
  }
  if (response.status === 204) {
    return undefined as T;
  }
  if (body === undefined) {
    throw notOurs(response);
  }
  return body as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal: ours if it carries a code, Jupyter's own or a proxy's otherwise. */
function failure(response: Response, body: unknown): ApiError {
  const { status } = response;
  const { code, message } = (
    body !== null && typeof body === 'object' ? body : {}
  ) as { code?: unknown; message?: unknown };
  const said = typeof message === 'string' && message ? message : null;
  if (typeof code === 'string' && code) {
    return new ApiError(code, said ?? code, status);
  }
  if (status === 404) {
    return absent(status);
  }
  if (status === 401 || status === 403) {
    return new ApiError(
      LocalCode.signedOut,
      'The Jupyter server refused the request. Sign in again and reload the page.',
      status
    );
  }
  if (status === 502 || status === 503 || status === 504) {
    return new ApiError(
      LocalCode.offline,
      'The Jupyter server does not answer.',
      status
    );
  }
  return new ApiError(
    LocalCode.serverError,
    said ?? `The server answered with an error (${status}).`,
    status
  );
}

/** A good answer that is not JSON: a login page, or something that is not our extension. */
function notOurs(response: Response): ApiError {
  if (response.redirected && /\/login/.test(response.url)) {
    return new ApiError(
      LocalCode.signedOut,
      'You are signed out. Sign in again and reload the page.',
      response.status
    );
  }
  return absent(response.status);
}

function absent(status: number): ApiError {
  return new ApiError(
    LocalCode.absent,
    'The server side of jupyter_viz is not there.',
    status
  );
}
