// What tests import as fast-check: the library, with the seed of the test run (see src/test-seed.ts), and more runs where it is a deep one.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

const deep = process.env.ABLAND_TEST_DEEP !== undefined;
fc.configureGlobal({
  seed: Number(process.env.ABLAND_TEST_SEED ?? 1),
  ...(deep ? { numRuns: 2_000 } : {}),
});

export default fc;
