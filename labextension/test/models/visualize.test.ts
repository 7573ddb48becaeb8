import { beforeEach, describe, expect, it } from 'vitest';

import { ApiError } from '../../src/api/errors';
import type { JsonObject } from '../../src/api/types';
import { Changes } from '../../src/models/changes';
import { StatusModel } from '../../src/models/status';
import { VisualizeModel } from '../../src/models/visualize';
import {
  artifactDetail,
  custom,
  fakeClient,
  rocCurve,
  status
} from '../support/fake';

let client: ReturnType<typeof fakeClient>;
let told: string[];

async function creator(artifact = artifactDetail('scores')) {
  const changes = new Changes();
  changes.artifactChanged.connect((_, id) => told.push(id));
  const model = new VisualizeModel(
    client,
    new StatusModel(client, '1.2.3'),
    changes,
    artifact
  );
  await model.load();
  return model;
}

beforeEach(() => {
  client = fakeClient();
  told = [];
});

describe('the choice of recipes', () => {
  it('is what reads this kind', async () => {
    client.recipes.mockResolvedValue([custom, rocCurve]);
    expect((await creator()).recipes.map(r => r.name)).toEqual([
      'roc_curve',
      'custom'
    ]);
    const html = await creator(artifactDetail('report', { kind: 'html' }));
    expect(html.recipes.map(r => r.name)).toEqual(['custom']);
  });

  it('has code only where one may run some', async () => {
    client.status.mockResolvedValue(status({ custom_allowed: false }));
    const html = await creator(artifactDetail('report', { kind: 'html' }));
    expect(html.recipe).toBeNull();
    expect(html.obstacle).toContain('html');
  });

  it('says why it is not there', async () => {
    client.recipes.mockRejectedValue(new ApiError('x', 'No.', 500));
    const model = await creator();
    expect(model.loadError?.message).toBe('No.');
    expect(model.loading).toBe(false);
  });
});

describe('the form', () => {
  it('has no words of other systems, which JSON takes', async () => {
    const roc = {
      ...rocCurve,
      arguments: {
        ...rocCurve.arguments,
        properties: {
          ...(rocCurve.arguments.properties as JsonObject),
          trueclass: { type: ['string', 'null'], system: 'Kubeflow' }
        }
      }
    };
    client.recipes.mockResolvedValue([roc]);
    const model = await creator();
    expect(model.ownFields.map(field => field.name)).not.toContain('trueclass');
    model.showJson(true);
    model.setJson('{"trueclass": "yes"}');
    expect(model.jsonError).toBeNull();
  });

  it('asks over which runs', async () => {
    client.recipes.mockResolvedValue([rocCurve]);
    const model = await creator();
    expect(model.over.run).toBeNull();
    model.setOver('latest~4:');
    model.setValue('target', 'label');
    await model.generate();
    const [request] = client.render.mock.calls[0] ?? [];
    expect(request?.source).toHaveLength(2);
  });

  it('suggests the column of the same name', async () => {
    const model = await creator();
    expect(model.arguments).toEqual({ score: 'score' });
    expect(model.obstacle).toBe('Target is needed.');
    expect(model.fieldError('target')).toBeNull();
  });

  it.each([
    [['Y_true', 'score'], 'Y_true'],
    [['y', 'y_true', 'score'], undefined], // which of them, nobody knows
    [['target', 'Target', 'score'], 'target']
  ])('suggests of %j what is called as usual', async (names, chosen) => {
    const { properties } = rocCurve.arguments as { properties: JsonObject };
    const target = {
      ...(properties.target as JsonObject),
      examples: ['y', 'y_true']
    };
    client.recipes.mockResolvedValue([
      {
        ...rocCurve,
        arguments: {
          ...rocCurve.arguments,
          properties: { ...properties, target }
        }
      }
    ]);
    const columns = names.map(name => ({ name, type: 'BIGINT' }));
    const model = await creator(artifactDetail('scores', { columns }));
    expect(model.arguments.target).toBe(chosen);
  });

  it('can generate once all is given', async () => {
    const model = await creator();
    model.setValue('target', 'label');
    expect(model.canGenerate).toBe(true);
    model.setText('bins', '1');
    expect(model.fieldError('bins')).toContain('at least 2');
    expect(model.canGenerate).toBe(false);
    model.setText('bins', '');
    expect(model.arguments).toEqual({ score: 'score', target: 'label' });
  });

  it('is the same as JSON', async () => {
    const model = await creator();
    model.setValue('target', 'label');
    model.showJson(true);
    expect(JSON.parse(model.json)).toEqual(model.arguments);
    model.setJson('{"target": "label", "score": "score", "bins": 7}');
    model.showJson(false);
    expect(model.text('bins')).toBe('7');
  });

  it('stays at JSON that is none', async () => {
    const model = await creator();
    model.showJson(true);
    for (const bad of ['{', '[]', '{"colour": 1}']) {
      model.setJson(bad);
      expect(model.jsonError).not.toBeNull();
      model.showJson(false);
      expect(model.asJson).toBe(true);
      expect(model.canGenerate).toBe(false);
    }
    expect(model.jsonError).toContain('target, score');
  });

  it('needs code where the recipe takes some', async () => {
    const model = await creator();
    model.choose('custom');
    expect(model.canGenerate).toBe(false);
    model.setCode('source.table()');
    expect(model.canGenerate).toBe(true);
    await model.generate();
    expect(client.render.mock.lastCall?.[0]).toMatchObject({
      recipe: 'custom',
      code: 'source.table()'
    });
  });
});

