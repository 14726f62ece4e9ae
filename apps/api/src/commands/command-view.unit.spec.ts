import type { AcceptedRequest } from '@abland/domain';
import { describe, expect, it } from '@jest/globals';
import { commandInLog } from './command-view.js';

const TOKEN = `0x${'a'.repeat(40)}`;
const STATE = {
  request: {
    commandId: 'c',
    chainId: 1,
    execution: 'WALLET',
    requestedAt: 't',
    deadline: 't',
    terms: { name: 'A' },
  },
  kind: 'CREATE_TOKEN',
  relay: null,
  mined: { blockNumber: 7, txHash: '0x1' },
  outcome: { kind: 'CREATE_TOKEN', tokenAddress: TOKEN },
};

describe('a command that only the log has yet', () => {
  it.each(['CONFIRMED', 'FINALIZED'] as const)(
    'names the token that it created, once %s, as the read models do',
    (status) => {
      const state = { ...STATE, status } as unknown as AcceptedRequest;
      expect(commandInLog(state)).toMatchObject({
        token: TOKEN,
        blockNumber: 7,
        outcome: { tokenAddress: TOKEN },
      });
    },
  );

  it('names none before', () => {
    const state = { ...STATE, status: 'ACCEPTED', submitted: null } as unknown as AcceptedRequest;
    expect(commandInLog(state)).toMatchObject({ token: null, blockNumber: null, outcome: null });
  });
});
