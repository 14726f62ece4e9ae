/**
 * The seed of whatever a test draws at random. `npm test` tells of a commit what it told before: it always draws the same, and
 * `ABLAND_TEST_SEED` names another. `npm run test:deep` draws anew and prints what it drew.
 */
export const testSeed = (): number => Number(process.env['ABLAND_TEST_SEED'] ?? 1);
