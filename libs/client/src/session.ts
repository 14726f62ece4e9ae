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
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
}

/** Renewed so long before its end, for a request takes a while. */
const MARGIN_MS = 30_000;

interface Held extends Tokens {
  readonly renewAt: number;
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
    if (this.held !== null && performance.now() >= this.held.renewAt) await this.renew();
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
    try {
      this.keep(await this.source.refresh(held.refreshToken));
    } catch (error) {
      if (!isOver(error) || wallet === null) throw error;
      this.keep(await this.source.begin(wallet));
    }
  }

  private keep(tokens: Tokens): void {
    const goodMs = tokens.expiresInSeconds * 1_000;
    this.held = { ...tokens, renewAt: performance.now() + Math.max(goodMs / 2, goodMs - MARGIN_MS) };
  }
}

/** The server knows the session no more; whatever else goes wrong may pass. */
const isOver = (error: unknown): error is ApiRefusal =>
  hasCode(error, 'SESSION_ENDED', 'REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_EXPIRED', 'REFRESH_TOKEN_REUSED');
