// Programs run whole take longest, so they come first: else the last of them runs alone while the other worker has nothing left.
// Jest itself goes by the time of earlier runs, or by the size of files where there was none.
import Sequencer from '@jest/test-sequencer';

const KINDS = ['.e2e.spec.ts', '.int.spec.ts', '.unit.spec.ts'];
const kindOf = ({ path }) => KINDS.findIndex((kind) => path.endsWith(kind));

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => kindOf(a) - kindOf(b));
  }
}
