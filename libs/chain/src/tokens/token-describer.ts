import type { HexData, TokenDescribed, TokenSilence } from '@abland/domain';
import { within } from '@abland/kernel';
import { id, Interface } from 'ethers';
import { quantity } from '../blocks/answers.js';
import type { BlockLog, DescribedToken, FollowedContracts } from '../blocks/chain-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { callFailureOf } from './call-failures.js';
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
  /** Lower-case addresses of the tokens whose pools are opened by logs of one block, each once. */
  tokensOf(logs: readonly BlockLog[]): readonly HexData[];
  /** As of the state after a block; in the order of the tokens. */
  describe(tokens: readonly HexData[], blockNumber: number): Promise<readonly DescribedToken[]>;
}

const POOL_CREATED = id('PoolCreated(address,address,bytes32)');
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
type Told = TokenAnswer<string | number> | 'FORGOTTEN' | null;

export class ChainTokenDescriber implements TokenDescriber {
  readonly #manager: string;

  constructor(
    private readonly rpc: ChainRpc,
    { liquidityManager }: FollowedContracts,
    private readonly withinMs = WITHIN_MS,
  ) {
    this.#manager = liquidityManager.toLowerCase();
  }

  tokensOf(logs: readonly BlockLog[]): readonly HexData[] {
    const tokens = logs.flatMap(({ address, topics }) =>
      address === this.#manager && topics[0] === POOL_CREATED ? topics.slice(1, 3) : [],
    );
    return [...new Set(tokens.map((topic) => `0x${topic.slice(-40)}`))];
  }

  async describe(tokens: readonly HexData[], blockNumber: number): Promise<readonly DescribedToken[]> {
    const described = new Map<HexData, DescribedToken>();
    const waiting = tokens.slice(0, TOKENS_MAX);
    const done = new AbortController();
    const askNext = async (): Promise<void> => {
      for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) {
        if (done.signal.aborted) return;
        described.set(token, await this.#describe(token, blockNumber));
      }
    };
    const all = Promise.all(Array.from({ length: PARALLEL }, askNext));
    await within(this.withinMs, 'describing tokens', all).catch(() => undefined);
    done.abort();
    return tokens.map((token) => described.get(token) ?? describedBy(token, {}, 'BLOCK'));
  }

  async #describe(token: HexData, blockNumber: number): Promise<DescribedToken> {
    const asked = await this.#ask(token, {}, quantity(blockNumber));
    if (!asked.forgotten) return describedBy(token, asked.answers, 'BLOCK');
    const newest = await this.#ask(token, asked.answers, 'latest');
    return describedBy(token, newest.answers, 'NEWEST');
  }

  /** Provider after provider, until each field has an answer of the token. */
  async #ask(
    token: HexData,
    known: Answers,
    block: string,
  ): Promise<{ readonly answers: Answers; readonly forgotten: boolean }> {
    let answers = known;
    const forgetful = new Set<TokenField>();
    await this.rpc.inTurn(async (provider) => {
      for (const field of TOKEN_FIELDS.filter((one) => answers[one] === undefined)) {
        const told = await callField(provider, token, field, block);
        if (told === 'FORGOTTEN') forgetful.add(field);
        else if (told !== null) answers = { ...answers, [field]: told };
      }
      return TOKEN_FIELDS.every((field) => answers[field] !== undefined);
    });
    return { answers, forgotten: [...forgetful].some((field) => answers[field] === undefined) };
  }
}

/** Null where the provider does not give what it was asked for. */
async function callField(provider: Provider, to: HexData, field: TokenField, block: string): Promise<Told> {
  const data = CALLS.encodeFunctionData(field);
  try {
    const given = await provider.request('eth_call', { to, data, gas: GAS }, block);
    const returned = new Reading(provider.shownUrl, `${field} of ${to}`).bytes(
      { returned: given },
      'returned',
    );
    return answerOf(field, returned);
  } catch (error) {
    const failure = callFailureOf(error);
    if (failure === 'CONTRACT') return { missing: 'FAILED' };
    return failure === 'FORGOTTEN' ? 'FORGOTTEN' : null;
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
