import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POM = fileURLToPath(new URL('../../kafka/pom.xml', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../../.toolchain/kafka-4.1.2', import.meta.url));
const JAVA_MIN = 17;
const INSTALL_MS = 10 * 60_000;

/** Folder of Apache Kafka's jars, fetched by Maven where it is not there yet. @throws with the reason why it cannot be had */
export async function installKafka(): Promise<string> {
  await requireJava();
  if (existsSync(FOLDER)) return FOLDER;
  await run('mvn', ['--version']).catch(() => {
    throw new Error('there is no Maven (mvn) to fetch Kafka with');
  });
  const partial = `${FOLDER}.${process.pid}.tmp`;
  await mkdir(partial, { recursive: true });
  const goal = 'dependency:copy-dependencies';
  const args = ['-q', '-B', '-f', POM, goal, '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  try {
    await run('mvn', args, { timeout: INSTALL_MS });
    await rename(partial, FOLDER).catch((error: unknown) => {
      if (!existsSync(FOLDER)) throw error; // another was quicker
    });
  } catch (error) {
    throw new Error(`Maven could not fetch Kafka: ${firstLine(error)}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return FOLDER;
}

async function requireJava(): Promise<void> {
  const { stderr, stdout } = await run('java', ['-version']).catch(() => {
    throw new Error(`there is no Java, of which Kafka needs version ${JAVA_MIN} or newer`);
  });
  const version = Number(/version "(\d+)/.exec(`${stderr}${stdout}`)?.[1] ?? 0);
  if (version < JAVA_MIN) throw new Error(`Kafka needs Java ${JAVA_MIN} or newer; there is ${version}`);
}

function firstLine(error: unknown): string {
  const { message, stdout } = error as { readonly message?: string; readonly stdout?: string };
  return (stdout?.split('\n').find((line) => line.includes('ERROR')) ?? message ?? String(error)).slice(
    0,
    300,
  );
}
