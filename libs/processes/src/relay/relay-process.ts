import type {
  Address,
  ForwardRequestExecuted,
  RelayerTransactionSigned,
  RelayEvent,
  RelayRefused,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { Process, Turn } from '../engine/process.js';
import type { ProcessCommand } from '../engine/process-command.js';
import type { Recorded } from '../engine/recorded.js';
import { KINDS } from '../settlement/kinds/kinds.js';
import {
  authorizeRelay,
  closeRelay,
  findRelayTarget,
  insertRelay,
  markSigned,
  postponeRelay,
  wakeRelaysOf,
} from './relay-rows.js';
import { RelayWorker, type RelayWorkerOptions } from './relay-worker.js';

type RelayingEvent = RelayEvent | RelayerTransactionSigned | ForwardRequestExecuted;

const EVENT_TYPES = [
  'RelayRequested',
  'RelayAuthorized',
  'RelayAttemptFailed',
  'RelayRefused',
  'RelayerTransactionSigned',
  'ForwardRequestExecuted',
] as const satisfies readonly RelayingEvent['type'][];

/** What the sender says of a request whose deadline passed. */
const EXPIRED = 'EXPIRED';

export interface RelayProcessOptions extends RelayWorkerOptions {
  /** Of the chain that the sender sends to. */
  readonly chainId: number;
}

/** Hands what users signed to our sender until it is sent or given up, and tells the aggregates what came of it. */
export function relayProcess(options: RelayProcessOptions): Process {
  const worker = new RelayWorker(options);
  return {
    name: `relay-${options.chainId}`,
    filter: { types: EVENT_TYPES },
    async react(turn, events) {
      const commands: ProcessCommand[] = [];
      for (const event of events as readonly Recorded<RelayingEvent>[]) {
        commands.push(...(await follow(turn, event, worker, options.relayer)));
      }
      await turn.issue(commands);
    },
    committed: () => worker.wake(),
    work: (signal) => worker.run(signal),
  };
}

async function follow(
  turn: Turn,
  event: Recorded<RelayingEvent>,
  worker: RelayWorker,
  relayer: Address,
): Promise<readonly ProcessCommand[]> {
  const { client, now } = turn;
  switch (event.type) {
    case 'RelayRequested': {
      const { commandId, target, request } = event.data;
      const { correlationId } = event.metadata;
      await insertRelay(client, { commandId, target, signer: request.from, correlationId });
      return [];
    }
    case 'RelayAuthorized':
      await authorizeRelay(client, event.data.commandId, event.position, now);
      return [];
    case 'RelayAttemptFailed':
      await postponeRelay(client, event.data.commandId, Date.parse(event.data.retryAt));
      return [];
    case 'RelayerTransactionSigned':
      if (event.data.relayer === relayer) await markSigned(client, event.data.commandId, now);
      return [];
    case 'ForwardRequestExecuted':
      worker.hurry(await wakeRelaysOf(client, event.data.signer, now));
      return [];
    case 'RelayRefused':
      await closeRelay(client, event.data.commandId, 'REFUSED');
      return tellRefusal(turn, event);
    default:
      return event satisfies never;
  }
}

async function tellRefusal(
  { client, now }: Turn,
  event: RecordedEvent<RelayRefused>,
): Promise<readonly ProcessCommand[]> {
  const { commandId, code, reason } = event.data;
  const found = await findRelayTarget(client, commandId);
  if (found === null) return [];
  const kind = KINDS[found.target.kind];
  const reference = { commandId, entityId: found.target.id };
  const answer =
    code === EXPIRED
      ? kind.expire(reference, new Date(now).toISOString())
      : kind.fail(reference, code, reason);
  const { correlationId } = found;
  return [answer.causedBy({ id: event.id, causationId: event.id, correlationId })];
}
