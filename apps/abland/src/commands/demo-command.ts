import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { withoutSecrets } from '@abland/kernel';
import { type Environment, loadVisitorConfig } from '@abland/platform';
import { demoTarget } from '../demo/demo-target.js';
import { findRunning } from '../start/running-file.js';
import { say } from '../terminal/say.js';

interface DemoFlags {
  readonly api?: string;
  readonly rpc?: string;
  readonly run?: string;
  readonly swaps: number;
  readonly final: boolean;
  readonly json: boolean;
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

export function addDemoCommand(program: Command, env: Environment): void {
  program
    .command('demo')
    .description(
      'a wallet signs in, launches two tokens, opens a pool, adds liquidity and swaps, by public interfaces only',
    )
    .option('--api <url>', 'the API (default: the system that runs on the data folder)')
    .option('--rpc <url>', "the chain's JSON-RPC (default: as above)")
    .option(
      '--run <name>',
      'names the wallet and the commands; the same name again goes on where it was (default: a new one)',
    )
    .option('--swaps <count>', 'further swaps, timed', count, 0)
    .option('--no-final', 'do not wait until the swap is final')
    .option('--json', 'print the result as JSON on standard output, the way on standard error', false)
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('../demo/demo.js');
      const config = loadVisitorConfig(env);
      const running = await findRunning(config.dataDir);
      const started = performance.now();
      const print = (line: string): void =>
        void (flags.json ? process.stderr : process.stdout).write(`${line}\n`);
      const target = demoTarget(flags, env, config, running);
      print(withoutSecrets(`API ${target.apiUrl}, chain ${target.rpcUrl}`));
      const result = await runDemo({
        ...target,
        run: flags.run ?? randomUUID(),
        untilFinal: flags.final,
        timedSwaps: flags.swaps,
        fundingKey: config.fundingKey,
        print,
      });
      const seconds = (performance.now() - started) / 1000;
      print(`done in ${seconds.toFixed(1)} s`);
      if (flags.json) say(JSON.stringify({ seconds, ...result }));
    });
}
