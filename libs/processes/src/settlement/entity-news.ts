import type {
  Address,
  BlockNumber,
  Hash,
  OrderEvent,
  PoolEvent,
  RelayerTransactionSigned,
  TokenEvent,
  Uuid,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';
import type { RequestKind, TrackedRequest } from './tracked-request.js';

export type EntityEvent = TokenEvent | PoolEvent | OrderEvent | RelayerTransactionSigned;

/** Which request an event is about: by its command, or the newest of its kind on an entity. */
export type RequestKey =
  { readonly commandId: Uuid } | { readonly kind: 'TOKEN_DEACTIVATION'; readonly entityId: Uuid };

/** What an aggregate's event means for the request behind it, whatever the kind of aggregate. */
export type EntityNews =
  | { readonly news: 'REQUESTED'; readonly request: TrackedRequest }
  | { readonly news: 'SUBMITTED'; readonly key: RequestKey; readonly txHash: Hash }
  /** Our sender recorded the transaction; it may be on the chain before it is told. */
  | { readonly news: 'SIGNED'; readonly key: RequestKey; readonly txHash: Hash }
  | {
      readonly news: 'CONFIRMED';
      readonly key: RequestKey;
      readonly txHash: Hash;
      readonly blockNumber: BlockNumber;
      readonly blockHash: Hash;
      readonly tokenAddress: Address | null;
    }
  | { readonly news: 'REVERTED'; readonly key: RequestKey; readonly blockHash: Hash }
  | { readonly news: 'RETRACTED'; readonly key: RequestKey; readonly blockHash: Hash }
  | { readonly news: 'CLOSED'; readonly key: RequestKey }
  | { readonly news: 'FINALIZED'; readonly key: RequestKey };

/** Every type that `readEntityNews` takes. */
export const ENTITY_EVENT_TYPES = [
  'TokenCreationRequested',
  'TokenCreationSubmitted',
  'TokenDeployed',
  'TokenCreationFailed',
  'TokenDeploymentRetracted',
  'TokenDeactivationRequested',
  'TokenDeactivationSubmitted',
  'TokenDeactivationConfirmed',
  'TokenDeactivationFailed',
  'TokenDeactivationRetracted',
  'PoolCreationRequested',
  'PoolCreationSubmitted',
  'PoolDeployed',
  'PoolCreationFailed',
  'PoolDeploymentRetracted',
  'OrderRequested',
  'OrderSubmitted',
  'OrderConfirmed',
  'OrderFinalized',
  'OrderFailed',
  'OrderExpired',
  'OrderReverted',
  'OrderOutcomeRetracted',
  'RelayerTransactionSigned',
] as const satisfies readonly EntityEvent['type'][];

const ENTITY_EVENT_TYPE_SET: ReadonlySet<string> = new Set(ENTITY_EVENT_TYPES);

export const isEntityEvent = (event: RecordedEvent): event is Recorded<EntityEvent> =>
  ENTITY_EVENT_TYPE_SET.has(event.type);

export function readEntityNews(told: Recorded<EntityEvent>): EntityNews {
  switch (told.type) {
    case 'TokenCreationRequested':
      return requested('TOKEN_CREATION', told.data.tokenId, told.data.tokenId, told.data.creator, told);
    case 'TokenDeactivationRequested': {
      const { commandId, requestedBy, tokenId } = told.data;
      return requested('TOKEN_DEACTIVATION', commandId, tokenId, requestedBy, told);
    }
    case 'PoolCreationRequested':
      return requested('POOL_CREATION', told.data.requestId, told.data.requestId, told.data.creator, told);
    case 'OrderRequested':
      return requested('ORDER', told.data.orderId, told.data.orderId, told.data.user, told);
    case 'TokenCreationSubmitted':
    case 'TokenDeactivationSubmitted':
    case 'PoolCreationSubmitted':
    case 'OrderSubmitted':
      return { news: 'SUBMITTED', key: keyOf(told), txHash: told.data.txHash };
    case 'RelayerTransactionSigned':
      return { news: 'SIGNED', key: { commandId: told.data.commandId }, txHash: told.data.txHash };
    case 'TokenDeployed':
    case 'TokenDeactivationConfirmed':
    case 'PoolDeployed':
    case 'OrderConfirmed': {
      const { txHash, blockNumber, blockHash } = told.data;
      const tokenAddress = told.type === 'TokenDeployed' ? told.data.tokenAddress : null;
      return { news: 'CONFIRMED', key: keyOf(told), txHash, blockNumber, blockHash, tokenAddress };
    }
    case 'TokenCreationFailed':
    case 'TokenDeactivationFailed':
    case 'PoolCreationFailed': {
      const key = keyOf(told);
      const { blockHash } = told.data;
      return blockHash === null ? { news: 'CLOSED', key } : { news: 'REVERTED', key, blockHash };
    }
    case 'OrderReverted':
      return { news: 'REVERTED', key: keyOf(told), blockHash: told.data.blockHash };
    case 'OrderFailed':
    case 'OrderExpired':
      return { news: 'CLOSED', key: keyOf(told) };
    case 'TokenDeploymentRetracted':
    case 'TokenDeactivationRetracted':
    case 'PoolDeploymentRetracted':
    case 'OrderOutcomeRetracted':
      return { news: 'RETRACTED', key: keyOf(told), blockHash: told.data.blockHash };
    case 'OrderFinalized':
      return { news: 'FINALIZED', key: keyOf(told) };
    default:
      return told satisfies never;
  }
}

type FollowUp = Recorded<Exclude<EntityEvent, RelayerTransactionSigned>>;

function keyOf(event: FollowUp): RequestKey {
  if ('orderId' in event.data) return { commandId: event.data.orderId };
  if ('requestId' in event.data) return { commandId: event.data.requestId };
  if ('commandId' in event.data) return { commandId: event.data.commandId };
  if (event.type === 'TokenDeactivationConfirmed' || event.type === 'TokenDeactivationRetracted') {
    return { kind: 'TOKEN_DEACTIVATION', entityId: event.data.tokenId };
  }
  return { commandId: event.data.tokenId };
}

function requested(
  kind: RequestKind,
  commandId: Uuid,
  entityId: Uuid,
  account: Address,
  event: RecordedEvent,
): EntityNews {
  const terms = event.data as TrackedRequest['terms'] & {
    execution: TrackedRequest['execution'];
    requestedAt: string;
    deadline: string;
  };
  const deadline = Date.parse(terms.deadline);
  const request: TrackedRequest = {
    commandId,
    kind,
    entityId,
    account,
    execution: terms.execution,
    terms,
    correlationId: event.metadata.correlationId,
    requestedAt: Date.parse(terms.requestedAt),
    deadline,
    txHash: null,
    status: 'OPEN',
    outcomeBlockNumber: null,
    outcomeBlockHash: null,
    expiryDueAt: deadline,
    tokenAddress: null,
  };
  return { news: 'REQUESTED', request };
}
