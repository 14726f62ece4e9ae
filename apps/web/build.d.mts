/** Builds the web app where what it is made of has changed. */
export declare function buildWeb(): Promise<'built' | 'fresh'>;
