import { describe, expect, it } from '@jest/globals';
import { AbiCoder, Interface, zeroPadValue } from 'ethers';
import { governanceClockOf } from './governance-clock.js';
import { isVotingOpen } from './open-voting.js';

const GOVERNOR = zeroPadValue('0x99', 20);
const BLOCKS = 'mode=blocknumber&from=default';
const SECONDS = 'mode=timestamp';
const CREATED = new Interface([
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
]);

/** A node whose Governor counts so and has proposals that end then. */
const node = (mode: string | null, ...ends: readonly number[]) => ({
  request: ({ method }: { readonly method: string }): Promise<unknown> => {
    if (method === 'eth_call')
      return Promise.resolve(mode === null ? '0x' : AbiCoder.defaultAbiCoder().encode(['string'], [mode]));
    const logs = ends.map((end) =>
      CREATED.encodeEventLog('ProposalCreated', [1, GOVERNOR, [], [], [], [], end - 30, end, 'why']),
    );
    return Promise.resolve(logs);
  },
});
const provider = (...args: Parameters<typeof node>) => node(...args) as never;

describe('what governance counts on a chain', () => {
  it('is what its Governor says, whichever version deployed it', async () => {
    expect(await governanceClockOf(provider(SECONDS), GOVERNOR)).toBe('SECONDS');
    expect(await governanceClockOf(provider(BLOCKS), GOVERNOR)).toBe('BLOCKS');
    expect(await governanceClockOf(provider(null), GOVERNOR)).toBe('BLOCKS');
  });
});

describe('an open voting', () => {
  const [head, time] = [1_000, 1_900_000_000];
  const isOpen = (mode: string, ...ends: number[]) =>
    isVotingOpen(provider(mode, ...ends), GOVERNOR, head, time);

  it('ends by the time of blocks where governance counts seconds', async () => {
    expect(await isOpen(SECONDS, time)).toBe(true);
    expect(await isOpen(SECONDS, time - 1)).toBe(false);
    expect(await isOpen(SECONDS, time - 1, time + 200)).toBe(true);
    expect(await isOpen(SECONDS, time + 201)).toBe(false);
  });

  it('ends by the number of blocks where it counts those', async () => {
    expect(await isOpen(BLOCKS, head)).toBe(true);
    expect(await isOpen(BLOCKS, head - 1)).toBe(false);
    expect(await isOpen(BLOCKS, head + 200)).toBe(true);
    expect(await isOpen(BLOCKS, head + 201)).toBe(false);
    expect(await isOpen(BLOCKS)).toBe(false);
  });
});
