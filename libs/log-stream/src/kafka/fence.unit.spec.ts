import { describe, expect, it } from '@jest/globals';
import { Fence } from './fence.js';
import {
  claimMessage,
  compareMarks,
  type PublisherMark,
  parseRecord,
  type TopicRecord,
  valueMessages,
} from './records.js';

const mark = (epoch: number, claim = 1, lot = 1): PublisherMark => ({ epoch: BigInt(epoch), claim, lot });
const record = (of: PublisherMark, kind: 'claim' | 'value' = 'value'): TopicRecord =>
  kind === 'claim' ? { kind, offset: 0n, mark: of } : { kind, offset: 0n, mark: of, value: Buffer.from('1') };
const admitted = (...records: readonly TopicRecord[]): boolean[] => {
  const fence = new Fence();
  return records.map((one) => fence.admits(one));
};

describe('the fence of a topic', () => {
  it.each([
    ['a lower epoch', mark(2), mark(1)],
    ['a lower claim of the same epoch', mark(2, 2), mark(2, 1)],
    ['a lower lot of the same claim', mark(2, 2, 9), mark(2, 2, 8)],
    ['a lower epoch, whatever its claim', mark(2, 1), mark(1, 9, 9)],
  ])('lets go of %s after a higher one, and not before it', (_, higher, lower) => {
    expect(admitted(record(higher), record(lower), record(higher))).toEqual([true, false, true]);
    expect(admitted(record(lower), record(higher))).toEqual([true, true]);
  });

  it('heeds a claim as it heeds a message', () => {
    expect(admitted(record(mark(1)), record(mark(2), 'claim'), record(mark(1)))).toEqual([true, true, false]);
  });

  it('lets go of what is foreign, which changes nothing', () => {
    expect(admitted(record(mark(1)), { kind: 'foreign', offset: 1n }, record(mark(1)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('begins with a mark that is known', () => {
    const fence = new Fence(mark(5));
    expect([fence.admits(record(mark(4))), fence.admits(record(mark(5)))]).toEqual([false, true]);
    expect(fence.highest).toEqual(mark(5));
  });

  it('orders marks by epoch, claim and lot', () => {
    const marks = [mark(2, 1, 1), mark(1, 2, 1), mark(1, 1, 2), mark(1, 1, 1), mark(10, 1, 1)];
    expect(marks.toSorted(compareMarks).map(({ epoch, claim, lot }) => `${epoch}.${claim}.${lot}`)).toEqual([
      ...['1.1.1', '1.1.2', '1.2.1', '2.1.1', '10.1.1'],
    ]);
  });
});

describe('a record of a topic', () => {
  const buffers = (headers: Readonly<Record<string, unknown>> | undefined): Record<string, Buffer> =>
    Object.fromEntries(
      Object.entries(headers ?? {}).map(([key, value]) => [key, Buffer.from(String(value))]),
    );

  it('is read as it was written', () => {
    const [written] = valueMessages(mark(7, 3, 123), ['{"a":1}']);
    const value = Buffer.from('{"a":1}');
    const read = { offset: '12', value, headers: buffers(written?.headers) };
    expect(parseRecord(read)).toEqual({ kind: 'value', offset: 12n, mark: mark(7, 3, 123), value });
    const claim = { offset: '9', value: Buffer.alloc(0), headers: buffers(claimMessage(mark(7)).headers) };
    expect(parseRecord(claim)).toEqual({ kind: 'claim', offset: 9n, mark: mark(7) });
  });

  it.each<[string, Parameters<typeof parseRecord>[0]['headers'], Buffer | null]>([
    ['without our header', {}, Buffer.from('1')],
    ['without a value', { abland: Buffer.from('1 value 1 1 1') }, null],
    ['with another format', { abland: Buffer.from('2 value 1 1 1') }, Buffer.from('1')],
    ['with half a mark', { abland: Buffer.from('1 value 1 1') }, Buffer.from('1')],
    ['with a mark and more', { abland: Buffer.from('1 value 1 1 1 1') }, Buffer.from('1')],
    ['with a negative epoch', { abland: Buffer.from('1 value -1 1 1') }, Buffer.from('1')],
    [
      'with two marks',
      { abland: [Buffer.from('1 value 1 1 1'), Buffer.from('1 value 1 1 1')] },
      Buffer.from('1'),
    ],
  ])('is foreign %s', (_, headers, value) => {
    expect(parseRecord({ offset: '3', value, headers })).toEqual({ kind: 'foreign', offset: 3n });
  });
});
