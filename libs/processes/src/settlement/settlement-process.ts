import type { Logger, RecordedEvent } from '@abland/kernel';
import type { Process, Turn } from '../engine/process.js';
import type { ProcessCommand } from '../engine/process-command.js';
import { ENTITY_EVENT_TYPES } from './entity-news.js';
import { KINDS } from './kinds/kinds.js';
import { ledgerKeys } from './ledger-keys.js';
import { dropOldFacts, loadLedger, loadProgress, saveLedger } from './ledger-rows.js';
import { loadExpired, postponeExpiry } from './request-rows.js';
import { BLOCK_FACT_TYPES, OUTCOME_FACT_TYPES, settle } from './settle.js';
import type { TrackedRequest } from './tracked-request.js';

export interface SettlementOptions {
  readonly chainId: number;
  readonly logger: Logger;
  /** Milliseconds after the deadline, by our clock, that a request of which no transaction was told is waited for. */
  readonly unsubmittedGraceMs?: number;
}

const UNSUBMITTED_GRACE_MS = 30_000;
/** An expiry that changed nothing is looked at again after this. */
const EXPIRY_RETRY_MS = 60_000;
const EXPIRIES_A_TICK = 200;
const DROP_FACTS_EVERY_MS = 60_000;

/**
 * Brings every request to its end: what the chain did with its transaction confirms it or ends it, finality closes it, a
 * reorg opens it again, and its deadline expires it.
 */
export function settlementProcess(options: SettlementOptions): Process {
  const { chainId, logger, unsubmittedGraceMs = UNSUBMITTED_GRACE_MS } = options;
  let dropFactsAt = 0;
  return {
    name: `settlement-${chainId}`,
    filter: { types: [...ENTITY_EVENT_TYPES, ...OUTCOME_FACT_TYPES, ...BLOCK_FACT_TYPES] },

    async react(turn, events) {
      const ours = events.filter((event) => isOfChain(event, chainId));
      const ledger = await loadLedger(turn.client, chainId, ledgerKeys(ours));
      const commands: ProcessCommand[] = [];
      for (const event of ours) {
        try {
          commands.push(...settle(ledger, event, logger));
        } catch (error) {
          await turn.park(event, error);
        }
      }
      await turn.issue(commands);
      await saveLedger(turn.client, chainId, ledger.changes());
      const finalized = ours.some(({ type }) => type === 'BlocksFinalized');
      if (!finalized || turn.now < dropFactsAt) return;
      dropFactsAt = turn.now + DROP_FACTS_EVERY_MS;
      await dropOldFacts(turn.client, ledger.progress);
    },

    async tick(turn) {
      const { headTime } = await loadProgress(turn.client, chainId);
      const expired = await loadExpired(turn.client, {
        now: turn.now,
        unsubmittedGraceMs,
        headTime,
        limit: EXPIRIES_A_TICK,
      });
      if (expired.length > 0) await expire(turn, expired, headTime);
    },
  };
}

async function expire(
  turn: Turn,
  requests: readonly TrackedRequest[],
  headTime: number | null,
): Promise<void> {
  const commands = requests.map((request) => {
    const chainPassed = headTime !== null && headTime > request.deadline;
    const at = new Date(chainPassed ? headTime : turn.now).toISOString();
    return KINDS[request.kind].expire(request, at).causedBy({
      id: `${request.commandId}/expiry/${request.expiryDueAt}`,
      causationId: request.commandId,
      correlationId: request.correlationId,
    });
  });
  await turn.issue(commands);
  const commandIds = requests.map(({ commandId }) => commandId);
  await postponeExpiry(turn.client, commandIds, turn.now + EXPIRY_RETRY_MS);
}

/** Events that are no chain facts belong to the one chain that this process settles. */
const isOfChain = ({ metadata: { chain } }: RecordedEvent, chainId: number): boolean =>
  chain === undefined || chain.chainId === chainId;
