import { describe, expect, it } from '@jest/globals';
import type { RequestOutcome } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { RowOf } from '../engine/table.js';
import { MemoryTables } from '../testing/memory-tables.js';
import { asked, ASKS } from '../testing/simulated-requests.js';
import { told } from '../testing/told-events.js';
import { requestInLog } from './in-log.js';
import { requestsProjection } from './projection.js';
import { requests } from './tables.js';
import { requestView } from './view.js';

const ALICE = `0x${'a'.repeat(40)}`;
const [TX, OTHER_TX, BLOCK] = ['3', '4', '5'].map((digit) => `0x${digit.repeat(64)}`) as [
  string,
  string,
  string,
];
const LATER = '2026-01-01T12:10:00.000Z';
const of = { commandId: '00000000-0000-4000-8000-000000000001', chainId: 7 };
const mined = { ...of, txHash: TX, blockNumber: 9, blockHash: BLOCK };

const begun = (execution: 'WALLET' | 'RELAYED') =>
  told('TokenCreationRequested', asked({ ...of, requester: ALICE, execution }, ASKS.TokenCreationRequested));
const submitted = (txHash = TX) => told('RequestSubmitted', { ...of, txHash });
const outcome: RequestOutcome = { kind: 'CREATE_TOKEN', tokenAddress: ALICE };
const confirmed = told('RequestConfirmed', { ...mined, outcome });
const relayRequested = told('RelayRequested', {
  ...of,
  forward: { from: ALICE, to: ALICE, value: '0', gas: '1', nonce: '0', deadline: 1, data: '0x' },
});
const authorized = told('RelayAuthorized', { ...of, signature: '0x00' });
const attemptFailed = (attempt: number) =>
  told('RelayAttemptFailed', { ...of, attempt, reason: 'the node is away', retryAt: LATER });
/** What our sender tells in a stream of its own. */
const signed = (txHash: string) =>
  told('RelayerTransactionSigned', {
    ...{ ...of, relayer: ALICE, nonce: 0, txHash, rawTransaction: '0x00', replaces: null },
  });
const relayed = [begun('RELAYED'), relayRequested, authorized];

function asReadModelsShow(events: readonly RecordedEvent[]) {
  const [row] = new MemoryTables(requestsProjection).tell(events).rowsOf(requests);
  return requestView(row as RowOf<typeof requests>);
}

const STORIES: readonly (readonly [string, readonly RecordedEvent[]])[] = [
  ['accepted', [begun('WALLET')]],
  ['submitted', [begun('WALLET'), submitted()]],
  ['confirmed', [begun('WALLET'), submitted(), confirmed]],
  ['final', [begun('WALLET'), confirmed, told('RequestFinalized', { ...of, blockNumber: 9 })]],
  ['expired', [begun('WALLET'), submitted(), told('RequestExpired', { ...of, at: LATER })]],
  ['failed', [...relayed, told('RequestFailed', { ...of, code: 'RELAY_GAS_REFUSED', reason: 'too much' })]],
  ['reverted', [begun('WALLET'), told('RequestReverted', { ...mined, reason: 'No' })]],
  [
    'taken back',
    [begun('WALLET'), confirmed, told('RequestRetracted', { ...of, txHash: TX, blockHash: BLOCK })],
  ],
  ['asked to be signed', [begun('RELAYED'), relayRequested]],
  ['signed by its user', relayed],
  ['tried again', [...relayed, attemptFailed(1)]],
  ['signed by our sender', [...relayed, attemptFailed(1), signed(TX), submitted()]],
  ['replaced', [...relayed, signed(TX), submitted(), signed(OTHER_TX), submitted(OTHER_TX)]],
  ['tried again once sent', [...relayed, signed(TX), submitted(), attemptFailed(1)]],
];

describe('a request that only the log has yet', () => {
  it.each(STORIES)('is told as the read models will tell it, once it is %s', (_, events) => {
    const ofItsStream = events.filter(({ type }) => type !== 'RelayerTransactionSigned');
    expect(requestInLog(ofItsStream)).toEqual(asReadModelsShow(events));
  });

  it('is none where nothing began it', () => {
    expect(requestInLog([])).toBeNull();
  });
});
