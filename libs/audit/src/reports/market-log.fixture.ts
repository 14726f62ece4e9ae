import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent, RecordedEvent } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import { SimulatedChain } from '../../../projections/src/testing/simulated-chain.js';

/** Of a market in which much is swapped. */
const SEED = 30;

/** A log of a chain that was reorganized again and again, and what the chain is at its end. */
export async function marketLog(
  blocks: number,
  reorgs: boolean,
): Promise<{ events: readonly RecordedEvent[]; chain: SimulatedChain }> {
  const chain = new SimulatedChain(new SeededRandom(SEED));
  const store = new MemoryEventStore();
  for (let block = 0; block < blocks; block += 1) {
    const told: NewEvent[] = [...chain.mine()];
    if (reorgs && block % 7 === 3) told.push(...chain.revert(1 + (block % 3)));
    if (block % 10 === 9) told.push(...chain.finalize(5));
    await store.append(chain.stream, told, 'any');
  }
  return { events: await all(store), chain };
}

export async function all(store: MemoryEventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
}
