import { describe, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { chainStream } from '@abland/domain';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { CONTRACT, fact, reverted, told, txHash } from '../testing/told-events.js';
import { parkedProjection } from './projection.js';
import { parkedLogs, parkedMessages } from './tables.js';

const LOG = { address: CONTRACT, topics: [], data: '0x12' };
const PARKED = '00000000-0000-4000-8000-000000000001';
const OPERATION = '00000000-0000-4000-8000-000000000002';

/** In the place of a fact. */
const inPlaceOf = (event: RecordedEvent, type: string, data: RecordedEvent['data']): RecordedEvent => ({
  ...event,
  ...{ type, version: 1, data, revision: 7n },
});
const parked: RecordedEvent = {
  ...inPlaceOf(fact('Paused', { account: CONTRACT }, { block: 2, log: 3 }), 'LogParked', {
    ...{ contract: CONTRACT, role: 'TOKEN_FACTORY', clock: null, log: LOG },
    ...{ code: 'LOG_UNDECODABLE', reason: 'too few\0' },
  }),
  id: PARKED,
};
const resolved = inPlaceOf(fact('Paused', { account: CONTRACT }, { block: 2, log: 3 }), 'ParkedLogResolved', {
  ...{ eventId: PARKED, resolution: 'SKIPPED', operationId: OPERATION },
});
const message = told(
  'MessageParked',
  {
    ...{ topic: 'chain-1', offset: '9', code: 'MESSAGE_ILL_FORMED', reason: 'no kind' },
    ...{ message: '{}', digest: txHash(1) },
  },
  chainStream(1),
);
const inBlock3 = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  metadata: fact('Paused', { account: CONTRACT }, { block: 3 }).metadata,
});
const { given } = specify(parkedProjection);

describe('what ingestion parked', () => {
  it('is a log with its place, its reason and its bytes, until an operator decides', () => {
    given()
      .when(parked)
      .then(parkedLogs, {
        ...{ chain_id: 1, event_id: PARKED, revision: 7, block_number: 2, log_index: 3, tx_hash: txHash(2) },
        ...{ code: 'LOG_UNDECODABLE', reason: 'too few\u{fffd}', log: LOG },
      });
    given(parked).when(resolved).then(parkedLogs);
  });

  it('is a message of the log stream, of a chain and yet of no block', () => {
    given()
      .when(message)
      .then(parkedMessages, { chain_id: 1, topic: 'chain-1', code: 'MESSAGE_ILL_FORMED', reason: 'no kind' });
  });

  it('stays where a reorg takes back the block that was the newest when a message was parked', () => {
    given(inBlock3(message)).when(reverted(3, 3)).thenNothing();
  });

  it('refuses a message of what is no chain’s stream', () => {
    given()
      .when({ ...message, stream: 'request-1' })
      .thenRefused('A chain fact outside of a chain’s stream');
  });

  const again = { ...inBlock3(parked), id: OPERATION };
  chainLaws(parkedProjection, [message, parked, resolved, again]);
});
