// What an image starts: `run.mjs <program> [arguments]`, in this process, so that signals reach the program itself.
const COMMANDS = {
  api: ['api'],
  indexer: ['indexer'],
  projector: ['projector'],
  worker: ['worker'],
  migrate: ['abland', 'migrate'],
  abland: ['abland'],
  chain: ['abland', 'chain', 'serve'],
};

const [name, ...given] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  process.stderr.write(
    `abland: no such program: ${name ?? ''}; there are ${Object.keys(COMMANDS).join(', ')}\n`,
  );
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

const [program, ...first] = command;
const file = new URL(`dist/${program}.js`, import.meta.url);
process.argv.splice(1, process.argv.length, file.pathname, ...first, ...given);
await import(file.href);
