// The first specification that fails ends a change's run: those that need no database come first, and of each kind the shortest.
import Sequencer from '@jest/test-sequencer';

const KINDS = ['.unit.spec.ts', '.int.spec.ts'];
const kindOf = ({ path }) => KINDS.findIndex((kind) => path.endsWith(kind));

export default class QuickestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].reverse().sort((a, b) => kindOf(a) - kindOf(b));
  }
}
