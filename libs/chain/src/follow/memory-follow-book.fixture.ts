import type { HexData } from '@abland/domain';
import type { FollowBook } from './followed-tokens.js';

/** What outlives a publisher, in memory. */
export class MemoryFollowBook implements FollowBook {
  kept: Set<HexData> | null = null;

  async tokens(): Promise<readonly HexData[] | null> {
    return this.kept === null ? null : [...this.kept];
  }

  async begin(tokens: readonly HexData[]): Promise<void> {
    this.kept = new Set(tokens);
  }

  async add(tokens: readonly HexData[]): Promise<void> {
    for (const token of tokens) this.kept?.add(token);
  }
}