describe('defaults', () => {
  const withDefaults = {
    ...rocCurve,
    arguments: {
      type: 'object',
      additionalProperties: false,
      properties: {
        target: { type: 'string', format: 'column', default: 'label' },
        score: { type: 'string', format: 'column', default: 'p' }
      }
    }
  };

  it('are good enough where the artifact has the column', async () => {
    client.recipes.mockResolvedValue([withDefaults]);
    const model = await creator();
    expect(model.arguments).toEqual({ score: 'score' });
    expect(model.canGenerate).toBe(true);
    const other = [{ name: 'y', type: 'int64' }];
    const bare = await creator(artifactDetail('scores', { columns: other }));
    expect(bare.obstacle).toBe('target is needed: there is no column label.');
  });

  it('leave what a recipe takes beyond its schema to JSON', async () => {
    client.recipes.mockResolvedValue([
      {
        ...custom,
        arguments: {
          type: 'object',
          properties: {},
          additionalProperties: true
        }
      }
    ]);
    const model = await creator();
    model.setJson('{"colour": "red"}');
    expect(model.jsonError).toBeNull();
    expect(model.arguments).toEqual({ colour: 'red' });
  });
});

describe('generate', () => {
  it('gives the id and tells the other surfaces', async () => {
    const model = await creator();
    model.setValue('target', 'label');
    await expect(model.generate()).resolves.toMatchObject({ id: 'v2' });
    expect(client.render).toHaveBeenCalledWith({
      recipe: 'roc_curve',
      source: 'churn@otter/evaluate/scores',
      arguments: { target: 'label', score: 'score' }
    });
    expect(told).toEqual(['a-scores']);
  });

  it('asks nothing while something is missing, and shows what', async () => {
    const model = await creator();
    await expect(model.generate()).resolves.toBeNull();
    expect(client.render).not.toHaveBeenCalled();
    expect(model.fieldError('target')).toBe('Target is needed.');
  });

  it('keeps the server’s refusal until something is changed', async () => {
    client.render.mockRejectedValueOnce(
      new ApiError('missing_column', 'There is no column label.', 422)
    );
    const model = await creator();
    model.setValue('target', 'label');
    await expect(model.generate()).resolves.toBeNull();
    expect(model.error?.code).toBe('missing_column');
    expect(told).toEqual([]);
    model.setValue('target', 'score');
    expect(model.error).toBeNull();
  });

  it('is not offered for bytes that are gone', async () => {
    const model = await creator(artifactDetail('scores', { available: false }));
    expect(model.canGenerate).toBe(false);
    expect(model.obstacle).toContain('cannot be read');
  });
});
