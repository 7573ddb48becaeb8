import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Changes } from '../../src/models/changes';
import { RunsModel } from '../../src/models/runs';
import { StatusModel } from '../../src/models/status';
import {
  absent,
  artifact,
  fakeClient,
  notFound,
  offline,
  page,
  run,
  runDetail,
  status,
  summary
} from '../support/fake';

let client: ReturnType<typeof fakeClient>;
let changes: Changes;
let model: RunsModel;

beforeEach(() => {
  vi.useFakeTimers();
  client = fakeClient();
  changes = new Changes();
  model = new RunsModel(client, new StatusModel(client, '1.2.3'), changes);
});

afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

const names = () => model.runs.map(r => r.name);

describe('the list', () => {
  it('comes with pipelines and metric columns', async () => {
    await model.refresh();
    expect(names()).toEqual(['otter']);
    expect(model.pipelines.map(p => p.name)).toEqual(['churn']);
    expect(model.loaded).toBe(true);
    expect(model.blocking).toBeNull();
    expect(model.warning).toBeNull();
  });

  it('is paged, without a run shown twice', async () => {
    client.runs.mockResolvedValueOnce(page([run('c'), run('b')], 'next'));
    await model.refresh();
    expect(model.hasMore).toBe(true);
    client.runs.mockResolvedValueOnce(page([run('b'), run('a')]));
    await model.loadMore();
    expect(names()).toEqual(['c', 'b', 'a']);
    expect(model.hasMore).toBe(false);
    expect(client.runs.mock.lastCall?.[0]).toMatchObject({ cursor: 'next' });
  });

  it('is refreshed as long as it is shown', async () => {
    const fifty = Array.from({ length: 50 }, (_, i) => run(`x${i}`));
    const more = Array.from({ length: 30 }, (_, i) => run(`y${i}`));
    client.runs.mockResolvedValueOnce(page(fifty, '1'));
    await model.refresh();
    client.runs.mockResolvedValueOnce(page(more, '2'));
    await model.loadMore();
    client.runs.mockResolvedValueOnce(page([...fifty, ...more], '2'));
    await model.refresh();
    expect(client.runs.mock.lastCall?.[0]).toMatchObject({ limit: 80 });
    expect(model.runs).toHaveLength(80);
  });

  it('is asked for by pipeline, and a late answer for another one dropped', async () => {
    let answer: (p: ReturnType<typeof page>) => void = () => undefined;
    await model.refresh();
    client.runs.mockImplementationOnce(
      () => new Promise(resolve => (answer = resolve))
    );
    const slow = model.setPipeline('p-slow');
    await vi.advanceTimersByTimeAsync(0);
    client.runs.mockResolvedValueOnce(page([run('quick')]));
    await model.setPipeline('p-quick');
    answer(page([run('slow')]));
    await slow;
    expect(client.runs.mock.lastCall?.[0]).toMatchObject({
      pipeline: 'p-quick'
    });
    expect(names()).toEqual(['quick']);
    expect(model.refreshing).toBe(false);
  });
});

describe('failures', () => {
  it('without a list leave nothing to show', async () => {
    client.runs.mockRejectedValue(offline);
    await model.refresh();
    expect(model.blocking).toMatchObject({ kind: 'offline' });
  });

  it('after a list keep it', async () => {
    await model.refresh();
    client.runs.mockRejectedValueOnce(offline);
    await model.refresh();
    expect(names()).toEqual(['otter']);
    expect(model.blocking).toBeNull();
    expect(model.warning).toMatchObject({ kind: 'offline' });
    await model.refresh();
    expect(model.warning).toBeNull();
  });

  it('of the handshake while offline keep it too', async () => {
    await model.refresh();
    client.status.mockRejectedValueOnce(offline);
    await model.refresh();
    expect(model.warning).toMatchObject({ kind: 'offline' });
    expect(names()).toEqual(['otter']);
  });

  it('name an absent server side, even if it was there before', async () => {
    await model.refresh();
    client.status.mockRejectedValue(absent);
    client.runs.mockRejectedValue(absent);
    await model.refresh();
    expect(model.blocking).toMatchObject({ kind: 'absent' });
  });

  it('of versions only warn', async () => {
    client.status.mockResolvedValue(status({ version: '9' }));
    await model.refresh();
    expect(names()).toEqual(['otter']);
    expect(model.warning).toMatchObject({ kind: 'mismatch' });
  });
});

