import type { Signer } from 'ethers';
import { type ApiRefusal, hasCode, NotSignedIn } from './errors.js';

/** What a session goes on with. */
export interface Tokens {
  readonly token: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/** How tokens come. */
export interface TokenSource {
  /** By the wallet: a session begins. */
  readonly begin: (signer: Signer) => Promise<Tokens>;
  /** A refresh token is good once; sent again within a minute it gives the same answer. */
  readonly refresh: (refreshToken: string, withinMs: number) => Promise<Tokens>;
}

/** Renewed so long before its end, for a request takes a while. */
const MARGIN_MS = 30_000;
/**
 * For so long after it was first sent a refresh token is sent again, where no answer came. The server answers it for a minute; later it
 * would take it for stolen, and end the session with the keys that were made in it.
 */
const SENT_AGAIN_MS = 45_000;

interface Held extends Tokens {
  readonly renewAt: number;
  /** When its refresh token was first sent; null: it was not. */
  readonly sentAt: number | null;
}

/** Who is signed in, and the token that is good now: renewed once, however many ask; begun anew by the wallet where it is over. */
export class Session {
  private held: Held | null = null;
  private renewing: Promise<void> | null = null;
  private wallet: Signer | null = null;

  /** @param apiKey lets in instead of a wallet */
  constructor(
    private readonly source: TokenSource,
    private readonly apiKey: string | null,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws NotSignedIn */
  get signer(): Signer {
    if (this.wallet === null) throw new NotSignedIn('No wallet signed in: signIn(wallet) first');
    return this.wallet;
  }

  get hasSigner(): boolean {
    return this.wallet !== null;
  }

  async signIn(signer: Signer): Promise<void> {
    this.keep(await this.source.begin(signer));
    this.wallet = signer;
  }

  /** Nobody is signed in from now on. */
  end(): void {
    this.held = null;
    this.wallet = null;
  }

  /** Null: nobody is signed in. */
  async token(): Promise<string | null> {
    if (this.apiKey !== null) return this.apiKey;
    if (this.held !== null && this.now() >= this.held.renewAt) await this.renew();
    return this.held?.token ?? null;
  }

  /**
   * The server does not take a token any more.
   * @returns whether there may be another
   */
  refused(token: string | null): boolean {
    if (this.apiKey !== null || this.held === null) return false;
    if (this.held.token === token) this.held = { ...this.held, renewAt: 0 };
    return true;
  }

  private async renew(): Promise<void> {
    this.renewing ??= this.renewed().finally(() => (this.renewing = null));
    await this.renewing;
  }

  private async renewed(): Promise<void> {
    const { held, wallet } = this;
    if (held === null) return;
    const tokens = (await this.refreshed(held)) ?? (wallet === null ? null : await this.source.begin(wallet));
    // Somebody signed in or out meanwhile.
    if (this.wallet !== wallet || this.held?.refreshToken !== held.refreshToken) return;
    if (tokens === null) this.held = null;
    else this.keep(tokens);
  }

  /** Null where the session cannot be gone on with. */
  private async refreshed(held: Held): Promise<Tokens | null> {
    const sentAt = held.sentAt ?? this.now();
    const leftMs = sentAt + SENT_AGAIN_MS - this.now();
    if (leftMs <= 0) return null;
    this.held = { ...held, sentAt };
    try {
      return await this.source.refresh(held.refreshToken, leftMs);
    } catch (error) {
      if (isOver(error)) return null;
      throw error;
    }
  }

  private keep(tokens: Tokens): void {
    const goodMs = tokens.expiresInSeconds * 1_000;
    const renewAt = this.now() + Math.max(goodMs / 2, goodMs - MARGIN_MS);
    this.held = { ...tokens, renewAt, sentAt: null };
  }
}

/** The server knows the session no more; whatever else goes wrong may pass. */
const isOver = (error: unknown): error is ApiRefusal =>
  hasCode(error, 'SESSION_ENDED', 'REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_EXPIRED', 'REFRESH_TOKEN_REUSED');
