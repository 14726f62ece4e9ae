import { type RecordedEvent, silentLogger, turnOfOthers } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Build } from './build.js';
import { amount, int8, text } from './columns.js';
import { Dispatch } from './dispatch.js';
import { foldEvents } from './fold.js';
import { Precedence } from './precedence.js';
import type { Handlers, Projection } from './projection.js';
import { createRun, type ProjectionRun } from './projection-run.js';
import { writeRows } from './row-store.js';
import type { Session } from './session.js';
import { sliced } from './slice.js';
import { defineTable } from './table.js';

const table = defineTable({
  name: 'sums',
  origin: 'log',
  columns: { id: int8, sum: amount, note: text },
  key: ['id'],
  indexes: [],
});

/** So many pieces of work, each longer than what others of the program wait for without noticing. */
const PIECES = 20;
const PIECE_MS = 8;

function work(): void {
  const until = performance.now() + PIECE_MS;
  while (performance.now() < until);
}

/** Whatever else a program does, a renewal of its leases among it: how often it had a turn. */
class Others {
  turns = 0;
  private next: NodeJS.Immediate | null = null;

  start(): void {
    this.next = setImmediate(() => {
      this.turns += 1;
      this.start();
    });
  }

  stop(): void {
    if (this.next !== null) clearImmediate(this.next);
  }
}

const newRun = (handlers: Handlers): ProjectionRun => {
  const build = { id: 1, schema: 'build_1', position: null, finalized: {} } as unknown as Build;
  const projection: Projection = { name: 'sums', version: 1, tables: [table], handlers };
  return createRun(projection, build);
};
const event = (index: number): RecordedEvent => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  type: 'UserRegistered',
  version: 1,
  data: {},
  metadata: { correlationId: 'test', causationId: null, actor: 'test' },
  stream: 'user-1',
  revision: BigInt(index),
  position: BigInt(index),
  recordedAt: '2026-01-01T00:00:00.000Z',
});

describe('what else a program does', () => {
  const others = new Others();
  beforeEach(() => {
    others.turns = 0;
    others.start();
  });
  afterEach(() => others.stop());

  it('has its turns while many events are folded', async () => {
    const folded: bigint[] = [];
    const apply = ({ position }: RecordedEvent): void => {
      work();
      folded.push(position);
    };
    const dispatch = new Dispatch([newRun({ UserRegistered: { apply } } as Handlers)]);
    const fetching = { load: () => Promise.resolve(), takeBack: () => Promise.resolve() };
    const context = { logger: silentLogger, fetching, ahead: null, journalSince: 0 };
    const events = Array.from({ length: PIECES }, (_, index) => event(index + 1));
    await foldEvents(context, dispatch, events);
    expect(folded).toEqual(events.map(({ position }) => position));
    expect(others.turns).toBeGreaterThan(PIECES / 2);
  });

  it('has its turns while many rows are sent', async () => {
    const run = newRun({});
    const rows = 50_000;
    for (let id = 0; id < rows; id += 1) run.rows.insert(table, { id, sum: 1n, note: 'none' });
    let sent = 0;
    const session = {
      query: () => {
        work();
        sent += 1;
        return Promise.resolve({ rows: [] });
      },
    } as unknown as Session;
    others.turns = 0;
    expect(await writeRows(session, { ...run, unkeyed: new Set() }, () => undefined)).toEqual(['sums']);
    expect(sent).toBeGreaterThanOrEqual(PIECES);
    expect(others.turns).toBeGreaterThan(sent / 2);
  });

  describe('that goes first', () => {
    /** Longer than any test. */
    const LONG_MS = 600_000;
    const precedence = new Precedence(LONG_MS);
    /** Does work while something that goes first is in hand, and then until it is done; tells how much was done meanwhile. */
    const besides = async (
      work: () => Promise<unknown>,
      done: () => number,
    ): Promise<{ readonly meanwhile: number }> => {
      const urgent = Promise.withResolvers<void>();
      const first = precedence.first(() => urgent.promise);
      const working = work();
      for (let turn = 0; turn < PIECES; turn += 1) await turnOfOthers();
      const meanwhile = done();
      urgent.resolve();
      await Promise.all([first, working]);
      return { meanwhile };
    };

    it('has its time while many events are folded', async () => {
      let folded = 0;
      const apply = (): void => {
        work();
        folded += 1;
      };
      const dispatch = new Dispatch([newRun({ UserRegistered: { apply } } as Handlers)]);
      const fetching = { load: () => Promise.resolve(), takeBack: () => Promise.resolve() };
      const context = { logger: silentLogger, fetching, ahead: null, journalSince: 0, precedence };
      const events = Array.from({ length: PIECES }, (_, index) => event(index + 1));
      const fold = (): Promise<void> => foldEvents(context, dispatch, events);
      const { meanwhile } = await besides(fold, () => folded);
      expect(meanwhile).toBeLessThanOrEqual(1);
      expect(folded).toBe(PIECES);
    });

    it('has its time while many rows are sent', async () => {
      const run = newRun({});
      const rows = 1_000 * PIECES;
      for (let id = 0; id < rows; id += 1) run.rows.insert(table, { id, sum: 1n, note: 'none' });
      let sent = 0;
      const session = {
        query: () => {
          work();
          sent += 1;
          return Promise.resolve({ rows: [] });
        },
      } as unknown as Session;
      const place = { ...run, unkeyed: new Set<never>() };
      const write = (): Promise<unknown> => writeRows(session, place, () => undefined, sliced(precedence));
      const { meanwhile } = await besides(write, () => sent);
      expect(meanwhile).toBeLessThanOrEqual(1);
      expect(sent).toBe(PIECES);
    });
  });
});
