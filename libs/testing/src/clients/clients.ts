export { type Client, CLIENTS, RealNode } from './real-node.js';
