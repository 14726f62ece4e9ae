import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Signer } from 'ethers';
import { type DocumentNode, getOperationAST, OperationTypeNode, print } from 'graphql';
import { type Client as Socket, createClient as createSocket } from 'graphql-ws';
import {
  type Asking,
  type Awaited,
  carryOut,
  type CommandName,
  type CommandState,
  give,
  type Given,
  type Receipt,
  untilStatus,
} from './commands.js';
import { confirmationOf, requireSignInMessage } from './confirmation.js';
import { hasCode } from './errors.js';
import { type Beginning, follow } from './following.js';
import {
  NowDocument,
  RefreshSessionDocument,
  RequestSignInDocument,
  SignInDocument,
  SignOutDocument,
} from './generated/operations.gen.js';
import { type Retries, USUAL_RETRIES, withRetries } from './retries.js';
import { Session } from './session.js';
import { type Answer, post } from './transport.js';

export interface ClientOptions {
  /** Of the deployment: `https://ab.land`. */
  readonly url: string;
  /** Host that the deployment calls itself by, in what wallets sign; default: that of the URL. */
  readonly site?: string;
  /** Lets in instead of a wallet. */
  readonly apiKey?: string;
  readonly retries?: Partial<Retries>;
  /** Milliseconds that one answer may take; default: 30 s, longer than the server takes. */
  readonly answerMs?: number;
}

export interface AskOptions {
  /** What the answer is to know of: a position of a receipt or of an answer. */
  readonly minPosition?: string | undefined;
}

const ANSWER_MS = 30_000;
/** A ping where nothing came for so long; a connection that does not answer it within as long is dead. */
const ALIVE_MS = 10_000;

/** Asks a deployment's API: signed in by a wallet of ethers, through what passes of itself, and following what changes. */
export class AblandClient {
  private readonly session: Session;
  private readonly retries: Retries;
  private socket: Socket | null = null;
  /** The one that the socket was opened with. */
  private socketToken: string | null = null;

  constructor(private readonly options: ClientOptions) {
    this.retries = { ...USUAL_RETRIES, ...options.retries };
    const begin = (signer: Signer) => this.begin(signer);
    const refresh = async (refreshToken: string, withinMs: number) =>
      (
        await this.send(
          RefreshSessionDocument,
          { refreshToken },
          { token: null, isRepeatable: true, withinMs },
        )
      ).data.refreshSession;
    this.session = new Session({ begin, refresh }, options.apiKey ?? null);
  }

  /** Signs in (EIP-4361), and goes on by itself: the session is renewed, and begun anew where it is over. */
  signIn(signer: Signer): Promise<void> {
    return this.session.signIn(signer);
  }

  async signOut(): Promise<void> {
    await this.ask(SignOutDocument, {});
    this.session.end();
  }

