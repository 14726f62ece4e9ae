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
        // A log is kept only where the fields do not give it back.
        const optional = path.length === 1 && last === 'log';
        if (typeof last === 'string' && !optional)
          refused(change((parent, key) => Reflect.deleteProperty(parent, key)));
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
    ['Transfer', { contract: '0x' }, 'contract'],
    ['BlockIngested', { proof: 'TRUST' }, 'proof'],
    ['RequestExpired', { at: '2026-01-01T12:00:00Z' }, 'at'],
    ['SwapRequested', { execution: 'FREE' }, 'execution'],
    ['SwapRequested', { chainId: 0 }, 'chainId'],
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

describe('what came of a request', () => {
  const moved = { amountA: '1', amountB: '2', liquidity: '3' };
  const token = { tokenAddress: dataOf('Approval')['contract'] as string };
  const outcomes = [
    { kind: 'CREATE_TOKEN', ...token },
    { kind: 'DEACTIVATE_TOKEN', ...token },
    { kind: 'CREATE_POOL', poolId: dataOf('Swap')['poolId'] as string, liquidity: '3' },
    { kind: 'SWAP', amountIn: '1', amountOut: '2' },
    { kind: 'ADD_LIQUIDITY', ...moved },
    { kind: 'REMOVE_LIQUIDITY', ...moved },
  ];
  it('is that of its kind', () => {
    for (const outcome of outcomes) expect(violation('RequestConfirmed', { outcome })).toBeNull();
  });
  it('is nothing between them', () => {
    const mixtures = [
      { ...outcomes[3], kind: 'ADD_LIQUIDITY' },
      { ...outcomes[4], kind: 'SWAP' },
      { ...outcomes[3], ...outcomes[4] },
    ];
    for (const outcome of mixtures) expect(violation('RequestConfirmed', { outcome })).not.toBeNull();
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
