export interface Program {
  readonly name: string;
  readonly pid: number;
}

/** An indexer of the chain with a database of its own, which can be started again. */
export interface Contender {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Its processes, without those that they started. */
  programs(): readonly Program[];
  /** The block of the newest swap that its GraphQL tells; -1 where it tells none (yet). */
  newestBlock(): Promise<number>;
  /** Whether nothing that it keeps is behind what it has taken from the chain. */
  isComplete(): Promise<boolean>;
}

const QUERY_WITHIN_MS = 10_000;

/** The data of a GraphQL answer; null where none can be had yet. */
export async function ask<Data>(url: string, query: string): Promise<Data | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(QUERY_WITHIN_MS),
    });
    return ((await response.json()) as { readonly data?: Data | null }).data ?? null;
  } catch {
    return null; // it is not up yet
  }
}
