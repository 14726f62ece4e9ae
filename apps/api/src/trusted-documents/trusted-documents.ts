import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, print, validate } from 'graphql';
import { PARSE_OPTIONS } from '../graphql/limits.js';

/** A text that does not fit the schema, and why. */
export interface UnfitDocument {
  readonly id: string;
  readonly problem: string;
}

/** Documents that are known before anybody asks by them: each may be asked by its id, and, where only they are, nothing else is. */
export class TrustedDocuments {
  /** By SHA-256 of the text, in hexadecimal. */
  private readonly texts: ReadonlyMap<string, string>;
  private readonly forms: ReadonlySet<string>;
  /** The server keeps what it has read and found valid: each is looked at once. */
  private readonly judged = new WeakMap<DocumentNode, boolean>();

  constructor(
    texts: readonly string[],
    /** Whether nothing else is answered. */
    readonly only: boolean,
  ) {
    this.texts = new Map(texts.map((text) => [documentId(text), text]));
    const documents = only ? texts.map(parsed).filter((one) => one !== null) : [];
    this.forms = new Set(documents.map(formOf));
  }

  /** @param id SHA-256 of the text, in hexadecimal */
  textOf(id: string): string | undefined {
    return this.texts.get(id);
  }

  /** Whether it may be run. */
  allows(document: DocumentNode): boolean {
    if (!this.only) return true;
    const known = this.judged.get(document);
    if (known !== undefined) return known;
    const isTrusted = this.forms.has(formOf(document));
    this.judged.set(document, isTrusted);
    return isTrusted;
  }

  /** @throws GraphQLError DOCUMENT_NOT_TRUSTED */
  require(document: DocumentNode): void {
    if (this.allows(document)) return;
    throw new GraphQLError('Only documents that are known here are answered', {
      extensions: { code: 'DOCUMENT_NOT_TRUSTED', http: { status: 403 } },
    });
  }
}

export const unfitDocuments = (schema: GraphQLSchema, texts: readonly string[]): readonly UnfitDocument[] =>
  texts.flatMap((text) => {
    const document = parsed(text);
    const [fault] = document === null ? [{ message: 'Not GraphQL' }] : validate(schema, document);
    return fault === undefined ? [] : [{ id: documentId(text), problem: fault.message }];
  });

export const documentId = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Refuses what is not trusted before anything of it runs, where only what is trusted is answered. */
export const trustedOnly = (trusted: TrustedDocuments): ApolloServerPlugin => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ document }) {
        trusted.require(document);
      },
    };
  },
});

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, PARSE_OPTIONS);
  } catch {
    return null;
  }
}

/** The same for each way of writing it: blanks, comments and the order of its definitions say nothing. */
const formOf = ({ definitions }: DocumentNode): string =>
  documentId(
    definitions
      .map((definition) => print(definition))
      .toSorted()
      .join('\n'),
  );
