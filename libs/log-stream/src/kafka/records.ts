import type { IHeaders, Message } from 'kafkajs';
import type { FetchedRecord } from './client/kafkajs-internals.js';

/**
 * With what a publisher marks all that it writes. Of two, the one with the higher epoch publishes; of the same epoch, the one that
 * claimed later; of claims at the same moment, the one that drew the higher lot.
 */
export interface PublisherMark {
  readonly epoch: bigint;
  readonly claim: number;
  readonly lot: number;
}

/** Of what is published on a topic that nobody claims. */
export const NO_MARK: PublisherMark = { epoch: 0n, claim: 0, lot: 0 };

const HEADER = 'abland';
const CLAIM = 'claim';
const VALUE = 'value';
const FORMAT = /^1 (claim|value) (\d{1,19}) (\d{1,9}) (\d{1,9})$/;
const LOTS = 1_000_000_000;

export interface ValueRecord {
  readonly kind: 'value';
  readonly offset: bigint;
  readonly mark: PublisherMark;
  readonly value: Buffer;
}

export type TopicRecord =
  | ValueRecord
  | { readonly kind: 'claim'; readonly offset: bigint; readonly mark: PublisherMark }
  /** Not written by a publisher of ours. */
  | { readonly kind: 'foreign'; readonly offset: bigint };

export const drawLot = (): number => 1 + Math.floor(Math.random() * (LOTS - 1));

export function compareMarks(one: PublisherMark, other: PublisherMark): number {
  if (one.epoch !== other.epoch) return one.epoch < other.epoch ? -1 : 1;
  return one.claim - other.claim || one.lot - other.lot;
}

export const claimMessage = (mark: PublisherMark): Message => ({ value: '', headers: header(CLAIM, mark) });

export const valueMessages = (mark: PublisherMark, texts: readonly string[]): Message[] => {
  const headers = header(VALUE, mark);
  return texts.map((value) => ({ value, headers }));
};

const header = (kind: string, { epoch, claim, lot }: PublisherMark): IHeaders => ({
  [HEADER]: `1 ${kind} ${epoch} ${claim} ${lot}`,
});

/** Anyone who may write to the topic decides what is in it. */
export function parseRecord({ headers, offset: at, value }: FetchedRecord): TopicRecord {
  const offset = BigInt(at);
  const said = headers[HEADER];
  const found = Buffer.isBuffer(said) ? FORMAT.exec(said.toString('latin1')) : null;
  if (found === null || value === null) return { kind: 'foreign', offset };
  const [, kind, epoch = '', claim, lot] = found;
  const mark = { epoch: BigInt(epoch), claim: Number(claim), lot: Number(lot) };
  return kind === CLAIM ? { kind: 'claim', offset, mark } : { kind: 'value', offset, mark, value };
}
