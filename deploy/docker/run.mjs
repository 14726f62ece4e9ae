// What an image starts: `run.mjs <program> [arguments]`, in this process, so that signals reach the program itself.
import { existsSync } from 'node:fs';

const fileOf = (program) => new URL(`dist/${program}.js`, import.meta.url);

/** By their names: the program's file, and arguments before the caller's own. */
const COMMANDS = {
  api: ['api'],
  indexer: ['indexer'],
  projector: ['projector'],
  worker: ['worker'],
  migrate: ['abland', 'migrate'],
  abland: ['abland'],
  chain: ['abland', 'chain', 'serve'],
};
/** The embedded chain is in an image of its own, in which there is nothing else to be run. */
const isHere = (name) =>
  existsSync(fileOf('embedded-chain'))
    ? name === 'chain'
    : name !== 'chain' && existsSync(fileOf(COMMANDS[name][0]));

const [name, ...given] = process.argv.slice(2);
const names = Object.keys(COMMANDS).filter(isHere);
if (!names.includes(name)) {
  process.stderr.write(`abland: no such program: ${name ?? ''}; there are ${names.join(', ')}\n`);
  process.exit(64);
}

// As the first process of a container it would not hear what it does not listen to: until a program does, and where one never does.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
])
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  });

const [program, ...first] = COMMANDS[name];
const file = fileOf(program);
process.argv.splice(1, process.argv.length, file.pathname, ...first, ...given);
await import(file.href);
