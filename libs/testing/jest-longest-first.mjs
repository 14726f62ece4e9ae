// Programs run whole take longest, so they come first: else the last of them runs alone while the other workers have nothing left.
// Before them what takes longest of all, as a first run cannot know. Jest itself goes by the time of earlier runs, or by the size
// of files where there was none.
import Sequencer from '@jest/test-sequencer';

const KINDS = ['.faults.spec.ts', '.system.spec.ts', '.e2e.spec.ts', '.int.spec.ts', '.unit.spec.ts'];
const LONGEST = [
  'simulation/src/simulation.faults.spec.ts',
  'testing/src/stress/stress.faults.spec.ts',
  'abland/test/frozen-parts.faults.spec.ts',
  'abland/test/one-command.e2e.spec.ts',
  'bench/src/session/session.faults.spec.ts',
  'web/test/ops.system.spec.ts',
  'abland/test/store-copy.faults.spec.ts',
];
const kindOf = ({ path }) =>
  LONGEST.some((file) => path.endsWith(file)) ? -1 : KINDS.findIndex((kind) => path.endsWith(kind));

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => kindOf(a) - kindOf(b));
  }
}