describe('unfolding', () => {
  const kinds = () => model.rows.map(row => row.kind);

  it('goes from run to artifact to visualization', async () => {
    await model.refresh();
    await model.toggle('run:r-otter');
    expect(kinds()).toEqual(['run', 'step', 'artifact']);
    await model.toggle('artifact:a-scores');
    expect(kinds()).toEqual(['run', 'step', 'artifact', 'visualization']);
    await model.toggle('artifact:a-scores');
    await model.toggle('run:r-otter');
    await model.toggle('run:r-otter');
    expect(kinds()).toEqual(['run', 'step', 'artifact']);
    expect(client.run).toHaveBeenCalledTimes(1);
  });

  it('shows a failure in its place and tries again', async () => {
    await model.refresh();
    client.run.mockRejectedValueOnce(notFound);
    await model.toggle('run:r-otter');
    expect(kinds()).toEqual(['run', 'error']);
    await model.retry('run:r-otter');
    expect(kinds()).toEqual(['run', 'step', 'artifact']);
  });

  it('lists a visualization that another surface made', async () => {
    client.run.mockResolvedValue(
      runDetail('otter', [artifact('scores', { visualization_count: 0 })])
    );
    await model.refresh();
    await model.toggle('run:r-otter');
    client.visualizations.mockResolvedValue([summary('new')]);
    changes.tell('a-scores');
    await vi.advanceTimersByTimeAsync(0);
    expect(model.rows.map(row => row.key)).toContain('visualization:new');
  });

  it('fetches a run again that has ended meanwhile', async () => {
    client.runs.mockResolvedValueOnce(
      page([run('otter', { status: 'running' })])
    );
    client.run.mockResolvedValueOnce(
      runDetail('otter', [], { status: 'running' })
    );
    await model.refresh();
    await model.toggle('run:r-otter');
    model.setVisible(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(kinds()).toEqual(['run', 'step', 'artifact']);
  });
});

describe('polling', () => {
  it('happens while visible only, and marked as background', async () => {
    await vi.advanceTimersByTimeAsync(100_000);
    expect(client.runs).not.toHaveBeenCalled();
    model.setVisible(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(client.runs).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.runs).toHaveBeenCalledTimes(2);
    expect(client.runs.mock.lastCall?.[1]).toEqual({ background: true });
    model.setVisible(false);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(client.runs).toHaveBeenCalledTimes(2);
  });

  it('is quick while there is nothing, and looks when something may have come', async () => {
    client.runs.mockResolvedValue(page([]));
    model.look();
    await vi.advanceTimersByTimeAsync(100);
    expect(client.runs).not.toHaveBeenCalled();
    model.setVisible(true);
    await vi.advanceTimersByTimeAsync(10);
    const before = client.runs.mock.calls.length;
    client.runs.mockResolvedValue(page([run('otter')]));
    await vi.advanceTimersByTimeAsync(3_500);
    expect(client.runs.mock.calls.length - before).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.runs.mock.calls.length - before).toBe(1);
    model.look();
    await vi.advanceTimersByTimeAsync(100);
    expect(client.runs.mock.calls.length - before).toBe(2);
  });

  it('is quick while something runs', async () => {
    client.runs.mockResolvedValue(page([run('otter', { status: 'running' })]));
    model.setVisible(true);
    await vi.advanceTimersByTimeAsync(10);
    const before = client.runs.mock.calls.length;
    await vi.advanceTimersByTimeAsync(9_500);
    expect(client.runs.mock.calls.length - before).toBe(3);
    client.runs.mockResolvedValue(page([run('otter')]));
    await vi.advanceTimersByTimeAsync(3_500);
    const after = client.runs.mock.calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(client.runs.mock.calls.length).toBe(after);
  });
});
