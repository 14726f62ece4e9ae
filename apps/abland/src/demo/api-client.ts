import { AblandError } from '@abland/kernel';
import { REFRESH_SESSION } from './documents.js';

interface RefusalExtensions {
  readonly code?: string;
  readonly field?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What the API answered a query with instead of data. */
export class ApiRefusal extends AblandError {
  readonly code: string;
  constructor(
    message: string,
    readonly extensions: RefusalExtensions,
  ) {
    super(message, { ...extensions });
    this.code = extensions.code ?? 'UNKNOWN';
  }
}

/** The API is not there, or answers with something that is not GraphQL. */
export class ApiUnreachable extends AblandError {
  readonly code = 'API_UNREACHABLE';
  override readonly failureClass = 'LATER';
}

interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: RefusalExtensions }[];
}

/** The API answers or refuses within 20 s. */
const ANSWER_MS_MAX = 30_000;

/** Of a session, as the API tells them. */
export interface SessionTokens {
  readonly token: string;
  readonly refreshToken: string;
}

export interface ApiClient {
  readonly url: string;
  /** Sends the session's access token with everything from then on, and refreshes it when it is over. */
  authorize(tokens: SessionTokens): void;
  /**
   * @throws ApiRefusal with the API's code
   * @throws ApiUnreachable
   */
  query<Data>(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
}

export function createApiClient(url: string): ApiClient {
  const session = new DemoSession();
  async function send<Data>(document: string, variables: Variables, token: string | null): Promise<Data> {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const answer = await post<Data>(`${url}/graphql`, headers, { query: document, variables });
    const [error] = answer.errors ?? [];
    if (error !== undefined) throw new ApiRefusal(error.message, error.extensions ?? {});
    if (answer.data === undefined || answer.data === null)
      throw new ApiUnreachable(`${url} answered without data`);
    return answer.data;
  }
  const refresh = async (refreshToken: string): Promise<SessionTokens> =>
    (await send<{ refreshSession: SessionTokens }>(REFRESH_SESSION, { refreshToken }, null)).refreshSession;
  return {
    url,
    authorize: (tokens) => session.begin(tokens),
    async query<Data>(document: string, variables: Variables = {}): Promise<Data> {
      const token = session.token;
      try {
        return await send<Data>(document, variables, token);
      } catch (error) {
        if (!isOfExpiredToken(error) || token === null) throw error;
        return send<Data>(document, variables, await session.after(token, refresh));
      }
    },
  };
}

type Variables = Readonly<Record<string, unknown>>;

/** The tokens that are good now. However many find theirs expired at once, it is refreshed once: a refresh token is good once. */
class DemoSession {
  private tokens: SessionTokens | null = null;
  private refreshing: Promise<SessionTokens> | null = null;

  get token(): string | null {
    return this.tokens?.token ?? null;
  }

  begin(tokens: SessionTokens): void {
    this.tokens = tokens;
  }

  /** The access token that came after one that expired. */
  async after(
    expired: string,
    refresh: (refreshToken: string) => Promise<SessionTokens>,
  ): Promise<string | null> {
    if (this.tokens === null || this.tokens.token !== expired) return this.token;
    this.refreshing ??= refresh(this.tokens.refreshToken).finally(() => (this.refreshing = null));
    this.tokens = await this.refreshing;
    return this.token;
  }
}

const isOfExpiredToken = (error: unknown): boolean =>
  error instanceof ApiRefusal &&
  error.code === 'UNAUTHENTICATED' &&
  error.extensions.details?.['reason'] === 'EXPIRED';

async function post<Data>(
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<GraphqlAnswer<Data>> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    return (await response.json()) as GraphqlAnswer<Data>;
  } catch (cause) {
    throw new ApiUnreachable(`No API answers at ${url}: is \`npm start\` running?`, { url }, cause);
  }
}
