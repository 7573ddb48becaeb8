import { describe, expect, it } from 'vitest';

import { ApiError } from '../../src/api/errors';
import { StatusModel } from '../../src/models/status';
import { absent, fakeClient, offline, status } from '../support/fake';

async function problemWith(answer: () => Promise<ReturnType<typeof status>>) {
  const client = fakeClient();
  client.status.mockImplementation(answer);
  const model = new StatusModel(client, '1.2.3');
  await model.check();
  return model;
}

describe('StatusModel', () => {
  it('has nothing to say when all is well', async () => {
    const model = await problemWith(() => Promise.resolve(status()));
    expect(model.problem).toBeNull();
    expect(model.usable).toBe(true);
    expect(model.customAllowed).toBe(true);
  });

  it('tells an absent server side and how to get it', async () => {
    const model = await problemWith(() => Promise.reject(absent));
    expect(model.problem).toMatchObject({
      kind: 'absent',
      command: 'pip install jupyter_viz'
    });
    expect(model.usable).toBe(false);
  });

  it('tells two versions apart, names the newer, and goes on', async () => {
    const model = await problemWith(() =>
      Promise.resolve(status({ version: '1.10.0' }))
    );
    expect(model.problem).toMatchObject({
      kind: 'mismatch',
      command: 'pip install jupyter_viz==1.10.0'
    });
    expect(model.problem?.message).toContain('1.2.3');
    expect(model.usable).toBe(true);
  });

  it.each([
    ['1.0.0-rc.1', '1.0.0rc1'],
    ['1.0.0-alpha.2', '1.0.0a2'],
    ['1.0.0-dev.3', '1.0.0.dev3'],
    ['1.0.0', '1.0.0+local']
  ])('knows %s for %s', async (npm, python) => {
    const client = fakeClient();
    client.status.mockResolvedValue(status({ version: python }));
    const model = new StatusModel(client, npm);
    await model.check();
    expect(model.problem).toBeNull();
  });

  it.each(['newer', 'unavailable'] as const)(
    'calls it broken when the catalog is %s',
    async state => {
      const { catalog } = status();
      const model = await problemWith(() =>
        Promise.resolve(
          status({ catalog: { ...catalog, state, message: 'Because.' } })
        )
      );
      expect(model.problem).toMatchObject({
        kind: 'broken',
        code: `catalog_${state}`,
        message: 'Because.'
      });
      expect(model.usable).toBe(false);
    }
  );

  it('calls a 500 broken and no answer offline', async () => {
    const broken = await problemWith(() =>
      Promise.reject(new ApiError('server_error', 'Oops.', 500))
    );
    expect(broken.problem?.kind).toBe('broken');
    const gone = await problemWith(() => Promise.reject(offline));
    expect(gone.problem?.kind).toBe('offline');
  });
});
