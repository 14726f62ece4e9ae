import { operationDecider, operationStream, refusal } from '@abland/domain';
import { loadAggregate } from '@abland/kernel';
import { type OperatorsAct, recordOperation } from '@abland/operations';
import { acceptReorg, readPulses } from '@abland/postgres';
import type { DecisionPorts } from './decide-parked-event.js';

/** What the indexer of a chain stands with until the provider has our branch again, or an operator accepts its own. */
const DECIDABLE: ReadonlySet<unknown> = new Set(['REORG_TOO_DEEP', 'CHAIN_BEHIND']);

/**
 * Accepts the branch of a chain that its provider has in the place of final blocks, once for one operation. The chain's indexer
 * finds the decision in the database, and goes on.
 * @param act its subject is the chain's id
 * @throws DomainError NO_REORG_TO_DECIDE, REORG_DECIDED, INVALID_REASON
 */
export async function acceptChainReorg(
  { clock, log, pool }: DecisionPorts,
  act: OperatorsAct,
): Promise<void> {
  const { operationId, subject } = act;
  const { state } = await loadAggregate(log, operationDecider, operationStream(operationId));
  if (state.status === 'COMPLETED') return;
  await recordOperation({ log, clock }, act, async () => {
    const failure = (await readPulses(pool)).get(`indexer-${subject}`)?.failure ?? null;
    if (!DECIDABLE.has(failure))
      throw refusal('NO_REORG_TO_DECIDE', 'The chain does not stand at a reorg', 'chainId', { failure });
    if (!(await acceptReorg(pool, Number(subject), operationId)))
      throw refusal('REORG_DECIDED', 'The reorg was accepted already', 'chainId');
    return { result: undefined, figures: [{ name: 'stoodWith', value: String(failure) }] };
  });
}
