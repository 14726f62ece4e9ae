import { SECRET_VARIABLES } from './secret-files.js';
import { type Environment, VARIABLE_NAMES } from './variables.js';

/** With it, every program's configuration is whole: no value is used, only which names are asked for. */
const ENOUGH: Environment = {
  DATABASE_URL: 'postgres://main/abland',
  CHAIN_RPC_URLS: 'http://one:8545',
  CHAIN_ID: '7',
  TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  LOG_SIGNING_KEY: `${'B'.repeat(42)}A=`,
  PERSONAL_DATA_KEY: `${'A'.repeat(43)}=`,
};

const SECRETS: ReadonlySet<string> = new Set(SECRET_VARIABLES);

/** What a program says of itself where it is asked for help: the variables that its configuration reads. */
export function usage(program: string, load: (env: Environment) => unknown): string {
  const names = new Set<string>();
  const get = (env: Environment, name: string | symbol): string | undefined => {
    names.add(String(name));
    return env[String(name)];
  };
  load(new Proxy<Environment>(ENOUGH, { get }));
  const read = VARIABLE_NAMES.filter((name) => names.has(name));
  const inFiles = read.filter((name) => SECRETS.has(name)).map((name) => `${name}_FILE`);
  return [
    `Usage: npm run ${program}`,
    '',
    'It takes no arguments: the environment configures it. It reads, as docs/configuration.md describes:',
    ...read.map((name) => `  ${name}`),
    '',
    `Of what is secret, a file may be named instead: ${inFiles.join(', ')}`,
    '',
  ].join('\n');
}

/** Ends the process where it is asked for help, which it prints, or is given an argument, which it would not heed. */
export function answerHelp(program: string, load: (env: Environment) => unknown): void {
  const given = process.argv.slice(2);
  const [unknown] = given.filter((argument) => argument !== '--help' && argument !== '-h');
  if (unknown !== undefined) {
    process.stderr.write(`abland: ${program} takes no argument ${unknown}\n\n${usage(program, load)}`);
    process.exit(2);
  }
  if (given.length === 0) return;
  process.stdout.write(usage(program, load));
  process.exit(0);
}
