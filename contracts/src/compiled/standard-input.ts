import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readCompiler, type Compiler } from './artifact.js';

export interface StandardInput {
  readonly language: 'Solidity';
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
}

const require = createRequire(import.meta.url);

/** The compiler's input in the form in which block explorers verify contracts: the same gives the same code anywhere. */
export function standardInput(compiler: Compiler = readCompiler()): StandardInput {
  const contentOf = (file: string): string =>
    readFileSync(
      file.startsWith('@') ? require.resolve(file) : new URL(`../../${file}`, import.meta.url),
      'utf8',
    );
  const sources = Object.entries(compiler.sources).map(([name, file]) => [
    name,
    { content: contentOf(file) },
  ]);
  return {
    language: 'Solidity',
    settings: {
      ...compiler.settings,
      outputSelection: {
        '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'metadata'] },
      },
    },
    sources: Object.fromEntries(sources) as StandardInput['sources'],
  };
}
