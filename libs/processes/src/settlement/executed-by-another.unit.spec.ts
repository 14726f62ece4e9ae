import { describe, expect, it } from '@jest/globals';
import { requestStream } from '@abland/domain';
import { confirmed, follow, record, streams, types } from './following.fixture.js';
import {
  BOB,
  CHAIN_ID,
  failed,
  finalized,
  forwardExecuted,
  id,
  RELAYER,
  reverted,
  said,
  signedByRelayer,
  signedSwap,
  swapped,
  swapRequested,
  type Told,
} from './story.fixture.js';

describe('a signed request that somebody else sent', () => {
  const place = { block: 'b', tx: 'of another' };
  const executed = (logIndex = 1, change = {}): Told => forwardExecuted({ ...place, logIndex }, change);
  const story = [...signedSwap('swap'), swapped(place), executed()];

  it('is confirmed by its signer and nonce', async () => {
    expect(await types(...story, finalized(10))).toEqual(['ConfirmRequest', 'FinalizeRequest']);
  });

  it('is confirmed whatever command the transaction names', async () => {
    for (const names of ['nothing', 'of bob']) {
      const tagged = { ...place, names };
      const told = [swapped(tagged), forwardExecuted({ ...tagged, logIndex: 1 })];
      const ofBob = swapRequested('of bob', { user: BOB });
      expect(await confirmed(ofBob, ...signedSwap('swap'), ...told)).toEqual(streams('swap'));
    }
  });

  it('is not failed by our own transaction, which comes too late, and is confirmed where it failed before', async () => {
    const ours = { block: 'c', number: 11, tx: 'ours', names: 'swap' };
    const sent = signedByRelayer('swap', 'ours');
    expect(await types(...signedSwap('swap'), sent, ...story.slice(3), failed(ours, RELAYER))).toEqual([
      'ConfirmRequest',
    ]);
    const givenUp = said('swap', 'RequestFailed', { code: 'RELAY_NONCE_USED', reason: 'used' });
    expect(await types(...signedSwap('swap'), givenUp, ...story.slice(3))).toEqual(['ConfirmRequest']);
  });

  it('is taken back with its block', async () => {
    expect(await types(...story, reverted('b', 10))).toEqual(['ConfirmRequest', 'RetractRequest']);
  });

  it.each([
    ['has another nonce', [...signedSwap('swap', '1'), swapped(place), executed()]],
    ['failed in a batch', [...signedSwap('swap'), swapped(place), executed(1, { success: false })]],
    ['did something else', [...signedSwap('swap'), swapped(place, { amountIn: '5' }), executed()]],
  ])('is not confirmed where what was executed %s', async (_what, told) => {
    expect(await types(...told)).toEqual([]);
  });

  it('is confirmed by its own part of a batch', async () => {
    const both = [...signedSwap('one', '0'), ...signedSwap('other', '1')];
    const batch = [
      swapped({ ...place, logIndex: 0 }),
      executed(1),
      swapped({ ...place, logIndex: 2 }, { amountOut: '941' }),
      executed(3, { nonce: '1' }),
    ];
    const commands = (await follow(await record([...both, ...batch]))) as readonly {
      stream: string;
      command: { fact?: { data: { amountOut: string } } };
    }[];
    expect(commands.map(({ stream, command }) => [stream, command.fact?.data.amountOut])).toEqual([
      [requestStream(id('one')), '940'],
      [requestStream(id('other')), '941'],
    ]);
  });

  it('is the signed one of two with one nonce, and only one', async () => {
    const unsigned = signedSwap('unsigned').slice(0, 2);
    const both = [...unsigned, ...signedSwap('signed')];
    expect(await confirmed(...both, swapped(place), executed())).toEqual(streams('signed'));
    const named = { ...place, names: 'unsigned' };
    const told = [swapped(named), forwardExecuted({ ...named, logIndex: 1 })];
    expect(await confirmed(...both, ...told)).toEqual(streams('unsigned'));
  });

  it('is the only one answered by its transaction, though that was to be replaced by the time it was mined', async () => {
    const both = [...signedSwap('unsigned').slice(0, 2), ...signedSwap('signed')];
    const mined = { block: 'b', tx: 'ours', names: 'signed' };
    const told = [
      signedByRelayer('signed', 'ours'),
      swapped(mined),
      signedByRelayer('signed', 'dearer', CHAIN_ID, 'ours'),
      forwardExecuted({ ...mined, logIndex: 1 }),
    ];
    expect(await confirmed(...both, ...told)).toEqual(streams('signed'));
  });
});
