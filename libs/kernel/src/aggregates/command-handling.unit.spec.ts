import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type CommandContext, handleCommand, loadAggregate } from './command-handling.js';
import type { Decider } from './decider.js';
import { DomainError } from '../failures/domain-error.js';
import { WrongExpectedRevisionError } from '../events/errors.js';
import type { DomainEvent, NewEvent } from '../events/event.js';
import type { EventStore, ExpectedRevision } from '../events/event-store.js';

type Added = DomainEvent<'Added', { readonly amount: number }>;

/** A counter that is not idempotent by itself, and refuses to pass ten. */
const counter: Decider<number, number, Added> = {
  initialState: 0,
  decide: (amount, state) => {
    if (state + amount > 10) throw new DomainError('TOO_MUCH', 'More than ten', 'amount');
    return amount === 0 ? [] : [{ type: 'Added', version: 1, data: { amount } }];
  },
  evolve: (state, { data }) => state + data.amount,
};

const context = (command: number): CommandContext => ({
  metadata: { correlationId: 'c', causationId: null, actor: 'test' },
  eventId: (index) =>
    `00000000-0000-4000-8000-${String(command).padStart(6, '0')}${String(index).padStart(6, '0')}`,
});
const add = (
  store: EventStore,
  amount: number,
  command: number,
): ReturnType<typeof handleCommand<number, number, Added>> =>
  handleCommand(store, counter, 'counter-1', amount, context(command));

/** Lets another writer in before each of the first appends. */
function withRival(store: MemoryEventStore, times: number): EventStore {
  let left = times;
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'append') return Reflect.get(target, name) as unknown;
      return async (stream: string, events: readonly NewEvent[], expected: ExpectedRevision) => {
        left -= 1;
        if (left >= 0) await add(target, 1, 1_000 + left);
        return target.append(stream, events, expected);
      };
    },
  });
}

describe('handling a command', () => {
  it('appends what was decided on the state so far', async () => {
    const store = new MemoryEventStore();
    await add(store, 3, 1);
    expect(await add(store, 4, 2)).toMatchObject({ state: 7, revision: 1n, appended: 1 });
  });

  it('appends nothing where nothing is decided', async () => {
    const store = new MemoryEventStore();
    expect(await add(store, 0, 1)).toEqual({
      state: 0,
      revision: null,
      position: null,
      appended: 0,
      events: [],
    });
    expect(await store.head()).toBeNull();
  });

  it('appends nothing where the command is refused', async () => {
    const store = new MemoryEventStore();
    await expect(add(store, 11, 1)).rejects.toMatchObject({ code: 'TOO_MUCH', field: 'amount' });
    expect(await store.head()).toBeNull();
  });

  it('stores a command that is given again once, also after others', async () => {
    const store = new MemoryEventStore();
    await add(store, 3, 1);
    await add(store, 4, 2);
    expect(await add(store, 3, 1)).toMatchObject({ state: 7, appended: 0 });
  });

  it('stores a command that is given twice at once once', async () => {
    const store = new MemoryEventStore();
    const outcomes = await Promise.all([add(store, 3, 1), add(store, 3, 1)]);
    expect(outcomes.map(({ state }) => state)).toEqual([3, 3]);
    expect((await loadAggregate(store, counter, 'counter-1')).state).toBe(3);
  });

  it('decides again where another writer came first', async () => {
    const store = new MemoryEventStore();
    expect(await add(withRival(store, 2), 3, 1)).toMatchObject({ state: 5, appended: 1 });
  });

  it('gives up where other writers come first every time', async () => {
    await expect(add(withRival(new MemoryEventStore(), 9), 1, 1)).rejects.toBeInstanceOf(
      WrongExpectedRevisionError,
    );
  });
});
