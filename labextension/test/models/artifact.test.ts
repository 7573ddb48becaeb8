import { beforeEach, describe, expect, it } from 'vitest';

import { ArtifactModel } from '../../src/models/artifact';
import { Changes } from '../../src/models/changes';
import { StatusModel } from '../../src/models/status';
import { fakeClient, notFound, summary, visualization } from '../support/fake';

let client: ReturnType<typeof fakeClient>;
let changes: Changes;
let model: ArtifactModel;

const settled = () => new Promise(resolve => setTimeout(resolve));

beforeEach(() => {
  client = fakeClient();
  changes = new Changes();
  const status = new StatusModel(client, '1.2.3');
  model = new ArtifactModel(client, status, changes, 'a-scores');
});

describe('ArtifactModel', () => {
  it('tells what was made with the step from what was rendered since', async () => {
    client.visualizations.mockResolvedValue([
      summary('m', { origin: 'materializer', recipe: null, format: 'html' }),
      summary('v2'),
      summary('v1')
    ]);
    await model.load();
    await settled();
    expect(model.made.map(v => v.id)).toEqual(['m']);
    expect(model.rendered.map(v => v.id)).toEqual(['v2', 'v1']);
    expect(model.made[0]?.value).not.toBeNull();
    expect(model.creator?.recipes).toHaveLength(2);
  });

  it('opens a few of many, all on request', async () => {
    const many = Array.from({ length: 9 }, (_, i) => summary(`v${i}`));
    client.visualizations.mockResolvedValue(many);
    await model.load();
    expect(model.rendered).toHaveLength(6);
    expect(model.hidden).toBe(3);
    expect(client.visualization).toHaveBeenCalledTimes(6);
    model.showAll();
    expect(model.rendered).toHaveLength(9);
    expect(client.visualization).toHaveBeenCalledTimes(9);
  });

  it('puts first what was asked for again', async () => {
    const many = Array.from({ length: 9 }, (_, i) => summary(`v${i}`));
    client.visualizations.mockResolvedValue(many);
    await model.load();
    await settled();
    model.show(visualization('v8', { freshness: 'cached' }));
    expect(model.rendered.map(v => v.id).slice(0, 2)).toEqual(['v8', 'v0']);
    expect(model.rendered[0]?.value?.freshness).toBe('cached');
    model.show({ id: 'v0', status: 'queued' });
    await settled();
    expect(model.rendered[0]?.id).toBe('v0');
    expect(client.visualization.mock.lastCall?.[0]).toBe('v0');
  });

  it('shows a new one at once and keeps the others', async () => {
    await model.load();
    const [first] = model.rendered;
    client.visualizations.mockResolvedValue([summary('v2'), summary('v1')]);
    changes.tell('a-other');
    changes.tell('a-scores');
    await settled();
    expect(client.visualizations).toHaveBeenCalledTimes(2);
    expect(model.rendered.map(v => v.id)).toEqual(['v2', 'v1']);
    expect(model.rendered[1]).toBe(first);
  });

  it('follows one that was rendered again under another id', async () => {
    await model.load();
    await settled();
    const [first] = model.rendered;
    client.visualizations.mockResolvedValue([summary('v2')]);
    await first?.rerender();
    await settled();
    expect(model.rendered).toEqual([first]);
    expect(first?.isDisposed).toBe(false);
  });

  it('lets go of one that was deleted', async () => {
    await model.load();
    const [first] = model.rendered;
    client.visualizations.mockResolvedValue([]);
    changes.tell('a-scores');
    await settled();
    expect(model.rendered).toEqual([]);
    expect(first?.isDisposed).toBe(true);
  });

  it('says why it is not there', async () => {
    client.artifact.mockRejectedValueOnce(notFound);
    await model.load();
    expect(model.error?.code).toBe('not_found');
    await model.load();
    expect(model.error).toBeNull();
  });
});
