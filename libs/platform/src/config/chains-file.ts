import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { type ChainConfig, CLOCKS, type ContractAddresses, LOGS, PROOFS } from './chain-shapes.js';
import {
  type ChainInFile,
  chainsFileFormat,
  type DataFeeInFile,
  type ProviderInFile,
} from './chains-file-format.js';
import { ConfigError } from './config-error.js';
import { providerUrl, repeated, repeatedUrl } from './formats.js';
import { textOfNamedFile } from './named-file.js';
import { type Environment, isVariable } from './variables.js';

/** What is wrong in the file, and where: `chains[1].finality.depth`. */
const wrong = (path: string, problem: string): ConfigError => new ConfigError('CHAINS_FILE', problem, path);

/**
 * The chains of a file, in its order. The file is not read again: an edited one counts from the next start on.
 * @throws ConfigError that names the place in the file
 */
export function chainsOfFile(env: Environment, file: string): readonly ChainConfig[] {
  const parsed = chainsFileFormat.safeParse(jsonOf(file));
  if (!parsed.success) throw firstOf(parsed.error.issues);
  const { chains } = parsed.data;
  requireDifferent(chains, 'id');
  requireDifferent(chains, 'name');
  return chains.map((chain, index) => chainOf(chain, `chains[${index}]`, { env, folder: dirname(file) }));
}

function jsonOf(file: string): unknown {
  const text = textOfNamedFile(file, (problem) => new ConfigError('CHAINS_FILE', problem));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError('CHAINS_FILE', `must be JSON: ${(error as Error).message}`);
  }
}

/** Of several, the first in the file's order; of the shapes that a value may have, what all of them want. */
function firstOf([issue]: readonly z.core.$ZodIssue[]): ConfigError {
  if (issue === undefined) return wrong('the file', 'is not valid');
  const at = (path: readonly PropertyKey[]): string => pathText(path) || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return wrong(pathText([...issue.path, key]), 'is not known');
  }
  const isAbsent =
    issue.code === 'invalid_type' && issue.input === undefined && /undefined/.test(issue.message);
  return wrong(at(issue.path), isAbsent ? 'must be there' : sentence(issue.message));
}

/** zod's own messages say what they expected; ours begin with a verb. */
const sentence = (message: string): string =>
  message.startsWith('Invalid input: expected ')
    ? message.replace(/^Invalid input: expected (\w+), received .*$/, 'must be of type $1')
    : message;

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );

function requireDifferent(chains: readonly ChainInFile[], key: 'id' | 'name'): void {
  const twice = repeated(chains.map((chain) => chain[key]));
  if (twice !== null) throw wrong(`chains[${twice.index}].${key}`, `is that of chains[${twice.of}] too`);
}

interface Surroundings {
  readonly env: Environment;
  readonly folder: string;
}

function chainOf(chain: ChainInFile, path: string, around: Surroundings): ChainConfig {
  const { blockTimeMs, dataFee, finality, id, logs, name, proof, providers, quorum } = chain;
  const { requestsPerSecond, startBlock } = chain;
  if (quorum > providers.length)
    throw wrong(`${path}.quorum`, `must be no more than its ${providers.length} providers`);
  const rpcUrls = providers.map((provider, index) => urlOf(provider, `${path}.providers[${index}]`, around));
  const twice = repeatedUrl(rpcUrls);
  if (twice !== null)
    throw wrong(`${path}.providers[${twice.index}]`, `is that of providers[${twice.of}] too`);
  return {
    ...{ name, path, rpcUrls, chainId: id, startBlock, quorum },
    ...finalityOf(finality),
    ...dataFeeOf(dataFee),
    ...(blockTimeMs === undefined ? {} : { blockTimeMs }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(proof === undefined ? {} : { proof: PROOFS[proof] }),
    ...(logs === undefined ? {} : { logs: LOGS[logs] }),
    contracts: contractsOf(chain.contracts, `${path}.contracts`),
  };
}

function dataFeeOf(dataFee: DataFeeInFile): Pick<ChainConfig, 'dataFee'> {
  if (dataFee === 'detect') return {};
  if (dataFee === 'none') return { dataFee: 'NONE' };
  return 'wei' in dataFee
    ? { dataFee: { unit: 'WEI', field: dataFee.wei } }
    : { dataFee: { unit: 'GAS', field: dataFee.gas } };
}

const TAGS = { safe: 'SAFE', finalized: 'FINALIZED' } as const;
/** While a chain's own word of what is final is far ahead, what lies so deep below our tip is taken for it. */
const DEPTH_BESIDE_TAG = 64;

function finalityOf({
  depth,
  tag,
}: ChainInFile['finality']): Pick<ChainConfig, 'finalityDepth' | 'finalityTag'> {
  if (tag === undefined) return { finalityDepth: depth ?? DEPTH_BESIDE_TAG };
  return { finalityDepth: DEPTH_BESIDE_TAG, finalityTag: TAGS[tag] };
}

/** What the URL is stays out of every message: it may hold a key. */
function urlOf(provider: ProviderInFile, path: string, { env, folder }: Surroundings): string {
  const [text, place] = textOfProvider(provider, path, env, folder);
  const parsed = providerUrl.safeParse(text);
  if (!parsed.success) throw wrong(place, parsed.error.issues[0]?.message ?? 'is not valid');
  return parsed.data;
}

function textOfProvider(
  provider: ProviderInFile,
  path: string,
  env: Environment,
  folder: string,
): readonly [text: string, place: string] {
  if (typeof provider === 'string') return [provider, path];
  if ('file' in provider) {
    const text = textOfNamedFile(resolve(folder, provider.file), (problem) => wrong(`${path}.file`, problem));
    return [text.trim(), `${path}.file`];
  }
  // Another program's secret would go to whoever is at the other end of a URL that it is part of.
  if (isVariable(provider.env))
    throw wrong(`${path}.env`, `must be a variable of its own: ${provider.env} is ours`);
  const text = env[provider.env];
  if (text === undefined || text === '')
    throw wrong(`${path}.env`, `names ${provider.env}, which is not set`);
  return [text, `${path}.env`];
}

/** Each at an address of its own. */
function contractsOf(told: ChainInFile['contracts'], path: string): ContractAddresses {
  const { checkpoint = null, forwarder = null, governance = null, router = null, ...others } = told;
  const { clock, ...governors } = governance ?? {};
  const placed = [
    ...Object.entries({ ...others, router, forwarder, checkpoint }),
    ...Object.entries(governors).map(([key, address]) => [`governance.${key}`, address] as const),
  ].filter(([, address]) => address !== null);
  const twice = repeated(placed.map(([, address]) => address));
  if (twice !== null)
    throw wrong(
      `${path}.${placed[twice.index]?.[0]}`,
      `must be another address than ${placed[twice.of]?.[0]}`,
    );
  return {
    ...{ ...others, router, forwarder, checkpoint },
    governance: governance === null ? null : { ...governance, clock: CLOCKS[clock ?? 'blocks'] },
  };
}
