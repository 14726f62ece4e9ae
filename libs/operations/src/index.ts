export { type Done, type OperatorsAct, recordOperation } from './record-operation.js';
