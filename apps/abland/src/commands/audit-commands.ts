import { readFile } from 'node:fs/promises';
import {
  PROOF_FAULTS,
  ProofError,
  type Trust,
  type VerifiedBundle,
  type VerifiedEntry,
  type VerifierKey,
  verifyBundle,
} from '@abland/audit-verify';
import type { Environment } from '@abland/platform';
import { type Command, InvalidArgumentError } from 'commander';
import { say } from '../terminal/say.js';
import { addProveCommand } from './audit-prove-command.js';
import { addProvenReplayCommand } from './audit-replay-command.js';
import { addReportCommands } from './audit-report-command.js';
import { addMonitorCommand } from './monitor/monitor-command.js';
import { logKeys, witnessKeys } from './options/verifier-key-options.js';

interface VerifyFlags {
  readonly key: readonly VerifierKey[];
  readonly witness?: readonly VerifierKey[];
  readonly witnesses?: number;
  readonly block?: readonly string[];
  readonly print: boolean;
}

/** Beyond the codes of what is no fault of a proof: 1, and what commander and shells use. */
const FIRST_EXIT_CODE = 10;

const VERIFY_HELP = `
It asks nobody: the file and the keys are enough, and what the file says of keys counts for nothing. Learn the log's key by
another way than the log itself. Of an event that its chain proves as well the block is told: look its hash up where you trust the chain, or say
it as --block. Where it does not hold, the exit code says why:
${PROOF_FAULTS.map((fault, at) => `  ${FIRST_EXIT_CODE + at}  ${fault}`).join('\n')}

Example:
  abland audit verify bundle.json --key 'abland.example/log+d79b8a86+AWrGSIRYwbYN8ImDBWR22kvhJZ1eCLiSt6tmeOkygubm'`;

export function addAuditCommands(program: Command, env: Environment): void {
  const audit = program
    .command('audit')
    .description('proofs of what is in the log, and whether it stays as it was');
  audit
    .command('verify')
    .argument('<bundle>', 'a file of proofs')
    .description('checks a bundle of proofs offline')
    .requiredOption('--key <verifier key...>', 'of the log', logKeys)
    .option('--witness <verifier key...>', 'whose cosignatures count', witnessKeys)
    .option('--witnesses <number>', 'how many of them must have cosigned; default: all', wholeNumber)
    .option(
      '--block <hash...>',
      'blocks that you know; each event must be proved by one of them',
      blockHashes,
    )
    .option('--print', 'the events that are proved, a line each', false)
    .addHelpText('after', VERIFY_HELP)
    .action((path: string, flags: VerifyFlags) => verify(path, flags));
  addProveCommand(audit, env);
  addProvenReplayCommand(audit, env);
  addReportCommands(audit, env);
  addMonitorCommand(audit);
}

async function verify(path: string, flags: VerifyFlags): Promise<void> {
  const { block, key, print, witness = [], witnesses } = flags;
  const trust: Trust = {
    ...{ logKeys: key, witnessKeys: witness, witnessesMin: witnesses ?? witness.length },
    ...(block === undefined ? {} : { blocks: block }),
  };
  const bundle = await readFile(path);
  try {
    tellProved(verifyBundle(bundle, trust), print);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    const at = error.at === null ? '' : ` (${error.at})`;
    process.stderr.write(`abland: ${error.message}${at}: ${error.fault}\n`);
    process.exitCode = FIRST_EXIT_CODE + PROOF_FAULTS.indexOf(error.fault);
  }
}

function tellProved({ checkpoints, entries }: VerifiedBundle, print: boolean): void {
  if (print) for (const { entry } of entries) say(entry);
  for (const { origin, signatures, size } of checkpoints)
    say(
      `checkpoint of ${origin} with ${size} events, signed by ${signatures.map(({ key }) => key.name).join(', ')}`,
    );
  for (const entry of entries) for (const line of chainLines(entry)) say(line);
  say(`${entries.length} events are proved`);
}

/** What the chain says of an event, if the hash of the block is one of it. */
function* chainLines({ anchors, fact, index }: VerifiedEntry): Iterable<string> {
  if (fact === null) return;
  const { blockHash, blockNumber, blockTime, chainId } = fact;
  const at = new Date(blockTime * 1_000).toISOString();
  yield `event ${index} is in block ${blockNumber} of ${at}, ${blockHash}: look up whether chain ${chainId} has it`;
  if (!fact.fieldsProved)
    yield `of event ${index} the block proves the contract and the log, not what was read from it`;
  if (anchors !== null)
    yield `the first ${anchors} events of the log are as they were anchored in that block`;
}

function blockHashes(text: string, before: readonly string[] = []): readonly string[] {
  const hash = text.toLowerCase();
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new InvalidArgumentError('It must be the hash of a block');
  return [...before, hash];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number');
  return Number(text);
}
