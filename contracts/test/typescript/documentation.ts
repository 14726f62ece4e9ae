import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { Interface, type InterfaceAbi } from 'ethers';
import hre from 'hardhat';

const CONTRACTS = [
  'ABTokenFactory',
  'ABToken',
  'ABLiquidityManager',
  'ABRouter',
  'ABGovernance',
  'ABTimelock',
  'ABCheckpoint',
  'ABForwarder',
];
const INTERFACES = [
  'IABTokenFactory',
  'IABLiquidityManager',
  'IABLiquidityAdministration',
  'IABRouter',
  'IABCheckpoint',
];

interface Member {
  readonly nodeType: string;
  readonly functionSelector?: string;
}

interface Documented {
  readonly abi: InterfaceAbi;
  readonly userdoc: { readonly methods?: Record<string, { readonly notice?: string }> };
  readonly devdoc: {
    readonly methods?: Record<string, MethodDoc>;
    readonly stateVariables?: Record<string, { readonly return?: string; readonly details?: string }>;
  };
}

interface MethodDoc {
  readonly details?: string;
  readonly params?: Record<string, string>;
  readonly returns?: Record<string, string>;
}

interface ContractNode {
  readonly id: number;
  readonly name?: string;
  readonly linearizedBaseContracts?: readonly number[];
  readonly nodes?: readonly Member[];
}

interface Output {
  readonly contracts: Record<string, Record<string, Documented>>;
  readonly sources: Record<string, { readonly ast: { readonly nodes: readonly ContractNode[] } }>;
}

const outputs = new Map<string, Promise<Output>>();

/** Of one build, read once. */
function readOutput(path: string): Promise<Output> {
  const known = outputs.get(path);
  if (known !== undefined) return known;
  const read = readFile(path, 'utf8').then((text) => (JSON.parse(text) as { output: Output }).output);
  outputs.set(path, read);
  return read;
}

async function outputOf(name: string): Promise<{ output: Output; documented: Documented }> {
  const { buildInfoId, inputSourceName } = await hre.artifacts.readArtifact(name);
  const path = await hre.artifacts.getBuildInfoOutputPath(buildInfoId ?? '');
  const output = await readOutput(path ?? '');
  const documented = output.contracts[inputSourceName ?? '']?.[name];
  if (documented === undefined) throw new Error(`no documentation of ${name}`);
  return { output, documented };
}

/** The functions that our own sources define for the contract, by selector; what OpenZeppelin documents is left to it. */
function ownSelectors(output: Output, name: string): Set<string> {
  const nodes = Object.entries(output.sources).flatMap(([source, { ast }]) =>
    ast.nodes.map((node) => ({ ...node, isOurs: source.startsWith('project/') })),
  );
  const contract = nodes.find((node) => node.isOurs && node.name === name);
  const members = nodes
    .filter(({ id, isOurs }) => isOurs && contract?.linearizedBaseContracts?.includes(id))
    .flatMap((node) => node.nodes ?? []);
  return new Set(
    members.flatMap(({ functionSelector }) =>
      functionSelector === undefined ? [] : [`0x${functionSelector}`],
    ),
  );
}

/** What a reader of the function's documentation misses. */
function missing(name: string, { abi, userdoc, devdoc }: Documented, own: ReadonlySet<string>): string[] {
  const misses: string[] = [];
  new Interface(abi).forEachFunction((fragment) => {
    if (!own.has(fragment.selector)) return;
    const signature = fragment.format('sighash');
    const method = devdoc.methods?.[signature] ?? {};
    const variable = devdoc.stateVariables?.[fragment.name];
    const miss = (what: string) => misses.push(`${name}.${signature}: ${what}`);
    if (userdoc.methods?.[signature]?.notice === undefined) miss('@notice');
    if (variable !== undefined || devdoc.methods?.[signature] === undefined) return;
    for (const input of fragment.inputs) {
      if (method.params?.[input.name] === undefined) miss(`@param ${input.name}`);
    }
    if (Object.keys(method.returns ?? {}).length < fragment.outputs.length) miss('@return of every value');
    if (!fragment.constant && !/[Rr]everts with (the errors of )?[A-Za-z]/.test(method.details ?? '')) {
      miss('the errors it reverts with');
    }
  });
  return misses;
}

describe('documentation', () => {
  it('everyFunction_tellsItsParametersReturnsAndErrors', async () => {
    const misses: string[] = [];
    for (const name of [...CONTRACTS, ...INTERFACES]) {
      const { output, documented } = await outputOf(name);
      misses.push(...missing(name, documented, ownSelectors(output, name)));
    }
    expect(misses).to.deep.equal([]);
  });

  it('everyErrorThatIsNamed_isOneThatAContractHas', async () => {
    const errors = new Set<string>();
    const named: string[] = [];
    for (const name of CONTRACTS) {
      const { documented } = await outputOf(name);
      new Interface(documented.abi).forEachError(({ name: error }) => errors.add(error));
    }
    for (const name of INTERFACES) {
      const { documented } = await outputOf(name);
      for (const { details = '' } of Object.values(documented.devdoc.methods ?? {})) {
        const [, after = ''] = /[Rr]everts with ([^]*)/.exec(details) ?? [];
        named.push(...(after.match(/\b[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+\b|\bERC[0-9]+[A-Z]\w+/g) ?? []));
      }
    }
    expect(named.length).to.be.greaterThan(50);
    expect(named.filter((error) => !errors.has(error))).to.deep.equal([]);
  });
});
