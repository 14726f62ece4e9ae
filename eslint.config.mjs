import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** Who may import whom; what is not listed is forbidden. Imports go down only: apps, libs, kernel. */
const MAY_IMPORT = {
  kernel: [],
  domain: ['kernel'],
  postgres: ['kernel'],
  'event-store': ['kernel', 'postgres'],
  'event-codec': ['kernel', 'domain', 'event-store'],
  'personal-data': ['kernel', 'domain', 'postgres'],
  snapshots: ['kernel', 'postgres'],
  'log-tools': ['kernel', 'event-store'],
  'audit-verify': [],
  audit: ['kernel', 'domain', 'postgres', 'audit-verify'],
  'log-stream': ['kernel', 'postgres'],
  contracts: [],
  chain: ['kernel', 'domain'],
  client: [],
  projections: ['kernel', 'domain', 'postgres'],
  processes: ['kernel', 'domain', 'chain', 'postgres'],
  operations: ['kernel', 'domain', 'chain', 'postgres', 'processes', 'projections'],
  platform: ['kernel'],
  embedded: ['kernel', 'postgres', 'contracts'],
  testing: ['embedded', 'kernel', 'event-store', 'postgres'],
};
const LIBS = Object.keys(MAY_IMPORT).filter((name) => name !== 'testing');
const APPS = {
  api: LIBS,
  indexer: LIBS,
  projector: LIBS,
  worker: LIBS,
  bench: [...LIBS, 'testing'],
  simulation: [...LIBS, 'testing'],
  web: ['kernel', 'domain', 'audit-verify'],
  abland: [...LIBS, 'api', 'indexer', 'projector', 'worker'],
};

const folder = (name) =>
  name in APPS ? `apps/${name}` : name === 'contracts' ? 'contracts' : `libs/${name}`;
const all = { ...MAY_IMPORT, ...APPS };
const policy = (from, to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { types: { anyOf: [from, ...to] } } } },
});
const external = { allow: { to: { module: { origin: ['external', 'core'] } } } };
const policies = [external, ...Object.entries(all).map(([from, to]) => policy(from, to))];
/** Specifications may also use the test database, any store and the embedded chain. */
const testPolicies = [external, ...Object.keys(all).map((from) => policy(from, Object.keys(all)))];

const SPECS = [
  '**/*.spec.ts',
  '**/laws/**',
  '**/test/**',
  '**/testing/**',
  '**/*.fixture.ts',
  '**/stress/**',
];

/** Whoever opens connections of node-postgres has neither limits, nor our session, nor a listener for what is lost. */
const LIMITED_CONNECTIONS = {
  selector: "NewExpression[callee.object.name='pg'][callee.property.name=/^(Pool|Client)$/]",
  message: 'Connections are openPool and PostgresClient of @abland/postgres.',
};

/** Whoever imports it would wait as well; and Jest looks for a way around each such module, which takes it twice the time of all imports. */
const WAITING_IMPORTS = {
  selector: ':matches(AwaitExpression, ForOfStatement[await=true]):not(:function *)',
  message: 'Programs wait at their top level, modules that others import do not.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      '.abland/**',
      '.toolchain/**',
      '**/*.gen.*',
      '**/generated/**',
      'contracts/artifacts/**',
      'contracts/cache/**',
      'contracts/types/**',
      'apps/bench/ponder/**', // typed by packages that only the bench installs
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { boundaries, 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ conditionNames: ['@abland/source', 'types', 'import', 'default'] }),
      ],
      'import/resolver': { typescript: { conditionNames: ['@abland/source', 'types', 'import', 'default'] } },
      'boundaries/elements': Object.keys(all).map((type) => ({
        type,
        pattern: `${folder(type)}/**`,
        partialMatch: false,
      })),
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mts'],
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['libs/domain/src/**', 'libs/kernel/src/**'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!@abland/kernel$|\\.)', message: 'The rules are pure: nothing but @abland/kernel.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'crypto'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time arrives in the command.',
        },
        WAITING_IMPORTS,
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance arrives in the command.' },
        { object: 'Date', property: 'now', message: 'Time arrives in the command.' },
      ],
    },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: [
      ...SPECS,
      ...['domain', 'kernel', 'platform', 'testing', 'embedded'].map((name) => `libs/${name}/**`),
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'The environment is read in @abland/platform and passed on.',
        },
        LIMITED_CONNECTIONS,
        WAITING_IMPORTS,
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'apps/**/*.tsx', 'libs/embedded/**/*.ts'],
    ignores: [...SPECS, 'apps/bench/**'],
    rules: { 'no-restricted-syntax': ['error', LIMITED_CONNECTIONS, WAITING_IMPORTS] },
  },
  {
    files: ['apps/*/src/main.ts', 'libs/*/src/**/main.ts'],
    rules: { 'no-restricted-syntax': ['error', LIMITED_CONNECTIONS] },
  },
  {
    files: ['libs/*/examples/**'],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    files: SPECS,
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies: testPolicies }],
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['apps/api/explorer/**'],
    languageOptions: { globals: { document: 'readonly', Worker: 'readonly', window: 'readonly' } },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        Buffer: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
);
