import { randomUUID } from 'node:crypto';
import { alarmsStream, chainStream } from '@abland/domain';
import type { TestApi } from '../../api/test/test-api.js';

// What operators are asked for, brought about without the programs that meet it.

/** A log that ingestion could make nothing of, in no stream: whoever decides on it is refused. */
export async function parkLog({ pool }: TestApi, code: string, reason: string): Promise<void> {
  await pool.query(
    `INSERT INTO read_model.parked_logs (chain_id, event_id, revision, block_number, block_time, tx_hash, log_index, code, reason, log, parked_at)
     VALUES (31337, '00000000-0000-4000-8000-00000000000b', 5, 1, 1, '0x', 0, $1, $2, '{}', '2026-01-04T00:00:00.000Z')`,
    [code, reason],
  );
}

/** A command that a process could not have carried out. */
export async function parkCommand({ pool }: TestApi, code: string): Promise<void> {
  await pool.query(
    `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason)
     VALUES ('settlement-31337', 'a-cause', 'request-a', 'ConfirmRequest', $1, 'it did not go')`,
    [code],
  );
}

/** An event of the log that the live build of a read model left out; another build does not. */
export async function parkEvent(api: TestApi, projection: string, code: string): Promise<void> {
  const [event] = await api.events(chainStream(31337));
  if (event === undefined) throw new Error('The chain has no event');
  await api.pool.query(
    `INSERT INTO read_model.parked_by_${projection} (event_id, position, stream, type, code, reason, defect, parked_at, stack)
     VALUES ($1, $2, $3, $4, $5, 'it broke', true, now(), 'TypeError: it broke\n    at fold (fold.js:1)')`,
    [event.id, String(event.position), event.stream, event.type, code],
  );
}

/** The chain's indexer waits for a provider that has our branch, or for an operator. @returns what ends its telling so */
export async function letChainStand(api: TestApi): Promise<() => void> {
  const haltId = randomUUID();
  const { telling } = api.programs;
  api.programs.telling = (pulses) =>
    telling(pulses).map((pulse) =>
      pulse.part === 'indexer-31337' ? { ...pulse, state: 'FAILED', failure: 'REORG_TOO_DEEP' } : pulse,
    );
  const seen = { provider: 'https://node.example', block: { number: 5, hash: `0x${'2'.repeat(64)}` } };
  const at = '2026-01-01T12:00:00.000Z';
  await api.store.append(
    alarmsStream(31337),
    [
      {
        ...{ id: haltId, type: 'ChainHalted', version: 2 },
        data: { ...{ haltId, code: 'REORG_TOO_DEEP', published: 9, head: 12, final: null, at }, seen },
        metadata: { correlationId: haltId, causationId: null, actor: 'chain-alarms' },
      },
    ],
    'no_stream',
  );
  return () => (api.programs.telling = telling);
}
