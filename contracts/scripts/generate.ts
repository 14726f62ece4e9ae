// Writes what others build on: ABIs with bytecode for deployments, ABIs alone as the wire format, typed ABIs for ethers.
// With --check it writes nothing and fails where a committed file differs from what the sources give.
import { mkdtemp, readdir, readFile, rm, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import hre from 'hardhat';
import { runTypeChain } from 'typechain';
import { compilerOf } from './compiler.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const BYTECODE_FOLDER = 'contracts/generated';
const ABI_FOLDER = 'schemas/abi';
const TYPES_FOLDER = 'libs/chain/src/contracts/generated';
const LAYOUT_FILE = 'contracts/snapshots/layout.json';
const DEPLOYED = [
  'ABForwarder',
  'ABTokenFactory',
  'ABLiquidityManager',
  'ABRouter',
  'ABToken',
  'ABTimelock',
  'ABGovernance',
  'ABCheckpoint',
];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

type Files = Map<string, string>;

async function artifactFiles(): Promise<Files> {
  const files: Files = new Map();
  for (const name of DEPLOYED) {
    const { abi, bytecode, deployedBytecode, immutableReferences } = await hre.artifacts.readArtifact(name);
    const immutables = Object.values(immutableReferences ?? {}).flat();
    immutables.sort((one, other) => one.start - other.start);
    const artifact = { contractName: name, abi, bytecode, deployedBytecode, immutables };
    files.set(`${BYTECODE_FOLDER}/${name}.json`, text(artifact));
    files.set(`${ABI_FOLDER}/${name}.json`, text(abi));
  }
  files.set(`${BYTECODE_FOLDER}/compiler.json`, text(await compilerOf(DEPLOYED)));
  return files;
}

interface StorageSlot {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

/** Bytes of code, and where every variable of the contract lies: "slot+offset label type". */
async function layoutOf(name: string): Promise<unknown> {
  const { buildInfoId, inputSourceName, deployedBytecode } = await hre.artifacts.readArtifact(name);
  const path = await hre.artifacts.getBuildInfoOutputPath(buildInfoId ?? '');
  const { output } = JSON.parse(await readFile(path ?? '', 'utf8')) as {
    output: { contracts: Record<string, Record<string, { storageLayout: { storage: StorageSlot[] } }>> };
  };
  const storage = output.contracts[inputSourceName ?? '']?.[name]?.storageLayout.storage ?? [];
  return {
    bytes: (deployedBytecode.length - 2) / 2,
    storage: storage.map(
      // The compiler numbers structs and contracts within a build; the number says nothing.
      ({ label, slot, offset, type }) => `${slot}+${offset} ${label} ${type.replace(/\)\d+/g, ')')}`,
    ),
  };
}

async function layoutFile(): Promise<Files> {
  const layouts: Record<string, unknown> = {};
  for (const name of DEPLOYED) layouts[name] = await layoutOf(name);
  return new Map([[LAYOUT_FILE, text(layouts)]]);
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function typeFiles(abis: Files): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-types-'));
  try {
    const inputs: string[] = [];
    for (const [path, contents] of abis) {
      if (!path.startsWith(ABI_FOLDER)) continue;
      const file = join(folder, 'abi', relative(ABI_FOLDER, path));
      await write(file, contents);
      inputs.push(file);
    }
    await runTypeChain({
      cwd: folder,
      allFiles: inputs,
      filesToProcess: inputs,
      outDir: join(folder, 'types'),
      target: 'ethers-v6',
      flags: {
        alwaysGenerateOverloads: false,
        discriminateTypes: false,
        environment: undefined,
        node16Modules: true,
      },
    });
    return asModules(await filesBelow(join(folder, 'types'), TYPES_FOLDER));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Named as generated, without the barrels. */
function asModules(files: Files): Files {
  const modules: Files = new Map();
  for (const [path, contents] of files) {
    if (path.endsWith('/index.ts')) continue;
    modules.set(
      path.replace(/\.ts$/, '.gen.ts'),
      contents.replace(/(from\s+['"]\.[^'"]*)\.js(['"])/g, '$1.gen.js$2'),
    );
  }
  return modules;
}

async function filesBelow(folder: string, prefix: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: Files = new Map();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(join(prefix, relative(folder, path)), await readFile(path, 'utf8'));
  }
  return files;
}

async function write(file: string, contents: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
}

async function committedFiles(): Promise<Files> {
  const folders = [BYTECODE_FOLDER, ABI_FOLDER, TYPES_FOLDER];
  const lists = await Promise.all(folders.map((folder) => filesBelow(join(root, folder), folder)));
  const layout = await readFile(join(root, LAYOUT_FILE), 'utf8').catch(() => null);
  if (layout !== null) lists.push(new Map([[LAYOUT_FILE, layout]]));
  return new Map(lists.flatMap((files) => [...files]));
}

await hre.tasks.getTask('build').run({ quiet: true });
const artifacts = await artifactFiles();
const wanted: Files = new Map([...artifacts, ...(await typeFiles(artifacts)), ...(await layoutFile())]);
const committed = await committedFiles();
const stale = [...new Set([...wanted.keys(), ...committed.keys()])].filter(
  (path) => wanted.get(path) !== committed.get(path),
);
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    say(`stale, run "npm run generate -w contracts":\n${stale.map((path) => `  ${path}`).join('\n')}`);
    process.exitCode = 1;
  } else {
    say(`${wanted.size} generated files are fresh`);
  }
} else {
  for (const path of stale) {
    const contents = wanted.get(path);
    if (contents === undefined) await rm(join(root, path));
    else await write(join(root, path), contents);
  }
  say(`${wanted.size} generated files, ${stale.length} of them changed`);
}
