import { describe, expect, it } from '@jest/globals';
import { encodeRlp as encodeByEthers, type RlpStructuredData } from 'ethers';
import { encodeRlp, type Rlp } from './rlp.js';

const ofSize = (size: number, byte = 0xab): Uint8Array => Buffer.alloc(size, byte);
const texts = (item: Rlp): RlpStructuredData =>
  item instanceof Uint8Array ? `0x${Buffer.from(item).toString('hex')}` : item.map(texts);

/** Processor's milliseconds, so that whatever else the machine does counts little. */
function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1_000;
}

describe('the recursive length prefix', () => {
  it.each<[string, Rlp]>([
    ['nothing', ofSize(0)],
    ['a byte that stands for itself', ofSize(1, 0x7f)],
    ['a byte that does not', ofSize(1, 0x80)],
    ['55 bytes, the last short length', ofSize(55)],
    ['56 bytes, the first long one', ofSize(56)],
    ['a length of two bytes', ofSize(300)],
    ['a length of three bytes', ofSize(70_000)],
    ['an empty list', []],
    ['a list of 55 bytes', Array.from({ length: 55 }, () => ofSize(1, 1))],
    ['a list of 56 bytes', Array.from({ length: 56 }, () => ofSize(1, 1))],
    ['lists in lists', [[], [[ofSize(3)], ofSize(0)], [[[ofSize(60)]], ofSize(1, 0)]]],
  ])('of %s is that of ethers', (_, item) => {
    expect(`0x${encodeRlp(item).toString('hex')}`).toBe(encodeByEthers(texts(item)));
  });

  it('takes time as there are items, not as their square', () => {
    const list = (count: number): Rlp => [
      Array.from({ length: count }, () => [ofSize(20), [ofSize(32)], ofSize(32)]),
    ];
    const [small, large] = [list(2_000), list(16_000)];
    encodeRlp(small);
    const times = Array.from({ length: 5 }, () => ({
      small: processorMs(() => encodeRlp(small)),
      large: processorMs(() => encodeRlp(large)),
    }));
    const least = (of: (time: { small: number; large: number }) => number): number =>
      Math.min(...times.map(of));
    expect(
      least(({ large: ms }) => ms) /
        Math.max(
          least(({ small: ms }) => ms),
          0.5,
        ),
    ).toBeLessThan(24);
  });
});
