import { codeOf, failureClassOf, type Logger, mayPass, Outages } from '@abland/kernel';
import { OverBudgetError, RpcResponseError, RpcUnavailableError, WrongChainError } from './errors.js';
import type { RpcRequest } from './json-rpc.js';
import { countingWaits, OwnWaits } from './own-waits.js';
import { Provider } from './provider.js';
import type { ProviderStatus } from './provider-status.js';
import { budgetOf } from './request-budget.js';

export interface ChainRpcOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly urls: readonly string[];
  readonly chainId: number;
  readonly timeoutMs?: number;
  /** To each of them at most, of all that this process asks it; absent: as many as are wanted. */
  readonly requestsPerSecond?: number | undefined;
  readonly logger: Logger;
}

const TIMEOUT_MS = 10_000;
/** Providers that are asked the same at a time: the one, and one more where it takes its time. */
const ASKED_AT_ONCE_MAX = 2;

/**
 * The providers of one chain. What one of them gives that does not hold together, or does not give, is asked of the next; the
 * one at fault is set aside for a while and told of.
 */
export class ChainRpc {
  readonly #providers: readonly Provider[];
  readonly #foreign: Outages;
  readonly #aside: Outages;
  #preferred = 0;
  /** Those of whom it is seen at the moment whether they give again. */
  readonly #onTrial = new Set<Provider>();

