import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatRecord, parseRecord, standardInput, type DeploymentRecord } from '@abland/contracts';

/** The files of one chain's deployment in a folder. */
export class RecordFile {
  readonly path: string;
  readonly inputPath: string;

  constructor(
    private readonly folder: string,
    chainId: number,
  ) {
    this.path = join(folder, `${chainId}.json`);
    this.inputPath = join(folder, `${chainId}.standard-input.json`);
  }

  /** Null where nothing was deployed on the chain yet. */
  async read(): Promise<DeploymentRecord | null> {
    try {
      return parseRecord(await readFile(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Whole or not at all: a deployment goes on from what lies here. */
  async write(record: DeploymentRecord): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(`${this.path}.new`, formatRecord(record));
    await rename(`${this.path}.new`, this.path);
  }

  /** What block explorers ask for to verify the sources. */
  async writeStandardInput(): Promise<void> {
    await writeFile(this.inputPath, `${JSON.stringify(standardInput(), null, 2)}\n`);
  }
}
