import { replaceUrls } from '@abland/kernel';

/** What a failed attempt says of itself in the log: enough for a person, whoever wrote it. */
const REASON_LENGTH_MAX = 500;
/** Characters of each of the texts that an error is known by: what else a node says is not looked through. */
const WORDS_LENGTH_MAX = 2_000;

/**
 * Why something failed, fit for the log, where it stays for ever: short, and without a provider's URL, which often holds a
 * key.
 */
export function reasonOf(error: unknown): string {
  return replaceUrls(messageOf(error), 'the provider', REASON_LENGTH_MAX);
}

/** ethers puts whole requests into an error's message, the gist into another field, and the provider's words into a third. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return words(String(error));
  const { shortMessage, error: inner } = error as Error & {
    readonly shortMessage?: unknown;
    readonly error?: { readonly message?: unknown };
  };
  const gist = typeof shortMessage === 'string' ? shortMessage : error.message;
  return typeof inner?.message === 'string' ? `${words(gist)}: ${words(inner.message)}` : words(gist);
}

const words = (text: string): string => text.slice(0, WORDS_LENGTH_MAX);
