import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import { Client } from '../../src/api/client';
import { ApiError } from '../../src/api/errors';
import { request, routeUrl } from '../../src/api/request';

function settings(
  answer: (request: Request) => Response | Promise<Response>,
  baseUrl = 'http://localhost:8888/user/ann@x/'
) {
  return ServerConnection.makeSettings({
    baseUrl,
    fetch: input => Promise.resolve(answer(input as Request))
  });
}

function json(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), { status });
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const reason: unknown = await promise.catch((e: unknown) => e);
  expect(reason).toBeInstanceOf(ApiError);
  return reason as ApiError;
}

describe('routeUrl', () => {
  it('keeps the base URL to the letter', () => {
    for (const base of [
      'http://h/user/ann@x/',
      'http://h/user/ann%40x/',
      'http://h'
    ]) {
      const url = routeUrl(
        settings(() => json({}), base),
        'status'
      );
      expect(url).toBe(`${base.replace(/\/$/, '')}/jupyter-viz/status`);
    }
  });

  it('encodes what stands in the query and leaves out what is not set', () => {
    const url = routeUrl(
      settings(() => json({})),
      'runs',
      {
        pipeline: 'a/b&c',
        cursor: null,
        limit: 5
      }
    );
    expect(url).toMatch(/\/jupyter-viz\/runs\?pipeline=a%2Fb%26c&limit=5$/);
  });
});

describe('request', () => {
  it('gives the JSON of a good answer', async () => {
    const s = settings(() => json({ pipelines: [] }));
    await expect(request(s, 'pipelines')).resolves.toEqual({ pipelines: [] });
  });

  it('marks background calls, so that they keep no idle server alive', async () => {
    const urls: string[] = [];
    const s = settings(r => {
      urls.push(r.url);
      return json({ pipelines: [] });
    });
    const client = new Client(s);
    await client.pipelines({ background: true });
    await client.pipelines();
    expect(urls[0]).toContain('no_track_activity=1');
    expect(urls[1]).not.toContain('no_track_activity');
  });

  it('sends a body as JSON and takes 204 for done', async () => {
    let sent: unknown;
    const s = settings(async r => {
      sent = [r.method, await r.text()];
      return new Response(null, { status: 204 });
    });
    await expect(
      request(s, 'visualizations', { method: 'POST', body: { recipe: 'x' } })
    ).resolves.toBeUndefined();
    expect(sent).toEqual(['POST', '{"recipe":"x"}']);
  });

  it('turns an error body into its code, message and status', async () => {
    const s = settings(() =>
      json({ code: 'missing_column', message: 'No column x.' }, 422)
    );
    const error = await errorOf(request(s, 'visualizations'));
    expect(error).toMatchObject({
      code: 'missing_column',
      message: 'No column x.',
      status: 422
    });
  });

  it('tells a missing thing from a missing server extension', async () => {
    const ours = settings(() => json({ code: 'not_found', message: 'x' }, 404));
    const bare = settings(() => new Response('<html>', { status: 404 }));
    const jupyter = settings(() => json({ message: 'Not Found' }, 404));
    const page = settings(() => new Response('<html>', { status: 200 }));
    expect((await errorOf(request(ours, 'runs/1'))).absent).toBe(false);
    expect((await errorOf(request(bare, 'status'))).absent).toBe(true);
    expect((await errorOf(request(jupyter, 'status'))).absent).toBe(true);
    expect((await errorOf(request(page, 'status'))).absent).toBe(true);
  });

  it('calls it offline when nothing, or only a proxy, answers', async () => {
    const dead = settings(() => {
      throw new TypeError('Failed to fetch');
    });
    const proxy = settings(() => new Response('Bad gateway', { status: 502 }));
    expect((await errorOf(request(dead, 'runs'))).offline).toBe(true);
    expect((await errorOf(request(proxy, 'runs'))).offline).toBe(true);
  });

  it('says so when one is not signed in, or the server broke', async () => {
    const out = settings(() => json({ message: 'Forbidden' }, 403));
    const broken = settings(() => new Response('oops', { status: 500 }));
    expect((await errorOf(request(out, 'runs'))).code).toBe('signed_out');
    expect(await errorOf(request(broken, 'runs'))).toMatchObject({
      code: 'server_error',
      status: 500
    });
  });
});
