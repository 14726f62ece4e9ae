import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainRpc } from '@abland/chain';
import { type Logger, silentLogger } from '@abland/kernel';
import type { KafkaConnection } from '@abland/log-stream';
import { PROJECTION_NAMES, rebuildProjections, stateChecksum } from '@abland/projections';
import { SeededRandom } from '@abland/testing/seeded-random';
import { type ProviderFault, SimulatedChain, SimulatedProvider } from '@abland/testing/simulated-chain';
import { type Act, ALL_FAULTS, drawAct, type FaultPlan, KEPT_WEIGHTS } from './fault-plan.js';
import { judgeLog } from './oracle/judge-log.js';
import { glimpseReadModels, judgeReadModels } from './oracle/judge-read-models.js';
import { differences, type Violation } from './oracle/violation.js';
import type { Deployment } from './programs/open-programs.js';
import { OWN_PARTS, type Parts } from './programs/parts.js';
import { System } from './system.js';
import { type ToldOf, toldOf } from './told-of.js';

export interface SimulationOptions {
  readonly seed: number;
  /** An empty database of its own. */
  readonly databaseUrl: string;
  /** Kills the database's server and starts it again, and resolves once it is up. Default: it is not ours to kill. */
  readonly crashDatabase?: () => Promise<void>;
  /** The way of blocks from indexer to ingester. Default: the database. */
  readonly broker?: Broker;
  /** Default: the product's own. */
  readonly parts?: Parts;
  /** Default: all. */
  readonly faults?: readonly ProviderFault[];
  /** A provider each, which has it from the first block to the end, and a good one behind them; none of them changes. */
  readonly keptFaults?: readonly ProviderFault[];
  /** The chain grows on at the end until this is told of its providers; default: it does not. */
  readonly untilTold?: (told: readonly ToldOf[]) => boolean;
  readonly weights?: FaultPlan['weights'];
  /** Whether it ends with a reorg below what was final; default: some do. */
  readonly endsDeep?: boolean;
  /** Transactions of a block, at most. */
  readonly transactionsMax?: number;
  /** Acts between two looks, and looks. */
  readonly acts?: number;
  readonly looks?: number;
  /** For so many milliseconds at most nothing may come of it once nothing is wrong any more. */
  readonly patienceMs?: number;
  readonly logger?: Logger;
}

export interface Broker {
  /** Topics are this run's own by their prefix. */
  readonly connection: KafkaConnection;
  /** Kills a broker and starts it again; null where it is not ours to kill. */
  readonly disturb: (() => Promise<void>) | null;
}

export interface SimulationReport {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly blocks: number;
  readonly facts: number;
  readonly reorgs: number;
  /** Below what was final. */
  readonly deepReorgs: number;
  readonly kills: number;
  /** Of the database. */
  readonly crashes: number;
  /** How often the read models were looked at in the middle of everything. */
  readonly glimpses: number;
  /** Answers that were spoiled, by fault. */
  readonly spoiled: ReadonlyMap<string, number>;
  /** What was made of each provider, in order, by what was wrong with what it said. */
  readonly told: readonly ToldOf[];
  /** Of each look, milliseconds until the read models had caught up with the chain. */
  readonly caughtUpMs: readonly number[];
  /** How long all of it took. */
  readonly ms: number;
}

const CHAIN_ID = 90_001;
const PROVIDERS = 3;
const FINALITY_DEPTH = 8;
/** Less than finality: whatever branch was seen, nothing final is taken back. */
const REORG_DEPTH_MAX = 5;
/** A provider that lags all the time is to be found soon. */
const KEPT_BEHIND_MS_MAX = 500;
const PAUSE_MS = { min: 10, max: 60 };
const PATIENCE_MS = 120_000;
/** So many times as long where something moves, as on a busy machine. */
const PATIENCE_TIMES = 3;
/** After a long one whoever was followed goes on for a while before it notices. */
const LEASES_MS = [3_000, 20_000];
const GLIMPSE_EVERY = 10;
/** While it is waited for what is to be told of the providers. */
const GROWS_BLOCKS_MAX = 20;
const GROWS_BEFORE_KILL = 20;
/** Read models that are not at the same event show nothing; on a busy machine they seldom are. */
const GLIMPSE_TRIES = 5;
/** Of all acts' some 100: a broker takes seconds to come back, a database one. */
const BROKER_WEIGHT = 2;
const DATABASE_WEIGHT = 3;
/** Of the seeds that end with a branch below what was final, which nobody may take up. */
const DEEP_REORG_PART = 0.4;
/** Long enough to take it up, where somebody would. */
const DEEP_REORG_MS = 1_500;

