import { describe, expect, it } from '@jest/globals';
import { chainLine } from './chain-commands.js';

const CHAIN = { chainId: 7, name: 'Seven', state: 'FOLLOWED', failure: null, alarm: null };
const BLOCKS = { headBlock: 12, indexedBlock: 11, finalizedBlock: 5 };

describe('a line of the list of chains', () => {
  it('tells how the chain is followed, and how far', () => {
    expect(chainLine({ ...CHAIN, ...BLOCKS })).toBe('7  Seven  FOLLOWED  head 12, indexed 11, final 5');
  });

  it('tells what it is troubled with, and leaves out what is not known', () => {
    const unknown = { headBlock: null, indexedBlock: null, finalizedBlock: null };
    const troubled = { ...CHAIN, name: null, state: 'TROUBLED', failure: 'WRONG_CHAIN', ...unknown };
    expect(chainLine(troubled)).toBe('7  TROUBLED (WRONG_CHAIN)  head -, indexed -, final -');
  });

  it('tells since when it stands, by which alarm and before whose chain', () => {
    const alarm = { id: 'a1', since: '2026-01-01T12:00:00.000Z', provider: 'https://node.example' };
    expect(chainLine({ ...CHAIN, ...BLOCKS, state: 'TROUBLED', failure: 'REORG_TOO_DEEP', alarm })).toBe(
      '7  Seven  TROUBLED (REORG_TOO_DEEP)  head 12, indexed 11, final 5' +
        '  stands since 2026-01-01T12:00:00.000Z, alarm a1 by https://node.example',
    );
  });
});
