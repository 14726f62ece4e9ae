import type { HexData, TokenDescribed, TokenSilence } from '@abland/domain';
import { within } from '@abland/kernel';
import { id, Interface } from 'ethers';
import { quantity } from '../blocks/answers.js';
import type { BlockLog, DescribedToken, FollowedContracts } from '../blocks/chain-block.js';
import { atBlock, type BlockId, type BlockParameter, withoutCode } from '../asking/call-at-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { callFailureOf } from '../asking/call-failures.js';
import {
  decimalsAnswer,
  NAME_LENGTH_MAX,
  SYMBOL_LENGTH_MAX,
  textAnswer,
  TOKEN_FIELDS,
  type TokenAnswer,
  type TokenField,
} from './token-answers.js';

/** Asks tokens what they say of themselves. Whatever a token or a provider does, it costs bounded time and ends nothing. */
export interface TokenDescriber {
  /**
   * Lower-case addresses, each once, of the tokens whose pools are opened by logs of one block, and of those that are traded and were not
   * seen before: their pools may have been opened where nobody asked.
   */
  tokensOf(logs: readonly BlockLog[]): readonly HexData[];
  /** As of the state after a block; in the order of the tokens. */
  describe(tokens: readonly HexData[], block: BlockId): Promise<readonly DescribedToken[]>;
}

const POOL_CREATED = id('PoolCreated(address,address,bytes32)');
const SWAP = id('Swap(address,bytes32,address,address,uint256,uint256)');
/** Tokens that are known to have been asked; with more, all are asked once again. */
const SEEN_MAX = 20_000;
const CALLS = new Interface(TOKEN_FIELDS.map((field) => `function ${field}() view`));
/** A proxy that reads a long text takes a third of it; who burns it all burns little of a node’s time. */
const GAS = quantity(300_000);
/** For all tokens of one block; those that come to nothing in it are asked again. */
const WITHIN_MS = 2_000;
/** Anyone may open any number of pools in a block. */
const TOKENS_MAX = 32;
const PARALLEL = 4;

type State = TokenDescribed['data']['state'];
type Answers = { readonly [Field in TokenField]?: TokenAnswer<string | number> };
type Told = TokenAnswer<string | number> | Nothing | 'FORGOTTEN' | 'FORM' | null;
/** What a call returns that comes to nothing: of a token without code, of one that says nothing, and of a node that has neither. */
type Nothing = 'NOTHING OF CODE' | 'NOTHING OF NO CODE';

export class ChainTokenDescriber implements TokenDescriber {
  readonly #manager: string;
  readonly #seen = new Set<HexData>();

  constructor(
    private readonly rpc: ChainRpc,
    { liquidityManager }: FollowedContracts,
    private readonly withinMs = WITHIN_MS,
  ) {
    this.#manager = liquidityManager.toLowerCase();
  }

