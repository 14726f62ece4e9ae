// Jest's own runner, but that a changed line's run loads only the files whose tests reach the change, and ends with the first that
// fails: StrykerJS tells Jest the names of tests alone, and Jest does not bail when it is called by a program.
import { readFileSync, writeFileSync } from 'node:fs';
import TestRunner from 'jest-runner';

const CHANGE = '__STRYKER_ACTIVE_MUTANT__';
const NAMES_FILE = process.env['MUTATION_TEST_NAMES'];

export default class FirstFailureRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const changed = process.env[CHANGE] !== undefined;
    const names = changed ? JSON.parse(readFileSync(NAMES_FILE, 'utf8')) : {};
    let failed = false;
    const stopListening = this.on('test-file-success', ([test, result]) => {
      failed ||= result.numFailingTests > 0 || result.testExecError !== undefined;
      if (!changed) names[test.path] = result.testResults.map(({ fullName }) => fullName);
    });
    for (const test of changed ? this.#reaching(tests, names) : tests) {
      if (changed && failed) break;
      await super.runTests([test], watcher, options);
    }
    stopListening();
    if (!changed) writeFileSync(NAMES_FILE, JSON.stringify(names));
  }

  /** Sandboxes differ by folder, so files are known by what follows it. */
  #reaching(tests, names) {
    const { testNamePattern } = this._globalConfig;
    if (!testNamePattern) return tests;
    const pattern = new RegExp(testNamePattern, 'i');
    const files = Object.keys(names).filter((path) => names[path].some((name) => pattern.test(name)));
    const ends = new Set(files.map(withinSandbox));
    return tests.filter(({ path }) => ends.has(withinSandbox(path)));
  }
}

const withinSandbox = (path) => path.replace(/^.*?\/((?:libs|apps)\/)/, '$1');
