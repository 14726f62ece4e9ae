import { StandInServer } from './stand-in-server.js';

/** The stand-in as a process of its own, as a real server is: tells its parent where it answers, and ends with it. */
const { url } = await StandInServer.start();
process.send?.(url);
process.on('disconnect', () => process.exit());
