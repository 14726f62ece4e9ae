import { describe, expect, it } from '@jest/globals';
import { freeze, planSchemas, shapeHash } from './frozen-shapes.mjs';

const priced = {
  $id: 'Priced.v1',
  type: 'object',
  description: 'What it costs.',
  properties: { price: { type: 'integer', description: 'Euro' }, title: { type: 'string' } },
  required: ['price', 'title'],
  additionalProperties: false,
};
const withCurrency = {
  ...priced,
  properties: { ...priced.properties, currency: { type: 'string' } },
};
const schemas = (entries: Record<string, object>) => new Map(Object.entries(entries));
const released = { 'Priced.v1': shapeHash(priced) };
const none = new Map<string, object>();

describe('a shape', () => {
  it('is the same in other words and in another order of keys', () => {
    const { type, ...rest } = priced;
    expect(shapeHash({ ...rest, type, $id: 'Renamed.v1', description: 'The price.' })).toBe(
      shapeHash(priced),
    );
    expect(
      shapeHash({
        ...priced,
        properties: { ...priced.properties, price: { type: 'integer', description: 'AB' } },
      }),
    ).toBe(shapeHash(priced));
  });
  it.each([
    ['a property more', withCurrency],
    ['a property less', { ...priced, properties: { price: priced.properties.price } }],
    ['a property named like an annotation less', { ...priced, properties: { price: { type: 'integer' } } }],
    ['another type', { ...priced, properties: { ...priced.properties, price: { type: 'string' } } }],
    [
      'another pattern',
      { ...priced, properties: { ...priced.properties, title: { type: 'string', pattern: '^a' } } },
    ],
    ['less required', { ...priced, required: ['price'] }],
    ['unknown properties allowed', { ...priced, additionalProperties: true }],
  ])('is another with %s', (_difference, schema) => {
    expect(shapeHash(schema)).not.toBe(shapeHash(priced));
  });
});

describe('the schemas of events', () => {
  it('are written freely before they are released', () => {
    expect(planSchemas(schemas({ 'Priced.v1': withCurrency }), schemas({ 'Priced.v1': priced }), {})).toEqual(
      {
        schemas: schemas({ 'Priced.v1': withCurrency }),
        problems: [],
      },
    );
  });
  it('may not change once they are released', () => {
    const { problems } = planSchemas(
      schemas({ 'Priced.v1': withCurrency }),
      schemas({ 'Priced.v1': priced }),
      released,
    );
    expect(problems).toEqual([expect.stringMatching(/^Priced\.v1: .* version 2 in EVENT_VERSIONS/)]);
  });
  it('may change in a new version, beside which the old one stays', () => {
    const planned = planSchemas(
      schemas({ 'Priced.v2': withCurrency }),
      schemas({ 'Priced.v1': priced }),
      released,
    );
    expect(planned).toEqual({
      schemas: schemas({ 'Priced.v1': priced, 'Priced.v2': withCurrency }),
      problems: [],
    });
  });
  it('may not lose one that was released, nor change its file', () => {
    const derived = schemas({ 'Priced.v2': withCurrency });
    expect(planSchemas(derived, none, released).problems).toEqual([
      expect.stringMatching(/^Priced\.v1: .* must stay/),
      expect.stringMatching(/^Priced\.v1: versions are counted/),
    ]);
    expect(planSchemas(derived, schemas({ 'Priced.v1': withCurrency }), released).problems).toEqual([
      expect.stringMatching(/^Priced\.v1: the shape of a released event was changed/),
    ]);
  });
  it('may not skip a version, nor keep one that no code has', () => {
    expect(planSchemas(schemas({ 'Priced.v3': priced }), none, {}).problems).toEqual([
      expect.stringMatching(/^Priced\.v1: versions are counted/),
      expect.stringMatching(/^Priced\.v2: versions are counted/),
    ]);
    expect(planSchemas(none, schemas({ 'Gone.v1': priced }), {}).problems).toEqual([
      expect.stringMatching(/^Gone\.v1: no event of the code has this version/),
    ]);
  });
});

it('what is frozen stays frozen when more is released', () => {
  const locked = freeze(schemas({ 'Priced.v1': withCurrency, 'Named.v1': priced }), released);
  expect(Object.entries(locked)).toEqual([
    ['Named.v1', shapeHash(priced)],
    ['Priced.v1', released['Priced.v1']],
  ]);
});
