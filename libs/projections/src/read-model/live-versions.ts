import { definitionHash } from '../engine/ddl.js';
import { ReadModelNotYetError } from '../engine/errors.js';
import type { Projection } from '../engine/projection.js';
import { journalViewOf } from '../builds/views.js';

/** What was seen is good for so long. */
const FRESH_MS = 1_000;
/** SQLSTATEs of a column and of a table that are not there: they may be another version's. */
const NOT_THERE: ReadonlySet<unknown> = new Set(['42703', '42P01']);

/** As much of a client as asking needs. */
export interface Asked {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Lends a connection for one look. */
export type Lend = (look: (client: Asked) => Promise<void>) => Promise<void>;

/**
 * Knows which read models are live by another definition than this program's: what it would read there may be missing, or mean
 * something else. It looks once a second while it is asked: the first time on the connection of the query that needs it, later beside
 * it, so that nobody waits for a look while all is as it should be.
 */
export class LiveVersions {
  private readonly definitions: ReadonlyMap<string, string>;
  /** Names of views to the projection that keeps them. */
  private readonly keepers: ReadonlyMap<string, string>;
  private others: ReadonlySet<string> = new Set();
  private seenAt = -Infinity;
  private looking: Promise<void> | null = null;
  private lending = false;

  constructor(
    projections: readonly Projection[],
    private readonly lend: Lend,
  ) {
    this.definitions = new Map(projections.map((one) => [one.name, definitionHash(one)]));
    this.keepers = new Map(
      projections.flatMap(({ name, tables }) => [
        [journalViewOf(name), name] as const,
        ...tables.map((table) => [table.name as string, name] as const),
      ]),
    );
  }

  /**
   * Runs a query on read models.
   * @throws ReadModelNotYetError where one that it names is of another version
   */
  async run<Result>(client: Asked, text: string, query: () => Promise<Result>): Promise<Result> {
    if (!text.includes('read_model')) return query();
    await this.keepFresh(client);
    this.require(text);
    try {
      return await query();
    } catch (error) {
      if (!NOT_THERE.has((error as { code?: unknown }).code)) throw error;
      await this.look(client); // it may have become another's since
      this.require(text);
      throw error;
    }
  }

  private async keepFresh(client: Asked): Promise<void> {
    if (performance.now() - this.seenAt <= FRESH_MS) return;
    if (this.seenAt === -Infinity || this.others.size > 0) return this.look(client);
    if (this.lending) return;
    this.lending = true;
    // What cannot be seen leaves what was; the query itself meets what is wrong.
    void this.lend((lent) => this.look(lent))
      .catch(() => undefined)
      .finally(() => (this.lending = false));
  }

  private require(text: string): void {
    if (this.others.size === 0) return;
    const named = new Set<string>();
    for (const [, view] of text.matchAll(/\bread_model"?\."?(\w+)/g)) {
      const keeper = this.keepers.get(view ?? '');
      if (keeper !== undefined && this.others.has(keeper)) named.add(keeper);
    }
    if (named.size > 0) throw new ReadModelNotYetError([...named]);
  }

  private look(client: Asked): Promise<void> {
    return (this.looking ??= this.lookOnce(client).finally(() => (this.looking = null)));
  }

  private async lookOnce(client: Asked): Promise<void> {
    try {
      const { rows } = await client.query(LIVE_DEFINITIONS, []);
      this.others = othersThan(this.definitions, rows as LiveDefinition[]);
      this.seenAt = performance.now();
    } catch (error) {
      // Nobody has prepared anything yet: the query itself says so.
      if (!NOT_THERE.has((error as { code?: unknown }).code)) throw error;
    }
  }
}

interface LiveDefinition {
  readonly projection: string;
  readonly definition: string;
}

const LIVE_DEFINITIONS = `SELECT projection, definition FROM projections.builds WHERE state = 'LIVE'`;

function othersThan(ours: ReadonlyMap<string, string>, live: readonly LiveDefinition[]): ReadonlySet<string> {
  const there = new Map(live.map(({ projection, definition }) => [projection, definition]));
  return new Set(
    [...ours].filter(([name, definition]) => there.get(name) !== definition).map(([name]) => name),
  );
}

/** Names of the read models that are not live by the definitions of this program. */
export async function notYetLive(
  client: Asked,
  projections: readonly Projection[],
): Promise<readonly string[]> {
  const ours = new Map(projections.map((one) => [one.name, definitionHash(one)]));
  const { rows } = await client.query(LIVE_DEFINITIONS, []);
  return [...othersThan(ours, rows as LiveDefinition[])].sort();
}
