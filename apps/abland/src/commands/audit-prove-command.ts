import { readFile, writeFile } from 'node:fs/promises';
import { ServedTree } from '@abland/audit';
import { type Bundle, type FactPlace, formatBundle, parseBundle, toBase64 } from '@abland/audit-verify';
import { ChainRpc, proveReceipt } from '@abland/chain';
import { openBareEventStore, openEventIndex } from '@abland/event-store';
import { AblandError, UUID } from '@abland/kernel';
import { findEvent } from '@abland/log-tools';
import { createLogger, type Environment, loadDataConfig } from '@abland/platform';
import { type Command, InvalidArgumentError } from 'commander';
import { say } from '../terminal/say.js';
import { NotThereError } from './errors.js';
import { type OperatorSession, withSession } from './operator-session.js';
import { type ChainProofs, withReceipts } from './audit/with-receipts.js';

interface Flags {
  readonly rpc?: readonly string[];
  readonly out: string;
}

const HELP = `
An event is proved by the log; with --rpc a chain fact is proved by its chain's receipts too, whatever provider is asked: what it says is used only
where it proves itself by the hash of the fact's block. Of a bundle that is given (GraphQL: proof(eventId).bundle) the facts are proved so by whoever
has a provider, with nothing of this deployment. What it makes is checked by \`audit verify\`, offline.

Examples:
  abland audit prove 4a6c1d4e-52c5-5f0e-9f53-3c1b1f0f4b6d --rpc https://provider.example --out bundle.json
  abland audit prove bundle.json --rpc https://provider.example --out twice.json`;

/** The tree is behind the event: it is hashed a moment later. */
class NotHashedYetError extends AblandError {
  readonly code = 'NOT_HASHED_YET';
}

export function addProveCommand(audit: Command, env: Environment): void {
  audit
    .command('prove')
    .argument('<event>', 'the id of an event, or a file with a bundle of proofs')
    .description('writes what proves an event, by the log and by its chain, into one file')
    .option('--rpc <url...>', 'providers of the chain of the fact, in order of preference', providerUrl)
    .requiredOption('--out <file>', 'where the bundle goes; it must not be there yet')
    .addHelpText('after', HELP)
    .action((event: string, flags: Flags) => prove(env, event, flags));
}

async function prove(env: Environment, event: string, { out, rpc }: Flags): Promise<void> {
  const bundle = UUID.test(event.toLowerCase())
    ? await withSession(loadDataConfig(env), (session) => provedHere(session, event.toLowerCase(), rpc))
    : await ofFile(event, rpc);
  await writeFile(out, formatBundle(bundle), { flag: 'wx' });
  const byChain = bundle.entries.filter(({ receipt }) => (receipt ?? null) !== null);
  say(`${out}: ${bundle.entries.length} events, ${byChain.length} of them proved by their chain as well`);
}

/** Facts of a bundle, by providers alone: the log is not at hand. */
async function ofFile(path: string, rpc: Flags['rpc']): Promise<Bundle> {
  if (rpc === undefined) throw new InvalidArgumentError('Say --rpc: the bundle is proved by its log already');
  return withReceipts(parseBundle(await readFile(path)), {
    receipt: receiptBy(rpc),
    consistency: null,
  });
}

async function provedHere(session: OperatorSession, id: string, rpc: Flags['rpc']): Promise<Bundle> {
  const { logger, pool, storeUrl } = session;
  const [log, index] = [await openBareEventStore(storeUrl, logger), await openEventIndex(storeUrl)];
  try {
    const event = await findEvent(log, index, { id });
    if (event === null) throw new NotThereError('event', id);
    const tree = new ServedTree({ pool, log, mayBeTold: () => Promise.resolve(true) });
    const proof = await tree.prove(event);
    if (proof === null) throw new NotHashedYetError('The event was not hashed yet: ask again in a moment');
    const bundle = parseBundle(Buffer.from(proof.bundle));
    if (rpc === undefined) return bundle;
    return await withReceipts(bundle, {
      receipt: receiptBy(rpc),
      consistency: async (oldSize, size) => (await tree.proveConsistency(oldSize, size)).map(toBase64),
    });
  } finally {
    await index.close();
    await log.close();
  }
}

const receiptBy =
  (urls: readonly string[]): ChainProofs['receipt'] =>
  async (place: FactPlace) => {
    const logger = createLogger({ level: 'warn', name: 'abland', pretty: true });
    const rpc = new ChainRpc({ urls, chainId: place.chainId, logger });
    try {
      return await proveReceipt(rpc, place);
    } finally {
      rpc.close();
    }
  };

function providerUrl(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^(https?|wss?):$/.test(URL.parse(text)?.protocol ?? ''))
    throw new InvalidArgumentError('It must be an http(s) or ws(s) URL');
  return [...before, text];
}
