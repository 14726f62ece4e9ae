import { type AuthorizedRelay, ChainBehindError, type SendOutcome } from '@abland/chain';
import { describe, expect, it } from '@jest/globals';
import { sendingWhereRight } from './sending-where-right.js';

const RELAY: AuthorizedRelay = { commandId: 'a', signer: '0x2', correlationId: 'b', authorizedAt: 1n };
const SENT: SendOutcome = { outcome: 'SENT', txHash: '0x1' };

describe('a sender of a chain that is behind the log', () => {
  it('sends nothing, and nothing again, until the chain is the one of the log', async () => {
    const done: string[] = [];
    let behind = true;
    const sender = sendingWhereRight(
      {
        relayer: '0x3',
        status: () => ({}) as never,
        hasSigned: async () => false,
        open: async () => void done.push('open'),
        rebroadcast: async () => void done.push('rebroadcast'),
        send: async () => {
          done.push('send');
          return SENT;
        },
      },
      async () => {
        if (behind) throw new ChainBehindError('restored');
      },
    );
    for (const act of [() => sender.open(), () => sender.send(RELAY), () => sender.rebroadcast()])
      await expect(act()).rejects.toMatchObject({ code: 'CHAIN_BEHIND' });
    expect(done).toEqual([]);
    behind = false;
    await sender.open();
    expect(await sender.send(RELAY)).toBe(SENT);
    await sender.rebroadcast();
    expect(done).toEqual(['open', 'send', 'rebroadcast']);
  });
});
