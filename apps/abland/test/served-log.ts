import {
  checkConsistency,
  decodeBundle,
  fromBase64,
  fromUtf8,
  parseProof,
  parseVerifierKey,
  TILE_WIDTH,
  tilePath,
  type Trust,
  trustCheckpoint,
  type TrustedCheckpoint,
  verifyProof,
} from '@abland/audit-verify';
import { createApiClient } from '../src/demo/api-client.js';

/** The log of a running system, as somebody sees it who trusts its first key alone. */
export class ServedLog {
  private constructor(
    private readonly apiUrl: string,
    private readonly trust: Trust,
  ) {}

  static async of(apiUrl: string): Promise<ServedLog> {
    const keys = (await text(apiUrl, 'verifier-key')).trim().split('\n').map(parseVerifierKey);
    return new ServedLog(apiUrl, { logKeys: keys, witnessKeys: [], witnessesMin: 0 });
  }

  async checkpoint(): Promise<TrustedCheckpoint> {
    return trustCheckpoint(await this.checkpointNote(), this.trust);
  }

  checkpointNote(): Promise<string> {
    return text(this.apiUrl, 'checkpoint');
  }

  async entries(size: number): Promise<readonly Uint8Array[]> {
    const entries: Uint8Array[] = [];
    for (let number = 0; entries.length < size; number += 1) {
      const width = Math.min(TILE_WIDTH, size - entries.length);
      const answer = await read(this.apiUrl, tilePath({ level: 'entries', number, width }));
      entries.push(...decodeBundle(new Uint8Array(await answer.arrayBuffer())));
    }
    return entries;
  }

  /** Asks for the proof of the event that an entry is of. @throws ProofError where it does not hold */
  async prove(entry: Uint8Array): Promise<TrustedCheckpoint> {
    const { id } = JSON.parse(fromUtf8(entry)) as { id: string };
    const { proof } = await this.ask<{ proof: { proof: string } }>(`{ proof(eventId: "${id}") { proof } }`);
    return verifyProof(parseProof(proof.proof), entry, this.trust);
  }

  async bundle(entry: Uint8Array): Promise<string> {
    const { id } = JSON.parse(fromUtf8(entry)) as { id: string };
    const asked = `{ proof(eventId: "${id}") { bundle } }`;
    return (await this.ask<{ proof: { bundle: string } }>(asked)).proof.bundle;
  }

  async verifierKey(): Promise<string> {
    return (await text(this.apiUrl, 'verifier-key')).trim();
  }

  /** @throws ProofError where the older one is not the beginning of the newer one */
  async proveConsistency(older: TrustedCheckpoint, newer: TrustedCheckpoint): Promise<void> {
    const { consistencyProof } = await this.ask<{ consistencyProof: readonly string[] }>(
      `{ consistencyProof(oldSize: ${older.size}, size: ${newer.size}) }`,
    );
    const path = consistencyProof.map((hash) => fromBase64(hash));
    checkConsistency(older, newer, path);
  }

  private ask<Data>(query: string): Promise<Data> {
    return createApiClient(this.apiUrl).query<Data>(query);
  }
}

async function read(apiUrl: string, path: string): Promise<Response> {
  const answer = await fetch(`${apiUrl}/log/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const text = async (apiUrl: string, path: string): Promise<string> => (await read(apiUrl, path)).text();
