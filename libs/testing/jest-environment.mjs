// Jest's environment of Node, but for two things that take much of the time of short tests.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const compiled = fileURLToPath(
  new URL(`../../node_modules/.cache/abland-compiled/${process.version}`, import.meta.url),
);
/** Finding what a shorter source compiles to takes as long as compiling it. */
const LEAST_LENGTH = 50_000;

const digest = (content) => createHash('sha1').update(content).digest();
const DIGEST_LENGTH = 20;

/** Nothing where nobody has yet, or where it is damaged, which would end the process. */
function compiledBefore(file) {
  try {
    const kept = readFileSync(file);
    const content = kept.subarray(DIGEST_LENGTH);
    return digest(content).equals(kept.subarray(0, DIGEST_LENGTH)) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** In place as a whole, or not at all. */
function keep(file, content) {
  const partial = `${file}.${randomUUID()}`;
  try {
    mkdirSync(compiled, { recursive: true });
    writeFileSync(partial, Buffer.concat([digest(content), content]));
    renameSync(partial, file);
  } catch {
    // There is no space: it is compiled again.
  }
}

/** Each file of tests compiles all that it imports anew: what V8 makes of a long source, it makes once. */
vm.SourceTextModule = new Proxy(vm.SourceTextModule, {
  construct(Module, [code, options]) {
    if (code.length < LEAST_LENGTH) return new Module(code, options);
    const file = join(compiled, digest(code).toString('hex'));
    const cachedData = compiledBefore(file);
    try {
      if (cachedData !== undefined) return new Module(code, { ...options, cachedData });
    } catch (error) {
      if (error.code !== 'ERR_VM_MODULE_CACHED_DATA_REJECTED') throw error;
    }
    const module = new Module(code, options);
    keep(file, module.createCachedData());
    return module;
  },
});

/**
 * The global object that tests run by: Jest's own is a proxy behind V8's interceptors, through which every `Map`, `Error` or `BigInt` that
 * a test and all that it loads names is looked up. Of an ordinary one they are read directly.
 */
export default class OrdinaryGlobals extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // Jest makes its context in the constructor alone, and gives no other way to choose it.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
