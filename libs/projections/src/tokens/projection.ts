import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { tokens } from './tables.js';

type OfToken = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly tokenAddress: string } };

const keyOf = (event: OfToken) => ({
  chain_id: chainPlaceOf(event).chainId,
  address: event.data.tokenAddress,
});
const reads = (event: OfToken) => [rowOf(tokens, keyOf(event))];

/** Tokens as the chain has them, whoever had them made. */
export const tokensProjection: Projection = {
  name: 'tokens',
  version: 1,
  tables: [tokens],
  handlers: {
    TokenCreated: {
      reads,
      apply: (event, rows) => {
        const { data } = event;
        const place = chainPlaceOf(event);
        rows.put(tokens, {
          ...keyOf(event),
          status: 'DEPLOYED',
          creator: data.creator,
          name: storableText(data.name),
          symbol: storableText(data.symbol),
          decimals: null,
          metadata_uri: null,
          total_supply: BigInt(data.totalSupply),
          tx_hash: place.txHash,
          block_number: place.blockNumber,
          block_time: place.blockTime,
          log_index: place.logIndex,
          command_id: place.commandId,
          updated_block: place.blockNumber,
        });
      },
    },
    TokenMetadataUpdated: {
      reads,
      apply: (event, rows) => {
        const { decimals, metadataURI } = event.data;
        const updated_block = chainPlaceOf(event).blockNumber;
        rows.patch(tokens, keyOf(event), {
          decimals,
          metadata_uri: storableText(metadataURI),
          updated_block,
        });
      },
    },
    TokenDeactivated: {
      reads,
      apply: (event, rows) => {
        const updated_block = chainPlaceOf(event).blockNumber;
        rows.patch(tokens, keyOf(event), { status: 'DEACTIVATED', updated_block });
      },
    },
  },
};
