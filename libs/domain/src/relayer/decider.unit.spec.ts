import { describe, expect, it } from '@jest/globals';
import { CHAIN, ID, OTHER_ID, RELAYER, THIRD_ID, TX_1, TX_2 } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { relayerDecider, signedFor } from './decider.js';
import type { RelayerEvent } from './events.js';

const { given } = specify(relayerDecider);

const TX_3 = `0x${'7'.repeat(64)}`;
const transaction = (nonce: number, commandId: string, txHash: string, replaces: string | null) =>
  ({ chainId: CHAIN, relayer: RELAYER, nonce, commandId, txHash, rawTransaction: '0x02', replaces }) as const;
const signed = (
  nonce: number,
  commandId: string,
  txHash: string,
  replaces: string | null = null,
): RelayerEvent => ({
  type: 'RelayerTransactionSigned',
  version: 1,
  data: transaction(nonce, commandId, txHash, replaces),
});
const sign = (nonce: number, commandId: string, txHash: string, replaces: string | null = null) =>
  ({ type: 'SignRelayerTransaction', ...transaction(nonce, commandId, txHash, replaces) }) as const;

describe('our sender', () => {
  it('begins with the nonce that the chain gives, and takes one after the other', () => {
    given()
      .when(sign(0, ID, TX_1))
      .then(signed(0, ID, TX_1));
    given()
      .when(sign(41, ID, TX_1))
      .then(signed(41, ID, TX_1));
    given(signed(41, ID, TX_1))
      .when(sign(42, OTHER_ID, TX_2))
      .then(signed(42, OTHER_ID, TX_2));
  });
  it('never takes a nonce twice, nor leaves one out', () => {
    for (const nonce of [0, 2]) {
      given(signed(0, ID, TX_1))
        .when(sign(nonce, OTHER_ID, TX_2))
        .thenRefused('RELAYER_NONCE_MISMATCH', 'nonce');
    }
  });
  it('never signs a second transaction for one command under another nonce', () => {
    const history = [signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2)] as const;
    given(...history)
      .when(sign(2, ID, TX_3))
      .thenRefused('RELAYER_COMMAND_ALREADY_SIGNED', 'commandId');
    given(...history)
      .when(sign(0, ID, TX_1))
      .thenNothing();
  });
  it('replaces the newest transaction of a nonce, whatever was signed since', () => {
    const history = [signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2)] as const;
    given(...history)
      .when(sign(0, ID, TX_3, TX_1))
      .then(signed(0, ID, TX_3, TX_1));
    expect(given(...history, signed(0, ID, TX_3, TX_1)).state.nextNonce).toBe(2);
  });
  it('replaces none but the newest, of the same nonce and command', () => {
    const history = [signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2)] as const;
    for (const wrong of [
      sign(1, ID, TX_3, TX_1),
      sign(0, ID, TX_3, TX_2),
      sign(0, OTHER_ID, TX_3, TX_1),
      sign(0, THIRD_ID, TX_3, TX_1),
    ]) {
      given(...history)
        .when(wrong)
        .thenRefused('RELAYER_NONCE_MISMATCH', 'replaces');
    }
  });
  it('finds what it signed last for a command', () => {
    const { state } = given(signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2), signed(0, ID, TX_3, TX_1));
    expect(signedFor(state, ID)).toMatchObject({ nonce: 0, txHash: TX_3 });
    expect(signedFor(state, THIRD_ID)).toBeNull();
  });
});
