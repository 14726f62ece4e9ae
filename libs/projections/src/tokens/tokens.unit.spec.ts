import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, txHash } from '../testing/told-events.js';
import { tokensProjection } from './projection.js';
import { tokens } from './tables.js';

const [ALICE, GOLD] = ['a', '1'].map((digit) => `0x${digit.repeat(40)}`) as [string, string];
const COMMAND = '00000000-0000-4000-8000-000000000001';

const created = fact(
  'TokenCreated',
  { tokenAddress: GOLD, creator: ALICE, name: 'Go\0ld', symbol: 'G\0', totalSupply: '700' },
  { block: 1, log: 4, commandId: COMMAND },
);
const described = fact(
  'TokenMetadataUpdated',
  { tokenAddress: GOLD, decimals: 6, metadataURI: 'ipfs://\0' },
  { block: 1, log: 5 },
);
const deactivated = fact('TokenDeactivated', { tokenAddress: GOLD }, { block: 3 });
const { given } = specify(tokensProjection);

describe('tokens', () => {
  it('are deployed by whoever created them, with texts that the database can hold', () => {
    given()
      .when(created)
      .then(tokens, {
        chain_id: 1,
        address: GOLD,
        status: 'DEPLOYED',
        creator: ALICE,
        name: 'Go\u{fffd}ld',
        symbol: 'G\u{fffd}',
        decimals: null,
        metadata_uri: null,
        total_supply: 700n,
        tx_hash: txHash(1),
        block_number: 1,
        block_time: 10,
        log_index: 4,
        command_id: COMMAND,
        updated_block: 1,
      });
  });

  it('have what is told of them later', () => {
    given(created)
      .when(described)
      .then(tokens, { decimals: 6, metadata_uri: 'ipfs://\u{fffd}', name: 'Go\u{fffd}ld' });
  });

  it('are deactivated for good', () => {
    given(created, described)
      .when(deactivated)
      .then(tokens, { status: 'DEACTIVATED', updated_block: 3, block_number: 1, decimals: 6 });
  });

  it.each([described, deactivated])('refuse $type of what the factory did not create', (event) =>
    given().when(event).thenRefused('An event of something unknown'),
  );

  chainLaws(tokensProjection, [created, described, deactivated]);
});
