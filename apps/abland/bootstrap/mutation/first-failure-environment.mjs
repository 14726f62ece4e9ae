// Node's environment, in which the first failed test of a changed line's run ends it: a change needs to be noticed only once.
import { TestEnvironment } from 'jest-environment-node';

export default class FirstFailureEnvironment extends TestEnvironment {
  #failed = false;

  async handleTestEvent(event) {
    if (process.env['__STRYKER_ACTIVE_MUTANT__'] === undefined) return;
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.#failed = true;
    if (event.name === 'test_start' && this.#failed) event.test.mode = 'skip';
  }
}
