import { HttpTransport } from './http-transport.js';
import type { RpcRequest, RpcTransport } from './json-rpc.js';
import { RpcBatchRefusedError, RpcTooOftenError, RpcUnavailableError, WrongChainError } from './errors.js';
import { LearntLimit } from './learnt-limit.js';
import { counted } from './own-waits.js';
import { faultOf, ProviderRecord } from './provider-record.js';
import type { ProviderFault, ProviderState, ProviderStatus } from './provider-status.js';
import type { RequestBudget, Urgency } from './request-budget.js';
import { WebSocketTransport } from './web-socket-transport.js';

const ASIDE_MS = { min: 250, max: 30_000 };
const OTHER_CHAIN_ASIDE_MS = 30_000;
/** Nobody may be left alone for longer, whatever he asks for. */
const RETRY_AFTER_MS_MAX = 300_000;
/** Quicker providers are not asked in vain. */
const PATIENCE_MS_MIN = 2_000;
/** One provider of a chain: asked for its chain id before it is believed, with what was learnt of its limits and its health. */
export class Provider {
  readonly #transport: RpcTransport;
  /** Methods that it does not have. */
  readonly #lacks = new Set<string>();
  readonly range = new LearntLimit();
  readonly #batches = new LearntLimit();
  /** How many connections were opened when it told its chain last; null where it is to be asked. */
  #verifiedOn: number | null = null;
  #verifying: Promise<void> | null = null;
  /** How often it was said that what it told of its chain is not believed any more. */
  #forgotten = 0;
  #failures = 0;
  #asideUntil = 0;
  #asked = false;
  #fault: ProviderFault | null = null;
  readonly #record = new ProviderRecord();
  readonly #transportKind: ProviderStatus['transport'];

  constructor(
    url: string,
    private readonly chainId: number,
    timeoutMs: number,
    /** Null where it may be asked as often as is wanted. */
    private readonly budget: RequestBudget | null = null,
  ) {
    this.#transportKind = url.startsWith('ws') ? 'WEBSOCKET' : 'HTTP';
    this.#transport =
      this.#transportKind === 'WEBSOCKET'
        ? new WebSocketTransport(url, timeoutMs)
        : new HttpTransport(url, timeoutMs);
  }

  get shownUrl(): string {
    return this.#transport.shownUrl;
  }

