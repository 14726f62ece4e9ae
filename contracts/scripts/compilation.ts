// The compiler in this process: much quicker than a build where the same sources are compiled again and again with one
// change each. Without metadata, so that equal code gives equal bytes whatever the comments say.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';

export type Sources = ReadonlyMap<string, string>;

/** A contract by its source and name. */
export interface Target {
  readonly source: string;
  readonly name: string;
}

/** A node of the compiler's syntax tree; `src` is "first byte:bytes:file". */
export interface SyntaxNode {
  readonly nodeType: string;
  readonly src: string;
  readonly [property: string]: unknown;
}

/** `none` is many times as fast; `size` makes even the largest contracts fit. */
export type Optimization = 'none' | 'size';

export class CompilationError extends Error {
  override readonly name = 'CompilationError';
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: { object: string } } }>
  >;
  readonly sources?: Record<string, { readonly ast: SyntaxNode }>;
}

const require = createRequire(import.meta.url);
const IMPORT = /\bimport\b[^;'"]*['"]([^'"]+)['"]/g;
const OPTIMIZERS: Readonly<Record<Optimization, object>> = {
  none: { enabled: false },
  size: { enabled: true, runs: 1, details: { yul: false } },
};

/** All sources that the entries import, directly or not, by the names that the compiler knows them by. */
export function readSources(folder: string, entries: readonly string[]): Sources {
  const sources = new Map<string, string>();
  const add = (name: string): void => {
    if (sources.has(name)) return;
    const text = readFileSync(name.startsWith('@') ? require.resolve(name) : join(folder, name), 'utf8');
    sources.set(name, text);
    for (const [, imported = ''] of text.matchAll(IMPORT)) {
      add(imported.startsWith('.') ? posix.join(posix.dirname(name), imported) : imported);
    }
  };
  entries.forEach(add);
  return sources;
}

/**
 * Creation code of each target, 0x-prefixed, in their order.
 *
 * @throws CompilationError with the compiler's messages
 */
export function compile(
  sources: Sources,
  targets: readonly Target[],
  optimization: Optimization,
): readonly string[] {
  const outputSelection: Record<string, Record<string, string[]>> = {};
  for (const { source, name } of targets) {
    outputSelection[source] = { ...outputSelection[source], [name]: ['evm.bytecode.object'] };
  }
  const { contracts } = run(sources, { optimizer: OPTIMIZERS[optimization], outputSelection });
  return targets.map(({ source, name }) => {
    const code = contracts?.[source]?.[name]?.evm.bytecode.object ?? '';
    if (code === '') throw new CompilationError(`${source} has no contract ${name}`);
    return `0x${code}`;
  });
}

/** The syntax tree of one of the sources. */
export function parse(sources: Sources, source: string): SyntaxNode {
  const tree = run(sources, { outputSelection: { '*': { '': ['ast'] } } }).sources?.[source]?.ast;
  if (tree === undefined) throw new CompilationError(`${source} has no syntax tree`);
  return tree;
}

function run(sources: Sources, settings: object): Output {
  const { compile } = require('solc') as { compile: (input: string) => string };
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: { evmVersion: 'cancun', metadata: { appendCBOR: false }, ...settings },
  };
  const output = JSON.parse(compile(JSON.stringify(input))) as Output;
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new CompilationError(errors.map((error) => error.formattedMessage).join('\n'));
  return output;
}
