import { readFileSync } from 'node:fs';
import { EVENT_VERSIONS } from '../upcasting/event-versions.js';
import type { DomainEvent, JsonObject } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { validateEvent } from './validate-event.js';

const recorded = JSON.parse(
  readFileSync(new URL('../upcasting/recorded-events.json', import.meta.url), 'utf8'),
) as readonly DomainEvent[];

const dataOf = (type: string): JsonObject => {
  const event = recorded.find((one) => one.type === type);
  if (event === undefined) throw new Error(`No ${type} was recorded`);
  return event.data;
};
/** The violation of recorded data of a type with parts replaced. */
const violation = (type: string, parts: JsonObject) => validateEvent(type, 1, { ...dataOf(type), ...parts });
/** Every path to a property in a value, those within first. */
function paths(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...keys].flatMap((key) => [
    ...paths((value as Record<string | number, unknown>)[key], [...at, key]),
    [...at, key],
  ]);
}

describe('the data of every recorded event', () => {
  it.each(recorded.map((event) => [event.type, event] as const))(
    '%s is as its schema says',
    (_type, event) => {
      expect(validateEvent(event.type, event.version, event.data)).toBeNull();
    },
  );
  it.each(recorded.map((event) => [event.type, event] as const))(
    '%s is refused with any property missing, of another type, or beside an unknown one',
    (_type, { type, version, data }) => {
      for (const path of paths(data)) {
        const last = path.at(-1);
        const change = (
          act: (parent: Record<string | number, unknown>, key: string | number) => void,
        ): unknown => {
          const copy = structuredClone(data) as Record<string | number, unknown>;
          const parent = path.slice(0, -1).reduce((part, key) => part[key] as typeof part, copy);
          act(parent, last ?? '');
          return copy;
        };
        const refused = (changed: unknown) => expect(validateEvent(type, version, changed)).not.toBeNull();
        if (typeof last === 'string') refused(change((parent, key) => Reflect.deleteProperty(parent, key)));
        refused(change((parent, key) => (parent[key] = { not: 'this' })));
        refused(change((parent, key) => (parent[key] = 0.5)));
      }
      expect(validateEvent(type, version, { ...data, extra: 1 })).toEqual({
        field: 'extra',
        message: 'is unknown to the schema',
      });
    },
  );
});

describe('a violation', () => {
  it.each([
    ['Swap', { amountIn: '01' }, 'amountIn'],
    ['Swap', { amountIn: '-1' }, 'amountIn'],
    ['Swap', { amountIn: '1.5' }, 'amountIn'],
    ['Swap', { amountIn: '9'.repeat(79) }, 'amountIn'],
    ['Swap', { amountIn: 1 }, 'amountIn'],
    ['Swap', { poolId: `0x${'A'.repeat(64)}` }, 'poolId'],
    ['Swap', { user: '0x12' }, 'user'],
    ['BlockIngested', { number: -1 }, 'number'],
    ['BlockIngested', { number: 1.5 }, 'number'],
    ['BlockIngested', { commandIds: ['no-uuid'] }, 'commandIds[0]'],
    ['BlocksReverted', { ancestor: { number: 1 } }, 'ancestor.hash'],
    ['TokenMetadataUpdated', { decimals: 256 }, 'decimals'],
    ['Transfer', { log: { address: '0x', topics: [], data: '0x' } }, 'log.address'],
    ['OrderExpired', { at: '2026-01-01T12:00:00Z' }, 'at'],
    ['OrderRequested', { execution: 'FREE' }, 'execution'],
    ['RelayAuthorized', { signature: '0xABC' }, 'signature'],
  ] as const)('case %#: of %s names the field', (type, parts, field) => {
    expect(violation(type, parts)).toMatchObject({ field });
  });
  it('names what is missing, and the whole where that is at fault', () => {
    expect(validateEvent('UserRegistered', 1, { at: '2026-01-01T12:00:00.000Z' })).toEqual({
      field: 'address',
      message: "must have required property 'address'",
    });
    expect(validateEvent('UserRegistered', 1, null)).toEqual({ field: '', message: 'must be object' });
    expect(validateEvent('UserRegistered', 1, [])).toEqual({ field: '', message: 'must be object' });
  });
});

describe('an order', () => {
  const minimums = { amountAMin: '1', amountBMin: '2' };
  const addition = { kind: 'ADD_LIQUIDITY', amountADesired: '1', amountBDesired: '2', ...minimums };
  const removal = { kind: 'REMOVE_LIQUIDITY', liquidity: '3', ...minimums };
  const swap = dataOf('OrderRequested')['terms'] as JsonObject;

  it('is a swap, an addition or a removal of liquidity', () => {
    expect([swap, addition, removal].map((terms) => violation('OrderRequested', { terms }))).toEqual([
      null,
      null,
      null,
    ]);
  });
  it('is nothing between them', () => {
    const mixtures = [
      { ...swap, kind: 'ADD_LIQUIDITY' },
      { ...addition, kind: 'REMOVE_LIQUIDITY' },
      { ...swap, ...addition },
    ];
    for (const terms of mixtures) expect(violation('OrderRequested', { terms })).not.toBeNull();
  });
});

describe('what has no schema', () => {
  it.each([
    ['Forgotten', 1],
    ['Swap', 2],
    ['Swap', 0],
    ['toString', 1],
    ['constructor', 1],
  ])('%s version %d is refused', (type, version) => {
    expect(validateEvent(type, version, dataOf('Swap'))).toMatchObject({ field: '' });
  });
});

it('every event of the catalogue has its newest schema', () => {
  const missing = Object.entries(EVENT_VERSIONS).filter(
    ([type, version]) => validateEvent(type, version, null)?.message !== 'must be object',
  );
  expect(missing).toEqual([]);
});
