import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { UnfitError } from './check.js';

const SILENT_MS = 5_000;

/** @throws where it does not answer, or not to us */
export async function pingRedis(text: string): Promise<string> {
  const url = new URL(text);
  const socket = await connected(url);
  try {
    const password = decodeURIComponent(url.password);
    const user = decodeURIComponent(url.username);
    if (password !== '') await ask(socket, user === '' ? ['AUTH', password] : ['AUTH', user, password]);
    await ask(socket, ['PING']);
    return 'answers';
  } finally {
    socket.destroy();
  }
}

async function connected({ hostname, port, protocol }: URL): Promise<Socket> {
  const at = { host: hostname, port: Number(port || 6379) };
  const isTls = protocol === 'rediss:';
  const socket = isTls ? connectTls({ ...at, servername: hostname }) : connect(at);
  socket.setTimeout(SILENT_MS, () => socket.destroy(new Error('Redis does not answer')));
  await once(socket, isTls ? 'secureConnect' : 'connect');
  return socket;
}

/** One command by its protocol (RESP), and the first line of its answer. */
async function ask(socket: Socket, words: readonly string[]): Promise<void> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${words.length}\r\n${parts.join('')}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (answer.toString().startsWith('-'))
    throw new UnfitError(
      answer.toString().slice(1).split('\r\n')[0] ?? '',
      'mend user or password of this URL',
    );
}