  constructor(private readonly options: ChainRpcOptions) {
    const { chainId, requestsPerSecond, timeoutMs = TIMEOUT_MS, urls } = options;
    const { logger } = options;
    this.#foreign = new Outages({ logger, message: 'Chain provider serves another chain', level: 'error' });
    this.#aside = new Outages({ logger, message: 'Chain provider is set aside' });
    this.#providers = urls.map(
      (url) => new Provider(url, chainId, timeoutMs, budgetOf(url, requestsPerSecond)),
    );
  }

  /** What the chain says to one request. @throws RpcResponseError where a node refuses it, and as `ask` */
  async request<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    const [result] = await this.batch([{ method, params }]);
    return result as Result;
  }

  /** As `request`; the results come in the order of the requests. */
  batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    if (requests.length === 0) return Promise.resolve([]);
    // Asked of two at once, a transaction would be sent twice.
    return this.#askUntilGiven(
      (provider) => provider.batch(requests),
      isOfTransport,
      () => null,
    );
  }

  /**
   * Does something with one provider; where that one is at fault, or takes its time, with the next as well. The first that comes to
   * something counts. One that failed and is due again is tried by the same beside it, and nobody waits for that.
   * @throws RpcUnavailableError where no provider answers, or all want to be left alone
   * @throws WrongChainError where every provider serves another chain
   * @throws what the last one failed of, or what would be the same of every other
   */
  ask<Result>(work: (provider: Provider) => Promise<Result>): Promise<Result> {
    for (const provider of this.#inOrder().slice(1)) if (provider.isDue) void this.#tryAgain(provider, work);
    return this.#askUntilGiven(work, isOfProvider, (provider) => provider.patienceMs);
  }

  /**
   * What each of the other providers says, all at once; null for one that fails or does not hold together, which is set aside.
   */
  async askOthers<Result>(
    than: Provider,
    work: (provider: Provider) => Promise<Result>,
  ): Promise<readonly (Result | null)[]> {
    const others = this.#providers.filter((provider) => provider !== than && !provider.resting);
    return Promise.all(others.map((provider) => this.#askOne(provider, work).catch(() => null)));
  }

  /** Those beside one that are not set aside. */
  othersThan(than: Provider): readonly Provider[] {
    return this.#providers.filter((provider) => provider !== than && provider.asideMs === 0);
  }

  /**
   * Does something with one provider after another until it is done. Failing it tells nothing of a provider, who is not set aside:
   * a stranger's contract may have a part in it.
   */
  async oneAfterAnother(work: (provider: Provider) => Promise<boolean>): Promise<void> {
    for (const provider of this.#inOrder()) {
      if (await work(provider).catch(() => false)) return;
    }
  }

  /**
   * That a provider serves the chain now, whatever it said before.
   * @throws WrongChainError where every one serves another; RpcUnavailableError
   */
  async requireChain(): Promise<void> {
    this.#forgetChains();
    await this.request('eth_chainId');
  }

  /** Asks the next provider from now on: the answers of this one do not hold together. */
  distrust(): void {
    this.#forgetChains();
    this.#preferred = (this.#preferred + 1) % Math.max(1, this.#providers.length);
  }

  status(): readonly ProviderStatus[] {
    return this.#providers.map((provider) => provider.status());
  }

  close(): void {
    for (const provider of this.#providers) provider.close();
  }

  #forgetChains(): void {
    for (const provider of this.#providers) provider.forgetChain();
  }

  #askUntilGiven<Result>(
    work: (provider: Provider) => Promise<Result>,
    isFault: (error: unknown) => boolean,
    patienceMs: (provider: Provider) => number | null,
  ): Promise<Result> {
    const waiting = [...this.#inOrder()];
    const failures: unknown[] = [];
    const outcome = Promise.withResolvers<Result>();
    let running = 0;
    let over = false;
    const askNext = async (): Promise<void> => {
      const provider = over || running >= ASKED_AT_ONCE_MAX ? undefined : waiting.shift();
      if (provider === undefined) return;
      running += 1;
      const patience = patienceMs(provider);
      const waits = new OwnWaits();
      const settled = patience === null ? undefined : whenSlow(waits, patience, () => void askNext());
      try {
        const result = await countingWaits(waits, () => this.#askOne(provider, work, isFault));
        if (!over) this.#preferred = this.#providers.indexOf(provider);
        over = true;
        outcome.resolve(result);
      } catch (error) {
        if (isFault(error)) failures.push(error);
        else outcome.reject(error);
        over ||= !isFault(error);
      }
      settled?.();
      running -= 1;
      await askNext();
      if (running === 0 && !over) outcome.reject(worstOf(failures));
    };
    if (waiting.length === 0)
      outcome.reject(new RpcUnavailableError('Every provider wants to be left alone for now'));
    void askNext();
    return outcome.promise;
  }

  /** By the same work, once at a time, while nobody waits for it: one that failed is not asked by itself while another gives. */
  async #tryAgain(provider: Provider, work: (provider: Provider) => Promise<unknown>): Promise<void> {
    if (this.#onTrial.has(provider)) return;
    this.#onTrial.add(provider);
    await this.#askOne(provider, work).catch(() => undefined); // told of there
    this.#onTrial.delete(provider);
  }

  async #askOne<Result>(
    provider: Provider,
    work: (provider: Provider) => Promise<Result>,
    isFault: (error: unknown) => boolean = isOfProvider,
  ): Promise<Result> {
    try {
      const result = await work(provider);
      provider.good();
      return result;
    } catch (error) {
      if (isFault(error) && !(error instanceof OverBudgetError)) {
        provider.setAside(error);
        this.#tell(provider, error);
      }
      throw error;
    }
  }

  /** The preferred one and those after it; then those that are aside, but for the ones that asked for it. */
  #inOrder(): readonly Provider[] {
    const all = this.#providers;
    const turned = [...all.slice(this.#preferred), ...all.slice(0, this.#preferred)];
    const aside = turned.filter(({ asideMs }) => asideMs > 0).sort((a, b) => a.asideMs - b.asideMs);
    return [...turned.filter(({ asideMs }) => asideMs === 0), ...aside.filter(({ resting }) => !resting)];
  }

  #tell(provider: Provider, err: unknown): void {
    const fields = { url: provider.shownUrl, chainId: this.options.chainId };
    const told = err instanceof WrongChainError ? this.#foreign : this.#aside;
    told.note(err, fields, `${this.#providers.indexOf(provider)} ${codeOf(err)}`);
  }
}

/**
 * Calls once when work has taken so many milliseconds; what it waited for a provider's budget does not count.
 * @returns what ends the waiting
 */
function whenSlow(waits: OwnWaits, patienceMs: number, call: () => void): () => void {
  const ownTime = (): number => performance.now() - waits.ms;
  const until = ownTime() + patienceMs;
  const look = (): void => {
    const leftMs = Math.ceil(until - ownTime());
    if (leftMs > 0) timer = setTimeout(look, leftMs);
    else call();
  };
  let timer = setTimeout(look, patienceMs);
  return () => clearTimeout(timer);
}

/** Whether another provider may do better: what a contract says is the same of all. */
function isOfProvider(error: unknown): boolean {
  return error instanceof WrongChainError || mayPass(failureClassOf(error));
}

/** A node that refuses what is asked of it may well be right: a nonce is too low, say. */
function isOfTransport(error: unknown): boolean {
  return !(error instanceof RpcResponseError) && isOfProvider(error);
}

/** The last that may pass by itself; else the last. */
function worstOf(failures: readonly unknown[]): unknown {
  return failures.findLast((failure) => !(failure instanceof WrongChainError)) ?? failures.at(-1);
}
