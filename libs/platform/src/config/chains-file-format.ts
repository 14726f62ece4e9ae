import { z } from 'zod';
import { address, CHAIN_ID_MAX, fieldName, oneOf } from './formats.js';

/** Whole, written as a number. Bounds as the single chain's variables have them. */
const whole = (min: number, max: number) =>
  z
    .number('must be a number')
    .refine((value) => Number.isSafeInteger(value) && value >= min && value <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .meta({ type: 'integer', minimum: min, maximum: max });

/** A URL as it is, or where it lies: a key in it need not be in the file. */
const provider = z.union(
  [
    z.string().meta({ description: 'http(s) or ws(s) URL.' }),
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .meta({ description: 'Name of the environment variable that holds the URL.' }),
    }),
    z.strictObject({
      file: z
        .string()
        .min(1)
        .meta({ description: 'File that holds the URL; a relative path begins where the chains file lies.' }),
    }),
  ],
  'must be a URL, or {"env": name of a variable} or {"file": path} where the URL is',
);

const finality = z
  .strictObject({
    depth: whole(1, 100_000).optional().meta({ description: 'Blocks on top of a block until it is final.' }),
    tag: oneOf('safe', 'finalized')
      .optional()
      .meta({ description: 'The block at this tag is final, and all before it: as the chain itself says.' }),
  })
  .refine(({ depth, tag }) => (depth === undefined) !== (tag === undefined), {
    error: 'must have either depth or tag',
  });

const dataFee = z.union(
  [
    z.enum(['detect', 'none']),
    z.strictObject({ wei: fieldName.meta({ description: 'Tells so many wei, paid beside the gas.' }) }),
    z.strictObject({ gas: fieldName.meta({ description: 'Tells so much of the gas used.' }) }),
  ],
  'must be detect, none, or {"wei": field of a receipt} or {"gas": field of a receipt}',
);

const governance = z.strictObject({
  governor: address,
  timelock: address,
  token: address.meta({ description: 'The token whose delegated balances are votes.' }),
  clock: oneOf('blocks', 'seconds')
    .default('blocks')
    .meta({ description: "What the governor's delays and periods count (ERC-6372)." }),
});

const contracts = z.strictObject({
  tokenFactory: address,
  liquidityManager: address,
  router: address.optional(),
  forwarder: address.optional().meta({ description: 'Without it, relayed commands are not offered.' }),
  checkpoint: address
    .optional()
    .meta({ description: 'Without it, anchored tree heads of the log are not followed.' }),
  governance: governance.optional().meta({ description: 'Without it, governance is not followed.' }),
});

const chain = z.strictObject({
  id: whole(1, CHAIN_ID_MAX),
  name: z
    .string()
    .regex(/^[^\p{C}]{1,60}$/u, 'must have 1 to 60 printable characters')
    .meta({ description: 'As people call it.' }),
  providers: z.array(provider).min(1, 'must name at least one').meta({ description: 'The preferred first.' }),
  startBlock: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'The first block to follow: where the contracts were deployed, or before.' }),
  finality: finality.default({ depth: 64 }),
  blockTimeMs: whole(1, 3_600_000)
    .optional()
    .meta({ description: 'Milliseconds from one block to the next, as a rule: how often it is looked at.' }),
  proof: oneOf('none', 'bloom', 'receipts').optional().meta({
    description:
      'What each block must be proved by. Absent: by its bloom filter, and receipts wherever those can be had.',
  }),
  logs: oneOf('all', 'ours').optional().meta({
    description:
      'Whether all logs are read, or only those of blocks whose bloom filter does not rule ours out. Absent: by what the last blocks had.',
  }),
  dataFee: dataFee.default('detect').meta({
    description: 'Where receipts tell what a transaction paid for its data on the chain below.',
  }),
  quorum: whole(1, 100)
    .default(1)
    .meta({ description: 'How many providers must have the same block before it is published.' }),
  requestsPerSecond: whole(1, 100_000)
    .optional()
    .meta({ description: 'That each program sends to each provider, at most. Absent: as many as it wants.' }),
  contracts,
});

/** What CHAINS_FILE holds: every chain of a deployment. */
export const chainsFileFormat = z.strictObject({
  $schema: z.string().optional(),
  chains: z.array(chain).min(1, 'must have at least one').max(100, 'must have 100 at most'),
});

export type ChainInFile = z.output<typeof chain>;
export type DataFeeInFile = z.output<typeof dataFee>;
export type ProviderInFile = z.output<typeof provider>;

/** As editors and CI read it (JSON Schema, draft 2020-12). */
export const chainsFileSchema = (): object => ({
  ...z.toJSONSchema(chainsFileFormat, { io: 'input', unrepresentable: 'any' }),
  title: 'CHAINS_FILE: the chains of a deployment',
});
