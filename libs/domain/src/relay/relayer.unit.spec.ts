import { describe, expect, it } from '@jest/globals';
import { ID, OTHER_ID, RELAYER, THIRD_ID, TX_1, TX_2 } from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { RelayerEvent } from './events.js';
import { relayerDecider, signedFor } from './relayer.js';

const { given } = specify(relayerDecider);

const signed = (nonce: number, commandId: string, txHash: string): RelayerEvent => ({
  type: 'RelayerTransactionSigned',
  version: 1,
  data: { relayer: RELAYER, nonce, commandId, txHash, rawTransaction: '0x02' },
});
const sign = (nonce: number, commandId: string, txHash: string) =>
  ({
    type: 'SignRelayerTransaction',
    relayer: RELAYER,
    nonce,
    commandId,
    txHash,
    rawTransaction: '0x02',
  }) as const;

describe('our sender', () => {
  it('takes one nonce after the other', () => {
    given()
      .when(sign(0, ID, TX_1))
      .then(signed(0, ID, TX_1));
    given(signed(0, ID, TX_1))
      .when(sign(1, OTHER_ID, TX_2))
      .then(signed(1, OTHER_ID, TX_2));
  });
  it('never takes a nonce twice, nor leaves one out', () => {
    given(signed(0, ID, TX_1))
      .when(sign(0, OTHER_ID, TX_2))
      .thenRefused('RELAYER_NONCE_MISMATCH', 'nonce');
    given(signed(0, ID, TX_1))
      .when(sign(2, OTHER_ID, TX_2))
      .thenRefused('RELAYER_NONCE_MISMATCH', 'nonce');
    given()
      .when(sign(1, ID, TX_1))
      .thenRefused('RELAYER_NONCE_MISMATCH', 'nonce');
  });
  it('never signs a second transaction for one command', () => {
    const history = [signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2)] as const;
    given(...history)
      .when(sign(2, ID, TX_2))
      .thenRefused('RELAYER_COMMAND_ALREADY_SIGNED', 'commandId');
    given(...history)
      .when(sign(0, ID, TX_1))
      .thenNothing();
  });
  it('finds what it signed for a command', () => {
    const { state } = given(signed(0, ID, TX_1), signed(1, OTHER_ID, TX_2));
    expect(signedFor(state, ID)).toMatchObject({ nonce: 0, txHash: TX_1 });
    expect(signedFor(state, THIRD_ID)).toBeNull();
  });
});
