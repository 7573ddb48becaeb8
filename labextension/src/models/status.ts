import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import type { IStatus } from '../api/types';
import { Model } from './model';

/** Something that keeps the whole front end from working, and the way out of it. */
export interface IProblem {
  kind: 'absent' | 'mismatch' | 'broken' | 'offline' | 'error';
  title: string;
  message: string;
  /** One line to run, where one helps. */
  command: string | null;
  /** What to do once it ran. */
  hint: string | null;
  code: string;
}

/**
 * The handshake: is the server side there, of our version, and does it see its catalog?
 *
 * A version mismatch is told, but what works goes on working; the other problems leave nothing to show.
 */
export class StatusModel extends Model {
  constructor(client: Pick<IClient, 'status'>, version: string) {
    super();
    this._client = client;
    this.version = version;
  }

  /** Of this extension. */
  readonly version: string;

  get status(): IStatus | null {
    return this._status;
  }

  get problem(): IProblem | null {
    return this._problem;
  }

  /** Whether there is a server side to talk to. */
  get usable(): boolean {
    return (
      this._status !== null &&
      (this._problem === null || this._problem.kind === 'mismatch')
    );
  }

  get customAllowed(): boolean {
    return this._status?.custom_allowed ?? false;
  }

  async check(background = false): Promise<void> {
    try {
      this._status = await this._client.status({ background });
      this._problem = problemOf(this._status, this.version);
    } catch (reason) {
      this._problem = problemOfError(asApiError(reason));
    }
    this.changed();
  }

  private readonly _client: Pick<IClient, 'status'>;
  private _status: IStatus | null = null;
  private _problem: IProblem | null = null;
}

function problemOf(status: IStatus, version: string): IProblem | null {
  const { catalog } = status;
  if (catalog.state === 'newer') {
    return {
      kind: 'broken',
      code: 'catalog_newer',
      title: 'The catalog is newer than this server',
      message:
        catalog.message ??
        'A newer jupyter_viz has written to the catalog; this one cannot read it.',
      command: 'pip install --upgrade jupyter_viz',
      hint: 'in the environment of the Jupyter server, then restart it.'
    };
  }
  if (catalog.state === 'unavailable') {
    return {
      kind: 'broken',
      code: 'catalog_unavailable',
      title: 'The catalog cannot be opened',
      message: catalog.message ?? `Nothing answers at ${catalog.location}.`,
      command: 'jupyter viz doctor',
      hint: 'in a terminal of this server says what is wrong.'
    };
  }
  if (normal(status.version) !== normal(version)) {
    return {
      kind: 'mismatch',
      code: 'version_mismatch',
      title: 'Two versions of jupyter_viz',
      message: `This panel is ${version}, the server side is ${status.version}.`,
      command: `pip install jupyter_viz==${newerOf(version, status.version)}`,
      hint: 'in the environment of the Jupyter server, then restart it and reload this page.'
    };
  }
  return null;
}

/** What keeps a request from working, for any surface that has nothing else to show. */
export function problemOfError(error: ApiError): IProblem {
  if (error.absent) {
    return {
      kind: 'absent',
      code: error.code,
      title: 'The server side is missing',
      message:
        'This panel is installed, but the Jupyter server has no jupyter_viz.',
      command: 'pip install jupyter_viz',
      hint: 'in the environment of the Jupyter server, then restart it.'
    };
  }
  if (error.offline) {
    return {
      kind: 'offline',
      code: error.code,
      title: 'No connection',
      message: error.message,
      command: null,
      hint: null
    };
  }
  if (error.status >= 500) {
    return {
      kind: 'broken',
      code: error.code,
      title: 'The server side does not work',
      message: error.message,
      command: 'jupyter viz doctor',
      hint: 'in a terminal of this server says what is wrong.'
    };
  }
  return {
    kind: 'error',
    code: error.code,
    title: 'That did not work',
    message: error.message,
    command: null,
    hint: null
  };
}

/** A version as both npm and Python write it: `0.2.0-rc.1` there is `0.2.0rc1` here. */
function normal(version: string): string {
  return version
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(
      /[-_.]?(alpha|a|beta|b|rc|dev)\.?(\d*)/,
      (_, word: string, n: string) =>
        (word.length > 3 ? word.charAt(0) : word) + n
    );
}

/** The higher of two versions, compared number by number. */
function newerOf(a: string, b: string): string {
  const numbers = (version: string) =>
    version.split('.').map(part => parseInt(part, 10) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) {
      return difference > 0 ? a : b;
    }
  }
  return a;
}
