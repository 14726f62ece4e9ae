// One change in so many, the same ones each time: what StrykerJS calls a checker may leave a change out before any test runs.
import { createHash } from 'node:crypto';

const oneIn = Number(process.env['MUTATION_ONE_IN'] ?? 1);
const numberOf = ({ fileName, location, mutatorName, replacement }) =>
  createHash('sha256')
    .update(
      JSON.stringify([fileName.replace(/^.*?\/((?:libs|apps)\/)/, '$1'), location, mutatorName, replacement]),
    )
    .digest()
    .readUInt32BE();

export const strykerPlugins = [
  {
    kind: 'Checker',
    name: 'sample',
    value: {
      init: async () => {},
      check: async (mutants) =>
        Object.fromEntries(
          mutants.map((mutant) => [
            mutant.id,
            numberOf(mutant) % oneIn === 0
              ? { status: 'passed' }
              : { status: 'compileError', reason: 'not of the sample' },
          ]),
        ),
    },
  },
];
