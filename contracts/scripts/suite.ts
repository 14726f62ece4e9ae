// The TypeScript tests in this process, run as often as wanted: Hardhat's own task runs them once a process, and starting
// it takes longer than most tests.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

export interface Failure {
  readonly title: string;
  readonly message: string;
  /** Not the test itself failed, but what sets it up. */
  readonly inSetUp: boolean;
}

export interface Outcome {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

export interface Selection {
  readonly only?: RegExp;
  /** Ignored where `only` is given. */
  readonly without?: RegExp;
  readonly bail: boolean;
}

/** Says nothing; the outcome tells all. */
class Silent extends Mocha.reporters.Base {}

export class Suite {
  /** How often each test was the first to fail: those that fail most often run first. */
  private readonly failed = new Map<string, number>();

  private constructor(private readonly mocha: Mocha) {}

  /** @param folder of the contracts; the process has to run there */
  static async load(folder: string, files: readonly string[]): Promise<Suite> {
    const mocha = new Mocha({ reporter: Silent, timeout: 300_000, forbidOnly: true, forbidPending: true });
    for (const file of files) mocha.addFile(join(folder, 'test/typescript', file));
    mocha.cleanReferencesAfterRun(false);
    await mocha.loadFilesAsync();
    return new Suite(mocha);
  }

  /** Runs the tests whose full titles match; with `bail` none after the first failure. */
  run({ only, without, bail }: Selection): Promise<Outcome> {
    const { mocha } = this;
    mocha.grep(only ?? without ?? /^/);
    mocha.options.invert = only === undefined && without !== undefined;
    this.sort(mocha.suite);
    return new Promise((resolve) => {
      let passed = 0;
      const failures: Failure[] = [];
      const runner = mocha.run(() => {
        resolve({ passed, failures });
      });
      runner.on('pass', () => {
        passed += 1;
      });
      runner.on('fail', (failed: Mocha.Runnable & { type?: string }, error: Error) => {
        const inSetUp = failed.type === 'hook';
        const test = inSetUp ? (failed.ctx?.currentTest ?? failed) : failed;
        this.failed.set(test.title, (this.failed.get(test.title) ?? 0) + 1);
        const [message = ''] = error.message.split('\n');
        failures.push({ title: test.title, message, inSetUp });
        if (bail) runner.abort();
      });
    });
  }

  private sort(suite: Mocha.Suite): number {
    const failuresOf = new Map(suite.suites.map((inner) => [inner, this.sort(inner)]));
    suite.suites.sort((one, other) => (failuresOf.get(other) ?? 0) - (failuresOf.get(one) ?? 0));
    suite.tests.sort((one, other) => (this.failed.get(other.title) ?? 0) - (this.failed.get(one.title) ?? 0));
    const ownFailures = suite.tests.reduce((sum, { title }) => sum + (this.failed.get(title) ?? 0), 0);
    return [...failuresOf.values()].reduce((sum, failures) => sum + failures, ownFailures);
  }
}

/** Every file of TypeScript tests. */
export const testFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'test/typescript')).filter((name) => name.endsWith('.ts'));
