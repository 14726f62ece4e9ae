import { replaceUrls } from '@abland/kernel';

/** What a failed attempt says of itself in the log: enough for a person, whoever wrote it. */
const REASON_LENGTH_MAX = 500;

/**
 * Why something failed, fit for the log, where it stays for ever: short, and without a provider's URL, which often holds a
 * key.
 */
export function reasonOf(error: unknown): string {
  return replaceUrls(messageOf(error), 'the provider').slice(0, REASON_LENGTH_MAX).toWellFormed();
}

/** ethers puts whole requests into an error's message, the gist into another field, and the provider's words into a third. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { shortMessage, error: inner } = error as Error & {
    readonly shortMessage?: unknown;
    readonly error?: { readonly message?: unknown };
  };
  const gist = typeof shortMessage === 'string' ? shortMessage : error.message;
  return typeof inner?.message === 'string' ? `${gist}: ${inner.message}` : gist;
}
