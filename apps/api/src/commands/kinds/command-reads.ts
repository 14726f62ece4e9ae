import type { ChainHead, ReadModel, TokenView } from '@abland/projections';
import type { Clock } from '@abland/kernel';
import { Loaders } from '../../context/loaders.js';
import { once } from '../../sessions/once.js';
import type { OpenRequest, OpenRequests } from '../open/open-requests.js';

export interface CommandReadsPorts {
  /** The newest state there is. */
  readonly readModel: ReadModel;
  readonly open: OpenRequests;
  readonly clock: Clock;
}

/** What one command is judged by: whichever of its parts asks, each is read once, and tokens together. */
export class CommandReads {
  /** What the caller has asked of the chain and is not over, without this command. */
  readonly openRequests: () => Promise<readonly OpenRequest[]>;
  readonly head: () => Promise<ChainHead>;
  /** Null for a token that the factory did not make. */
  readonly token: (address: string) => Promise<TokenView | null>;

  constructor({ clock, open, readModel }: CommandReadsPorts, of: { chainId: number; caller: string }) {
    const chain = new Loaders(readModel, clock).of(of.chainId);
    this.openRequests = once(() => open.of(of.chainId, of.caller));
    this.head = () => chain.head();
    this.token = (address) => chain.token.load(address);
  }
}
