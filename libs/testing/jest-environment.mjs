// Jest's environment of Node, but for the global object that tests run by: Jest's own is a proxy behind V8's interceptors, through which every
// `Map`, `Error` or `BigInt` that a test and all that it loads names is looked up. Of an ordinary one they are read directly.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

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
