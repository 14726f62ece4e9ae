import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';

export interface StandInRecord {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly created: number;
}
export type ProposedRecord = Omit<StandInRecord, 'position' | 'stream' | 'revision' | 'created'>;
export type StandInExpectation = bigint | 'no_stream' | 'any' | 'stream_exists';

export type StandInOutcome =
  | { readonly kind: 'stored'; readonly revision: bigint; readonly position: bigint; readonly fresh: boolean }
  | { readonly kind: 'wrong-version'; readonly actual: bigint | null }
  | { readonly kind: 'too-large' };

export const APPEND_BYTES_MAX = 1_048_576;

/** What a stand-in server keeps, with the idempotency that the real one was seen to have. */
export class StandInLog {
  readonly records: StandInRecord[] = [];
  readonly streams = new Map<string, StandInRecord[]>();
  /** As versions of the server do after the one that was watched. */
  countsMetadata = false;
  /** Ids that `any` and `stream_exists` recognise; lost when the server ends. */
  private cache = new Map<string, StandInRecord>();
  private end = 0n;

  constructor() {
    const none = new Uint8Array();
    const started = {
      id: '00000000-0000-4000-8000-000000000001',
      type: '$started',
      contentType: 'application/json',
    };
    this.store('$settings', [{ ...started, data: Buffer.from('{}'), metadata: none }]);
  }

  forgetCache(): void {
    this.cache = new Map();
  }

  append(stream: string, proposed: readonly ProposedRecord[], expected: StandInExpectation): StandInOutcome {
    const bytes = proposed.reduce(
      (sum, { data, metadata }) => sum + data.length + (this.countsMetadata ? metadata.length : 0),
      0,
    );
    if (bytes > APPEND_BYTES_MAX) return { kind: 'too-large' };
    const known = this.streams.get(stream) ?? [];
    const actual = known.at(-1)?.revision ?? null;
    const repeated = this.findRepeated(stream, known, proposed, expected);
    if (repeated !== undefined) {
      return { kind: 'stored', revision: repeated.revision, position: repeated.position, fresh: false };
    }
    const fits =
      expected === 'any' ||
      (expected === 'stream_exists'
        ? actual !== null
        : actual === (expected === 'no_stream' ? null : expected));
    if (!fits) return { kind: 'wrong-version', actual };
    const last = this.store(stream, proposed);
    return { kind: 'stored', revision: last.revision, position: last.position, fresh: true };
  }

  private findRepeated(
    stream: string,
    known: readonly StandInRecord[],
    proposed: readonly ProposedRecord[],
    expected: StandInExpectation,
  ): StandInRecord | undefined {
    if (typeof expected === 'bigint' || expected === 'no_stream') {
      const start = expected === 'no_stream' ? 0 : Number(expected) + 1;
      const same = proposed.every(({ id }, index) => known[start + index]?.id === id);
      return same ? known[start + proposed.length - 1] : undefined;
    }
    const places = proposed.map(({ id }) => this.cache.get(`${stream}/${id}`));
    return places.every((place) => place !== undefined) ? places.at(-1) : undefined;
  }

  /** As the server does with what it tells of itself. */
  storeOwn(count: number): void {
    const none = new Uint8Array();
    const own = { type: '$statsCollected', contentType: 'application/json', data: none, metadata: none };
    this.store(
      '$stats',
      Array.from({ length: count }, () => ({ ...own, id: randomUUID() })),
    );
  }

  /** As a scavenge does with the server's own events that have had their time. */
  takeAwayOwn(): void {
    this.records.splice(0, Infinity, ...this.records.filter(({ type }) => type !== '$statsCollected'));
  }

  private store(stream: string, proposed: readonly ProposedRecord[]): StandInRecord {
    const known = this.streams.get(stream) ?? [];
    this.streams.set(stream, known);
    for (const record of proposed) {
      // Positions are byte offsets: growing, with gaps.
      this.end += BigInt(100 + record.data.length);
      const stored = {
        ...record,
        stream,
        position: this.end,
        revision: BigInt(known.length),
        created: Date.now(),
      };
      known.push(stored);
      this.records.push(stored);
      this.cache.set(`${stream}/${record.id}`, stored);
    }
    return known.at(-1) as StandInRecord;
  }
}
