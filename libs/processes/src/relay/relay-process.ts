import type {
  ForwardRequestExecuted,
  RelayerTransactionSigned,
  RelayProgress,
  RequestExpired,
  RequestFailed,
  Uuid,
} from '@abland/domain';
import { chainIdIn } from '../engine/chain-id-in.js';
import type { Process, Turn } from '../engine/process.js';
import type { Recorded } from '../engine/recorded.js';
import { RelayRows } from './relay-rows.js';
import { RelayWorker, type RelayWorkerOptions } from './relay-worker.js';

type RelayingEvent =
  RelayProgress | RequestFailed | RequestExpired | RelayerTransactionSigned | ForwardRequestExecuted;

const EVENT_TYPES = [
  'RelayRequested',
  'RelayAuthorized',
  'RelayAttemptFailed',
  'RequestFailed',
  'RequestExpired',
  'RelayerTransactionSigned',
  'ForwardRequestExecuted',
] as const satisfies readonly RelayingEvent['type'][];

/** Hands what users of one chain signed to the accounts that send, until it is sent or given up. */
export function relayProcess(options: RelayWorkerOptions): Process {
  const { chainId } = options;
  const worker = new RelayWorker(options);
  return {
    name: `relay-${chainId}`,
    filter: { types: EVENT_TYPES },
    async react(turn, events) {
      const rows = new RelayRows(turn.client, chainId);
      for (const event of events as readonly Recorded<RelayingEvent>[]) {
        if (chainIdIn(event) === chainId) await follow(event, rows, turn, worker);
      }
    },
    committed: () => worker.wake(),
    work: (signal, take, onTurn) => worker.run(signal, take, onTurn),
  };
}

async function follow(
  event: Recorded<RelayingEvent>,
  rows: RelayRows,
  { client, now }: Turn,
  worker: RelayWorker,
): Promise<void> {
  switch (event.type) {
    case 'RelayRequested': {
      const { commandId, forward } = event.data;
      const { correlationId } = event.metadata;
      return rows.insert({ commandId, signer: forward.from, correlationId });
    }
    case 'RelayAuthorized':
      return rows.authorize(event.data.commandId, event.position, now);
    case 'RelayAttemptFailed':
      return rows.postpone(event.data.commandId, Date.parse(event.data.retryAt));
    case 'RequestFailed':
    case 'RequestExpired':
      return worker.hurry(await wakeThoseBehind(event.data.commandId, rows, now));
    case 'RelayerTransactionSigned':
      return worker.know(event.data, client, now);
    case 'ForwardRequestExecuted':
      return worker.hurry(await rows.wakeOf(event.data.signer, now));
    default:
      return event satisfies never;
  }
}

/** They wait for what will not come, or for a nonce that is free again. */
async function wakeThoseBehind(commandId: Uuid, rows: RelayRows, now: number): Promise<readonly Uuid[]> {
  const signer = await rows.close(commandId);
  return signer === null ? [] : rows.wakeOf(signer, now);
}
