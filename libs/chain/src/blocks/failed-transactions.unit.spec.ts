import { describe, expect, it } from '@jest/globals';
import { id } from 'ethers';
import { tagCalldata } from '../calls/command-tag.js';
import { RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import type { Transaction } from './answers.js';
import { findFailures } from './failed-transactions.js';
import type { Evidence } from './prove-block.js';

const CONTRACT = `0x${'c'.repeat(40)}`;
const BLOCK_HASH = id('block');
const REASON = `${id('Error(string)').slice(0, 10)}${'20'.padStart(64, '0')}${'2'.padStart(64, '0')}${'6e6f'.padEnd(64, '0')}`;
const COMMAND = '01890a5d-ac96-774b-bcce-b302099a8057';

const transactions = (count: number): Transaction[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ hash: id(`${index}`), from: `0x${'a'.repeat(40)}`, to: CONTRACT, value: '0x0', gas: '0x5208' },
    ...{
      input: index === count - 1 ? tagCalldata('0xabcdef01', COMMAND) : '0xabcdef01',
      fields: {} as never,
    },
  }));

const evidenceOf = (reverted: readonly Transaction[]): Evidence =>
  ({
    block: { header: { hash: BLOCK_HASH, number: 7 } },
    receipts: reverted.map(({ hash }) => ({
      transactionHash: hash,
      blockHash: BLOCK_HASH,
      succeeded: false,
    })),
  }) as unknown as Evidence;

/** Answers what was asked of it once nothing more comes; counts how often that was. */
class SlowProvider {
  calls = 0;
  rounds = 0;
  private waiting: (() => void)[] = [];

  request(): Promise<never> {
    this.calls += 1;
    return new Promise((_, reject) => {
      this.waiting.push(() => reject(new RpcResponseError(3, 'execution reverted', REASON)));
      if (this.waiting.length === 1) setImmediate(() => this.answer());
    });
  }

  private answer(): void {
    this.rounds += 1;
    for (const tell of this.waiting.splice(0)) tell();
  }
}

describe('reverted transactions of a block', () => {
  it('are explained as many as a block may wait for, all at once, those of commands first', async () => {
    const provider = new SlowProvider();
    const candidates = transactions(500);
    const failures = await findFailures(provider as unknown as Provider, evidenceOf(candidates), candidates);
    expect(failures.map(({ hash }) => hash)).toEqual(candidates.map(({ hash }) => hash));
    const explained = failures.filter(({ reason }) => reason !== null);
    expect(explained.length).toBeGreaterThan(1);
    expect(explained.at(-1)?.hash).toBe(candidates.at(-1)?.hash);
    expect(provider.calls).toBeLessThanOrEqual(20);
    expect(provider.rounds).toBeLessThanOrEqual(2);
  });

  it('are all explained where they are few', async () => {
    const candidates = transactions(3);
    const provider = new SlowProvider() as unknown as Provider;
    const failures = await findFailures(provider, evidenceOf(candidates), candidates);
    expect(failures.map(({ reason }) => reason)).toEqual(['no', 'no', 'no']);
  });
});
