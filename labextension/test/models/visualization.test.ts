import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Changes } from '../../src/models/changes';
import { VisualizationModel } from '../../src/models/visualization';
import { fakeClient, notFound, visualization } from '../support/fake';

let client: ReturnType<typeof fakeClient>;
let told: string[];
let model: VisualizationModel;

beforeEach(() => {
  vi.useFakeTimers();
  client = fakeClient();
  told = [];
  const changes = new Changes();
  changes.artifactChanged.connect((_, id) => told.push(id));
  model = new VisualizationModel(client, changes, 'v1');
});

afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

const running = visualization('v1', { status: 'running', seconds: 1 });

describe('VisualizationModel', () => {
  it('loads, and rests once it is done', async () => {
    model.setVisible(true);
    await model.load();
    expect(model.value?.name).toBe('ROC curve');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.visualization).toHaveBeenCalledTimes(1);
  });

  it('follows a rendering until it ends, and says so once', async () => {
    client.visualization.mockResolvedValue(running);
    model.setVisible(true);
    await model.load();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(model.active).toBe(true);
    expect(client.visualization.mock.lastCall?.[1]).toEqual({
      background: true
    });
    client.visualization.mockResolvedValue(visualization('v1'));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(model.active).toBe(false);
    expect(told).toEqual(['a-scores']);
    const calls = client.visualization.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.visualization.mock.calls.length).toBe(calls);
  });

  it('does not poll while nobody looks', async () => {
    client.visualization.mockResolvedValue(running);
    await model.load();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.visualization).toHaveBeenCalledTimes(1);
  });

  it('keeps what it has when a refresh fails', async () => {
    await model.load();
    client.visualization.mockRejectedValueOnce(notFound);
    await model.load();
    expect(model.value).not.toBeNull();
    expect(model.error?.code).toBe('not_found');
  });

  it('cancels what runs, deletes what has ended', async () => {
    const removed = vi.fn();
    model.removed.connect(removed);
    client.visualization.mockResolvedValue(running);
    await model.load();
    await model.remove();
    expect(client.deleteVisualization).not.toHaveBeenCalled();
    client.visualization.mockResolvedValue(
      visualization('v1', { status: 'cancelled' })
    );
    await model.cancel();
    expect(model.value?.status).toBe('cancelled');
    expect(removed).not.toHaveBeenCalled();
    await model.remove();
    expect(client.deleteVisualization).toHaveBeenCalledTimes(2);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it('renders again under the id it is given', async () => {
    const ids: string[] = [];
    model.idChanged.connect((_, id) => ids.push(id));
    await model.load();
    await model.rerender();
    expect(client.render).toHaveBeenCalledWith({
      recipe: 'roc_curve',
      source: 'churn@otter/evaluate/scores',
      arguments: { target: 'label' },
      refresh: true
    });
    expect(ids).toEqual(['v2']);
    expect(model.value?.id).toBe('v2');
    expect(told).toEqual(['a-scores']);
  });

  it('offers what was rendered as a notebook and as a page', async () => {
    await model.load();
    expect(model.notebookUrl).toBe('notebook/v1');
    expect(model.pageUrl).toBe('export/v1/html');
  });

  it('keeps the server’s refusal in its place', async () => {
    await model.load();
    client.render.mockRejectedValueOnce(notFound);
    await model.rerender();
    expect(model.actionError?.code).toBe('not_found');
    expect(model.busy).toBe(false);
    expect(model.id).toBe('v1');
  });

  it('cannot make again what no recipe made, or whose code is not known', async () => {
    client.visualization.mockResolvedValue(
      visualization('v1', { recipe: null, origin: 'materializer' })
    );
    await model.load();
    expect(model.canRerender).toBe(false);
    expect([model.notebookUrl, model.pageUrl]).toEqual([null, null]);
    client.visualization.mockResolvedValue(
      visualization('v1', { recipe: 'custom' })
    );
    await model.load();
    expect(model.canRerender).toBe(false);
    client.visualization.mockResolvedValue(
      visualization('v1', { recipe: 'custom', code: 'pass' })
    );
    await model.load();
    expect(model.canRerender).toBe(true);
  });
});
