import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Settling } from './settling.fixture.js';
import {
  CHAIN_ID,
  DEADLINE,
  failed,
  finalized,
  hash,
  id,
  ingested,
  OTHER_CHAIN_ID,
  reverted,
  submitted,
  swapped,
  swapRequested,
  type Told,
} from './story.fixture.js';

/** One log for two chains, with the same contracts, the same transactions and blocks of the same hashes. */
describe('settlement of several chains', () => {
  let settling: Settling;
  beforeEach(async () => {
    settling = await Settling.open();
  });
  afterEach(async () => {
    await settling.close();
  });

  const onBoth = (fact: (chainId: number) => Told): Told[] => [fact(CHAIN_ID), fact(OTHER_CHAIN_ID)];
  const startBoth = (): void => {
    settling.start();
    settling.start({ chainId: OTHER_CHAIN_ID });
  };

  it('lets no transaction on one chain answer a request to another, whatever it names', async () => {
    startBoth();
    await settling.tell([
      swapRequested('here'),
      swapRequested('there', { chainId: OTHER_CHAIN_ID }),
      swapRequested('fails', {}),
      swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't', names: 'here' }),
      failed({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 'u', names: 'fails' }),
      swapped({ block: 'b', tx: 't', names: 'there' }),
      finalized(10),
      finalized(10, undefined, OTHER_CHAIN_ID),
    ]);
    await settling.settled();
    for (const name of ['here', 'there', 'fails'])
      expect(await settling.typesOf(name)).toEqual(['SwapRequested']);
    await settling.tell([swapped({ block: 'c', tx: 't', names: 'here', number: 10 })]);
    await settling.ended('here', 'RequestFinalized');
    await settling.settled();
    expect(await settling.typesOf('there')).toEqual(['SwapRequested']);
  });

  it('keeps what it knows of a request under the chain of that request', async () => {
    startBoth();
    await settling.tell([swapRequested('here'), swapRequested('there', { chainId: OTHER_CHAIN_ID })]);
    await settling.settled();
    await settling.tell([
      swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't', names: 'here' }),
      swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 'u', names: 'there' }),
      submitted('here', 't', OTHER_CHAIN_ID),
    ]);
    await settling.settled();
    const { rows } = await settling.pool.query(
      'SELECT chain_id::int, command_id, outcome, tx_hash FROM processes.requests ORDER BY chain_id DESC',
    );
    expect(rows).toEqual([
      { chain_id: CHAIN_ID, command_id: id('here'), outcome: null, tx_hash: null },
      { chain_id: OTHER_CHAIN_ID, command_id: id('there'), outcome: 'CONFIRMED', tx_hash: hash('u') },
    ]);
  });

  it('lets no told transaction of one chain answer a request to another', async () => {
    startBoth();
    await settling.tell([
      swapRequested('here'),
      swapRequested('there', { chainId: OTHER_CHAIN_ID }),
      submitted('there', 't', OTHER_CHAIN_ID),
      swapped({ block: 'b', tx: 't' }),
    ]);
    await settling.settled();
    expect(await settling.typesOf('there')).toEqual(['SwapRequested', 'RequestSubmitted']);
    await settling.tell([swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't' })]);
    await settling.ended('there', 'RequestConfirmed');
    await settling.tell([submitted('here', 't')]);
    await settling.ended('here', 'RequestConfirmed');
  });

  it('retracts and finalizes on one chain alone', async () => {
    startBoth();
    await settling.tell([
      swapRequested('here'),
      swapRequested('there', { chainId: OTHER_CHAIN_ID }),
      ...onBoth((chainId) =>
        swapped({ chainId, block: 'b', tx: 't', names: chainId === CHAIN_ID ? 'here' : 'there' }),
      ),
    ]);
    await settling.ended('here', 'RequestConfirmed');
    await settling.ended('there', 'RequestConfirmed');
    await settling.tell([reverted('b', 10), finalized(10, undefined, OTHER_CHAIN_ID)]);
    await settling.ended('here', 'RequestRetracted');
    await settling.ended('there', 'RequestFinalized');
    await settling.settled();
    expect(await settling.typesOf('here')).toEqual(['SwapRequested', 'RequestConfirmed', 'RequestRetracted']);
    expect(await settling.typesOf('there')).toEqual([
      'SwapRequested',
      'RequestConfirmed',
      'RequestFinalized',
    ]);
  });

  it('expires by the blocks of the request’s own chain', async () => {
    startBoth();
    await settling.tell([
      ...onBoth((chainId) => swapRequested(`on ${chainId}`, { chainId })),
      ...onBoth((chainId) => submitted(`on ${chainId}`, 't', chainId)),
      ingested('b', 10, DEADLINE / 1_000 + 1, OTHER_CHAIN_ID),
    ]);
    await settling.ended(`on ${OTHER_CHAIN_ID}`, 'RequestExpired');
    await settling.settled();
    expect(await settling.typesOf(`on ${CHAIN_ID}`)).toEqual(['SwapRequested', 'RequestSubmitted']);
  });
});
