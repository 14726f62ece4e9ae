import { type ChainId, type ParkedLogResolved, requestDecider, requestStream } from '@abland/domain';
import { type EventStore, type Logger, type RecordedEvent, systemTiming, type Timing } from '@abland/kernel';
import { chainIdIn } from '../engine/chain-id-in.js';
import type { Process } from '../engine/process.js';
import { bindCommand, type ProcessCommand } from '../engine/process-command.js';
import { FOLLOWED_TYPES, isRequested, UNASKED_TYPES } from './followed-events.js';
import { decisionCarriedOut } from '../operations/carried-out.js';
import { Ledger } from './ledger.js';
import { dropClosed, hasRequests, loadExpired, loadLedger, loadProgress, saveLedger } from './ledger-rows.js';
import { SettlementReader } from './settlement-reader.js';
import { settle } from './settle.js';
import type { TrackedRequest } from './tracked-request.js';

export interface SettlementOptions {
  readonly chainId: ChainId;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly logger: Logger;
  /** Milliseconds after the deadline, by our clock, that a request of which no transaction was told is waited for. */
  readonly unsubmittedGraceMs?: number;
  /** By which what is closed is looked through now and then; absent: the machine's. */
  readonly timing?: Pick<Timing, 'now'>;
}

const UNSUBMITTED_GRACE_MS = 30_000;
const EXPIRIES_A_TICK = 200;
const PRUNE_EVERY_MS = 60_000;
/**
 * By the chain's time, after the deadline: not every call carries its deadline (a token's creation and deactivation do not), and
 * a wallet's transaction may be mined late.
 */
const CLOSED_KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

const DECIDED: ParkedLogResolved['type'] = 'ParkedLogResolved';
const isDecided = (event: RecordedEvent): event is RecordedEvent<ParkedLogResolved> => event.type === DECIDED;

/**
 * Brings every request to one chain to its end: what the chain did with its transaction confirms it or ends it, finality
 * closes it, a reorg opens it again, and its deadline expires it. Beside them, an operator's decision of a parked log is recorded as
 * done where whoever made it could not any more.
 */
export function settlementProcess(options: SettlementOptions): Process {
  const { chainId, logger, store, timing = systemTiming } = options;
  const { unsubmittedGraceMs = UNSUBMITTED_GRACE_MS } = options;
  const context = { chainId, logger, log: new SettlementReader(store, chainId) };
  let prunedAt = -Infinity;
  return {
    name: `settlement-${chainId}`,
    filter: { types: [...FOLLOWED_TYPES, DECIDED] },
    quiet: {
      filter: { types: [...UNASKED_TYPES, DECIDED] },
      isSo: async (client) => !(await hasRequests(client, chainId)),
      endsWith: (event) => isRequested(event) && chainIdIn(event) === chainId,
    },

    async react(turn, events) {
      const all = events.filter((event) => chainIdIn(event) === chainId);
      if (all.length === 0) return;
      const [decided, ours] = [all.filter(isDecided), all.filter((event) => !isDecided(event))];
      const ledger = await loadLedger(turn.client, chainId, ours);
      const commands: ProcessCommand[] = [];
      for (const event of ours) {
        try {
          commands.push(...(await settle(ledger, event, context)));
        } catch (error) {
          await turn.park(event, error);
        }
      }
      for (const event of decided) {
        const before = await context.log.factAt(event.revision - 1n);
        commands.push(decisionCarriedOut(event, before, turn.now));
      }
      await turn.issue(commands);
      await saveLedger(turn.client, chainId, ledger);
      const finality = ours.findLast(({ type }) => type === 'BlocksFinalized');
      const now = timing.now();
      if (finality === undefined || now - prunedAt < PRUNE_EVERY_MS) return;
      prunedAt = now;
      const { blockNumber = 0, blockTime = 0 } = finality.metadata.chain ?? {};
      await dropClosed(turn.client, chainId, blockNumber, blockTime * 1_000 - CLOSED_KEPT_MS);
    },

    async tick(turn) {
      const progress = await loadProgress(turn.client, chainId);
      const { headTime } = progress;
      const unsubmittedBefore = turn.now - unsubmittedGraceMs;
      const expired = await loadExpired(turn.client, chainId, {
        headTime,
        unsubmittedBefore,
        limit: EXPIRIES_A_TICK,
      });
      if (expired.length === 0) return;
      await turn.issue(expired.map((request) => expiry(request, turn.now, headTime)));
      const ledger = new Ledger(expired, progress);
      for (const request of expired) ledger.put({ ...request, open: false });
      await saveLedger(turn.client, chainId, ledger);
    },
  };
}

function expiry(request: TrackedRequest, now: number, headTime: number | null): ProcessCommand {
  const { commandId, correlationId, deadline, openedBy } = request;
  const chainPassed = headTime !== null && headTime > deadline;
  const at = new Date(chainPassed ? headTime : now).toISOString();
  const clock = chainPassed ? 'CHAIN' : 'OURS';
  // By the log alone, so that what was parked, or left out for good, is known again by whoever goes over it anew.
  const cause = { id: `${commandId}/expiry/${openedBy ?? commandId}`, causationId: commandId, correlationId };
  return bindCommand(requestDecider, requestStream(commandId), { type: 'ExpireRequest', at, clock }, cause);
}
