import { operationDecider, operationStream, refusal } from '@abland/domain';
import { loadAggregate } from '@abland/kernel';
import { type DecisionPorts, type OperatorsAct, recordOperation } from '@abland/operations';
import { acceptReorg, readPulses, withdrawAcceptance } from '@abland/postgres';

/** What the indexer of a chain stands with until the provider has our branch again, or an operator accepts its own. */
const DECIDABLE: ReadonlySet<unknown> = new Set(['REORG_TOO_DEEP', 'CHAIN_BEHIND']);

/** A decision on the chain that is its subject. */
export type ReorgAct = OperatorsAct & { readonly kind: 'ACCEPT_REORG' | 'WAIT_FOR_BRANCH' };

/**
 * Decides on a chain whose provider has not our final blocks, once for one operation. An accepted branch is a note in the database
 * that the chain's indexer finds; to wait withdraws what is not carried out yet.
 * @throws DomainError NO_REORG_TO_DECIDE, REORG_DECIDED, INVALID_REASON, IDEMPOTENCY_KEY_REUSED
 */
export async function decideChainReorg({ clock, log, pool }: DecisionPorts, act: ReorgAct): Promise<void> {
  const { kind, operationId, subject } = act;
  const { state } = await loadAggregate(log, operationDecider, operationStream(operationId));
  operationDecider.decide({ type: 'RequestOperation', ...act, at: new Date(clock()).toISOString() }, state);
  if (state.status === 'COMPLETED') return;
  await recordOperation({ log, clock }, act, async () => {
    const failure = (await readPulses(pool)).get(`indexer-${subject}`)?.failure ?? null;
    if (!DECIDABLE.has(failure))
      throw refusal('NO_REORG_TO_DECIDE', 'The chain does not stand at a reorg', 'chainId', { failure });
    const figures = [{ name: 'stoodWith', value: String(failure) }];
    if (kind === 'ACCEPT_REORG') {
      if (!(await acceptReorg(pool, Number(subject), operationId)))
        throw refusal('REORG_DECIDED', 'The reorg was accepted already', 'chainId');
    } else {
      const withdrawn = await withdrawAcceptance(pool, Number(subject));
      if (withdrawn !== null) figures.push({ name: 'withdrawn', value: withdrawn });
    }
    return { result: undefined, figures };
  });
}
