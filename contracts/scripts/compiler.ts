// What the deployed contracts are compiled with and from, without the contents of the sources: what an auditor or a block
// explorer needs to compile them again.
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import hre from 'hardhat';
import type { Compiler } from '../src/compiled/artifact.js';

interface BuildInfo {
  readonly solcLongVersion: string;
  readonly input: {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly sources: Readonly<Record<string, { readonly content: string }>>;
  };
}

const IMPORT = /\bimport\b[^;'"]*['"]([^'"]+)['"]/g;
const OURS = 'project/';
const PACKAGE = /^npm\/(@?[^@]+)@[^/]+\//;

/** The compiler of the named contracts, all of which were built together. */
export async function compilerOf(contracts: readonly string[]): Promise<Compiler> {
  const artifacts = await Promise.all(contracts.map((name) => hre.artifacts.readArtifact(name)));
  const [buildInfoId = '', ...others] = new Set(artifacts.map((artifact) => artifact.buildInfoId));
  if (others.length > 0) throw new Error('the contracts come from several builds');
  const path = await hre.artifacts.getBuildInfoPath(buildInfoId);
  const { solcLongVersion, input } = JSON.parse(await readFile(path ?? '', 'utf8')) as BuildInfo;
  const { outputSelection: _outputSelection, ...settings } = input.settings;
  const sources = new Set<string>();
  for (const { inputSourceName = '' } of artifacts) addWithImports(inputSourceName, input.sources, sources);
  return {
    version: `v${solcLongVersion}`,
    settings,
    sources: Object.fromEntries([...sources].sort().map((name) => [name, fileOf(name)])),
  };
}

function addWithImports(name: string, sources: BuildInfo['input']['sources'], found: Set<string>): void {
  if (found.has(name)) return;
  const source = sources[name];
  if (source === undefined) throw new Error(`${name} is imported, but was not compiled`);
  found.add(name);
  for (const [, imported = ''] of source.content.matchAll(IMPORT)) {
    addWithImports(resolve(name, imported, sources), sources, found);
  }
}

/** Packages are named with their versions: "npm/@openzeppelin/contracts@5.7.0/token/…". */
function resolve(importer: string, imported: string, sources: BuildInfo['input']['sources']): string {
  if (imported.startsWith('.')) return posix.join(posix.dirname(importer), imported);
  return Object.keys(sources).find((name) => fileOf(name) === imported) ?? imported;
}

const fileOf = (name: string): string =>
  name.startsWith(OURS) ? name.slice(OURS.length) : name.replace(PACKAGE, '$1/');
