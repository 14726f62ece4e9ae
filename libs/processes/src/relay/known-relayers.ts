import type { Address, ChainId } from '@abland/domain';
import type { EventStore } from '@abland/kernel';
import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** The accounts that ever signed a transaction on one chain. */
export class KnownRelayers {
  constructor(
    private readonly db: Queryable,
    private readonly chainId: ChainId,
  ) {}

  async all(): Promise<readonly Address[]> {
    const found = await this.db.query<{ relayer: string }>(
      'SELECT relayer FROM processes.relayers WHERE chain_id = $1 ORDER BY relayer',
      [this.chainId],
    );
    return found.rows.map(({ relayer }) => relayer);
  }

  async add(relayers: readonly Address[]): Promise<void> {
    await this.db.query(
      `INSERT INTO processes.relayers (chain_id, relayer) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
      [this.chainId, relayers],
    );
  }

  /** Before the log was asked, who is in it counts for nothing: those before would be missed. */
  async addWhereAsked(relayer: Address): Promise<void> {
    await this.db.query(
      `INSERT INTO processes.relayers (chain_id, relayer)
       SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM processes.relayers WHERE chain_id = $1) ON CONFLICT DO NOTHING`,
      [this.chainId, relayer],
    );
  }
}

/** Who signed transactions of ours on a chain, by the whole log: read once, where an earlier version kept no list of them. */
export async function relayersInLog(store: EventStore, chainId: ChainId): Promise<readonly Address[]> {
  const found = new Set<Address>();
  const filter = { types: ['RelayerTransactionSigned'], streamPrefixes: [`relayer-${chainId}-`] };
  for await (const page of store.readAll({ filter })) {
    for (const { data } of page) found.add(String(data['relayer']));
  }
  return [...found];
}
