import type { Position } from '@abland/kernel';

/** Up to where states can no longer be read, since what they are read by was let go: of each chain by itself. */
export class KeptFrom {
  /** Of what is no chain's; null: nothing was let go. */
  private ofAll: Position | null = null;
  private readonly ofChain = new Map<number, Position>();

  /** The newest position that was let go of what is no chain's, and so concerns every state; decimal text. */
  get all(): string | null {
    return this.ofAll?.toString() ?? null;
  }

  /** The newest position that was let go of each chain. Positions are beyond what JSON's readers hold as numbers: decimal text. */
  get chains(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.ofChain].map(([chain, position]) => [chain, position.toString()]));
  }

  /** @param chainId of whose rows the image before an event was let go; null: of rows that are no chain's */
  letGo(chainId: number | null, position: Position): void {
    if (chainId === null) this.ofAll = position;
    else this.ofChain.set(chainId, position);
  }
}
