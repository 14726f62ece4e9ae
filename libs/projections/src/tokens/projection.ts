import type { TokenEvent } from '@abland/domain';
import { placeOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { chainTokens, tokenRequests } from './tables.js';

const request = (event: { data: { tokenId: string } }) => [
  rowOf(tokenRequests, { token_id: event.data.tokenId }),
];
const token = (event: { data: { tokenAddress: string } }) => [
  rowOf(chainTokens, { address: event.data.tokenAddress }),
];

type DataOf<Type extends TokenEvent['type']> = Extract<TokenEvent, { type: Type }>['data'];

/** Token creations as asked for, and tokens as the chain has them. */
export const tokensProjection: Projection = {
  name: 'tokens',
  version: 1,
  tables: [tokenRequests, chainTokens],
  handlers: {
    TokenCreationRequested: { reads: request, apply: ({ data }, rows) => requested(data, rows) },
    TokenCreationSubmitted: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(tokenRequests, { token_id: data.tokenId }, { status: 'DEPLOYING', tx_hash: data.txHash });
      },
    },
    TokenDeployed: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(
          tokenRequests,
          { token_id: data.tokenId },
          {
            status: 'DEPLOYED',
            tx_hash: data.txHash,
            token_address: data.tokenAddress,
            failure_code: null,
            failure_reason: null,
          },
        );
      },
    },
    TokenCreationFailed: {
      reads: request,
      apply: ({ data }, rows) => {
        const { tx_hash } = rows.require(tokenRequests, { token_id: data.tokenId });
        rows.patch(
          tokenRequests,
          { token_id: data.tokenId },
          {
            status: 'FAILED',
            tx_hash: data.txHash ?? tx_hash,
            failure_code: data.code,
            failure_reason: storableText(data.reason),
          },
        );
      },
    },
    TokenDeploymentRetracted: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(
          tokenRequests,
          { token_id: data.tokenId },
          { status: 'DEPLOYING', token_address: null, failure_code: null, failure_reason: null },
        );
      },
    },
    TokenCreated: {
      reads: token,
      apply: (event, rows) => {
        const { data } = event;
        const place = placeOf(event);
        rows.put(chainTokens, {
          address: data.tokenAddress,
          creator: data.creator,
          name: storableText(data.name),
          symbol: storableText(data.symbol),
          decimals: null,
          metadata_uri: null,
          total_supply: BigInt(data.totalSupply),
          deactivated: false,
          tx_hash: place.txHash,
          block_number: place.blockNumber,
          block_time: place.blockTime,
          log_index: place.logIndex,
          command_id: place.commandId,
          updated_block: place.blockNumber,
          created_at_ms: place.blockTime * 1_000,
        });
      },
    },
    TokenMetadataUpdated: {
      reads: token,
      apply: (event, rows) => {
        rows.patch(
          chainTokens,
          { address: event.data.tokenAddress },
          {
            decimals: event.data.decimals,
            metadata_uri: storableText(event.data.metadataURI),
            updated_block: placeOf(event).blockNumber,
          },
        );
      },
    },
    TokenDeactivated: {
      reads: token,
      apply: (event, rows) => {
        rows.patch(
          chainTokens,
          { address: event.data.tokenAddress },
          { deactivated: true, updated_block: placeOf(event).blockNumber },
        );
      },
    },
  },
};

function requested(data: DataOf<'TokenCreationRequested'>, rows: Rows): void {
  rows.put(tokenRequests, {
    token_id: data.tokenId,
    creator: data.creator,
    name: storableText(data.name),
    symbol: storableText(data.symbol),
    decimals: data.decimals,
    supply: BigInt(data.supply),
    total_supply: BigInt(data.totalSupply),
    description: storableText(data.description),
    metadata_uri: storableText(data.metadataURI),
    execution: data.execution,
    status: 'PENDING',
    tx_hash: null,
    token_address: null,
    failure_code: null,
    failure_reason: null,
    requested_at: data.requestedAt,
    requested_at_ms: Date.parse(data.requestedAt),
    deadline: data.deadline,
  });
}