/** Runs the system on a simulated chain through what the seed says, and looks at what came of it now and then. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const random = new SeededRandom(options.seed);
  const chain = new SimulatedChain(new SeededRandom(options.seed + 1), {
    chainId: CHAIN_ID,
    transactionsMax: 6,
    strangers: true,
  });
  const providers: SimulatedProvider[] = [];
  const { keptFaults = [] } = options;
  for (let index = 0; index < Math.max(PROVIDERS, keptFaults.length + 1); index += 1)
    providers.push(await SimulatedProvider.start(chain, new SeededRandom(options.seed * 10 + index)));
  for (const [index, fault] of keptFaults.entries()) Object.assign(providers[index] ?? {}, { fault });
  const { logger = silentLogger, parts = OWN_PARTS } = options;
  const asked: ChainRpc[] = [];
  const rpcUrls = providers.map(({ url, webSocketUrl }, index) => (index === 1 ? webSocketUrl : url));
  const deployment: Deployment = {
    chainId: CHAIN_ID,
    rpcUrls,
    finalityDepth: FINALITY_DEPTH,
    leaseMs: random.pick(LEASES_MS),
    // What breaks the proving of whole blocks is to be noticed.
    logs: parts === OWN_PARTS && options.seed % 2 === 1 ? 'OURS' : 'ALL',
    parts,
    kafka: options.broker?.connection ?? null,
    behindOthersMsMax: keptFaults.length > 0 ? KEPT_BEHIND_MS_MAX : undefined,
    asked,
    logger,
  };
  const system = await System.start(options.databaseUrl, deployment);
  try {
    const told = (): readonly ToldOf[] => toldOf(providers.length, asked);
    const report = await new Simulation(options, random, chain, providers, system, told).run();
    return { ...report, told: told() };
  } finally {
    await system.close();
    for (const provider of providers) await provider.stop();
  }
}

class Simulation {
  readonly #violations: Violation[] = [];
  readonly #caughtUpMs: number[] = [];
  #reorgs = 0;
  #glimpses = 0;
  #deepReorgs = 0;
  #crashes = 0;
  readonly #begun = performance.now();

  constructor(
    private readonly options: SimulationOptions,
    private readonly random: SeededRandom,
    private readonly chain: SimulatedChain,
    private readonly providers: readonly SimulatedProvider[],
    private readonly system: System,
    private readonly told: () => readonly ToldOf[],
  ) {}

  async run(): Promise<Omit<SimulationReport, 'told'>> {
    const { acts = 80, broker, crashDatabase, faults = ALL_FAULTS, looks = 3 } = this.options;
    const ofBroker = broker?.disturb ? { LOSE_BROKER: BROKER_WEIGHT } : {};
    const ofDatabase = crashDatabase ? { LOSE_DATABASE: DATABASE_WEIGHT } : {};
    const ofKept = this.#areKept ? KEPT_WEIGHTS : {};
    const weights = { ...ofBroker, ...ofDatabase, ...ofKept, ...this.options.weights };
    const plan = { providers: PROVIDERS, reorgDepthMax: REORG_DEPTH_MAX, faults, weights };
    for (let look = 1; look <= looks && this.#violations.length === 0; look += 1) {
      for (let act = 0; act < acts; act += 1) {
        await this.#act(drawAct(this.random, plan));
        if (act % GLIMPSE_EVERY === 0) await this.#glimpse();
        await sleep(PAUSE_MS.min + this.random.below(PAUSE_MS.max - PAUSE_MS.min));
      }
      await this.#look();
    }
    if (
      this.#violations.length === 0 &&
      (this.options.endsDeep ?? (!this.#areKept && this.random.chance(DEEP_REORG_PART)))
    )
      await this.#reorganizeDeeply();
    await this.#growUntilTold();
    if (this.#violations.length === 0) await this.#judgeRebuild();
    return this.#report();
  }

  async #act(act: Act): Promise<void> {
    const { chain, system } = this;
    switch (act.kind) {
      case 'MINE':
        chain.mine(act.blocks);
        return this.#push();
      case 'REORG':
        this.#reorgs += 1;
        chain.reorganize(act.depth);
        return this.#push();
      case 'FAULT': {
        const provider = this.providers[act.provider];
        if (provider !== undefined) provider.fault = act.fault;
        return;
      }
      case 'KILL':
        return system.kill(act.program);
      case 'STOP':
        return system.stop(act.program);
      case 'START':
        return system.add(act.program);
      case 'LOSE_LEASES':
        return system.loseLeases();
      case 'LOSE_CONNECTIONS':
        return system.loseConnections();
      case 'LOSE_DATABASE':
        return this.#crashDatabase();
      case 'LOSE_BROKER':
        return this.options.broker?.disturb?.();
    }
  }

  async #crashDatabase(): Promise<void> {
    await this.options.crashDatabase?.();
    this.#crashes += 1;
  }

  #push(): void {
    for (const provider of this.providers) provider.push();
  }

  /** Late they may be, wrong never. */
  async #glimpse(): Promise<void> {
    for (let tries = 0; tries < GLIMPSE_TRIES; tries += 1) {
      const violations = await glimpseReadModels(this.system, this.chain);
      if (violations !== null) {
        this.#glimpses += 1;
        this.#violations.push(...violations);
        return;
      }
      await sleep(PAUSE_MS.min);
    }
  }

  /** With nothing wrong any more but what stays so, all must come right, and be right. */
  async #look(): Promise<void> {
    if (!this.#areKept) for (const provider of this.providers) provider.fault = null;
    await this.system.complete();
    this.chain.mine();
    this.#push();
    const { ms, stalled } = await this.#untilCaughtUp();
    if (ms === null) {
      const detail = `block ${this.chain.head.number} was not in all read models within the time: ${stalled}`;
      this.#violations.push({ kind: 'STALLED', detail });
    } else this.#caughtUpMs.push(ms);
    this.#violations.push(...(await judgeLog(this.system.store, this.chain)));
    if (ms !== null)
      this.#violations.push(...(await judgeReadModels(this.system.pool, CHAIN_ID, this.chain.blocks)));
  }

  async #growUntilTold(): Promise<void> {
    const { patienceMs = PATIENCE_MS, untilTold } = this.options;
    if (untilTold === undefined) return;
    const begun = performance.now();
    for (let round = 1; !untilTold(this.told()) && performance.now() - begun < patienceMs; round += 1) {
      // Who keeps up asks for little at a time, and of whom it trusts: one that starts anew begins with the first, far behind.
      if (round % GROWS_BEFORE_KILL === 0) await this.system.kill('indexer');
      this.chain.mine(1 + this.random.below(GROWS_BLOCKS_MAX));
      this.#push();
      await this.system.complete();
      await sleep(PAUSE_MS.max);
    }
    await this.#look();
  }

  get #areKept(): boolean {
    return (this.options.keptFaults ?? []).length > 0;
  }

  /** Milliseconds; null where it did not come to it: where nothing moved for long, or too much did. */
  async #untilCaughtUp(): Promise<{ readonly ms: number | null; readonly stalled: string }> {
    const begun = performance.now();
    const sinceBegun = (): number => performance.now() - begun;
    const { patienceMs = PATIENCE_MS } = this.options;
    let [movedMs, last] = [0, ''];
    for (let ms = 0; ms - movedMs < patienceMs; ms = sinceBegun()) {
      const { isLevel, at } = await this.#progress();
      if (isLevel) return { ms: sinceBegun(), stalled: '' };
      if (at !== last && ms < PATIENCE_TIMES * patienceMs) [movedMs, last] = [ms, at];
      await sleep(20);
    }
    return { ms: null, stalled: `log and live builds were at ${last} after ${Math.round(movedMs)} ms` };
  }

  /** How far log and read models are, and whether that is all there is. */
  async #progress(): Promise<{ readonly isLevel: boolean; readonly at: string }> {
    const { pool, store } = this.system;
    const { rows: heads } = await pool.query<{ hash: string }>(
      'SELECT hash FROM read_model.chain_heads WHERE chain_id = $1',
      [CHAIN_ID],
    );
    const head = String((await store.head()) ?? 0n);
    const { rows } = await pool.query<{ level: boolean | null; at: string | null }>(
      `SELECT bool_and(coalesce(position, -1) >= $1) AS level, sum(position) AS at FROM projections.builds
       WHERE state = 'LIVE'`,
      [head],
    );
    const isLevel = heads[0]?.hash === this.chain.head.hash && rows[0]?.level === true;
    return { isLevel, at: `${head} ${rows[0]?.at ?? ''}` };
  }

  async #reorganizeDeeply(): Promise<void> {
    const { chain, random, system } = this;
    const before = [...chain.blocks];
    chain.reorganize(FINALITY_DEPTH + 1 + random.below(5));
    this.#push();
    if (random.chance(0.5)) await system.kill('indexer');
    await system.complete();
    await sleep(DEEP_REORG_MS);
    this.#violations.push(...(await judgeLog(system.store, chain, before)));
    chain.restore(before);
    if (random.chance(0.5)) await system.kill('indexer');
    this.#deepReorgs += 1;
    await this.#look();
  }

  async #judgeRebuild(): Promise<void> {
    const { pool, store } = this.system;
    const { logger = silentLogger } = this.options;
    const checksums = async (): Promise<string[]> =>
      (await stateChecksum(pool)).tables.map((table) => JSON.stringify(table));
    const before = await checksums();
    await rebuildProjections({ pool, store, projections: PROJECTION_NAMES, logger, clock: Date.now });
    this.#violations.push(...differences('REBUILD', await checksums(), before));
  }

  #report(): Omit<SimulationReport, 'told'> {
    const { blocks } = this.chain;
    const spoiled = new Map<string, number>();
    for (const { spoiled: counts } of this.providers)
      for (const [name, count] of counts) spoiled.set(name, (spoiled.get(name) ?? 0) + count);
    return {
      ...{
        seed: this.options.seed,
        violations: this.#violations,
        reorgs: this.#reorgs,
        deepReorgs: this.#deepReorgs,
        spoiled,
      },
      ...{ blocks: blocks.length, facts: blocks.reduce((sum, { facts }) => sum + facts.length, 0) },
      ...{
        kills: this.system.kills,
        crashes: this.#crashes,
        glimpses: this.#glimpses,
        caughtUpMs: this.#caughtUpMs,
        ms: performance.now() - this.#begun,
      },
    };
  }
}
