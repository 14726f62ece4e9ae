import {
  type CommandRejected,
  type RequestedEvent,
  REQUESTED_TYPES,
  requestKindOf,
  type RequestOutcome,
} from '@abland/domain';
import { InvariantViolation, type RecordedEvent } from '@abland/kernel';
import { type Handlers, type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { requests } from './tables.js';

type RequestRow = RowOf<typeof requests>;
type OfCommand = { readonly data: { readonly commandId: string } };

const reads = ({ data }: OfCommand) => [rowOf(requests, { command_id: data.commandId })];

/** A handler that sets columns of the request that its event names. */
const change = <Data extends OfCommand['data']>(
  changes: (data: Data, known: RequestRow) => Partial<RequestRow>,
) => ({
  reads,
  apply: ({ data }: { readonly data: Data }, rows: Rows): void => {
    const known = rows.require(requests, { command_id: data.commandId });
    rows.put(requests, { ...known, ...changes(data, known) });
  },
});

const NOTHING_YET = {
  execution: null,
  terms: null,
  deadline: null,
  outcome: null,
  token: null,
  pool_id: null,
  tx_hash: null,
  block_number: null,
  block_hash: null,
  relay_status: null,
  relay_failure: null,
  failure_code: null,
  failure_reason: null,
  failure_field: null,
} as const;
const NO_FAILURE = { failure_code: null, failure_reason: null } as const;
const NOT_MINED = { block_number: null, block_hash: null, outcome: null } as const;

/** Of whatever kind: the token and the pool that its terms name stand in columns, as lists ask for them. */
function begin(event: RecordedEvent<RequestedEvent>, rows: Rows): void {
  const { type, data, metadata } = event;
  const kind = requestKindOf(type);
  if (kind === null) throw new InvariantViolation('An event that begins no request', { type });
  rows.put(requests, {
    ...NOTHING_YET,
    command_id: data.commandId,
    chain_id: data.chainId,
    kind,
    requester: data.requester,
    status: 'ACCEPTED',
    execution: data.execution,
    terms: { ...data.terms },
    token: tokenOf(data.terms),
    pool_id: 'poolId' in data.terms ? data.terms.poolId : null,
    input_hash: data.inputHash,
    correlation_id: metadata.correlationId,
    requested_at: data.requestedAt,
    deadline: data.deadline,
  });
}

const tokenOf = (said: RequestedEvent['data']['terms'] | RequestOutcome): string | null =>
  'tokenAddress' in said ? said.tokenAddress : null;

/** A rejected command left nothing behind; where its id was accepted once, that stays what became of it. */
function reject({ data, metadata }: RecordedEvent<CommandRejected>, rows: Rows): void {
  const known = rows.get(requests, { command_id: data.commandId });
  if (known !== undefined && known.status !== 'REJECTED') return;
  rows.put(requests, {
    ...NOTHING_YET,
    command_id: data.commandId,
    chain_id: data.chainId,
    kind: data.command,
    requester: data.address,
    status: 'REJECTED',
    failure_code: data.code,
    failure_reason: storableText(data.reason),
    failure_field: data.field,
    input_hash: data.inputHash,
    correlation_id: metadata.correlationId,
    requested_at: data.at,
  });
}

const isOpen = ({ status }: RequestRow): boolean => status === 'ACCEPTED' || status === 'SUBMITTED';

const progressHandlers: Handlers = {
  CommandRejected: { reads, apply: reject },
  RequestSubmitted: change(({ txHash }) => ({ status: 'SUBMITTED', tx_hash: txHash })),
  RequestConfirmed: change(({ txHash, blockNumber, blockHash, outcome }, known) => ({
    ...NO_FAILURE,
    status: 'CONFIRMED',
    tx_hash: txHash,
    block_number: blockNumber,
    block_hash: blockHash,
    outcome: { ...outcome },
    token: tokenOf(outcome) ?? known.token,
  })),
  RequestFinalized: change(() => ({ status: 'FINALIZED' })),
  RequestFailed: change(({ code, reason }) => ({
    status: 'FAILED',
    failure_code: code,
    failure_reason: storableText(reason),
  })),
  RequestExpired: change(({ at }) => ({
    status: 'EXPIRED',
    failure_code: 'EXPIRED',
    failure_reason: `Not mined by its deadline, seen at ${at}`,
  })),
  RequestReverted: change(({ txHash, blockNumber, blockHash, reason }) => ({
    status: 'REVERTED',
    tx_hash: txHash,
    block_number: blockNumber,
    block_hash: blockHash,
    failure_code: 'REVERTED',
    failure_reason: reason === null ? null : storableText(reason),
  })),
  /** A reorg took the outcome back: the transaction may be mined again. */
  RequestRetracted: change(({ txHash }, { kind, token }) => ({
    ...NO_FAILURE,
    ...NOT_MINED,
    status: 'SUBMITTED',
    tx_hash: txHash,
    token: kind === 'CREATE_TOKEN' ? null : token,
  })),
  RelayRequested: change(() => ({ relay_status: 'REQUESTED' })),
  RelayAuthorized: change(() => ({ relay_status: 'AUTHORIZED' })),
  RelayAttemptFailed: change(({ reason }) => ({
    relay_status: 'RETRYING',
    relay_failure: storableText(reason),
  })),
  /** Recorded; it is sent from now on. What was mined already is told by what it came to, whichever transaction that was. */
  RelayerTransactionSigned: change(({ txHash }, known) => ({
    relay_status: 'SIGNED',
    relay_failure: null,
    tx_hash: isOpen(known) ? txHash : known.tx_hash,
  })),
};

/** Requests of every kind, those of tomorrow too: what differs are their terms. */
export const requestsProjection: Projection = {
  name: 'requests',
  version: 1,
  tables: [requests],
  handlers: {
    ...(Object.fromEntries(REQUESTED_TYPES.map((type) => [type, { reads, apply: begin }])) as Handlers),
    ...progressHandlers,
  },
};
