// One configuration for every package: sources are transformed by swc and run as ES modules on the real parts.
import { resolverToLibraries } from './apps/abland/bootstrap/test-libraries.mjs';
import { resolverToBundles } from './apps/abland/bootstrap/test-packages.mjs';

const packages = await resolverToBundles();
/** What counts or changes lines needs them to be those of the sources, in every test. */
const ofSources =
  process.env.ABLAND_TEST_SOURCES !== undefined ||
  process.argv.some((arg) => /^--(coverage|collect-?coverage)\b/i.test(arg));

/** Components are of the web app alone, which its own bundler builds. */
const COMPONENTS = {
  configFile: false,
  jsc: {
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' } },
    target: 'es2023',
  },
  module: { type: 'es6' },
  sourceMaps: true,
};

export default {
  roots: ['<rootDir>/libs', '<rootDir>/apps'],
  testMatch: ['**/*.(unit|int|e2e|system|faults).spec.{ts,tsx}'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { configFile: '.swcrc' }],
    '^.+\\.tsx$': ['@swc/jest', COMPONENTS],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/(?!.*node_modules/).*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/libs/testing/jest-fast-check.mjs',
  },
  resolver: ofSources ? packages : await resolverToLibraries(packages),
  testEnvironmentOptions: { customExportConditions: ['@abland/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/.*/dist/',
    '<rootDir>/.abland',
    '<rootDir>/.toolchain',
  ],
  testEnvironment: '<rootDir>/libs/testing/jest-environment.mjs',
  globalSetup: '<rootDir>/libs/testing/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/jest-global-teardown.mjs',
  testSequencer: '<rootDir>/libs/testing/jest-longest-first.mjs',
  testTimeout: 480_000, // ends what hangs: a slow and busy machine gets to the end of every test before it
  maxWorkers: 4, // on two cores: many tests wait for most of their time
  workerGracefulExitTimeout: 5_000, // of a busy machine: whatever holds a worker for longer was left open by a test
  coverageProvider: 'babel', // counts in our own sources alone: v8 counts in every package too, and doubles the time
  collectCoverageFrom: [
    'libs/*/src/**/*.ts',
    '!**/*.spec.ts',
    '!**/*.gen.ts',
    '!**/generated/**',
    '!**/index.ts',
  ],
  coverageReporters: ['text-summary', 'json-summary'],
  coverageDirectory: 'coverage',
};
