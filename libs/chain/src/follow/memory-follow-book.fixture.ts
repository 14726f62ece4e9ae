import type { HexData } from '@abland/domain';
import type { FollowBook, KeptToken } from './followed-tokens.js';

/** What outlives a publisher, in memory. */
export class MemoryFollowBook implements FollowBook {
  kept: Map<HexData, HexData | null> | null = null;

  async tokens(): Promise<readonly KeptToken[] | null> {
    return this.kept === null ? null : [...this.kept].map(([token, earlierOf]) => ({ token, earlierOf }));
  }

  async begin(tokens: readonly HexData[]): Promise<void> {
    this.kept = new Map(tokens.map((token) => [token, null]));
  }

  async add(tokens: readonly HexData[], earlierOf: HexData | null): Promise<void> {
    for (const token of tokens) if (this.kept?.has(token) === false) this.kept.set(token, earlierOf);
  }
}
