import { refusal, REORG_WITHDRAWN } from '@abland/domain';
import type { EventStore } from '@abland/kernel';
import {
  acceptedBranch,
  acceptReorg,
  inTransaction,
  readPulses,
  TOLD_MS_MAX,
  withdrawAcceptance,
} from '@abland/postgres';
import type { Pool } from 'pg';
import type { DecisionPorts } from '../recording/decision-ports.js';
import { isDone, type OperatorsAct, recordOperation } from '../recording/record-operation.js';
import { tellWhatWasNoted } from '../recording/settle-operations.js';
import { openHalt } from './open-halt.js';

/** What the indexer of a chain stands with until the provider has our branch again, or an operator accepts its own. */
const DECIDABLE: ReadonlySet<unknown> = new Set(['REORG_TOO_DEEP', 'CHAIN_BEHIND']);

/** A decision on the chain that is its subject. */
export interface ReorgAct extends OperatorsAct {
  readonly kind: 'ACCEPT_REORG' | 'WAIT_FOR_BRANCH';
  /** The alarm that it is about; null: whichever there is. */
  readonly alarmId: string | null;
}

/**
 * Decides on a chain whose provider has not our final blocks, once for one operation. An accepted branch is a note in the database
 * that the chain's indexer finds; the operation ends with what came of it. To wait withdraws what is not begun yet.
 * @throws DomainError NO_REORG_TO_DECIDE, REORG_DECIDED, REORG_ALARM_OVER, all of which change nothing; INVALID_REASON,
 * IDEMPOTENCY_KEY_REUSED
 */
export async function decideChainReorg(
  { clock, log, pool }: DecisionPorts,
  { alarmId, ...act }: ReorgAct,
): Promise<void> {
  const { kind, operationId, subject } = act;
  const chainId = Number(subject);
  await tellWhatWasNoted({ log, clock, pool }, operationId);
  if (await isDone({ log, clock }, act)) return;
  const stoodWith = await requireStanding({ log, pool }, chainId, alarmId);
  if (kind === 'ACCEPT_REORG') await requireUndecided(pool, chainId, operationId);
  await recordOperation({ log, clock, pool }, act, (hand) =>
    inTransaction(pool, async (client) => {
      if (kind === 'ACCEPT_REORG') {
        if (!(await acceptReorg(client, chainId, operationId))) throw decided();
        await hand.leave(client);
        return { result: undefined, figures: null };
      }
      const figures = [{ name: 'stoodWith', value: stoodWith }];
      const withdrawn = await withdrawAcceptance(client, chainId, REORG_WITHDRAWN);
      if (withdrawn !== null) figures.push({ name: 'withdrawn', value: withdrawn });
      await hand.noteDone(client, figures);
      return { result: undefined, figures };
    }),
  );
}

/** What the chain stands with, as its alarm tells it, or, before there is one, its indexer. */
async function requireStanding(
  { log, pool }: { readonly log: EventStore; readonly pool: Pool },
  chainId: number,
  alarmId: string | null,
): Promise<string> {
  const halt = await openHalt(log, chainId);
  const told = (await readPulses(pool)).get(`indexer-${chainId}`);
  // What it stood with long ago it need not stand with now.
  const failure = told !== undefined && told.beatAgeMs <= TOLD_MS_MAX ? told.failure : null;
  const code = halt?.code ?? failure;
  if (code === null || !DECIDABLE.has(code))
    throw refusal('NO_REORG_TO_DECIDE', 'The chain does not stand at a reorg', 'chainId', { failure: code });
  if (alarmId !== null && halt?.haltId !== alarmId)
    throw refusal('REORG_ALARM_OVER', 'The chain does not stand with this alarm', 'alarmId', {
      alarmId: halt?.haltId ?? null,
    });
  return code;
}

async function requireUndecided(pool: Pool, chainId: number, operationId: string): Promise<void> {
  const before = await acceptedBranch(pool, chainId);
  if (before !== null && before.operationId !== operationId) throw decided();
}

const decided = () => refusal('REORG_DECIDED', 'A branch was accepted already', 'chainId');