  /**
   * What may pass is tried again: queries, and mutations with an idempotency key. An act that takes the wallet's word is confirmed by it.
   * @throws ApiRefusal, ApiUnreachable, WrongSignatureRequest
   */
  async ask<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    options: AskOptions = {},
  ): Promise<Data> {
    return (await this.answer(document, variables, options)).data;
  }

  /** The same, with the position of the answer. */
  async answer<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    { minPosition }: AskOptions = {},
  ): Promise<Answer<Data>> {
    const isRepeatable = isQuery(document) || hasKey(variables);
    const asked = { document, variables, site: this.site };
    const send = async (confirmation?: string): Promise<Answer<Data>> => {
      const token = await this.session.token();
      const how = { token, isRepeatable, minPosition, confirmation };
      try {
        return await this.send(document, variables, how);
      } catch (error) {
        if (!hasCode(error, 'UNAUTHENTICATED') || !this.session.refused(token)) throw error;
        return this.send(document, variables, { ...how, token: await this.session.token() });
      }
    };
    try {
      return await send();
    } catch (error) {
      if (!hasCode(error, 'CONFIRMATION_NEEDED') || !this.session.hasSigner) throw error;
      return send(await confirmationOf(error, asked, this.session.signer));
    }
  }

  /** Gives a command to the chain, once by its key. */
  give<Name extends CommandName>(name: Name, input: Given<Name>): Promise<Receipt> {
    return give(this.asking, name, input);
  }

  /**
   * Gives a command, signs and sends what it takes, and waits until the chain did it.
   * @throws CommandFailed, CommandLate, ApiRefusal, ApiUnreachable, and what the wallet throws
   */
  async perform<Name extends CommandName>(
    name: Name,
    input: Given<Name>,
    awaited: Awaited = {},
  ): Promise<CommandState> {
    const receipt = await this.give(name, input);
    await carryOut(this.asking, receipt);
    return untilStatus(this.asking, receipt.commandId, awaited);
  }

  /** Where a command is, once it is as wanted. @throws CommandFailed, CommandLate */
  untilStatus(commandId: string, awaited: Awaited = {}): Promise<CommandState> {
    return untilStatus(this.asking, commandId, awaited);
  }

  /**
   * What happens from where it is begun on, each once and in order, through restarts of the server, other instances and renewed tokens.
   * `for await` takes it; leaving the loop, or the signal, ends it.
   */
  follow<Data, Variables extends Beginning>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): AsyncGenerator<Data, void, undefined> {
    const chainId = (variables as { readonly chainId?: number | null }).chainId ?? null;
    return follow(document, variables, {
      socket: (this.socket ??= this.openSocket()),
      retries: this.retries,
      now: async () => String((await this.ask(NowDocument, { chainId }))._meta.position),
      onTokenRefused: () => this.session.refused(this.socketToken),
      signal,
    });
  }

  /** Closes the socket; asking goes on. */
  async close(): Promise<void> {
    await this.socket?.dispose();
    this.socket = null;
  }

  private get site(): string {
    return this.options.site ?? new URL(this.options.url).host;
  }

  private get asking(): Asking {
    return { ask: (document, variables) => this.ask(document, variables), signer: this.session.signer };
  }

  private async begin(signer: Signer) {
    const once = { token: null, isRepeatable: true };
    const { requestSignIn } = (
      await this.send(RequestSignInDocument, { address: await signer.getAddress() }, once)
    ).data;
    const { message } = requestSignIn;
    requireSignInMessage(message, this.site, await signer.getAddress());
    const signature = await signer.signMessage(message);
    // Its nonce is good once: where no answer came, a sign-in is begun anew by who asks again.
    const { data } = await this.send(
      SignInDocument,
      { message, signature },
      { token: null, isRepeatable: false },
    );
    return data.signIn;
  }

  private send<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    how: {
      readonly token: string | null;
      readonly isRepeatable: boolean;
      readonly minPosition?: string | undefined;
      readonly confirmation?: string | undefined;
      /** For all tries together; absent: as long as they take. */
      readonly withinMs?: number;
    },
  ): Promise<Answer<Data>> {
    const headers = {
      ...(how.token === null ? {} : { authorization: `Bearer ${how.token}` }),
      ...(how.minPosition === undefined ? {} : { 'x-min-position': how.minPosition }),
      ...(how.confirmation === undefined ? {} : { 'x-confirmation': how.confirmation }),
    };
    const request = { query: print(document), variables };
    const { answerMs = ANSWER_MS, url } = this.options;
    // A word is good once: what was sent with it is not sent again without another.
    const isRepeatable = how.isRepeatable && how.confirmation === undefined;
    const { withinMs = Infinity } = how;
    const oneMs = Math.ceil(Math.min(answerMs, withinMs / 2));
    const retries = { ...this.retries, withinMs: withinMs - oneMs };
    return withRetries(retries, isRepeatable, () => post<Data>(url, request, headers, oneMs));
  }

  private openSocket(): Socket {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const socket = createSocket({
      url: `${this.options.url.replace(/^http/, 'ws')}/graphql`,
      connectionParams: async () => {
        this.socketToken = await this.session.token();
        return this.socketToken === null ? {} : { authorization: `Bearer ${this.socketToken}` };
      },
      retryAttempts: 0, // whoever follows comes again, from where they are
      keepAlive: ALIVE_MS,
      connectionAckWaitTimeout: ALIVE_MS,
      on: {
        ping: (isReceived) => {
          if (!isReceived) silence = setTimeout(() => socket.terminate(), ALIVE_MS);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(silence);
        },
        closed: () => clearTimeout(silence),
      },
    });
    return socket;
  }
}

const isQuery = (document: DocumentNode): boolean =>
  getOperationAST(document)?.operation === OperationTypeNode.QUERY;

const hasKey = (variables: object): boolean => {
  const { input } = variables as { readonly input?: { readonly idempotencyKey?: unknown } };
  return typeof input?.idempotencyKey === 'string';
};