  /** Milliseconds until it is asked before others again; 0 where it is. */
  get asideMs(): number {
    return Math.max(0, this.#asideUntil - performance.now());
  }

  /** Whether it asked itself to be left alone, and still does. */
  get resting(): boolean {
    return this.#asked && this.asideMs > 0;
  }

  /** Milliseconds of waiting for it after which another may be asked as well. */
  get patienceMs(): number {
    return Math.max(PATIENCE_MS_MIN, 4 * (this.#record.latencyMs ?? 0));
  }

  /** Whether it failed, and may be tried again by now. */
  get isDue(): boolean {
    return this.#fault !== null && this.asideMs === 0;
  }

  has(method: string): boolean {
    return !this.#lacks.has(method);
  }
  lacks(method: string): void {
    this.#lacks.add(method);
  }

  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [result] = await this.batch([{ method, params }]);
    return result;
  }

  /**
   * In as many batches as it wants, and no more often than it may be asked; what is urgent does not wait behind the rest.
   * @throws as RpcTransport.batch, WrongChainError, OverBudgetError
   */
  async batch(requests: readonly RpcRequest[], urgency: Urgency = {}): Promise<readonly unknown[]> {
    await this.#verify();
    const results: unknown[] = [];
    while (results.length < requests.length) {
      const wanted = requests.slice(results.length, results.length + this.#batches.max);
      const part = wanted.slice(0, await this.#take(wanted.length, urgency));
      try {
        results.push(...(await this.#send(part)));
        // One alone says nothing of batches, unless that is all that it gives: such a limit would never be forgotten.
        if (part.length > 1 || this.#batches.max === 1) this.#batches.kept();
      } catch (error) {
        if (part.length > 1 && asksForSmallerBatches(error)) this.#batches.lower(part.length / 2);
        if (!(error instanceof RpcBatchRefusedError) || part.length === 1) throw error;
      }
    }
    return results;
  }

  /** It told this block as its newest. */
  toldHead(number: number): void {
    this.#record.toldHead(number);
  }

  /** What it gave holds together. */
  good(): void {
    this.#failures = 0;
    this.#asideUntil = 0;
    this.#fault = null;
  }

  /** Others are asked first for a while, the longer the more often it fails in a row. */
  setAside(error: unknown): void {
    const pause = Math.min(ASIDE_MS.min * 2 ** this.#failures, ASIDE_MS.max);
    this.#failures = Math.min(this.#failures + 1, 20);
    this.#asideUntil = performance.now() + (asideFor(error) ?? pause);
    this.#asked = error instanceof RpcUnavailableError && error.retryAfterMs !== null;
    this.#fault = faultOf(error);
    this.#record.failed(error);
    this.forgetChain();
  }

  /** It is asked for its chain id again: the same address may lead to another node now. */
  forgetChain(): void {
    this.#verifiedOn = null;
    this.#verifying = null;
    this.#forgotten += 1;
  }

  status(): ProviderStatus {
    return {
      url: this.shownUrl,
      transport: this.#transportKind,
      state: this.#state,
      asideMs: this.asideMs,
      fault: this.#fault,
      ...this.#record.told(),
      rangeMax: this.range.shown,
      batchMax: this.#batches.shown,
      lacks: [...this.#lacks],
      ...(this.budget === null ? {} : { budgetWaitMs: this.budget.waitedMs }),
    };
  }

  close(): void {
    this.#transport.close();
  }

  get #state(): ProviderState {
    if (this.#fault?.code === 'WRONG_CHAIN') return 'WRONG_CHAIN';
    if (this.#fault !== null) return 'SET_ASIDE';
    return this.#record.latencyMs === null ? 'UNKNOWN' : 'WELL';
  }

  async #take(requests: number, urgency: Urgency): Promise<number> {
    return this.budget === null ? requests : counted(this.budget.take(requests, urgency));
  }

  async #send(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    const begun = performance.now();
    this.#record.asked(requests.length);
    try {
      const results = await this.#transport.batch(requests);
      this.#record.answered(performance.now() - begun);
      return results;
    } catch (error) {
      this.#record.failed(error);
      throw error;
    }
  }

  /** Once for all that is asked meanwhile, and before the rest, which waits for it. */
  async #verify(): Promise<void> {
    if (this.#verifiedOn === this.#connections) return;
    const verifying = (this.#verifying ??= this.#askChain());
    try {
      await verifying;
    } finally {
      if (this.#verifying === verifying) this.#verifying = null;
    }
  }

  async #askChain(): Promise<void> {
    const asked = this.#forgotten;
    await this.#take(1, { isUrgent: true });
    const [answer] = await this.#send([{ method: 'eth_chainId', params: [] }]);
    const actual = Number(answer);
    if (actual !== this.chainId) throw new WrongChainError(this.shownUrl, this.chainId, actual);
    if (asked === this.#forgotten) this.#verifiedOn = this.#connections;
  }

  get #connections(): number {
    return this.#transport.connections ?? 0;
  }
}

/** A batch counts as so many requests where requests are limited: the same one would be refused for ever. */
function asksForSmallerBatches(error: unknown): boolean {
  return error instanceof RpcBatchRefusedError || error instanceof RpcTooOftenError;
}

/** Milliseconds that a failure itself says; null where it says none. */
function asideFor(error: unknown): number | null {
  if (error instanceof WrongChainError) return OTHER_CHAIN_ASIDE_MS;
  if (error instanceof RpcUnavailableError && error.retryAfterMs !== null)
    return Math.min(Math.max(error.retryAfterMs, ASIDE_MS.min), RETRY_AFTER_MS_MAX);
  return null;
}
