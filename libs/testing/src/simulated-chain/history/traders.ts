import {
  balanceIn,
  createToken,
  emptyMarket,
  type Fact,
  MANAGER,
  type MarketState,
  openPool,
  swapIn,
  transferred,
} from '../../market/market.js';
import type { SeededRandom } from '../../seeded-random.js';

/** Of a hundred transactions so many; the others are swaps. */
const LAUNCHES = 1;
const POOLS = 1;
const SENDS = 16;
/** Before anything else, so that there is something to trade. */
const TOKENS_FIRST = 10;
const POOLS_FIRST = 5;

/** A market as of a busy exchange: many people, few launches, mostly swaps. Memory grows with people and tokens, not with time. */
export class Traders {
  readonly #state: MarketState = emptyMarket();
  readonly #people: readonly string[];
  /** By token those who ever had some; its creator first. */
  readonly #holders = new Map<string, string[]>();
  readonly #tokens: string[] = [];
  readonly #pools: string[] = [];

  constructor(
    private readonly random: SeededRandom,
    people: number,
  ) {
    this.#people = Array.from({ length: people }, () => random.address());
  }

  /** The facts of one more transaction. */
  next(): readonly Fact[] {
    if (this.#tokens.length < TOKENS_FIRST) return this.#launch();
    if (this.#pools.length < POOLS_FIRST) return this.#openPool();
    const kind = this.random.below(100);
    if (kind < LAUNCHES) return this.#launch();
    if (kind < LAUNCHES + POOLS) return this.#openPool();
    return kind < LAUNCHES + POOLS + SENDS ? this.#send() : this.trade();
  }

  /** The facts of a swap, as soon as there is a pool. */
  trade(): readonly Fact[] {
    const { random } = this;
    if (this.#pools.length === 0) return this.next();
    const facts = swapIn(this.#state, random, random.pick(this.#pools), (token) => this.#richIn(token));
    return facts.length === 0 ? this.#send() : this.#seen(facts);
  }

  #launch(): readonly Fact[] {
    const facts = createToken(this.#state, this.random);
    const token = String(facts[0]?.data['contract']);
    this.#tokens.push(token);
    this.#holders.set(token, []);
    return this.#seen(facts);
  }

  /** Of two tokens of one creator, since nobody else has much of them. */
  #openPool(): readonly Fact[] {
    const token = this.random.pick(this.#tokens);
    const creator = this.#creatorOf(token);
    const others = this.#tokens.filter((other) => other !== token && this.#creatorOf(other) === creator);
    if (others.length === 0) return this.#launch();
    const part = (one: string): [string, bigint] => [one, balanceIn(this.#state, one, creator) / 4n];
    const facts = openPool(this.#state, creator, new Map([part(token), part(this.random.pick(others))]));
    if (facts.length === 0) return this.#send();
    this.#pools.push(String(facts[0]?.data['poolId']));
    return this.#seen(facts);
  }

  #send(): readonly Fact[] {
    const token = this.random.pick(this.#tokens);
    const from = this.#richIn(token);
    const amount = balanceIn(this.#state, token, from) / 1_000n + 1n;
    return this.#seen(transferred(this.#state, token, from, this.random.pick(this.#people), amount));
  }

  /** One who has some of a token: the creator where chance found nobody else. */
  #richIn(token: string): string {
    const holder = this.random.pick(this.#holders.get(token) ?? []);
    return balanceIn(this.#state, token, holder) >= 1_000n ? holder : this.#creatorOf(token);
  }

  #creatorOf(token: string): string {
    return this.#holders.get(token)?.[0] ?? '';
  }

  #seen(facts: readonly Fact[]): readonly Fact[] {
    for (const { data, type } of facts) {
      if (type !== 'Transfer') continue;
      const [token, to, amount] = [
        String(data['contract']),
        String(data['to']),
        BigInt(String(data['amount'])),
      ];
      const holders = this.#holders.get(token);
      if (holders === undefined || to === MANAGER) continue;
      if (balanceIn(this.#state, token, to) === amount) holders.push(to); // nothing before
    }
    return facts;
  }
}