  tokensOf(logs: readonly BlockLog[]): readonly HexData[] {
    const opened: HexData[] = [];
    const traded: HexData[] = [];
    for (const log of logs) {
      if (log.address !== this.#manager) continue;
      const [event] = log.topics;
      if (event === POOL_CREATED) opened.push(...tokensOfPool(log));
      else if (event === SWAP) traded.push(...tokensOfSwap(log));
    }
    const unseen = traded.filter((token) => !this.#seen.has(token));
    const tokens = new Set([...opened, ...unseen].filter((token) => ADDRESS.test(token)));
    for (const token of tokens) this.#seen.add(token);
    if (this.#seen.size > SEEN_MAX) this.#seen.clear();
    return [...tokens];
  }

  async describe(tokens: readonly HexData[], block: BlockId): Promise<readonly DescribedToken[]> {
    const described = new Map<HexData, DescribedToken>();
    const waiting = tokens.slice(0, TOKENS_MAX);
    const done = new AbortController();
    const askNext = async (): Promise<void> => {
      for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) {
        if (done.signal.aborted) return;
        described.set(token, await this.#describe(token, block));
      }
    };
    const all = Promise.all(Array.from({ length: PARALLEL }, askNext));
    await within(this.withinMs, 'describing tokens', all).catch(() => undefined);
    done.abort();
    return tokens.map((token) => described.get(token) ?? describedBy(token, {}, 'BLOCK'));
  }

  async #describe(token: HexData, block: BlockId): Promise<DescribedToken> {
    const forgetful = new Set<Provider>();
    const empty = new EmptyAnswers();
    let answers: Answers = {};
    await this.rpc.oneAfterAnother(async (provider) => {
      const told = await askAll(provider, token, answers, (call) => atBlock<Told>(provider, block, call));
      answers = told.answers;
      empty.add(told.nothing);
      if (told.forgot) forgetful.add(provider);
      return isComplete(answers);
    });
    const known = empty.fill(answers);
    if (isComplete(known) || forgetful.size === 0) return describedBy(token, known, 'BLOCK');
    await this.rpc.oneAfterAnother(async (provider) => {
      // Whoever forgot the state of the block has the block: the newest one of any other may lie before it.
      if (!forgetful.has(provider)) return false;
      const told = await askAll(provider, token, answers, (call) => call('latest'));
      answers = told.answers;
      empty.add(told.nothing);
      return isComplete(answers);
    });
    return describedBy(token, empty.fill(answers), 'NEWEST');
  }
}

const ADDRESS = /^0x[0-9a-f]{40}$/;
const WORD_DIGITS = 64;
const addressIn = (word: string): HexData => `0x${word.slice(-40)}`;
const tokensOfPool = ({ topics }: BlockLog): readonly HexData[] => topics.slice(1, 3).map(addressIn);
/** In and out are the first two words of the data. */
const tokensOfSwap = ({ data }: BlockLog): readonly HexData[] =>
  [0, 1].map((index) => addressIn(data.slice(2 + index * WORD_DIGITS, 2 + (index + 1) * WORD_DIGITS)));

const isComplete = (answers: Answers): boolean => TOKEN_FIELDS.every((field) => answers[field] !== undefined);

type Call = (at: BlockParameter) => Promise<Told>;

/**
 * What providers returned nothing for. One that has not the state of a block, and does not say so, answers a call as if there were
 * no contract: nothing is believed while another may tell more, and that there is no code only where two say it.
 */
class EmptyAnswers {
  readonly #saidBy = new Map<TokenField, number>();

  add(nothing: ReadonlyMap<TokenField, Nothing>): void {
    for (const [field, of] of nothing)
      this.#saidBy.set(field, (this.#saidBy.get(field) ?? 0) + (of === 'NOTHING OF CODE' ? BELIEVED_OF : 1));
  }

  fill(answers: Answers): Answers {
    const empty = TOKEN_FIELDS.filter(
      (field) => answers[field] === undefined && (this.#saidBy.get(field) ?? 0) >= BELIEVED_OF,
    );
    return { ...answers, ...Object.fromEntries(empty.map((field) => [field, EMPTY])) };
  }
}

const BELIEVED_OF = 2;
const EMPTY = { missing: 'EMPTY' } as const;

/** What is known, and what one provider tells beyond it; `forgot` where it has not the state for something. */
async function askAll(
  provider: Provider,
  token: HexData,
  known: Answers,
  asked: (call: Call) => Promise<Told>,
): Promise<{
  readonly answers: Answers;
  readonly nothing: ReadonlyMap<TokenField, Nothing>;
  readonly forgot: boolean;
}> {
  let [answers, forgot] = [known, false];
  const nothing = new Map<TokenField, Nothing>();
  for (const field of TOKEN_FIELDS.filter((one) => known[one] === undefined)) {
    const told = await asked((at) => callField(provider, token, field, at));
    if (told === 'FORGOTTEN') forgot = true;
    else if (told === 'NOTHING OF CODE' || told === 'NOTHING OF NO CODE') nothing.set(field, told);
    else if (told !== null && told !== 'FORM') answers = { ...answers, [field]: told };
  }
  return { answers, nothing, forgot };
}

/** Null where the provider does not give what it was asked for. */
async function callField(
  provider: Provider,
  to: HexData,
  field: TokenField,
  at: BlockParameter,
): Promise<Told> {
  const data = CALLS.encodeFunctionData(field);
  try {
    const given = await provider.request('eth_call', { to, data, gas: GAS }, at);
    const reading = new Reading(provider.shownUrl, `${field} of ${to}`);
    const returned = reading.bytes({ returned: given }, 'returned');
    if (returned !== '0x') return answerOf(field, returned);
    return (await withoutCode(provider, [to], at)).has(to) ? 'NOTHING OF NO CODE' : 'NOTHING OF CODE';
  } catch (error) {
    const failure = callFailureOf(error);
    if (failure === 'CONTRACT') return { missing: 'FAILED' };
    return failure === 'PROVIDER' ? null : failure;
  }
}

function answerOf(field: TokenField, returned: HexData): TokenAnswer<string | number> {
  if (field === 'decimals') return decimalsAnswer(returned);
  return textAnswer(returned, field === 'name' ? NAME_LENGTH_MAX : SYMBOL_LENGTH_MAX);
}

function describedBy(token: HexData, answers: Answers, state: State): DescribedToken {
  const valueOf = (field: TokenField): string | number | null => {
    const answer = answers[field];
    return answer !== undefined && 'value' in answer ? answer.value : null;
  };
  const missingOf = (field: TokenField): TokenSilence | null => {
    const answer = answers[field] ?? { missing: 'UNANSWERED' };
    return 'missing' in answer ? answer.missing : null;
  };
  return {
    token,
    name: valueOf('name') as string | null,
    symbol: valueOf('symbol') as string | null,
    decimals: valueOf('decimals') as number | null,
    missing: { name: missingOf('name'), symbol: missingOf('symbol'), decimals: missingOf('decimals') },
    state,
  };
}
