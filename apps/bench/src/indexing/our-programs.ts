import { randomBytes } from 'node:crypto';
import { ProgramProcess, type ProgramStatus } from '@abland/testing';
import { SIMULATED_CONTRACTS } from '@abland/testing/simulated-chain';
import { ask, type Contender } from './contender.js';
import { CHAIN_ID, type ServedChain } from './served-chain.js';

const PROGRAMS = ['indexer', 'worker', 'projector', 'api'] as const;
const NEWEST = '{ swaps(first: 1) { edges { node { blockNumber } } } }';

interface Newest {
  readonly swaps: { readonly edges: readonly { readonly node: { readonly blockNumber: number } }[] };
}

type ProjectorStatus = ProgramStatus & {
  readonly projections: readonly { readonly behind: string | null }[];
};

/** How our programs are run; each is a contender of its own. */
export const ROADS = {
  /** As they are: blocks through the database, each proved by its receipts since those can be had. */
  usual: { name: 'ours', env: {} },
  /** Where no less is taken. */
  receipts: { name: 'ours by receipts', env: { CHAIN_PROOF: 'receipts' } },
  /** Receipts of the newest blocks alone: what an indexer is told that asks for logs. */
  bloom: { name: 'ours by bloom filters', env: { CHAIN_PROOF: 'bloom' } },
  /** Through the brokers that the bench's own environment names, by a topic of this run. */
  kafka: { name: 'ours through Kafka', env: kafkaEnvironment() },
} as const satisfies Readonly<Record<string, Road>>;
export type RoadName = keyof typeof ROADS;

interface Road {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

function kafkaEnvironment(): Road['env'] {
  const given = Object.entries(process.env).filter(
    (one): one is [string, string] => one[0].startsWith('KAFKA_') && one[1] !== undefined,
  );
  return { ...Object.fromEntries(given), KAFKA_TOPIC_PREFIX: `bench-${randomBytes(6).toString('hex')}.` };
}

/** The programs as production runs them, each a process of its own. */
export function ourPrograms(databaseUrl: string, chain: ServedChain, road: Road): Contender {
  const env = {
    ...road.env,
    DATABASE_URL: databaseUrl,
    CHAIN_RPC_URLS: chain.webSocketUrl,
    CHAIN_ID: String(CHAIN_ID),
    TOKEN_FACTORY_ADDRESS: SIMULATED_CONTRACTS.tokenFactory,
    LIQUIDITY_MANAGER_ADDRESS: SIMULATED_CONTRACTS.liquidityManager,
    JWT_SECRET: randomBytes(32).toString('base64url'),
    LOG_SIGNING_KEY: randomBytes(32).toString('base64'),
    PERSONAL_DATA_KEY: randomBytes(32).toString('base64'),
    RELAYER_PRIVATE_KEY: `0x${randomBytes(32).toString('hex')}`,
    LOG_LEVEL: 'warn',
  };
  let running: ProgramProcess[] = [];
  return {
    name: road.name,
    async start() {
      for (const name of PROGRAMS) {
        running.push(await ProgramProcess.start(name, env, nodeArguments()));
      }
    },
    async stop() {
      const ending = running.map((program) => program.end());
      running = [];
      await Promise.all(ending);
    },
    programs: () => running.map(({ pid }, index) => ({ name: PROGRAMS[index] ?? '', pid })),
    async newestBlock() {
      const told = await ask<Newest>(`${running.at(-1)?.url}/graphql`, NEWEST);
      return told?.swaps.edges[0]?.node.blockNumber ?? -1;
    },
    async isComplete() {
      for (const program of running) if ((await program.status()) === null) return false;
      const told = (await running[PROGRAMS.indexOf('projector')]?.status()) as ProjectorStatus | null;
      return told !== null && told.projections.every(({ behind }) => behind === '0');
    },
  };
}

/** As `npm run` has them (run.mjs of apps/abland/bootstrap); where BENCH_PROFILES names a folder, each program leaves there where its time went. */
function nodeArguments(): readonly string[] {
  const folder = process.env['BENCH_PROFILES'];
  const profiling = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  return ['--max-semi-space-size=16', '--heap-growing-percent=50', ...profiling];
}
