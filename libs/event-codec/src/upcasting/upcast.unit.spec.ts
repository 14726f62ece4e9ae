import type { JsonObject } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { EVENT_VERSIONS } from './event-versions.js';
import { recordedEvents } from './recorded-events.fixture.js';
import { upcast, upcastWith } from './upcast.js';
import { UPCASTERS, type Upcasters } from './upcasters.js';

const unknown = (type: string, version: number) =>
  expect.objectContaining({ code: 'UNKNOWN_EVENT_VERSION', details: { type, version } });

describe('every event ever recorded', () => {
  it('is there in every version of its type', () => {
    const versions = Object.entries(EVENT_VERSIONS).flatMap(([type, newest]) =>
      Array.from({ length: newest }, (_, index) => `${type}.v${index + 1}`),
    );
    expect(recordedEvents.map(({ type, version }) => `${type}.v${version}`).sort()).toEqual(versions.sort());
  });
  it.each(recordedEvents.map((event) => [event.type, event.version, event] as const))(
    '%s version %d becomes the newest',
    (type, _version, event) => {
      expect(upcast(event)).toMatchObject({
        type,
        version: EVENT_VERSIONS[type as keyof typeof EVENT_VERSIONS],
      });
    },
  );
  it('has a step from each version that was left behind, and from no other', () => {
    const left = Object.entries(EVENT_VERSIONS).flatMap(([type, newest]) =>
      Array.from({ length: newest - 1 }, (_, index) => `${type}.v${index + 1}`),
    );
    const steps = Object.entries(UPCASTERS).flatMap(([type, versions]) =>
      Object.keys(versions).map((version) => `${type}.v${version}`),
    );
    expect(steps.sort()).toEqual(left.sort());
  });
});

describe('an event of an older version', () => {
  const versions = { Priced: 3, Named: 1 };
  const upcasters: Upcasters = {
    Priced: {
      1: ({ price, ...rest }) => ({ ...rest, amount: `${price as number}` }),
      2: (data) => ({ ...data, currency: 'AB' }),
    },
  };
  const old = { type: 'Priced', version: 1, data: { id: 'a', price: 5 } as JsonObject };

  it('takes every step to the newest, and keeps what is not its data', () => {
    expect(upcastWith(versions, upcasters, { ...old, revision: 7n })).toEqual({
      type: 'Priced',
      version: 3,
      data: { id: 'a', amount: '5', currency: 'AB' },
      revision: 7n,
    });
  });
  it('takes the steps that are left', () => {
    const data = { id: 'a', amount: '6' };
    expect(upcastWith(versions, upcasters, { type: 'Priced', version: 2, data }).data).toEqual({
      id: 'a',
      amount: '6',
      currency: 'AB',
    });
  });
  it('stays itself in the newest version', () => {
    const newest = { type: 'Named', version: 1, data: {} };
    expect(upcastWith(versions, upcasters, newest)).toBe(newest);
  });
  it('is not changed in place', () => {
    const before = structuredClone(old);
    upcastWith(versions, upcasters, old);
    expect(old).toEqual(before);
  });
  it.each([4, 0, -1, 1.5])('is refused in version %d, which is not known', (version) => {
    expect(() => upcastWith(versions, upcasters, { ...old, version })).toThrow(unknown('Priced', version));
  });
  it('is refused where a step is missing', () => {
    expect(() => upcastWith(versions, { Priced: { 1: (data) => data } }, old)).toThrow(unknown('Priced', 2));
  });
  it('is refused of a type that is not known', () => {
    expect(() => upcast({ type: 'Forgotten', version: 1, data: {} })).toThrow(unknown('Forgotten', 1));
    expect(() => upcast({ type: 'toString', version: 1, data: {} })).toThrow(unknown('toString', 1));
  });
});
