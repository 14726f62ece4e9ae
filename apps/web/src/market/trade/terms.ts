/** What an order is held to, beside its amounts. */
export interface Terms {
  /** Basis points below the quote. */
  readonly slippageBps: number;
  readonly deadlineMinutes: number;
  /** Who sends it: the caller's wallet, or a sender of the deployment, which pays its gas. */
  readonly execution: 'WALLET' | 'RELAYED';
}

export const USUAL_TERMS: Terms = { slippageBps: 50, deadlineMinutes: 20, execution: 'WALLET' };

/** Until when it may be carried out. @param now milliseconds, of the chain where that is ahead of the clock */
export const deadlineOf = ({ deadlineMinutes }: Terms, now: number): string =>
  new Date(now + deadlineMinutes * 60_000).toISOString();
