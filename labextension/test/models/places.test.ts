import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '../../src/api/errors';
import { PlacesModel, shortLocation } from '../../src/models/places';
import { fakeClient, sync } from '../support/fake';

const PLACE = {
  system: 'mlflow',
  location: 'sqlite:////home/ann/mlflow.db',
  python: null
};

describe('PlacesModel', () => {
  let client: ReturnType<typeof fakeClient>;
  let model: PlacesModel;

  beforeEach(() => {
    vi.useFakeTimers();
    client = fakeClient();
    model = new PlacesModel(client);
    return () => {
      model.dispose();
      vi.useRealTimers();
    };
  });

  it('lists places and what was found, and has nothing read by itself', async () => {
    const store = { ...PLACE, why: 'mlflow.db', missing: null };
    client.syncs.mockResolvedValue({ syncs: [], found: [store] });
    await model.refresh();
    expect(model.found).toEqual([store]);
    expect(client.sync).not.toHaveBeenCalled();
  });

  it('sends only the place of what it connects, and looks at how it goes on', async () => {
    await model.connect({ ...PLACE, why: 'mlflow.db' } as typeof PLACE);
    expect(client.sync).toHaveBeenCalledWith(PLACE);
    expect(client.syncs).toHaveBeenCalledTimes(1);
  });

  it('asks each second while something is read, and says when runs came in', async () => {
    const changed = vi.fn();
    model.runsChanged.connect(changed);
    const going = sync('mlflow', {
      runs: 0,
      running: true,
      progress: { done: 0, total: 10 }
    });
    client.syncs.mockResolvedValue({ syncs: [going], found: [] });
    model.setVisible(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(changed).not.toHaveBeenCalled();
    client.syncs.mockResolvedValue({
      syncs: [{ ...going, runs: 10 }],
      found: []
    });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(changed).toHaveBeenCalledTimes(1);
    client.syncs.mockResolvedValue({
      syncs: [sync('mlflow', { runs: 10 })],
      found: []
    });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(changed).toHaveBeenCalledTimes(2);
    const asked = client.syncs.mock.calls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.syncs).toHaveBeenCalledTimes(asked);
  });

  it('keeps why a place can not be read until somebody has seen it', async () => {
    client.sync.mockRejectedValue(
      new ApiError('forbidden', 'You may not.', 403)
    );
    await model.connect(PLACE);
    expect(model.error?.message).toBe('You may not.');
    model.forgetError();
    expect(model.error).toBeNull();
  });
});

describe('shortLocation', () => {
  it.each([
    ['sqlite:////home/ann/credit/mlflow.db', '…/credit/mlflow.db'],
    ['/home/ann/.config/zenml', '…/.config/zenml'],
    ['mlruns', 'mlruns'],
    ['https://mlflow.example/team/', 'mlflow.example/team']
  ])('of %s', (location, short) => {
    expect(shortLocation(location)).toBe(short);
  });
});
